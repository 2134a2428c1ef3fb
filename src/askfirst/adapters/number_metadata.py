"""libphonenumber's metadata as expressions: each is matched against the digits behind a code."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from phonenumbers import PhoneMetadata, PhoneNumberDesc
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

_GEOGRAPHICAL: Final = ("fixed_line", "mobile")
ELSEWHERE: Final = (
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
"""Kinds of numbers that belong to a country and to no area in it."""


def metadata_of(code: int, region: str) -> PhoneMetadata:
    """Return what is known of a region's numbers."""
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise LookupError("the metadata lacks a region that it lists")
    return metadata


class CallingCode(NamedTuple):
    """A calling code: the lengths of its numbers, what is dialled before them, its regions.

    `prefix` is an expression; empty where nothing is dialled. The main region comes first.
    """

    number: int
    lengths: frozenset[int]
    prefix: str
    regions: tuple[tuple[str, PhoneMetadata], ...]


def calling_code(digits: str) -> CallingCode | None:
    """Return what is known of a calling code; None where no plan has it."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits)) if digits.isdecimal() else None
    if not regions or digits.startswith("0"):
        return None
    known = tuple((region, metadata_of(int(digits), region)) for region in regions)
    main = known[0][1]
    lengths = frozenset(general(main).possible_length)
    return CallingCode(int(digits), lengths, national_prefix(main), known)


def general(metadata: PhoneMetadata) -> PhoneNumberDesc:
    """Return the description that each number of a region fits."""
    found = metadata.general_desc
    if not isinstance(found, PhoneNumberDesc):
        raise TypeError("the metadata lacks a general description")
    return found


def valid(metadata: PhoneMetadata) -> str:
    """Write what makes a number valid: it fits the general description, and one of its kind."""
    kinds = kinds_of(metadata, *_GEOGRAPHICAL, *ELSEWHERE)
    return f"(?={expression(general(metadata))})(?:{kinds})"


def kinds_of(metadata: PhoneMetadata, *names: str) -> str:
    """Write what makes a number one of these kinds; empty where there are none."""
    return "|".join(filter(None, (expression(getattr(metadata, name)) for name in names)))


def expression(description: PhoneNumberDesc | None) -> str:
    """Write a description as an expression: its lengths, then its pattern, to the very end."""
    if description is None or not description.national_number_pattern:
        return ""
    lengths = [length for length in description.possible_length if length > 0]
    if description.possible_length and not lengths:
        return ""  # the metadata's way of saying that there are no such numbers
    sizes = "|".join(map(r"\d{{{}}}".format, lengths))
    ahead = rf"(?=(?:{sizes})\Z)" if lengths else ""
    return rf"(?:{ahead}(?:{description.national_number_pattern})\Z)"


def national_prefix(metadata: PhoneMetadata) -> str:
    """Write what is dialled before a number within its country; empty where nothing is.

    A prefix that matches nothing strips nothing, so it need not be asked about.
    """
    prefix = metadata.national_prefix_for_parsing or ""
    return rf"(?=(?:{prefix})(?<!^))" if prefix and re.compile(prefix).match("") else prefix
