"""How people reach a business, as a link that they can press."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.contacts.read_number import read_typed_number
from askfirst.usecases.context.services import Services

_MAIL: Final = re.compile(r"[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#]+")
_PLACE: Final = re.compile(r"https://[^\s/]+\S*")


def link_to(services: Services, contact: str) -> str:
    """Give the address that opens mail, phone or page; none where people have to read it."""
    if _MAIL.fullmatch(contact):
        return f"mailto:{quote(contact, safe='@')}"
    if _PLACE.fullmatch(contact):
        return contact
    try:
        return "tel:" + read_typed_number(services.numbering, contact, "contact").e164
    except InvalidInput:
        return ""
