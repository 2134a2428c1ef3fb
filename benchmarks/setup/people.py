"""Made-up contacts: numbers of five countries, one in ten with a spelling of its own (Brazil)."""

from __future__ import annotations

from askfirst.domain.values.alias import Alias, AliasKind, wa_id_alias

LOADED = 10_000
"""How many contacts the load speaks of."""

# Eight digits follow; the lengths are those of each country's mobile numbers.
_COUNTRIES = (
    ("4477", "GB"),
    ("9053", "TR"),
    ("6281", "ID"),
    ("3934", "IT"),
    ("9053", "TR"),
    ("55119", "BR"),
    ("4477", "GB"),
    ("9053", "TR"),
    ("6281", "ID"),
    ("3934", "IT"),
)


def digits_of(person: int) -> str:
    return f"{_COUNTRIES[person % len(_COUNTRIES)][0]}{person:08d}"


def bsuid_of(person: int) -> str:
    return f"{_COUNTRIES[person % len(_COUNTRIES)][1]}.{10**16 + person}"


def aliases_of(person: int) -> tuple[Alias, ...]:
    """Return the two names by which Meta's webhooks call a person."""
    return wa_id_alias(digits_of(person)), Alias(AliasKind.BSUID, bsuid_of(person))


def loaded(number: int, population: int) -> int:
    """Pick a contact of the load: the same one again only after all others, spread over all.

    Each time around starts one further, so that everybody comes to every kind of message.
    """
    return (number * 7919 + number // LOADED) % LOADED * (population // LOADED)
