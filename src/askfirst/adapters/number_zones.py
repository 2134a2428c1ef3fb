"""The time zones that a number names, as libphonenumber tells them, fast.

`phonenumbers` is the authority: 50 µs a number, most of it to find out what kind of number it is.
For each calling code the metadata is compiled once, on first use, into what that needs. Where a
number might be written with a national prefix, or has a zero in front, the authority is asked
itself; a test holds both to the same answers.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cache
from typing import Final, NamedTuple

from phonenumbers import NumberParseException, PhoneMetadata, parse
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

from askfirst.adapters.number_metadata import expression_of, general_of, metadata_of, not_empty

_OF_NO_AREA: Final = (
    *("premium_rate", "toll_free", "shared_cost", "voip"),
    *("personal_number", "pager", "uan", "voicemail"),
)
_MOBILE_WITH_AREA: Final = frozenset({"52", "54", "55", "62", "86"})
"""Calling codes whose mobile numbers tell an area (libphonenumber, `GEO_MOBILE_COUNTRIES`)."""

_CODE_DIGITS_MAX: Final = 3


class _Kind(Enum):
    UNKNOWN = auto()
    FIXED = auto()
    MOBILE = auto()
    OTHER = auto()


class _Region(NamedTuple):
    """The numbers of one region; `leading`: its first digits, where those alone tell it."""

    leading: re.Pattern[str] | None
    general: re.Pattern[str]
    other: re.Pattern[str]
    fixed: re.Pattern[str]
    mobile: re.Pattern[str]

    def kind(self, national: str) -> _Kind:
        """Tell the kind of a number, asked for in the authority's order."""
        if not self.general.match(national):
            return _Kind.UNKNOWN
        if self.other.match(national):
            return _Kind.OTHER
        if self.fixed.match(national):
            return _Kind.FIXED
        return _Kind.MOBILE if self.mobile.match(national) else _Kind.UNKNOWN


class _CallingCode(NamedTuple):
    """One calling code; `zones` are those of all of it."""

    prefix: re.Pattern[str] | None
    regions: tuple[_Region, ...]
    zones: tuple[str, ...]

    def kind(self, national: str) -> _Kind:
        """Tell the kind of a number by the first region that it belongs to."""
        if len(self.regions) == 1:
            return self.regions[0].kind(national)
        for region in self.regions:
            if region.leading is not None:
                if region.leading.match(national):
                    return region.kind(national)
            elif (kind := region.kind(national)) is not _Kind.UNKNOWN:
                return kind
        return _Kind.UNKNOWN


def zones_of(digits: str) -> tuple[str, ...]:
    """Return the zones of a number's first digits, sorted; none where they are not known.

    A mobile number may be anywhere in its country, where mobile numbers have no area.
    """
    for length in range(1, _CODE_DIGITS_MAX + 1):
        plan, national = _calling_code(digits[:length]), digits[length:]
        if plan is None:
            continue
        if national.startswith("0") or not national.isascii() or not national.isdecimal():
            break
        if plan.prefix is not None and plan.prefix.match(national):
            break
        return _zones(plan, digits, digits[:length], plan.kind(national))
    return zones_by_authority(digits)


def zones_by_authority(digits: str) -> tuple[str, ...]:
    """Ask libphonenumber."""
    try:
        return _sorted(time_zones_for_number(parse(f"+{digits}")))
    except NumberParseException:
        return ()


def _zones(plan: _CallingCode, digits: str, code: str, kind: _Kind) -> tuple[str, ...]:
    if kind is _Kind.UNKNOWN:
        return ()
    if kind is _Kind.FIXED or (kind is _Kind.MOBILE and code in _MOBILE_WITH_AREA):
        return _of_longest_prefix(digits[:TIMEZONE_LONGEST_PREFIX])
    return plan.zones


def _of_longest_prefix(digits: str) -> tuple[str, ...]:
    for length in range(len(digits), 0, -1):
        found = TIMEZONE_DATA.get(digits[:length])
        if found is not None:
            return _sorted(found)
    return ()


@cache
def _sorted(zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(zones) - {UNKNOWN_TIMEZONE}))


@cache
def _calling_code(code: str) -> _CallingCode | None:
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdecimal() else None
    if not regions or code.startswith("0") or not code.isascii():
        return None
    compiled = tuple(_region(metadata_of(int(code), region)) for region in regions)
    prefix = metadata_of(int(code), regions[0]).national_prefix_for_parsing
    return _CallingCode(
        prefix=re.compile(not_empty(prefix)) if prefix else None,
        regions=compiled,
        zones=_of_longest_prefix(code),
    )


def _region(metadata: PhoneMetadata) -> _Region:
    first = metadata.leading_digits
    return _Region(
        leading=re.compile(first, re.ASCII) if first is not None else None,
        general=_compiled(expression_of(general_of(metadata))),
        other=_compiled(*(expression_of(getattr(metadata, name)) for name in _OF_NO_AREA)),
        fixed=_compiled(expression_of(metadata.fixed_line)),
        mobile=_compiled(
            "" if metadata.same_mobile_and_fixed_line_pattern else expression_of(metadata.mobile)
        ),
    )


def _compiled(*expressions: str) -> re.Pattern[str]:
    """Compile what matches one of them; nothing, where there are none."""
    return re.compile("|".join(filter(None, expressions)) or "(?!)", re.ASCII)
