"""When something was said, as a cell of a table tells it: the earliest and the latest it can mean.

Cells leave out zones, and the order of day and month; spreadsheets count days, systems seconds.
Sources: ECMA-376, 18.17.4.1 (days since 1899-12-30); POSIX (seconds since 1970).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from askfirst.domain.bulk.import_settings import DateOrder
from askfirst.domain.values.timestamp import Instant, from_datetime

_FIRST_YEAR: Final = 2009
"""WhatsApp did not exist before; systems write 1970, 1900 or 0000 for what they do not know."""
EARLIEST: Final = from_datetime(datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC))
"""From when on a yes counts that has no time: nobody can have agreed before, and whatever no is
known is newer, so that it ends it."""
_TEXT_MAX: Final = 64
_CENTURY: Final = 2000
_SHORT_YEAR: Final = 2
_DAY_ZERO: Final = datetime(1899, 12, 30, tzinfo=UTC)
_SERIAL: Final = re.compile(r"[2-7][0-9]{4}(?:[.,][0-9]+)?", re.ASCII)
_SECONDS: Final = re.compile(r"1[0-9]{9}(?:\.[0-9]+)?", re.ASCII)
_MILLISECONDS: Final = re.compile(r"1[0-9]{12}", re.ASCII)
_COMPACT: Final = re.compile(r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?P<rest>T?\d{6}.*)?", re.ASCII)
_YEAR_FIRST: Final = re.compile(
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?P<rest>\D.*)?", re.ASCII | re.DOTALL
)
_YEAR_LAST: Final = re.compile(
    r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?P<rest>\D.*)?",
    re.ASCII | re.DOTALL,
)
_DOTTED: Final = re.compile(r"\d{1,2}\.\d{1,2}\.")
_IN_WORDS: Final = (
    re.compile(r"(?P<m>[a-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})(?P<rest>.*)"),
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\.? (?P<m>[a-z]{3,9})\.?,? (?P<y>\d{4})(?P<rest>.*)"
    ),
)
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_CLOCK: Final = re.compile(
    r"[T ,_]*(?P<h>\d{1,2})(?::?(?P<min>\d{2}))(?::?(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?: ?(?P<ap>[ap])\.?m\.?)?(?: ?(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReading:
    """What a cell may mean: from `earliest` to `latest`. `is_dated`: it has no time of day.

    `swaps`: day and month can be swapped; `first_is_day`, `second_is_day`: only that can be.
    """

    earliest: Instant
    latest: Instant
    has_zone: bool
    swaps: bool = False
    first_is_day: bool = False
    second_is_day: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    rest: str


def read_time(text: str, zone: tzinfo, order: DateOrder | None) -> TimeReading | None:
    """Read a cell; None where no moment since WhatsApp exists can be meant."""
    return _read(_plain_digits(text.strip()[:_TEXT_MAX]), zone, order)


@lru_cache(maxsize=16_384)
def _read(text: str, zone: tzinfo, order: DateOrder | None) -> TimeReading | None:
    if (counted := _counted(text, zone)) is not None:
        return counted
    days, swaps, first, second = _days(text, order)
    moments = [found for one in days for found in _moments(one, zone)]
    if not moments:
        return None
    earliest, latest = min(one[0] for one in moments), max(one[1] for one in moments)
    if latest < EARLIEST:
        return None
    return TimeReading(
        earliest=Instant(max(earliest, EARLIEST)),
        latest=latest,
        has_zone=all(one[2] for one in moments),
        swaps=swaps,
        first_is_day=first,
        second_is_day=second,
    )


def _plain_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else " " if char.isspace() else char
        for char in text
        if unicodedata.category(char) != "Cf"
    )


def _counted(text: str, zone: tzinfo) -> TimeReading | None:
    """Read days of a spreadsheet, seconds or milliseconds."""
    if _SERIAL.fullmatch(text):
        number = float(text.replace(",", "."))
        moment = _DAY_ZERO + timedelta(seconds=round(number * 86_400))
        is_day = number == int(number)
        return _reading(*_local(moment.replace(tzinfo=None), zone, is_day=is_day), has_zone=False)
    if _SECONDS.fullmatch(text) or _MILLISECONDS.fullmatch(text):
        at = int(text[:10]) * 1_000_000
        return _reading(Instant(at), Instant(at), has_zone=True)
    return None


def _reading(earliest: Instant, latest: Instant, *, has_zone: bool) -> TimeReading | None:
    if latest < EARLIEST:
        return None
    return TimeReading(earliest=earliest, latest=latest, has_zone=has_zone)


def _days(text: str, order: DateOrder | None) -> tuple[list[_Day], bool, bool, bool]:
    """Return the days that may be meant; whether they swap; which part alone can be the day."""
    if shape := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return list(_day(shape["y"], shape["m"], shape["d"], shape["rest"])), False, False, False
    if shape := _YEAR_LAST.fullmatch(text):
        return _of_year_last(shape, order)
    for pattern in _IN_WORDS:
        shape = pattern.fullmatch(text.lower())
        if shape and shape["m"][:3] in _MONTHS:
            month = str(_MONTHS.index(shape["m"][:3]) + 1)
            return list(_day(shape["y"], month, shape["d"], shape["rest"])), False, False, False
    return [], False, False, False


def _of_year_last(
    shape: re.Match[str], order: DateOrder | None
) -> tuple[list[_Day], bool, bool, bool]:
    one, two, year, rest = shape["one"], shape["two"], shape["y"], shape["rest"]
    day_first, month_first = list(_day(year, two, one, rest)), list(_day(year, one, two, rest))
    if _DOTTED.match(shape[0]):  # nobody writes the month first with dots
        return day_first, False, False, False
    swaps = bool(day_first and month_first and one != two)
    if swaps and order is DateOrder.DAY_FIRST:
        return day_first, swaps, False, False
    if swaps and order is DateOrder.MONTH_FIRST:
        return month_first, swaps, False, False
    only_day_first, only_month_first = not month_first, not day_first
    return day_first + month_first, swaps, only_day_first, only_month_first


def _day(year: str, month: str, day: str, rest: str | None) -> Iterator[_Day]:
    whole = int(year) + (_CENTURY if len(year) == _SHORT_YEAR else 0)
    try:
        yield _Day(date(whole, int(month), int(day)), (rest or "").rstrip())
    except ValueError:
        return


def _moments(one: _Day, zone: tzinfo) -> Iterator[tuple[Instant, Instant, bool]]:
    midnight = datetime(one.day.year, one.day.month, one.day.day)  # noqa: DTZ001 - of no zone yet
    try:
        if not one.rest.strip():
            yield *_local(midnight, zone, is_day=True), False
            return
        clock = _CLOCK.fullmatch(one.rest)
        if clock is None:
            return
        moment = midnight + _into_the_day(clock)
        if clock["zone"]:
            at = from_datetime(moment.replace(tzinfo=UTC) - _offset(clock["zone"]))
            yield at, at, True
        else:
            yield *_local(moment, zone, is_day=False), False
    except (ValueError, OverflowError):
        return


def _into_the_day(clock: re.Match[str]) -> timedelta:
    hour, minute, second = int(clock["h"]), int(clock["min"]), int(clock["s"] or 0)
    if clock["ap"]:
        hour = hour % 12 + (12 if clock["ap"].lower() == "p" else 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 - as clocks are
        raise ValueError("no time of day")
    micro = int((clock["f"] or "0").ljust(6, "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _offset(zone: str) -> timedelta:
    if zone[0] not in "+-":
        return timedelta(0)
    digits = zone[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -span if zone[0] == "-" else span


def _local(moment: datetime, zone: tzinfo, *, is_day: bool) -> tuple[Instant, Instant]:
    """Read a clock on the wall: an hour may come twice, or never, and a day lasts to its end."""
    first, last = moment, moment
    if is_day:
        last = moment + timedelta(days=1, seconds=-1)
    both = [
        from_datetime(one.replace(tzinfo=zone, fold=fold))
        for one in (first, last)
        for fold in (0, 1)
    ]
    return min(both[:2]), max(both[2:])
