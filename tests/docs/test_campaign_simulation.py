"""The page about the simulation has what the program has, and one set of figures.

That its small run prints what the page says is seen in `test_guide`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from askfirst.bootstrap.commands import experiment_commands as commands
from askfirst.bootstrap.experiment.study import AS_ASSUMED, LOCAL_WORDS, MODEST_PLAN
from askfirst.simulator.experiment.assumptions import Assumptions, about
from scripts import campaign_figures as figures
from tests.docs.pages import ROOT

PAGE = figures.PAGE.read_text(encoding="utf-8")
PICTURE = figures.PICTURE.read_text(encoding="utf-8")
AGAIN = "run python -m scripts.campaign_figures"
DRAWN = (
    "people who blocked the business",
    "people who said stop",
    "… who want offers",
    "useful messages in the last 30 days",
)


def part(name: str) -> str:
    begin, end = f"<!-- {name}: scripts/campaign_figures.py -->", f"<!-- end of {name} -->"
    return PAGE.split(begin)[1].split(end)[0]


def cells(name: str) -> dict[str, list[str]]:
    """Return the rows of a table of the page, without its head."""
    rows = [line.strip("| ").split(" | ") for line in part(name).splitlines() if "|" in line]
    return {row[0]: row[1:] for row in rows[2:]}


def test_what_is_assumed_is_listed_as_it_is() -> None:
    assert part("assumptions").strip() == figures.assumptions_table(), AGAIN


def test_stops_are_misunderstood_as_often_as_was_measured() -> None:
    measured = (ROOT / "docs" / "opt-out-languages.md").read_text(encoding="utf-8")
    recall = float(measured.split("| **all** |")[1].split(" | ")[1])
    assert Assumptions().unforeseen == pytest.approx(1 - recall / 100, abs=0.006)


def test_the_table_has_the_rows_that_the_command_prints() -> None:
    small = commands.simulate(commands.open_study(5, 2, 1, None), lambda _done, _total: None)
    assert list(cells("figures")) == [row[0] for row in commands.rows(small)], AGAIN


@pytest.mark.parametrize(("place", "row"), list(enumerate(DRAWN)))
def test_the_picture_and_the_table_come_from_one_run(place: int, row: str) -> None:
    values = re.findall(r'<text class="value"[^>]*>([\d,]+)</text>', PICTURE)
    assert values[3 * place : 3 * place + 3] == cells("figures")[row], AGAIN


def test_what_is_changed_is_what_is_assumed_or_said_by_name() -> None:
    changed = set(cells("sensitivity"))
    first = {
        "nothing" if one == AS_ASSUMED else one for one in (AS_ASSUMED, MODEST_PLAN, LOCAL_WORDS)
    }
    assert changed > first
    assert changed - first <= {one.name for one in about()}


def test_quality_was_rated_each_day_but_for_the_first() -> None:
    for days in cells("figures")["days of quality green / yellow / red"]:
        assert 80 <= sum(map(int, days.split(" / "))) <= 90


def test_a_page_without_marks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "page.md"
    bare.write_text("nothing", encoding="utf-8")
    monkeypatch.setattr(figures, "PAGE", bare)
    with pytest.raises(ValueError, match="no place for it"):
        figures.put("figures", "")
    assert figures.main(["all"]) == 2
