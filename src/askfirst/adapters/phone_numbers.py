"""The world's numbering plans, as libphonenumber knows them, fast.

`phonenumbers` is the authority: 20 µs a number. For each calling code its metadata is compiled
once, on first use, into what the two questions need: the lengths a number may have, and one
expression that names the country. Where a number might be written with a national prefix, the
authority is asked itself; a test holds both to the same answers.

A number with its country code is taken when its length is possible, not only when it is valid:
Meta's own test numbers and freshly opened ranges are not valid in libphonenumber's eyes. One as it
is dialled has to be valid: who chose the wrong country would get somebody else's number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, ValidationResult

from askfirst.adapters.number_metadata import CallingCode, calling_code, general, valid
from askfirst.adapters.number_places import NumberPlaces
from askfirst.decision.countries.place import Place

_WITHOUT_COUNTRY = "001"
_NUMBERS_MAX = 32_768
_EXAMPLES = re.compile(r"447700900[0-9]{3}|3363998[0-9]{4}")
"""Mobile numbers that nobody has: Ofcom keeps 07700 900xxx for films, Arcep 06 39 98 xx xx."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """One calling code. `country` is its main country; where it has several, `countries` tells."""

    lengths: frozenset[int]
    prefix: re.Pattern[str] | None
    country: str
    countries: re.Pattern[str] | None


class WorldNumbering:
    """Tells numbers and their countries."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan | None] = {}
        self._places = NumberPlaces()
        self._remembered = lru_cache(maxsize=_NUMBERS_MAX)(self._canonical)

    def canonical(self, digits: str) -> str:
        """Return the digits of E.164; see the port. A number comes many times in a row."""
        return self._remembered(digits)

    def _canonical(self, digits: str) -> str:
        code, plan = self._plan(digits)
        if plan is None:
            return ""
        national = digits[len(code) :]
        if plan.prefix is not None and plan.prefix.match(national):
            return self._by_authority(digits)
        if len(national) not in plan.lengths or not _keeps_zero(code, national):
            return ""
        return digits

    def _by_authority(self, digits: str) -> str:
        """Ask the authority; what it would shorten once more is not told: two zeros, two codes."""
        found = _e164(digits)
        if not found or _e164(found) != found:
            return ""
        code, _ = self._plan(found)
        return found if _keeps_zero(code, found[len(code) :]) else ""

    def in_country(self, digits: str, country: str) -> str:
        """Read what is dialled in a country; see the port."""
        code = self.calling_code(country)
        if not code:
            return ""
        dialled = _e164(digits, country)
        found = dialled if dialled and self.canonical(dialled) == dialled else ""
        named = self.canonical(digits) if digits.startswith(code) else ""
        real = {one for one in (found, named) if one and _is_real(one)}
        return real.pop() if len(real) == 1 else ""

    def calling_code(self, country: str) -> str:
        """Tell the calling code; see the port."""
        code = phonenumbers.country_code_for_region(country)
        return str(code) if code else ""

    def example(self, country: str) -> str:
        """Write a mobile number of a country; see the port."""
        return _example(country)

    def has_trunk_prefix(self, digits: str) -> bool:
        """Whether something is left that is dialled within a country only; see the port."""
        code, plan = self._plan(digits)
        if plan is None:
            return False
        national = digits[len(code) :]
        return national.startswith("0") or bool(plan.prefix and plan.prefix.match(national))

    def country(self, digits: str) -> str:
        """Tell the country; see the port."""
        code, plan = self._plan(digits)
        if plan is None:  # no country code starts with a zero, either
            return ""
        if plan.countries is None:
            return plan.country
        national = digits[len(code) :]
        if plan.prefix is not None and plan.prefix.match(national):
            return _country_by_authority(digits) or plan.country
        found = plan.countries.match(national)
        return (found.lastgroup if found else None) or plan.country

    def place(self, digits: str, country: str) -> Place:
        """Tell where in its country a number may be; see the port."""
        return self._places.place(digits, country)

    def _plan(self, digits: str) -> tuple[str, _Plan | None]:
        for length in (1, 2, 3):
            code = digits[:length]
            plan = self._plans.get(code)
            if plan is None and code not in self._plans:
                plan = self._plans[code] = _compile(code)
            if plan is not None:
                return code, plan
        return "", None


def _e164(digits: str, country: str | None = None) -> str:
    """Ask the authority: digits with a country code, or as they are dialled in a country."""
    try:
        number = phonenumbers.parse(digits if country else "+" + digits, country)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]


def _is_real(digits: str) -> bool:
    """Whether a number is in a range that is in use, or in one that is kept for examples."""
    if _EXAMPLES.fullmatch(digits):
        return True
    return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits))


@cache
def _example(country: str) -> str:
    mobile = phonenumbers.PhoneNumberType.MOBILE
    number = phonenumbers.example_number_for_type(country, mobile)
    number = number or phonenumbers.example_number(country)
    if number is None:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _keeps_zero(code: str, national: str) -> bool:
    """Return whether a zero in front is part of the number: where the plan has such numbers.

    Where it may have one, but has the number without the zero for sure, nobody can tell
    (+39 0347… is no mobile of Italy, +39 347… is one).
    """
    if national[0] != "0":
        return True
    shape = _shape(code)
    if shape.valid.match(national):
        return True
    may_be = national[1] != "0" and shape.general.fullmatch(national)
    return bool(may_be) and not shape.valid.match(national.lstrip("0"))


def _country_by_authority(digits: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse("+" + digits))
    except phonenumbers.NumberParseException:
        return ""
    return "" if region in (None, _WITHOUT_COUNTRY) else str(region)


def _compile(code: str) -> _Plan | None:
    """Compile the metadata of a calling code; None where no plan has it."""
    known = calling_code(code)
    if known is None:
        return None
    main = known.regions[0][0]
    return _Plan(
        lengths=known.lengths,
        prefix=re.compile(known.prefix) if known.prefix else None,
        country=main if main != _WITHOUT_COUNTRY else "",
        countries=_countries(known) if len(known.regions) > 1 else None,
    )


class _Shape(NamedTuple):
    """What numbers of a calling code look like; only numbers with a zero in front need it."""

    general: re.Pattern[str]
    valid: re.Pattern[str]


@cache
def _shape(code: str) -> _Shape:
    known = calling_code(code)
    if known is None:
        raise LookupError("no plan has this calling code")
    described = general(known.regions[0][1]).national_number_pattern or "(?!)"
    any_valid = "|".join(f"(?:{valid(metadata)})" for _, metadata in known.regions)
    return _Shape(re.compile(described, re.ASCII), re.compile(any_valid, re.ASCII))


def _countries(known: CallingCode) -> re.Pattern[str]:
    """One named alternative a region, in the metadata's own order: the first one counts."""
    named = (f"(?P<{region}>{_belongs(metadata)})" for region, metadata in known.regions)
    return re.compile("|".join(named), re.ASCII)


def _belongs(metadata: PhoneMetadata) -> str:
    """Write what makes a number a region's: its first digits, or that it is valid there."""
    if metadata.leading_digits:
        return f"(?:{metadata.leading_digits})"
    return valid(metadata)
