"""How often and how fast: the part of the policy that bounds what was opted in to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from askfirst.decision.traffic import Pace
from askfirst.domain.consent.frequency import DAYS_MAX, Frequency
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import CONSENTED, MARKETING, Category, parse_purpose
from askfirst.domain.values.timestamp import MINUTE, SECOND

OVERALL: Final = "overall"
SPANS: Final = {"day": 1, "week": 7, "month": 30}
"""The spans of a cap, in days. A month is 30 days: none of its ends is a border."""
CAP_MAX: Final = 100
PAIR_WITHIN: Final = 6 * SECOND
_MINUTES_MAX: Final = DAYS_MAX * 24 * 60
_PER_SECOND_MAX: Final = 1000


def check_count(given: Any, where: str, most: int) -> int:
    """Return a whole number from 0 to `most`; another value raises InvalidInput."""
    if type(given) is not int or not 0 <= given <= most:
        raise InvalidInput(where, f"must be a whole number from 0 to {most}; 0 is no limit")
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How many messages a person gets: for a purpose, a topic, or `overall`, over all senders.

    `also_counted`: codes (`authentication`) and replies in the 24-hour window (`service`) count
    towards `overall` only where they are named.
    """

    limits: Mapping[str, tuple[Frequency, ...]] = field(
        default_factory=lambda: {
            MARKETING.name: (Frequency(1, 1), Frequency(2, 7), Frequency(6, 30)),
        }
    )
    also_counted: frozenset[str] = frozenset()

    def check(self, topics: frozenset[str]) -> None:
        """Raise InvalidInput where a cap is on nothing that messages could be for."""
        for name in self.limits:
            if name not in {OVERALL, Category.SERVICE}:
                parse_purpose(name, topics, f"policy.caps.{name}")
        for name in self.also_counted:
            if name not in {Category.AUTHENTICATION, Category.SERVICE}:
                where = "policy.caps.also_counted"
                raise InvalidInput(where, "must name authentication, service or both")

    def is_overall(self, category: Category) -> bool:
        """Return whether messages of a category count towards `overall`."""
        if category in {Category.MARKETING, Category.UTILITY}:
            return True
        return category.value in self.also_counted

    @property
    def counts_replies(self) -> bool:
        """Whether replies in the window are counted for anything."""
        return Category.SERVICE in self.limits or Category.SERVICE in self.also_counted


def _minutes() -> dict[Category, int]:
    """A second offer is spam, a second notice of one parcel a client's retry."""
    return {Category.MARKETING: 24 * 60, Category.UTILITY: 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """For how many minutes the same content does not go to one person twice, by purpose."""

    minutes: Mapping[Category, int] = field(default_factory=_minutes)

    def __post_init__(self) -> None:
        for category, minutes in self.minutes.items():
            check_count(minutes, f"policy.duplicates.{category}", _MINUTES_MAX)

    def span(self, category: Category) -> int:
        """Return the time in microseconds; 0 where the same may be sent at once."""
        return self.minutes.get(category, 0) * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How fast Meta takes messages; 0 switches a pace off: Meta's own stays.

    One message each `pair_seconds` from a sender to a person, with a burst of `pair_burst` within
    6 s that is paid for afterwards; `messages_per_second` of a sender. Source: Meta, "Messaging
    limits" and "Throughput": 6 s, 45, and 80, which Meta raises to 1,000 for numbers in good use.
    """

    pair_seconds: int = 6
    pair_burst: int = 45
    messages_per_second: int = 80

    def __post_init__(self) -> None:
        check_count(self.pair_seconds, "policy.pace.pair_seconds", 3600)
        check_count(self.pair_burst, "policy.pace.pair_burst", 1000)
        check_count(self.messages_per_second, "policy.pace.messages_per_second", _PER_SECOND_MAX)

    @property
    def pair(self) -> Pace | None:
        """The pace of a sender and a person."""
        if not self.pair_seconds:
            return None
        return Pace(self.pair_seconds * SECOND, max(1, self.pair_burst), PAIR_WITHIN)

    @property
    def sender(self) -> Pace | None:
        """The pace of a sender: a tenth of a second's messages may leave together."""
        if not self.messages_per_second:
            return None
        interval, burst = SECOND // self.messages_per_second, -(-self.messages_per_second // 10)
        return Pace(interval, burst, burst * interval)


CAPPED: Final = frozenset({*(category.value for category in CONSENTED), Category.SERVICE.value})
"""What every business may cap, beside its topics and `overall`."""
