"""Figures: opt-ins, stops and who is left, over time or by what they are told apart by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from babel import Locale
from starlette.responses import Response

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.stats.figures import ALL_PURPOSES
from askfirst.domain.stats.report import (
    OTHER,
    FigureRow,
    FiguresQuestion,
    FiguresReport,
    GroupBy,
    Step,
)
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.entry_points.manage_entries import list_entries
from askfirst.usecases.stats.read_figures import last_days, read_figures, read_funnel
from askfirst.web.console.desk import Desk
from askfirst.web.console.stats.opt_in_chart import OptInChart, chart_of
from askfirst.web.pages.reader import name_of_language

_PERIODS: Final[Mapping[str, tuple[int, Step]]] = {
    "30": (30, Step.DAY),
    "90": (90, Step.WEEK),
    "365": (365, Step.MONTH),
}
"""Days, and how long a stretch of time is then: a chart has at most thirty bars."""
_ENTRIES_MAX: Final = 1000
_SURFACES: Final = frozenset(surface.value for surface in Surface)
_CODES: Final = frozenset({GroupBy.PROMPT, GroupBy.ENTRY_POINT})
"""What is named by code where it has no name."""
Naming = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked for."""

    by: GroupBy
    period: str
    purpose: str

    @property
    def days(self) -> int:
        return _PERIODS[self.period][0]

    @property
    def step(self) -> Step:
        """Stretches where time is asked for; else the whole period at once."""
        return _PERIODS[self.period][1] if self.by is GroupBy.NOTHING else Step.SPAN


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresSheet:
    """What is on the page. `name` says what a value stands for."""

    choice: Choice
    report: FiguresReport
    funnel: tuple[FigureRow, ...]
    chart: OptInChart
    name: Naming
    name_surface: Naming

    @property
    def most(self) -> int:
        """The longest bar behind the rows."""
        return max([1, *(row.opt_ins for row in self.report.rows)])


async def show_figures(desk: Desk) -> Response:
    """Figures of a period, and how far people came at each place where they were asked."""
    choice = _choice(desk)
    sheet = await _sheet(desk, choice)
    return desk.page(
        "figures.html",
        sheet=sheet,
        periods=[(name, days) for name, (days, _) in _PERIODS.items()],
        groups=[group.value for group in GroupBy],
        purposes=desk.purpose_choices,
        codes=choice.by in _CODES,
    )


def _choice(desk: Desk) -> Choice:
    asked = desk.request.query_params
    by, period = asked.get("by", GroupBy.NOTHING.value), asked.get("days", "30")
    if period not in _PERIODS:
        raise InvalidInput("days", f"must be one of {', '.join(_PERIODS)}")
    try:
        group = GroupBy(by)
    except ValueError as error:
        right = ", ".join(one.value for one in GroupBy)
        raise InvalidInput("by", f"must be one of {right}") from error
    purpose = "" if group is GroupBy.PURPOSE else asked.get("purpose", "")
    return Choice(by=group, period=period, purpose=purpose)


async def _sheet(desk: Desk, choice: Choice) -> FiguresSheet:
    first, last = await last_days(desk.services, desk.business_id, choice.days)
    question = FiguresQuestion(
        first=first, last=last, by=choice.by, step=choice.step, purpose=choice.purpose
    )
    report = await read_figures(desk.services, desk.business_id, question)
    is_funnel = choice.by is GroupBy.SURFACE
    funnel = report if is_funnel else await read_funnel(desk.services, desk.business_id, question)
    return FiguresSheet(
        choice=choice,
        report=report,
        funnel=funnel.rows,
        chart=chart_of(report.rows if choice.by is GroupBy.NOTHING else (), desk.reader),
        name=await _naming(desk, choice.by),
        name_surface=_surfaces(desk),
    )


async def _naming(desk: Desk, by: GroupBy) -> Naming:
    """Return what says in words what a value is."""
    if by is GroupBy.ENTRY_POINT:
        entries = await list_entries(desk.services, desk.business_id, "", _ENTRIES_MAX)
        names = {str(entry.entry_id): entry.name for entry in entries}
        return _known(desk, lambda value: names.get(value, value))
    if by is GroupBy.COUNTRY:
        territories = Locale.parse(desk.reader.locale).territories
        return _known(desk, lambda value: territories.get(value, value))
    if by is GroupBy.SURFACE:
        return _surfaces(desk)
    if by is GroupBy.PURPOSE:
        return _known(desk, lambda value: desk.purposes((value,)))
    return _known(desk, name_of_language if by is GroupBy.LOCALE else str)


def _surfaces(desk: Desk) -> Naming:
    def name(value: str) -> str:
        return desk.words.plain(f"surface.{value}") if value in _SURFACES else value

    return _known(desk, name)


def _known(desk: Desk, name: Naming) -> Naming:
    """Name what stands for no single value, too."""
    words = {
        "": desk.words.plain("figures.unknown"),
        OTHER: desk.words.plain("figures.other"),
        ALL_PURPOSES: desk.words.plain("figures.all"),
    }
    return lambda value: words.get(value) or name(value)
