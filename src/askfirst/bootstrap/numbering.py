"""The world's numbering plans, as libphonenumber knows them, fast.

`phonenumbers` is the authority: 20 µs a number. For each calling code its metadata is compiled
once, on first use, into what the two questions need: the lengths a number may have, and one
expression that names the country. Where a number might be written with a national prefix, the
authority is asked itself; a test holds both to the same answers.

A number is taken when its length is possible for its calling code, not only when it is valid:
Meta's own test numbers and freshly opened ranges are not valid in libphonenumber's eyes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc, ValidationResult
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from askfirst.domain.errors import InvalidInput
from askfirst.domain.phone import PhoneNumber

_RIGHT = (
    "must be a phone number with a plus and its country code, as long as numbers of that "
    "country are, for example +447700900123"
)
# What people and address books put between digits, and the marks for reading direction that
# come along when a number is copied from a right-to-left text.
_BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015\u2212\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]+")
_TYPED = re.compile(r"\+[1-9][0-9]{6,16}", re.ASCII)
_WITHOUT_COUNTRY = "001"

_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One calling code. `country` is its main country; where it has several, `countries` tells."""

    lengths: frozenset[int]
    prefix: re.Pattern[str] | None
    country: str
    countries: re.Pattern[str] | None


class WorldNumbering:
    """Reads numbers and tells their countries."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan | None] = {}

    def parse(self, text: str, field: str) -> PhoneNumber:
        """Read a typed number; see the port."""
        typed = _BETWEEN.sub("", text)
        if not typed.isascii():
            typed = "".join(map(_ascii_digit, typed))
        if not _TYPED.fullmatch(typed):
            raise InvalidInput(field, _RIGHT)
        digits = typed[1:]
        code, plan = self._plan(digits)
        if plan is None:
            raise InvalidInput(field, _RIGHT)
        national = digits[len(code) :]
        if plan.prefix is None or not plan.prefix.match(national):
            if len(national) not in plan.lengths:
                raise InvalidInput(field, _RIGHT)
            return PhoneNumber(digits)
        return _ask_authority(typed, field)

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

    def _plan(self, digits: str) -> tuple[str, _Plan | None]:
        for length in (1, 2, 3):
            code = digits[:length]
            plan = self._plans.get(code)
            if plan is None and code not in self._plans:
                plan = self._plans[code] = _compile(code)
            if plan is not None:
                return code, plan
        return "", None


def _ask_authority(typed: str, field: str) -> PhoneNumber:
    try:
        number = phonenumbers.parse(typed)
    except phonenumbers.NumberParseException as error:
        raise InvalidInput(field, _RIGHT) from error
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise InvalidInput(field, _RIGHT)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    try:
        return PhoneNumber(e164[1:])
    except InvalidInput as error:
        raise InvalidInput(field, _RIGHT) from error


def _country_by_authority(digits: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse("+" + digits))
    except phonenumbers.NumberParseException:
        return ""
    return "" if region in (None, _WITHOUT_COUNTRY) else str(region)


def _compile(code: str) -> _Plan | None:
    """Compile the metadata of a calling code; None where no plan has it."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdecimal() else None
    if not regions or code.startswith("0"):
        return None
    main = _metadata(int(code), regions[0])
    prefix = main.national_prefix_for_parsing
    alone = len(regions) == 1
    return _Plan(
        lengths=frozenset(_general(main).possible_length),
        prefix=re.compile(_not_empty(prefix)) if prefix else None,
        country=regions[0] if regions[0] != _WITHOUT_COUNTRY else "",
        countries=None if alone else _countries(int(code), regions),
    )


def _not_empty(prefix: str) -> str:
    """A prefix that matches nothing strips nothing, so it need not be asked about."""
    return rf"(?=(?:{prefix})(?<!^))" if re.compile(prefix).match("") else prefix


def _countries(code: int, regions: tuple[str, ...]) -> re.Pattern[str]:
    """One named alternative a region, in the metadata's own order: the first one counts."""
    alternatives = (f"(?P<{region}>{_valid(_metadata(code, region))})" for region in regions)
    return re.compile("|".join(alternatives), re.ASCII)


def _valid(metadata: PhoneMetadata) -> str:
    if metadata.leading_digits:
        return f"(?:{metadata.leading_digits})"
    kinds = (getattr(metadata, name) for name in _TYPES)
    valid = "|".join(filter(None, map(_description, kinds)))
    return f"(?={_description(_general(metadata))})(?:{valid})"


def _metadata(code: int, region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise LookupError("the metadata lacks a region that it lists")
    return metadata


def _general(metadata: PhoneMetadata) -> PhoneNumberDesc:
    description = metadata.general_desc
    if not isinstance(description, PhoneNumberDesc):
        raise TypeError("the metadata lacks a general description")
    return description


def _description(description: PhoneNumberDesc | None) -> str:
    """Write a description as an expression: its lengths, then its pattern, to the very end."""
    if description is None or not description.national_number_pattern:
        return ""
    lengths = [length for length in description.possible_length if length > 0]
    if description.possible_length and not lengths:
        return ""  # the metadata's way of saying that there are no such numbers
    sizes = "|".join(map(r"\d{{{}}}".format, lengths))
    ahead = rf"(?=(?:{sizes})\Z)" if lengths else ""
    return rf"(?:{ahead}(?:{description.national_number_pattern})\Z)"


def _ascii_digit(char: str) -> str:
    """Other scripts' digits are digits, too; whatever else is typed is refused."""
    return char if char.isascii() else str(unicodedata.decimal(char, "?"))
