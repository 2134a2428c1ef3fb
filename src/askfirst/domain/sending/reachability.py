"""Whether somebody can be reached: days on which nothing could be brought to them.

Statuses come late, twice and in any order, so only sets and maxima are kept: whatever the order,
the end is the same. A day (UTC) on which something arrived, and all before it, are no days of
failure.
"""

from __future__ import annotations

from typing import Final

from askfirst.domain.value import Value, replace
from askfirst.domain.values.timestamp import DAY, Instant

DAYS_TO_UNREACHABLE: Final = 3
"""So many days of failure, and Meta's own trouble of an afternoon makes nobody unreachable."""
TRIED_AGAIN_AFTER_DAYS: Final = 7


class Reachability(Value, frozen=True):
    """What is known of one person.

    `failed_at` is the newest failure that counts; `failed_days` are the newest days of failure, as
    days since 1970, the newest first, at most three. `reached_day` is the last day on which
    something arrived, or they wrote; 0: none is known.
    """

    failed_at: Instant | None = None
    failed_days: tuple[int, ...] = ()
    reached_day: int = 0

    def failed(self, at: Instant) -> Reachability:
        """Take in that a message could not be brought to them."""
        newest = Instant(max(at, self.failed_at or 0))
        return _counted(newest, (*self.failed_days, at // DAY), self.reached_day)

    def reached(self, at: Instant) -> Reachability:
        """Take in that a message arrived, or that they wrote."""
        day = at // DAY
        if day <= self.reached_day:
            return self
        return _counted(self.failed_at, self.failed_days, day)

    def merged(self, other: Reachability) -> Reachability:
        """Return what is known of the one person that both are."""
        found = [at for at in (self.failed_at, other.failed_at) if at is not None]
        days = (*self.failed_days, *other.failed_days)
        return _counted(max(found, default=None), days, max(self.reached_day, other.reached_day))

    def forgotten(self) -> Reachability:
        """Return what is left when nothing of failures is to be known any more."""
        return replace(self, failed_at=None, failed_days=())


class Obstacles(Value, frozen=True):
    """What the gate knows from Meta's answers of how messages reach one person.

    `failed_days` as in `Reachability`. Until `deferred_until` Meta brings them no more marketing
    (131049), until `held_out_until` they are in an experiment of Meta's (130472).
    """

    failed_days: tuple[int, ...] = ()
    deferred_until: Instant | None = None
    held_out_until: Instant | None = None


NO_OBSTACLES: Final = Obstacles()


def _counted(
    failed_at: Instant | None, failed_days: tuple[int, ...], reached_day: int
) -> Reachability:
    days = sorted({day for day in failed_days if day > reached_day}, reverse=True)
    if failed_at is not None and failed_at // DAY <= reached_day:
        failed_at = None
    return Reachability(failed_at, tuple(days[:DAYS_TO_UNREACHABLE]), reached_day)


def unreachable_until(failed_days: tuple[int, ...]) -> Instant | None:
    """Return when somebody is worth another try; None: they never were out of reach for long."""
    if len(failed_days) < DAYS_TO_UNREACHABLE:
        return None
    return Instant((max(failed_days) + TRIED_AGAIN_AFTER_DAYS) * DAY)


def write_days(days: tuple[int, ...]) -> str:
    """Write days as they are stored."""
    return ",".join(map(str, days))


def read_days(text: str) -> tuple[int, ...]:
    """Read days that were stored."""
    return tuple(int(day) for day in text.split(",")) if text else ()
