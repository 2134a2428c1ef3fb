"""The days of a business: which day a moment is on, by its own clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from askfirst.domain.values.timestamp import DAY, MINUTE, Instant

UTC_ZONE: Final = "UTC"
_QUARTER: Final = 15 * MINUTE
"""Clocks change at quarters of an hour."""
_FIRST: Final = date(1970, 1, 1)


class LocalDays:
    """The days of one time zone, numbered from 1970-01-01 on.

    `offset` tells how far its clocks are ahead of UTC at a moment, in microseconds.
    """

    __slots__ = ("_known", "_offset", "zone")

    def __init__(self, zone: str, offset: Callable[[Instant], int]) -> None:
        self.zone = zone
        self._offset = offset
        self._known: dict[int, int] = {}

    def day(self, moment: Instant) -> int:
        """Return the number of the day that a moment is on."""
        quarter = moment // _QUARTER
        ahead = self._known.get(quarter)
        if ahead is None:
            ahead = self._known[quarter] = self._offset(Instant(quarter * _QUARTER))
        return (moment + ahead) // DAY


UTC_DAYS: Final = LocalDays(UTC_ZONE, lambda _: 0)


def day_number(day: date) -> int:
    """Return the number of a day."""
    return (day - _FIRST).days


def day_of(number: int) -> date:
    """Return the day of a number."""
    return _FIRST + timedelta(days=number)
