"""How Meta reacts, by the rules that it documents; what it keeps to itself is assumed.

Documented (developers.facebook.com/documentation/business-messaging/whatsapp/): quality counts
blocks, reports, mutes and archives of the last seven days, the newest most; a template that turns
red is paused for 3 hours, then 6, then disabled; a portfolio may write to so many people in 24
hours, more when quality is high and half of it was used in seven days, and bad quality no longer
takes that away; low quality that goes on leads from a warning over holds of templates and of
everything to a lock; offers are withheld from people who read few, but not everywhere; an offer to
who switched offers off fails; no offers go to the United States.
Not modelled: read rates in a template's quality, pacing, review of templates, appeals, several
numbers, the time between two restrictions after which a step is forgotten.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from askfirst.simulator.experiment.assumptions import Assumptions
from askfirst.simulator.experiment.people import Person
from askfirst.simulator.experiment.temper import Mood

QUALITY_DAYS: Final = 7
_JUDGED_MIN: Final = 100
"""Messages below which nothing is said of quality. A guess."""
_LIMITS: Final = (250, 2_000, 10_000, 100_000)
_DISABLED_AT: Final = 3
_REPLACED_DAYS: Final = 2
"""Days until a business has another template in the place of a disabled one. A guess."""
_NO_OFFERS: Final = frozenset({"US"})
# Where people are not limited: EEA, United Kingdom, Japan, South Korea, Nigeria, South Africa.
_NOT_LIMITED: Final = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
        *("GB", "JP", "KR", "NG", "ZA"),
    )
)


class Quality(StrEnum):
    """A rating, as Meta names it."""

    UNKNOWN = "unknown"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Fate(StrEnum):
    """What becomes of a message that was handed over.

    `rejected`: templates or everything are held. `undelivered`: the person blocks, which the
    business is not told.
    """

    DELIVERED = "delivered"
    WITHHELD = "withheld"
    UNDELIVERED = "undelivered"
    OVER_LIMIT = "over_limit"
    REJECTED = "rejected"


class Step(StrEnum):
    """A step of the enforcement of policy."""

    WARNING = "warning"
    TEMPLATES_1_DAY = "templates held 1 day"
    TEMPLATES_3_DAYS = "templates held 3 days"
    EVERYTHING_5_DAYS = "everything held 5 days"
    EVERYTHING_7_DAYS = "everything held 7 days"
    EVERYTHING_30_DAYS = "everything held 30 days"
    LOCKED = "locked"


_LADDER: Final = tuple(Step)
_HELD_DAYS: Final = dict(zip(_LADDER, (0, 1, 3, 5, 7, 30, 10**6), strict=True))


class Feedback:
    """Messages and negative feedback of the last days, of a number or a template."""

    def __init__(self) -> None:
        self._days: deque[tuple[int, float]] = deque([(0, 0.0)], maxlen=QUALITY_DAYS)

    def add(self, delivered: int, negative: float) -> None:
        """Count today's."""
        was, bad = self._days[-1]
        self._days[-1] = (was + delivered, bad + negative)

    def next_day(self) -> None:
        """Begin another day; the eighth back is forgotten."""
        self._days.append((0, 0.0))

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to say something."""
        return sum(delivered for delivered, _ in self._days) >= _JUDGED_MIN

    @property
    def per_1000(self) -> float:
        """Negative feedback per 1,000 delivered; of two days, the newer counts more."""
        weighed = [
            (delivered * weight, bad * weight)
            for weight, (delivered, bad) in enumerate(
                self._days, QUALITY_DAYS - len(self._days) + 1
            )
        ]
        delivered = sum(one for one, _ in weighed)
        return 1000 * sum(bad for _, bad in weighed) / delivered if delivered else 0.0

    def rating(self, assumptions: Assumptions) -> Quality:
        """Return the rating that this amounts to."""
        if not self.is_enough:
            return Quality.UNKNOWN
        if self.per_1000 >= assumptions.red_at:
            return Quality.RED
        return Quality.YELLOW if self.per_1000 >= assumptions.yellow_at else Quality.GREEN


@dataclass(slots=True)
class _SentTemplate:
    feedback: Feedback = field(default_factory=Feedback)
    was_red: bool = False
    times_red: int = 0
    disabled_until: int = 0


class Meta:
    """One business's number and portfolio at Meta."""

    def __init__(self, people: int, assumptions: Assumptions) -> None:
        self.quality = Quality.UNKNOWN
        self.feedback = Feedback()
        self.steps: list[tuple[int, Step]] = []
        self.templates_disabled = 0
        self.limit = next((one for one in _LIMITS if one >= people), people)
        self._assumptions = assumptions
        self._templates: dict[str, _SentTemplate] = {}
        self._written_to: set[int] = set()
        self._most_written_to: deque[int] = deque(maxlen=QUALITY_DAYS)
        self._red_days = 0
        self._held_until = 0

    def is_held(self, day: int) -> bool:
        """Return whether no template of the business may be sent."""
        return day < self._held_until

    def is_locked(self) -> bool:
        """Return whether the account is locked for good."""
        return bool(self.steps) and self.steps[-1][1] is Step.LOCKED

    def can_offer(self, person: Person, mood: Mood) -> bool:
        """Return whether Meta would ever deliver an offer to this person."""
        is_out = self.is_locked() or person.country in _NO_OFFERS
        return not is_out and not mood.is_switched_off

    def take_order_news(self, person: Person, mood: Mood, day: int) -> Fate:
        """Take a message about an order."""
        if self.is_held(day):
            return Fate.REJECTED
        if self._is_over_limit(person):
            return Fate.OVER_LIMIT
        if mood.is_blocking:
            return Fate.UNDELIVERED
        return self._delivered(person)

    def take_offer(self, person: Person, mood: Mood, template: str, day: int, luck: float) -> Fate:
        """Take an offer."""
        sent = self._templates.setdefault(template, _SentTemplate())
        if self.is_held(day) or day < sent.disabled_until:
            return Fate.REJECTED
        if self._is_over_limit(person):
            return Fate.OVER_LIMIT
        if mood.is_blocking:
            return Fate.UNDELIVERED
        if person.country in _NO_OFFERS or mood.is_switched_off or self._is_spared(person, luck):
            return Fate.WITHHELD
        sent.feedback.add(1, 0)
        return self._delivered(person)

    def hear(self, template: str, negative: float) -> None:
        """Take a block, mute or archive as feedback on the number and the template."""
        self.feedback.add(0, negative)
        self._templates[template].feedback.add(0, negative)

    def end_day(self, day: int) -> None:
        """Rate, pause, restrict and raise the limit, as of the end of a day."""
        self.quality = self.feedback.rating(self._assumptions)
        self._red_days = self._red_days + 1 if self.quality is Quality.RED else 0
        if self._red_days >= self._assumptions.sustained_days:
            self._red_days = 0
            self._enforce(day)
        for sent in self._templates.values():
            self._judge_template(sent, day)
            sent.feedback.next_day()
        self.feedback.next_day()
        self._raise_limit()

    def _delivered(self, person: Person) -> Fate:
        self._written_to.add(person.number)
        self.feedback.add(1, 0)
        return Fate.DELIVERED

    def _is_over_limit(self, person: Person) -> bool:
        return len(self._written_to) >= self.limit and person.number not in self._written_to

    def _is_spared(self, person: Person, luck: float) -> bool:
        if person.country in _NOT_LIMITED:
            return False
        return luck < self._assumptions.withheld * (1 - person.reads)

    def _enforce(self, day: int) -> None:
        step = _LADDER[min(len(self.steps), len(_LADDER) - 1)]
        self.steps.append((day, step))
        self._held_until = max(self._held_until, day + 1 + _HELD_DAYS[step])

    def _judge_template(self, sent: _SentTemplate, day: int) -> None:
        """Count how often it turned red. Pauses of hours fall between two campaigns here."""
        is_red = sent.feedback.rating(self._assumptions) is Quality.RED
        if is_red and not sent.was_red:
            sent.times_red += 1
            if sent.times_red >= _DISABLED_AT:
                sent.times_red = 0
                sent.disabled_until = day + 1 + _REPLACED_DAYS
                self.templates_disabled += 1
        sent.was_red = is_red

    def _raise_limit(self) -> None:
        self._most_written_to.append(len(self._written_to))
        self._written_to.clear()
        is_used = max(self._most_written_to) * 2 >= self.limit
        if self.quality is Quality.GREEN and is_used:
            self.limit = next((one for one in _LIMITS if one > self.limit), self.limit)
