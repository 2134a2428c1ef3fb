"""A file of stops from the command line: stored or refused by line, told in three ways."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from askfirst.cli import opt_out
from tests.cli.shell import Shell

FILE = "phone,scope,note\n+447700900123,,by phone\n4.477E+11,,\n+447700900456,marketing,=SUM(A1)\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stops.csv"
    path.write_text(FILE)
    return path


def test_each_row_is_stored_or_refused_by_line(shell: Shell, file: Path) -> None:
    done = shell.run("stops", "import", str(file))
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "3 rows: 2 stored (0 known before), 1 refused"
    assert done.stdout.startswith("3\trefused\tphone\tmust have all its digits")
    kinds = [(event["kind"], event["purposes"]) for event in shell.json("events")["events"]]
    assert kinds == [("withdrawn", []), ("withdrawn", ["marketing"])]


def test_the_same_file_again_changes_nothing(shell: Shell, file: Path) -> None:
    shell.run("stops", "import", str(file))
    told = shell.json("stops", "import", str(file))
    assert (told["rows"], told["stored"], told["known"]) == (3, 2, 2)
    assert len(shell.json("events")["events"]) == 2


def test_a_file_without_a_fault_ends_with_0(shell: Shell, file: Path) -> None:
    file.write_text("phone\n+447700900123\n")
    assert shell.run("stops", "import", str(file)).exit_code == 0
    file.write_text("phone\n")
    done = shell.run("stops", "import", str(file))
    assert (done.exit_code, done.stdout.startswith("0 rows")) == (0, True)


def test_the_report_tells_each_row_and_a_spreadsheet_takes_no_cell_for_a_formula(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    shell.run("stops", "import", str(file), "--report", str(report))
    rows = list(csv.DictReader(report.read_text().splitlines()))
    assert [(row["line"], row["outcome"]) for row in rows] == [
        ("2", "stored"),
        ("3", "refused"),
        ("4", "stored"),
    ]
    assert (rows[0]["phone"], rows[2]["note"]) == ("'+447700900123", "'=SUM(A1)")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_report_that_was_corrected_is_a_file_of_stops_again(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    shell.run("stops", "import", str(file), "--report", str(report))
    report.write_text(report.read_text().replace("4.477E+11", "'+447700900789"))
    told = shell.json("stops", "import", str(report))
    assert (told["stored"], told["refused"]) == (3, [])


@pytest.mark.parametrize(
    ("content", "wrong"),
    [(None, "cannot be read"), ("name\nAda\n", "names its columns"), ("", "names its columns")],
)
def test_a_file_that_is_none_is_a_wrong_usage(
    shell: Shell, file: Path, content: str | None, wrong: str
) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    refused = shell.run("stops", "import", str(file))
    assert (refused.exit_code, wrong in refused.stderr) == (2, True)


def test_a_report_that_cannot_be_written_is_told_before_anything_is_stored(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    refused = shell.run("stops", "import", str(file), "--report", str(tmp_path / "no" / "r.csv"))
    assert (refused.exit_code, "--report" in refused.stderr) == (2, True)
    assert shell.json("events")["events"] == []


def test_where_the_database_goes_away_it_says_how_far_it_came(
    shell: Shell, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opt_out, "_PART_ROWS", 1)
    file.write_text("phone\n+447700900123\n+447700900456\n")
    monkeypatch.setattr(opt_out, "perform_all", _fails_at_the_second)
    report = tmp_path / "report.csv"
    done = shell.run("stops", "import", str(file), "--report", str(report))
    assert done.exit_code == 3
    assert "1 of 2 rows are done; run the same command again" in done.stderr
    outcomes = [row["outcome"] for row in csv.DictReader(report.read_text().splitlines())]
    assert outcomes == ["stored", "not reached"]


def _fails_at_the_second(commands, database_url, hear) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    import typer

    hear({"stored": 1, "known": 0, "refused": [], "noted": []})
    raise typer.Exit(3)


def test_no_number_is_told_but_in_the_report(shell: Shell, file: Path) -> None:
    told = json.dumps(shell.json("stops", "import", str(file)))
    done = shell.run("stops", "import", str(file))
    for text in (told, done.stdout, done.stderr):
        assert "7700" not in text.replace("+447700900123", "")  # the example of a right number
