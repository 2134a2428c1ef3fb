"""The words around a code that are not Meta's: an SMS, messages that prove a number, a hint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from askfirst.domain.filling import Piece, plain_text
from askfirst.domain.locales import is_right_to_left

_PLACE: Final = re.compile(r"\{(business|code|kinds)\}")


def sms_text(words: str, locale: str, business: str, code: str) -> str:
    """Write an SMS. One pass, so that a business called `{code}` gets no code into its name."""
    return filled_words(words, locale, {"business": business, "code": code})


def proof_text(words: str, locale: str, business: str) -> str:
    """Write what a customer sends to prove their number; the proof itself is added behind it."""
    return filled_words(words, locale, {"business": business})


def answer_text(words: str, locale: str, business: str, kinds: str) -> str:
    """Write what a customer sends to say yes from their number; the proof is added behind it."""
    return filled_words(words, locale, {"business": business, "kinds": kinds})


def reminder_text(words: str, locale: str, business: str) -> str:
    """Write where the code is to be found."""
    return filled_words(words, locale, {"business": business})


def filled_words(words: str, locale: str, values: Mapping[str, str]) -> str:
    """Fill built-in words in, in one pass; `values` are by the names of their places."""
    parts = _PLACE.split(words)
    pieces = tuple(
        Piece(values[part], is_inserted=True) if place % 2 else Piece(part)
        for place, part in enumerate(parts)
        if part
    )
    return plain_text(pieces, is_rtl=is_right_to_left(locale))
