"""The first page: figures, what needs somebody, brakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.responses import Response

from askfirst.domain.stats.local_days import day_number
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.usecases.operators.see_home import HomeSheet, see_home
from askfirst.web.console.desk import Desk

_HEIGHT = 100.0
_STEP, _BAR = 24, 16


class Column(NamedTuple):
    """One day of the chart: a bar up for yeses, a bar down for noes, in units of the picture."""

    day: str
    opt_ins: int
    stops: int
    x: int
    up: float
    down: float


async def show_home(desk: Desk) -> Response:
    """Figures of thirty days, and what waits."""
    sheet = await see_home(desk.services, desk.business_id)
    columns = chart_of(desk, sheet)
    return desk.page("home.html", sheet=sheet, columns=columns, width=len(columns) * _STEP)


def chart_of(desk: Desk, sheet: HomeSheet) -> Sequence[Column]:
    """Lay the days out; both directions share one scale, so that a bar means as much either way."""
    most = max([1, *(max(day.opt_ins, day.stops) for day in sheet.days)])
    return [
        Column(
            day=desk.reader.plain_date(Instant(day_number(day.begin) * DAY)),
            opt_ins=day.opt_ins,
            stops=day.stops,
            x=place * _STEP + (_STEP - _BAR) // 2,
            up=round(day.opt_ins / most * _HEIGHT, 1),
            down=round(day.stops / most * _HEIGHT, 1),
        )
        for place, day in enumerate(sheet.days)
    ]
