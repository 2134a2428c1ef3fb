"""The digits in which a language writes numbers, as CLDR names them.

Numbers that people type elsewhere stay as they are: telephone numbers, codes, references.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

_ZEROS: Final = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०"}
"""Of CLDR's numbering systems: the digit zero; the other nine follow it in Unicode."""
_LATIN: Final = "0123456789"


@cache
def own_digits(locale: str) -> str:
    """Return the ten digits of a language, from zero; empty where they are the Latin ones."""
    zero = _ZEROS.get(Locale.parse(locale).default_numbering_system)
    return "".join(chr(ord(zero) + value) for value in range(10)) if zero else ""


def in_own_digits(text: str, locale: str) -> str:
    """Write a date or a count in the digits of a language."""
    digits = own_digits(locale)
    return text.translate(str.maketrans(_LATIN, digits)) if digits else text
