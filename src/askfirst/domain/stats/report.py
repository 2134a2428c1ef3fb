"""Figures as they are asked for and told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.stats.figures import ALL_PURPOSES, FIGURES, Counts, Figure, add
from askfirst.domain.stats.local_days import day_number, day_of
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant

FEWEST: Final = 5
"""Values of country and language under which fewer acts than this are counted are told together."""
DAYS_MAX: Final = 3660
ROWS_MAX: Final = 20_000
OTHER: Final = "other"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAY_RIGHT: Final = "must be a day such as 2026-01-31"
_MONDAY: Final = 3
"""1970-01-01 was a Thursday."""


class GroupBy(StrEnum):
    """What figures are told apart by, beside the time."""

    NOTHING = "nothing"
    PURPOSE = "purpose"
    SURFACE = "surface"
    ENTRY_POINT = "entry_point"
    PROMPT = "prompt"
    LOCALE = "locale"
    COUNTRY = "country"


ABOUT_PEOPLE: Final = frozenset({GroupBy.LOCALE, GroupBy.COUNTRY})
"""What is told of people, and not of the business's own doing: small counts are put together."""


class Step(StrEnum):
    """How long the stretches are that figures are told for. Weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SPAN = "span"
    """One stretch: the whole span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresQuestion:
    """Which figures are wanted. Both days belong to the span.

    `purpose` may be a topic; empty for all. What goes beyond a bound raises InvalidInput.
    """

    first: date
    last: date
    by: GroupBy = GroupBy.NOTHING
    step: Step = Step.DAY
    purpose: str = ALL_PURPOSES

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput("to", "must not be before from")
        if (self.last - self.first).days >= DAYS_MAX:
            raise InvalidInput("from", f"must be less than {DAYS_MAX} days before to")
        if not self.purpose:
            object.__setattr__(self, "purpose", ALL_PURPOSES)
        if self.is_about_one_purpose:
            Purpose(self.purpose)
        if self.by is GroupBy.PURPOSE and self.purpose != ALL_PURPOSES:
            raise InvalidInput("purpose", "goes with another by than purpose")

    @property
    def is_about_one_purpose(self) -> bool:
        """Whether only acts of one purpose or topic are asked for."""
        return self.purpose != ALL_PURPOSES


class CountRow(NamedTuple):
    """A stretch of one value, as it is stored: `settled` and `left` of yeses thirty days old.

    `begin` is the number of its first day, which may lie before the span.
    """

    value: str
    begin: int
    numbers: Sequence[int]
    settled: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """What the counts rest on: every event up to `position`, of `head` that there are.

    `at`: everything that was recorded before this moment is counted. `zone`: days are of this zone.
    """

    position: Position
    head: Position
    at: Instant
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """The figures of one value in one stretch of time; see `Figure`.

    `begin` is the first day of the stretch that is in the span. `reachable`: people with a yes that
    stands at its end. `kept` of `settled`: yeses that stood thirty days later, of those that are
    that old. `shown`: how often questions were shown.
    """

    begin: date
    value: str
    opt_ins: int
    refusals: int
    stops: int
    complaints: int
    gained: int
    lost: int
    reachable: int
    shown: int
    answered: int
    agreed: int
    proven: int
    messaged: int
    settled: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresReport:
    """Figures, in the order of time and value, and what they rest on; `as_of` None: nothing yet."""

    rows: tuple[FigureRow, ...]
    as_of: AsOf | None


class ShownRow(NamedTuple):
    """How often questions were shown, in a stretch."""

    value: str
    begin: int
    shown: int


def parse_day(text: str, field: str) -> date:
    """Read a day as ISO 8601 writes it; else InvalidInput names `field`."""
    try:
        if not _DAY.fullmatch(text):
            raise InvalidInput(field, _DAY_RIGHT)
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(field, _DAY_RIGHT) from error


def begin_of(step: Step, day: int, first: int) -> int:
    """Return the number of the day with which the stretch of a day begins."""
    if step is Step.DAY:
        return day
    if step is Step.WEEK:
        return day - (day + _MONDAY) % 7
    if step is Step.MONTH:
        return day_number(day_of(day).replace(day=1))
    return first


def by_month(counts: Counts) -> Counts:
    """Sum counts up by the month; `day` is then the number of its first day."""
    months: Counts = {}
    for cell, numbers in counts.items():
        month = cell._replace(day=begin_of(Step.MONTH, cell.day, 0))
        add(months, {month: numbers})
    return months


def whole_months(question: FiguresQuestion, settled_through: int) -> tuple[int, int]:
    """Return which days of a span, from the first to before the second, can be read by the month.

    They are none where weeks or days are asked for. Months that end after `settled_through` are
    read by the day: of those it matters which yeses are thirty days old.
    """
    first, last = day_number(question.first), day_number(question.last)
    if question.step in {Step.DAY, Step.WEEK}:
        return first, first
    begin = begin_of(Step.MONTH, first, first)
    start = begin if begin == first else _next(Step.MONTH, begin, last)
    end = begin_of(Step.MONTH, min(last, settled_through) + 1, first)
    return (start, end) if start < end else (first, first)


