"""QR codes: black on white in every scheme, and the quiet zone that ISO/IEC 18004 asks for."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno
from markupsafe import Markup

_QUIET_ZONE: Final = 4
_PNG_SCALE: Final = 16


def qr_svg(text: str, *, title: str, description: str = "") -> str:
    """Draw a code as a picture of its own."""
    picture = BytesIO()
    _code(text).save(
        picture,
        kind="svg",
        border=_QUIET_ZONE,
        dark="#000",
        light="#fff",
        desc=description or None,
        lineclass=None,
        nl=False,
        omitsize=True,
        svgclass=None,
        title=title,
        xmldecl=False,
    )
    return picture.getvalue().decode()


def qr_markup(text: str, *, title: str) -> Markup:
    """Draw a code for the middle of a page."""
    return Markup(qr_svg(text, title=title))  # noqa: S704 - segno escapes the title


def qr_png(text: str) -> bytes:
    """Draw a code for programs that know no SVG; large enough for a poster."""
    picture = BytesIO()
    _code(text).save(picture, kind="png", border=_QUIET_ZONE, scale=_PNG_SCALE)
    return picture.getvalue()


def _code(text: str) -> segno.QRCode:
    """Level M: a seventh of it may be worn off, and it is still coarse enough for a small print."""
    return segno.make(text, error="m", boost_error=False, micro=False)
