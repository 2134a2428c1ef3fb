"""The time zones that a number names, as libphonenumber tells them, thirty times as fast.

What its `time_zones_for_number` does is compiled once for each calling code: which region a number
belongs to, whether its kind has an area, and the longest of its first digits that are known. Where
digits might hold a national prefix, or are no number of a length that there is, it is asked itself;
a test holds both to the same answers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberType, parse
from phonenumbers.phonenumberutil import is_number_type_geographical
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

from askfirst.adapters.number_metadata import (
    ELSEWHERE,
    calling_code,
    expression,
    general,
    kinds_of,
)

_AREA: Final = "area"
_NO_NUMBER: Final = "(?!)"


class _Region(NamedTuple):
    """One region of a calling code. `own` names its first digits, where those alone tell it."""

    own: re.Pattern[str] | None
    kinds: re.Pattern[str]


class _Code(NamedTuple):
    """One calling code: the lengths of its numbers, what is dialled before them, its regions."""

    lengths: frozenset[int]
    prefix: re.Pattern[str]
    regions: tuple[_Region, ...]


def zones_of(digits: str) -> tuple[str, ...]:
    """Return the zones that a number with its country code names, in order; none if not known.

    A mobile number may be anywhere in its country, where mobile numbers have no area.
    """
    for length in (1, 2, 3):
        code = _compiled(digits[:length])
        if code is None:
            continue
        national = digits[length:]
        if len(national) not in code.lengths or code.prefix.match(national):
            break
        kind = _kind(code, national)
        if kind is None:
            return ()
        return _longest((digits if kind == _AREA else digits[:length])[:TIMEZONE_LONGEST_PREFIX])
    return zones_by_authority(digits)


def _kind(code: _Code, national: str) -> str | None:
    """Tell whether a number has an area; None where it is no number of any kind."""
    for region in code.regions:
        if region.own is not None and not region.own.match(national):
            continue
        if found := region.kinds.match(national):
            return found.lastgroup
        if region.own is not None:
            return None
    return None


@cache
def _longest(digits: str) -> tuple[str, ...]:
    for length in range(len(digits), 0, -1):
        if zones := TIMEZONE_DATA.get(digits[:length]):
            return tuple(sorted(set(zones) - {UNKNOWN_TIMEZONE}))
    return ()


def zones_by_authority(digits: str) -> tuple[str, ...]:
    """Ask libphonenumber."""
    try:
        zones: tuple[str, ...] = time_zones_for_number(parse(f"+{digits}"))
    except NumberParseException:
        return ()
    return tuple(sorted(set(zones) - {UNKNOWN_TIMEZONE}))


@cache
def _compiled(code: str) -> _Code | None:
    known = calling_code(code)
    if known is None:
        return None
    count = len(known.regions)
    return _Code(
        lengths=known.lengths,
        prefix=re.compile(f"0|{known.prefix}" if known.prefix else "0", re.ASCII),
        regions=tuple(_region(known.number, metadata, count) for _, metadata in known.regions),
    )


def _region(code: int, metadata: PhoneMetadata, count: int) -> _Region:
    """Compile a region: kinds in the order in which libphonenumber tries them."""
    leading = metadata.leading_digits if count > 1 else None
    own = () if metadata.same_mobile_and_fixed_line_pattern else ("mobile",)
    is_local = is_number_type_geographical(PhoneNumberType.MOBILE, code)
    kinds = (
        ("country", kinds_of(metadata, *ELSEWHERE)),
        (_AREA, kinds_of(metadata, "fixed_line", *own * is_local)),
        ("anywhere", kinds_of(metadata, *own * (not is_local))),
    )
    named = "|".join(f"(?P<{name}>{shape or _NO_NUMBER})" for name, shape in kinds)
    whole = re.compile(f"(?={expression(general(metadata))})(?:{named})", re.ASCII)
    return _Region(re.compile(leading, re.ASCII) if leading else None, whole)
