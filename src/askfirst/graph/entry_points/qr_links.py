"""Meta's managed links: a short address and a QR code that open a chat with a text ready.

They can be changed and deleted after they are printed. Meta counts no scans, so who wants to
know where somebody came from puts a token into the text.

Source: Meta, "WhatsApp Business QR Code API" (`/{phone_number_id}/message_qrdls`). Creating and
changing are the same call; a `code` tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from askfirst.domain.values.errors import InvalidInput

PREFILLED_MAX: Final = 140
LINKS_MAX: Final = 2_000
"""So many for each number, short links included."""

_IMAGE_FIELD: Final = "qr_image_url"
_FORMAT: Final = re.compile(r"qr_image_url\.format\((\w+)\)", re.IGNORECASE)


class QrFormat(StrEnum):
    """How Meta draws the QR code."""

    SVG = "SVG"
    PNG = "PNG"


@dataclass(frozen=True, slots=True, kw_only=True)
class QrLink:
    """A link as Meta knows it. The picture's address comes only where it was asked for."""

    code: str
    prefilled_message: str
    deep_link_url: str
    qr_image_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrLinkRequest:
    """What a link should be: a new one, or the one with this `code`, changed."""

    prefilled_message: str
    code: str = ""
    image: QrFormat | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.prefilled_message) <= PREFILLED_MAX:
            message = f"must have 1 to {PREFILLED_MAX} characters, for WhatsApp"
            raise InvalidInput("prefilled_message", message)


class _Wanted(msgspec.Struct):
    prefilled_message: str | None = None
    code: str | None = None
    generate_qr_image: str | None = None


class _Link(msgspec.Struct):
    code: str
    prefilled_message: str | None = None
    deep_link_url: str = ""
    qr_image_url: str | None = None


_WANTED = msgspec.json.Decoder(_Wanted)
_LINK = msgspec.json.Decoder(_Link)


def write_request(wanted: QrLinkRequest) -> bytes:
    """Write the body of `POST /{phone_number_id}/message_qrdls`."""
    body = {"prefilled_message": wanted.prefilled_message}
    if wanted.code:
        body["code"] = wanted.code
    if wanted.image:
        body["generate_qr_image"] = wanted.image.value
    return msgspec.json.encode(body)


def read_request(body: bytes) -> QrLinkRequest:
    """Read such a body; what Meta would refuse raises InvalidInput."""
    try:
        wanted = _WANTED.decode(body)
    except msgspec.DecodeError as error:
        raise InvalidInput("body", "must be a JSON object of texts") from error
    return QrLinkRequest(
        prefilled_message=wanted.prefilled_message or "",
        code=wanted.code or "",
        image=_format(wanted.generate_qr_image) if wanted.generate_qr_image else None,
    )


def read_image_field(fields: str) -> QrFormat | None:
    """Find the picture's format in `fields` of a GET; None where no picture is asked for."""
    found = _FORMAT.search(fields)
    return _format(found[1]) if found else None


def write_link(link: QrLink) -> dict[str, Any]:
    """Write one link as Meta answers with it."""
    shown = {
        "code": link.code,
        "prefilled_message": link.prefilled_message,
        "deep_link_url": link.deep_link_url,
    }
    return shown | ({_IMAGE_FIELD: link.qr_image_url} if link.qr_image_url else {})


def write_links(links: Collection[QrLink]) -> dict[str, Any]:
    """Write the answer to a GET, of one link or of all."""
    return {"data": [write_link(link) for link in links]}


def read_link(body: bytes) -> QrLink:
    """Read the answer to a POST; another shape raises InvalidInput."""
    try:
        return _link(_LINK.decode(body))
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be a link with its code") from error


def _link(link: _Link) -> QrLink:
    return QrLink(
        code=link.code,
        prefilled_message=link.prefilled_message or "",
        deep_link_url=link.deep_link_url,
        qr_image_url=link.qr_image_url or "",
    )


def _format(word: str) -> QrFormat:
    try:
        return QrFormat(word.upper())
    except ValueError as error:
        raise InvalidInput("generate_qr_image", "must be SVG or PNG") from error
