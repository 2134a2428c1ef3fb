"""How often: at most so many in so many days, counted back from now."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.values.errors import InvalidInput

DAYS_MAX = 30
"""The longest span: sends are counted for so long, and forgotten after it."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """At most `count` messages in any `days` days: whole days of 24 hours, whatever the zone."""

    count: int
    days: int

    def __post_init__(self) -> None:
        if type(self.count) is not int or self.count < 1:
            raise InvalidInput("frequency.count", "must be a whole number, 1 or more")
        if type(self.days) is not int or not 1 <= self.days <= DAYS_MAX:
            raise InvalidInput("frequency.days", f"must be a whole number from 1 to {DAYS_MAX}")
