"""Read a number that a client wants to send to."""

from __future__ import annotations

import re

from askfirst.domain.errors import InvalidInput
from askfirst.domain.phone import PhoneNumber
from askfirst.usecases.services import Services

_DIGITS = re.compile(r"\+?[1-9][0-9]{6,14}", re.ASCII)
_TYPED = re.compile(r"\+[0-9 ()\-]+", re.ASCII)
_BETWEEN = str.maketrans("", "", " ()-")
_RIGHT = "must be a number with its country code, for example +447700900123"


def read_number(services: Services, text: str, field: str) -> tuple[PhoneNumber, str]:
    """Take `+44 7700 900123`, or bare digits with a country code; nothing is guessed.

    Nearly every client sends bare digits and means an international number; Meta would put the
    sender's own country code before them, so they are forwarded with a plus. A local form is
    refused. A number need not be valid, because some that WhatsApp knows are not: it must have
    the country code of a numbering plan. Its country is given, too, where it can be told.

    Raises:
        InvalidInput: it cannot be told which number is meant.
    """
    if not _DIGITS.fullmatch(text):
        typed = text.translate(_BETWEEN)
        if "(0" in text or not _TYPED.fullmatch(text) or not _DIGITS.fullmatch(typed):
            raise InvalidInput(field, _RIGHT)
        text = typed
    number = PhoneNumber(text.removeprefix("+"))
    country = services.numbering.country(number.digits)
    if not country:
        services.numbering.parse(number.e164, field)
    return number, country
