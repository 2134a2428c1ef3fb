"""When a stop was said, as a file tells it.

Files leave the zone out, and the order of day and month. Whatever a no may have ended must count as
ended, so of all moments that a text may mean the latest counts.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import Instant, from_datetime, parse_rfc3339

_EARLIEST: Final = from_datetime(datetime(2000, 1, 1, tzinfo=UTC))
"""Systems write 1970, 1900 or 0000 for a time that they do not know."""
_WEST: Final = timedelta(hours=12)
"""Where clocks are behind most: a time without its zone may be of there."""
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})[-/.](?P<one>\d{1,2})[-/.](?P<two>\d{1,2})(?P<rest>.*)", re.ASCII
)
_YEAR_LAST: Final = re.compile(
    r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<year>\d{4})(?P<rest>.*)", re.ASCII
)
_CLOCK: Final = re.compile(
    r"[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE
)


def latest_reading(text: str) -> Instant | None:
    """Return the latest moment that a text may mean; None where it means none.

    A date lasts until its end, and what has no zone may be of the westernmost.
    """
    try:
        found = [parse_rfc3339(text, "said_at")]
    except InvalidInput:
        found = [moment for moment in _readings(text) if moment is not None]
    latest = max(found, default=Instant(0))
    return latest if latest >= _EARLIEST else None


def _readings(text: str) -> list[Instant | None]:
    if shape := _YEAR_FIRST.fullmatch(text):
        return [_moment(shape["year"], shape["one"], shape["two"], shape["rest"])]
    if shape := _YEAR_LAST.fullmatch(text):
        year, one, two, rest = shape["year"], shape["one"], shape["two"], shape["rest"]
        return [_moment(year, one, two, rest), _moment(year, two, one, rest)]
    return []


def _moment(year: str, month: str, day: str, rest: str) -> Instant | None:
    try:
        date = datetime(int(year), int(month), int(day), tzinfo=UTC)
        clock = _clock(rest)
        if clock is None:
            return None
        return from_datetime(date + clock + _WEST)
    except (ValueError, OverflowError):
        return None


def _clock(rest: str) -> timedelta | None:
    """Return how far into the day; the whole day where no time stands there."""
    if not rest.strip():
        return timedelta(days=1)
    found = _CLOCK.fullmatch(rest.rstrip())
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 59)
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return timedelta(hours=hour, minutes=minute, seconds=second)
