"""Figures as they are told: stretches of time, small values together, who is reachable."""

from __future__ import annotations

from datetime import date

import pytest

from askfirst.domain.stats.figures import FIGURES, Figure
from askfirst.domain.stats.local_days import day_number
from askfirst.domain.stats.report import (
    OTHER,
    CountRow,
    FiguresQuestion,
    GroupBy,
    Step,
    begins_in,
    parse_day,
    tell_figures,
    whole_months,
)
from askfirst.domain.values.errors import InvalidInput


def asked(
    first: str, last: str, by: GroupBy = GroupBy.NOTHING, step: Step = Step.SPAN
) -> FiguresQuestion:
    return FiguresQuestion(
        first=date.fromisoformat(first), last=date.fromisoformat(last), by=by, step=step
    )


def row(value: str, begin: str, **numbers: int) -> CountRow:
    own = [numbers.get(figure.name.lower(), 0) for figure in Figure]
    return CountRow(value, day_number(date.fromisoformat(begin)), own, 0, 0)


def number(day: str) -> int:
    return day_number(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("step", "begins"),
    [
        (Step.DAY, ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"]),
        (Step.WEEK, ["2026-01-26", "2026-02-02"]),
        (Step.MONTH, ["2026-01-01", "2026-02-01"]),
        (Step.SPAN, ["2026-01-30"]),
    ],
)
def test_a_span_is_cut_into_stretches(step: Step, begins: list[str]) -> None:
    assert begins_in(asked("2026-01-30", "2026-02-02", step=step)) == list(map(number, begins))


def test_a_stretch_begins_with_the_span_where_that_is_later() -> None:
    rows = tell_figures(asked("2026-01-30", "2026-02-02", step=Step.WEEK), (), (), ())
    assert [one.begin for one in rows] == [date(2026, 1, 30), date(2026, 2, 2)]


def test_people_stay_reachable_until_they_are_lost() -> None:
    question = asked("2026-01-30", "2026-02-01", step=Step.DAY)
    counted = [row("", "2026-01-30", gained=3), row("", "2026-02-01", gained=1, lost=2)]
    rows = tell_figures(question, counted, [("", 10)], ())
    assert [one.reachable for one in rows] == [13, 13, 12]


def test_small_countries_share_a_row_and_what_is_not_known_keeps_its_own() -> None:
    question = asked("2026-01-30", "2026-01-30", GroupBy.COUNTRY)
    counted = [
        row("FR", "2026-01-30", opt_ins=5),
        row("IS", "2026-01-30", opt_ins=1),
        row("LI", "2026-01-30", stops=4),
        row("", "2026-01-30", opt_ins=1),
    ]
    rows = {one.value: (one.opt_ins, one.stops) for one in tell_figures(question, counted, (), ())}
    assert rows == {"": (1, 0), "FR": (5, 0), OTHER: (1, 4)}


def test_small_prompts_are_shown_by_name() -> None:
    question = asked("2026-01-30", "2026-01-30", GroupBy.PROMPT)
    rows = tell_figures(question, [row("sha256:1", "2026-01-30", opt_ins=1)], (), ())
    assert [one.value for one in rows] == ["sha256:1"]


def test_too_many_rows_are_refused_with_the_way_out() -> None:
    question = asked("2024-01-01", "2026-01-30", GroupBy.PROMPT, Step.DAY)
    counted = [row(f"{one}", "2024-01-01", opt_ins=1) for one in range(30)]
    with pytest.raises(InvalidInput, match="longer"):
        tell_figures(question, counted, (), ())


def test_whole_months_that_are_settled_are_read_by_the_month() -> None:
    question = asked("2025-11-15", "2026-03-10", step=Step.MONTH)
    settled = number("2026-02-10")
    assert whole_months(question, settled) == (number("2025-12-01"), number("2026-02-01"))
    by_day = asked("2025-11-15", "2026-03-10", step=Step.DAY)
    assert whole_months(by_day, settled) == (number("2025-11-15"),) * 2


@pytest.mark.parametrize("text", ["2026-1-1", "20260101", "2026-02-30", "٢٠٢٦-٠١-٠١"])
def test_a_day_is_read_in_one_way(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_day(text, "from")


def test_every_figure_has_a_place() -> None:
    assert sorted(Figure) == list(range(FIGURES))