def begins_in(question: FiguresQuestion) -> list[int]:
    """Return where each stretch of the span begins; empty days are days, too."""
    first, last = day_number(question.first), day_number(question.last)
    begins = [begin_of(question.step, first, first)]
    while True:
        following = _next(question.step, begins[-1], last)
        if following > last:
            return begins
        begins.append(following)


def _next(step: Step, begin: int, last: int) -> int:
    if step is Step.DAY:
        return begin + 1
    if step is Step.WEEK:
        return begin + 7
    if step is Step.MONTH:
        return day_number((day_of(begin) + timedelta(days=32)).replace(day=1))
    return last + 1


def tell_figures(
    question: FiguresQuestion,
    counted: Iterable[CountRow],
    opening: Iterable[tuple[str, int]],
    shown: Iterable[ShownRow],
) -> tuple[FigureRow, ...]:
    """Put the figures together; `opening` has who was reachable before the span, by value.

    Raises:
        InvalidInput: there would be more rows than can be told at once.
    """
    begins = begins_in(question)
    told = _Told(question, counted, opening, shown)
    if len(told.values) * len(begins) > ROWS_MAX:
        right = "must be a longer one: there are too many values for so many stretches of time"
        raise InvalidInput("step", right)
    return tuple(
        told.row(value, begin, max(begin, begins[0], day_number(question.first)))
        for begin in begins
        for value in told.values
    )


class _Told:
    """The parts of a report by value and stretch, small values together."""

    def __init__(
        self,
        question: FiguresQuestion,
        counted: Iterable[CountRow],
        opening: Iterable[tuple[str, int]],
        shown: Iterable[ShownRow],
    ) -> None:
        rows, before, seen = list(counted), list(opening), list(shown)
        names = _names(question.by, rows, before)
        self._reachable: dict[str, int] = {}
        for value, people in before:
            name = names[value]
            self._reachable[name] = self._reachable.get(name, 0) + people
        self._numbers: dict[tuple[str, int], list[int]] = {}
        for row in rows:
            self._take((names[row.value], row.begin), [*row.numbers, row.settled, row.left])
        self._shown: dict[tuple[str, int], int] = {}
        for one in seen:
            place = (names.get(one.value, one.value), one.begin)
            self._shown[place] = self._shown.get(place, 0) + one.shown
        found = {*self._reachable, *(name for name, _ in (*self._numbers, *self._shown))}
        self.values = sorted(found) or ([""] if question.by is GroupBy.NOTHING else [])

    def row(self, value: str, begin: int, first: int) -> FigureRow:
        """Tell one value in one stretch; in the order of time, since people stay reachable."""
        numbers = self._numbers.get((value, begin), [0] * (FIGURES + 2))
        gained, lost = numbers[Figure.GAINED], numbers[Figure.LOST]
        reachable = self._reachable.get(value, 0) + gained - lost
        self._reachable[value] = reachable
        settled, left = numbers[FIGURES:]
        return FigureRow(
            begin=day_of(first),
            value=value,
            opt_ins=numbers[Figure.OPT_INS],
            refusals=numbers[Figure.REFUSALS],
            stops=numbers[Figure.STOPS],
            complaints=numbers[Figure.COMPLAINTS],
            gained=gained,
            lost=lost,
            reachable=reachable,
            shown=self._shown.get((value, begin), 0),
            answered=numbers[Figure.ANSWERED],
            agreed=numbers[Figure.AGREED],
            proven=numbers[Figure.PROVEN],
            messaged=numbers[Figure.MESSAGED],
            settled=settled,
            kept=settled - left,
        )

    def _take(self, place: tuple[str, int], numbers: Sequence[int]) -> None:
        sums = self._numbers.setdefault(place, [0] * len(numbers))
        for index, number in enumerate(numbers):
            sums[index] += number


def _names(
    by: GroupBy, rows: Iterable[CountRow], opening: Iterable[tuple[str, int]]
) -> dict[str, str]:
    """Name each value as it is told: of countries and languages, small ones share a name.

    What counts is all that is told of a value, so that no stretch of the span brings it back.
    """
    weights: dict[str, int] = {}
    for row in rows:
        weights[row.value] = weights.get(row.value, 0) + _weight(row)
    for value, people in opening:
        weights[value] = weights.get(value, 0) + people
    if by not in ABOUT_PEOPLE:
        return {value: value for value in weights}
    return {
        value: value if value == "" or weight >= FEWEST else OTHER
        for value, weight in weights.items()
    }


def _weight(row: CountRow) -> int:
    acts = (Figure.OPT_INS, Figure.REFUSALS, Figure.STOPS, Figure.COMPLAINTS)
    return sum(row.numbers[one] for one in acts)
