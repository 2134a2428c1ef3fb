"""How people reach a business, as a link that they can press."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

_MAIL: Final = re.compile(r"[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#]+")
_PHONE: Final = re.compile(r"\+[0-9][0-9 ()./-]{5,24}")
_PLACE: Final = re.compile(r"https://[^\s/]+\S*")


def link_to(contact: str) -> str:
    """Give the address that opens mail, phone or page; none where people have to read it."""
    if _MAIL.fullmatch(contact):
        return f"mailto:{quote(contact, safe='@')}"
    if _PHONE.fullmatch(contact):
        return "tel:+" + re.sub(r"[^0-9]", "", contact)
    return contact if _PLACE.fullmatch(contact) else ""
