"""`askfirst stats`: figures on the command line, counted first where no server does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.run("keys", "create", "--scope", "check", "--name", "till")
    shell.run("record", "grant", "+447700900123", "--purpose", "marketing")
    return shell


def test_figures_are_counted_and_shown(shell: Shell) -> None:
    told = shell.json("stats", "show", "--by", "surface", "--step", "span")
    (row,) = told["data"]
    assert (row["value"], row["opt_ins"], row["reachable"]) == ("api", 1, 1)
    assert told["as_of"]["position"] == told["as_of"]["head"]
    done = shell.run("stats", "show", "--step", "span")
    assert "Days of UTC." in done.stderr


def test_the_funnel_and_a_rebuild_say_the_same(shell: Shell) -> None:
    before = shell.json("stats", "funnel")["data"]
    assert shell.json("stats", "rebuild")["is_done"]
    assert shell.json("stats", "funnel")["data"] == before
    assert before[0]["agreed"] == 1


def test_a_span_that_is_none_is_named(shell: Shell) -> None:
    done = shell.run("stats", "show", "--from", "yesterday")
    assert done.exit_code == 2
    assert "from: must be a day such as 2026-01-31" in done.stderr
