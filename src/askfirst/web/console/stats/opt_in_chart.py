"""The chart of opt-ins and stops: a bar up and a bar down for each stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from askfirst.domain.stats.local_days import day_number
from askfirst.domain.stats.report import FigureRow
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.web.pages.reader import Reader

_HEIGHT: Final = 100.0
_STEP, _BAR = 24, 16


class Column(NamedTuple):
    """One stretch: a bar up for yeses, a bar down for stops, in units of the picture."""

    figures: FigureRow
    day: str
    x: int
    up: float
    down: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OptInChart:
    """The picture; `width` in its units."""

    columns: tuple[Column, ...]
    width: int
    opt_ins: int
    stops: int


def chart_of(rows: Sequence[FigureRow], reader: Reader) -> OptInChart:
    """Lay stretches out; both directions share one scale, so a bar means as much either way."""
    most = max([1, *(max(row.opt_ins, row.stops) for row in rows)])
    columns = tuple(
        Column(
            figures=row,
            day=reader.plain_date(Instant(day_number(row.begin) * DAY)),
            x=place * _STEP + (_STEP - _BAR) // 2,
            up=round(row.opt_ins / most * _HEIGHT, 1),
            down=round(row.stops / most * _HEIGHT, 1),
        )
        for place, row in enumerate(rows)
    )
    return OptInChart(
        columns=columns,
        width=len(columns) * _STEP,
        opt_ins=sum(row.opt_ins for row in rows),
        stops=sum(row.stops for row in rows),
    )
