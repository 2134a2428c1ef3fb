"""Pictures of links into a chat, QR codes and posters; needs no ledger and no server."""

from __future__ import annotations

import io
from pathlib import Path

import segno

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.domain.entry_points.chat_link import chat_link
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.contacts.read_number import read_own_number

_TEXT_MAX = 1000
_SCALES = {".svg": 10, ".png": 12}


def link_to_chat(number: str, text: str, chat_url: str = "https://wa.me") -> str:
    """Write the link that opens the chat with a number, with a text ready.

    Raises:
        InvalidInput: the number is none, or the text is too long for a code that scans.
    """
    if len(text) > _TEXT_MAX:
        raise InvalidInput("text", f"must have {_TEXT_MAX} characters at most")
    return chat_link(chat_url, read_own_number(WorldNumbering(), number, "number"), text)


def draw_on_terminal(link: str) -> str:
    """Draw a QR code with half blocks; it can be scanned off the screen."""
    drawn = io.StringIO()
    segno.make_qr(link, error="m").terminal(drawn, compact=True, border=2)
    return drawn.getvalue().rstrip("\n")


def draw_to_file(link: str, path: Path) -> None:
    """Draw a QR code as SVG or PNG, by the name of the file.

    Raises:
        InvalidInput: the name ends in neither, or the file cannot be written.
    """
    scale = _SCALES.get(path.suffix.lower())
    if scale is None:
        raise InvalidInput("out", "must be a file that ends in .svg or .png")
    try:
        segno.make_qr(link, error="m").save(str(path), scale=scale, border=4)
    except OSError as error:
        raise InvalidInput("out", f"{path} cannot be written: {error.strerror}") from error


def write_picture(svg: str, path: Path) -> None:
    """Write an SVG to a file.

    Raises:
        InvalidInput: the file's name says otherwise, or it cannot be written.
    """
    if path.suffix.lower() != ".svg":
        raise InvalidInput("out", "must be a file that ends in .svg")
    try:
        path.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise InvalidInput("out", f"{path} cannot be written: {error.strerror}") from error
