"""A list that is screened from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell

SENDER = "200000000000001"
ASKED = ("--purpose", "marketing", "--sender", SENDER)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("Name,Phone\nAda,+447700900123\nBen,+447700900456\nCem,4.477E+11\n")
    return path


def test_a_list_is_summed_up_by_reason_and_each_reason_has_its_rows(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    shell.run("record", "+447700900123", "--state", "withdrawn")
    out = tmp_path / "screened"
    shown = shell.run("screen", str(file), *ASKED, "--out", str(out))
    assert shown.exit_code == 0, shown.stderr
    assert "No permit: the gate decides again on each message" in shown.stdout
    told = shell.json("screen", str(file), *ASKED)
    assert told["rows"] == sum(one["rows"] for one in told["answers"]) == 3
    assert sum(round(10 * one["percent"]) for one in told["answers"]) == 1000
    lines = [line for path in out.iterdir() for line in path.read_text().splitlines()[1:]]
    assert sorted(line.split(",")[0] for line in lines) == ["2", "3", "4"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())


def test_a_list_that_cannot_be_read_says_what_would_be_right(shell: Shell, file: Path) -> None:
    file.write_text("Name,City\nAda,Paris\n")
    shown = shell.run("screen", str(file), *ASKED)
    assert shown.exit_code == 1
    assert "which column holds the phone number" in shown.stderr
    assert shell.run("screen", str(file), "--sender", SENDER).exit_code == 2
    column = ("--column", "City=phone")
    assert shell.json("screen", str(file), *ASKED, *column)["answers"][0]["verdict"] == "unread"


def test_screenings_are_listed_and_forgotten(shell: Shell, file: Path) -> None:
    assert shell.json("screens", "list") == {"screens": []}
    done = shell.json("screen", str(file), *ASKED)
    (found,) = shell.json("screens", "list")["screens"]
    assert found == done
    assert found["id"] in shell.run("screens", "list").stdout
    assert shell.run("screens", "delete", found["id"]).exit_code == 0
    assert shell.json("screens", "list") == {"screens": []}
