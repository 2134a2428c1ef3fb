"""What people did after marketing messages, as a colour.

Each rate has a prior, a Beta distribution that says what is usual before anything is known: its
mean, and how many messages it weighs. Few messages move it little, so one stop among five is no
verdict. A colour is given where the posterior says with the stated certainty that the rate is above
a bound. The means and bounds are this project's choice: Meta publishes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.brakes.brake import Cause, Colour
from askfirst.domain.brakes.posterior import chance_above
from askfirst.domain.brakes.subject import NARROW, BrakeScope


class Mark(StrEnum):
    """What became of a marketing message; each counts once a message.

    `blocked`: it did not arrive, though one before it had: a hint, since Meta tells of no block.
    """

    DELIVERED = "delivered"
    READ = "read"
    STOPPED = "stopped"
    NATIVE_STOPPED = "native_stopped"
    COMPLAINED = "complained"
    BLOCKED = "blocked"

    @property
    def bit(self) -> int:
        """The bit under which a message's row has it."""
        return 1 << _ORDER.index(self)

    @classmethod
    def of_bits(cls, bits: int) -> tuple[Mark, ...]:
        """Return the marks of a message's row, in their order."""
        return tuple(mark for mark in cls if bits & mark.bit)

    @property
    def implied(self) -> tuple[Mark, ...]:
        """All that is known by it: what was read has arrived, whatever came first."""
        return (Mark.DELIVERED, Mark.READ) if self is Mark.READ else (self,)


_ORDER: Final = tuple(Mark)


@dataclass(frozen=True, slots=True)
class Measure:
    """How one rate is judged. `mean` and `weight` are the prior's; bounds are rates.

    `is_bad_below`: the rate is bad where it is low, and gives yellow at most.
    """

    cause: Cause
    marks: tuple[Mark, ...]
    mean: float
    yellow_above: float
    red_above: float
    is_bad_below: bool = False


SURE_OF_YELLOW: Final = 0.9
SURE_OF_RED: Final = 0.95
NARROW_WEIGHT: Final = 50
WIDE_WEIGHT: Final = 200
"""A sender and a way of opting in are behind many campaigns: one of them alone moves them less."""
_READ_WEIGHT: Final = 50

MEASURES: Final = (
    Measure(Cause.COMPLAINTS, (Mark.COMPLAINED,), 0.001, 0.005, 0.01),
    Measure(Cause.STOPS, (Mark.STOPPED, Mark.NATIVE_STOPPED), 0.005, 0.02, 0.04),
    Measure(Cause.NATIVE_STOPS, (Mark.NATIVE_STOPPED,), 0.003, 0.015, 0.03),
    Measure(Cause.BLOCKS, (Mark.BLOCKED,), 0.01, 0.05, 0.12),
    Measure(Cause.READS, (Mark.READ,), 0.5, 0.1, 0.0, is_bad_below=True),
)


class Verdict(NamedTuple):
    """What the counts amount to; `detail` says it in words and numbers."""

    cause: Cause
    colour: Colour
    detail: str


class Counts(NamedTuple):
    """Marks of one subject: of all its days, and of those that are old enough to be read."""

    all: Mapping[Mark, int]
    settled: Mapping[Mark, int]


def judge(scope: BrakeScope, counts: Counts) -> tuple[Verdict, ...]:
    """Return what speaks against a subject: one verdict a measure, none where it is well."""
    found = (_measured(measure, scope, counts) for measure in MEASURES)
    return tuple(verdict for verdict in found if verdict is not None)


def _measured(measure: Measure, scope: BrakeScope, counts: Counts) -> Verdict | None:
    marks = counts.settled if measure.is_bad_below else counts.all
    hits = sum(marks.get(mark, 0) for mark in measure.marks)
    exposed = max(_exposed(measure, marks), hits)
    weight = NARROW_WEIGHT if scope in NARROW else WIDE_WEIGHT
    if measure.is_bad_below:
        return _too_low(measure, hits, exposed)
    a = measure.mean * weight + hits
    b = (1 - measure.mean) * weight + exposed - hits
    for colour, bound, sure in (
        (Colour.RED, measure.red_above, SURE_OF_RED),
        (Colour.YELLOW, measure.yellow_above, SURE_OF_YELLOW),
    ):
        if hits and (chance := chance_above(bound, a, b)) >= sure:
            return Verdict(measure.cause, colour, _words(measure, hits, exposed, bound, chance))
    return None


def _exposed(measure: Measure, marks: Mapping[Mark, int]) -> int:
    """Return how many could have had it: those delivered, and those that never were."""
    if measure.cause is Cause.BLOCKS:
        return marks.get(Mark.DELIVERED, 0) + marks.get(Mark.BLOCKED, 0)
    return marks.get(Mark.DELIVERED, 0)


def _too_low(measure: Measure, hits: int, exposed: int) -> Verdict | None:
    """Judge a rate that should be high. Where nothing is read at all, nobody tells of reading."""
    if not hits:
        return None
    a = measure.mean * _READ_WEIGHT + hits
    b = (1 - measure.mean) * _READ_WEIGHT + exposed - hits
    chance = 1 - chance_above(measure.yellow_above, a, b)
    if chance < SURE_OF_RED:
        return None
    detail = f"{hits} of {exposed} delivered were read; below {measure.yellow_above:.1%} by "
    return Verdict(measure.cause, Colour.YELLOW, f"{detail}{chance:.0%}")


def _words(measure: Measure, hits: int, exposed: int, bound: float, chance: float) -> str:
    what = measure.cause.value.replace("_", " ")
    return f"{hits} {what} in {exposed} delivered; the rate is above {bound:.1%} by {chance:.0%}"
