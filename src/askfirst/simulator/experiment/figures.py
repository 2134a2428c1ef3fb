"""What is counted while people live through a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from askfirst.simulator.experiment.meta import Quality, Step


class DayFigures(NamedTuple):
    """One day, at its end. `feedback` is the negative feedback per 1,000 delivered in a week."""

    feedback: float
    quality: Quality
    blocked: int
    stopped: int
    useful: int


class Reach(NamedTuple):
    """Whom an offer would reach who has not said no; `agreed` are those of them who want offers."""

    all: int
    agreed: int


@dataclass(slots=True)
class Tally:
    """Counts over all days, of people or messages.

    `offers_against_no` went to people who had said no, in whatever words; `offers_against_noted`
    to people whose no was known. `stops_not_understood` are people whose words were not taken for
    the stop that they were; `false_stops` those who meant none.
    """

    offers_planned: int = 0
    offers_refused: int = 0
    offers_dropped: int = 0
    offers_delivered: int = 0
    offers_useful: int = 0
    offers_against_no: int = 0
    offers_against_noted: int = 0
    order_news_due: int = 0
    order_news_read: int = 0
    blocked: int = 0
    stopped: int = 0
    muted: int = 0
    stops_not_understood: int = 0
    false_stops: int = 0
    said_yes: int = 0

    @property
    def offers_held_back(self) -> int:
        """Offers that the way of sending refused, or that would have had to wait too long."""
        return self.offers_refused + self.offers_dropped

    @property
    def useful(self) -> int:
        """Offers that were of use, and messages about orders that were read."""
        return self.offers_useful + self.order_news_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What became of it all with one way of sending.

    `reach` is for offers, at the end; `reach_orders`: people who get messages about their orders,
    if Meta lets the business send at all.
    """

    people: int
    days: tuple[DayFigures, ...]
    tally: Tally = field(default_factory=Tally)
    steps: tuple[tuple[int, Step], ...] = ()
    templates_disabled: int = 0
    days_held: int = 0
    reach_at_start: Reach = field(default_factory=lambda: Reach(0, 0))
    reach: Reach = field(default_factory=lambda: Reach(0, 0))
    reach_orders: int = 0

    def per_1000(self, count: float) -> float:
        """Return a count for each 1,000 people."""
        return 1000 * count / self.people

    def days_of(self, quality: Quality) -> int:
        """Return on how many days quality was this."""
        return sum(day.quality is quality for day in self.days)

    @property
    def useful_at_end(self) -> int:
        """Useful messages of the last 30 days."""
        return sum(day.useful for day in self.days[-30:])

    def sheet(self) -> Mapping[str, Any]:
        """Return the figures for machines; those of people and messages are for 1,000 people."""
        tally = self.tally
        counts = {name: getattr(tally, name) for name in tally.__slots__}
        return {
            **{name: round(self.per_1000(count), 1) for name, count in counts.items()},
            "useful": round(self.per_1000(tally.useful), 1),
            "useful_last_30_days": round(self.per_1000(self.useful_at_end), 1),
            "reach_at_start": round(self.per_1000(self.reach_at_start.all), 1),
            "reach_agreed_at_start": round(self.per_1000(self.reach_at_start.agreed), 1),
            "reach": round(self.per_1000(self.reach.all), 1),
            "reach_agreed": round(self.per_1000(self.reach.agreed), 1),
            "reach_orders": round(self.per_1000(self.reach_orders), 1),
            "days_by_quality": {one.value: self.days_of(one) for one in Quality},
            "days_held": self.days_held,
            "templates_disabled": self.templates_disabled,
            "steps": [{"day": day + 1, "step": step.value} for day, step in self.steps],
        }
