"""Points in time as whole microseconds since 1970-01-01T00:00:00Z.

Integers compare and store alike on every backend and keep the order of two acts that a
float would merge. RFC 3339 is spoken only at the edges.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NewType

from askfirst.domain.values.errors import InvalidInput

Instant = NewType("Instant", int)
"""Microseconds since the Unix epoch, UTC."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UTC = "+00:00"
_MICROSECOND = timedelta(microseconds=1)
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_RIGHT = "must be an RFC 3339 time with its zone, 1970 or later, for example 2026-01-31T09:00:00Z"
_LATEST = 253_402_300_800 * SECOND  # the year 10000, where RFC 3339 ends


def seconds_to_wait(span: int) -> int:
    """Say a span of microseconds as Retry-After does: whole seconds, rounded up, one at least."""
    return max(1, -(-span // SECOND))


def from_datetime(moment: datetime) -> Instant:
    """Take an aware datetime; a naive one raises ValueError, because its zone is a guess."""
    if moment.tzinfo is None:
        message = "a point in time needs a zone, for example 2026-01-31T09:00:00Z"
        raise ValueError(message)
    return Instant((moment - _EPOCH) // _MICROSECOND)


def from_unix_seconds(seconds: int) -> Instant:
    """Meta's time stamps: whole seconds since the epoch; out of range raises ValueError."""
    if not 0 <= seconds < _LATEST // SECOND:
        message = "a Unix time stamp between 1970 and 9999 is needed"
        raise ValueError(message)
    return Instant(seconds * SECOND)


def to_datetime(instant: Instant) -> datetime:
    """Return the aware datetime, UTC."""
    return _EPOCH + timedelta(microseconds=instant)


def to_rfc3339(instant: Instant) -> str:
    """Write `2026-01-31T09:00:00.000000Z`: always microseconds, always Z, so texts sort by time."""
    return to_datetime(instant).isoformat(timespec="microseconds").removesuffix(_UTC) + "Z"


def to_minute(instant: Instant) -> str:
    """Write `2026-01-31 09:00 UTC`, for people who want no more than the minute."""
    return to_datetime(instant).strftime("%Y-%m-%d %H:%M UTC")


def parse_rfc3339(text: str, field: str) -> Instant:
    """Read an RFC 3339 time with its zone, 1970 or later; else InvalidInput names `field`."""
    try:
        # Python reads more than RFC 3339 has: weeks, commas, zones with seconds.
        instant = from_datetime(datetime.fromisoformat(text)) if _RFC3339.fullmatch(text) else -1
    except (ValueError, OverflowError) as error:
        raise InvalidInput(field, _RIGHT) from error
    if instant < 0:
        raise InvalidInput(field, _RIGHT)
    return Instant(instant)
