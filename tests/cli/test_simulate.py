"""`askfirst simulate` says what came of a plan, in words, numbers and a picture."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from askfirst.cli.main import build_app

SMALL = ("--people", "40", "--days", "9")
SVG = "{http://www.w3.org/2000/svg}"


def simulated(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), ["simulate", *SMALL, *arguments])


def test_a_table_compares_three_ways_of_sending() -> None:
    result = simulated()
    assert result.exit_code == 0
    blocked = next(line for line in result.output.splitlines() if line.startswith("people who b"))
    assert len(blocked.split("\t")) == 4


def test_the_same_seed_prints_the_same_and_another_seed_does_not() -> None:
    one, same, other = simulated("--json"), simulated("--json"), simulated("--json", "--seed", "2")
    assert one.output == same.output
    assert json.loads(one.output)["ways"] != json.loads(other.output)["ways"]


def test_machines_get_the_assumptions_along() -> None:
    sheet = json.loads(simulated("--json").output)
    assert list(sheet["ways"]) == ["direct", "block_list", "askfirst"]
    assert sheet["assumptions"]["tolerance"] == 4.5
    assert "sensitivity" not in sheet


def test_sensitivity_changes_each_assumption() -> None:
    arguments = ["simulate", "--people", "5", "--days", "2", "--sensitivity"]
    sheet = json.loads(CliRunner().invoke(build_app(), [*arguments, "--json"]).output)
    assert {one["changed"] for one in sheet["sensitivity"]} > set(sheet["assumptions"])
    lines = CliRunner().invoke(build_app(), arguments).output.splitlines()
    assert any(line.startswith("impatience\t0.1\t") for line in lines)


def test_the_picture_can_be_read_without_seeing_it(tmp_path: Path) -> None:
    place = tmp_path / "campaigns.svg"
    assert simulated("--picture", str(place)).exit_code == 0
    root = ET.fromstring(place.read_text("utf-8"))
    assert root.get("role") == "img"
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert "through askfirst:" in (words.text or "")
    labels = [one.text for one in root.iter(f"{SVG}text")]
    for name in ("sent directly", "with a block list", "through askfirst"):
        assert labels.count(name) == 5
    assert {"Blocked the business", "Said stop", "Want offers, reachable"} < set(labels)
    style = root.find(f"{SVG}style")
    assert style is not None
    assert "prefers-color-scheme: dark" in (style.text or "")


def test_a_plan_of_ones_own_is_taken(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('[[campaign]]\nname = "one"\nfirst_day = 3\n', encoding="utf-8")
    sheet = json.loads(simulated("--plan", str(plan), "--json").output)
    assert sheet["campaigns"] == ["one"]
    assert sheet["ways"]["direct"]["offers_planned"] == 1_000


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ('[[campaign]]\nname = "one"\nfirst_day = 0', "campaign.one.first-day"),
        ("[[campaign]]\nfirst_day = 1", "campaign 1: name: must be there"),
        (None, "--plan: cannot be read"),
    ],
)
def test_a_wrong_plan_is_named_in_one_line(tmp_path: Path, plan: str | None, words: str) -> None:
    place = tmp_path / "plan.toml"
    if plan is not None:
        place.write_text(plan, encoding="utf-8")
    result = simulated("--plan", str(place))
    assert result.exit_code == 2
    assert words in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--people", "0"), "--people: must be"),
        (("--days", "9999"), "--days: must be"),
        (("--picture", "/nowhere/at/all.svg"), "--picture: cannot be written"),
    ],
)
def test_a_wrong_call_names_the_option(arguments: tuple[str, ...], words: str) -> None:
    result = simulated(*arguments)
    assert result.exit_code == 2
    assert words in result.output
