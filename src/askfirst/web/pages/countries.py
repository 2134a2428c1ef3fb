"""The country beside a number, by its name in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import Locale

from askfirst.usecases.contacts.countries import DialledCountry

_NAMES_MAX: Final = 64
_ISOLATED: Final = "\u2066{}\u2069"
"""What runs left to right, in a text of either direction (Unicode, bidirectional isolates)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One choice; `number` is an example that runs left to right, in one line."""

    code: str
    name: str
    prefix: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """The choices in their order, and the one that is made."""

    choices: tuple[Country, ...]
    chosen: Country


def countries_in(
    locale: str, known: Sequence[DialledCountry], first: str, chosen: str = ""
) -> Countries:
    """Name countries: the business's first, then all others by name. `chosen`: else the first."""
    named = _named(tuple(known), locale)
    choices = tuple(sorted(named, key=lambda country: country.code != first))
    made = next((one for one in choices if one.code == chosen), choices[0])
    return Countries(choices=choices, chosen=made)


@lru_cache(maxsize=_NAMES_MAX)
def _named(known: tuple[DialledCountry, ...], locale: str) -> tuple[Country, ...]:
    names = Locale.parse(locale).territories
    found = [
        Country(
            code=one.code,
            name=names.get(one.code, one.code),
            prefix=_ISOLATED.format(f"+{one.calling_code}"),
            number=_ISOLATED.format(one.example.replace(" ", "\u00a0")),
        )
        for one in known
    ]
    return tuple(sorted(found, key=lambda country: _alphabetical(country.name)))


def _alphabetical(name: str) -> str:
    """Å stands beside A: letters are compared without their marks, as in a list for everybody."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))
