"""A file of people from the command line: asked, previewed, confirmed, and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.shell import Shell

FILE = (
    "Phone,WhatsApp opt-in,At\n+447700900123,yes,2026-01-31T09:00:00Z\n"
    "'+447700900456,no,2026-01-31T09:00:00Z\n4.477E+11,no,\n"
)
MARKETING = ("--purpose", "marketing")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.csv"
    path.write_text(FILE)
    return path


def test_nothing_is_recorded_until_the_hash_of_the_preview_is_confirmed(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    shown = shell.run("import", str(file), *MARKETING)
    assert shown.exit_code == 1
    assert "1 opt-outs cannot be read: look at lines 4" in shown.stdout
    assert "stop\t\t1\t3" in shown.stdout
    assert shell.json("events")["events"] == []
    found = shown.stderr.split("--confirm ")[1].split()[0]
    refused = shell.run("import", str(file), *MARKETING, "--confirm", "0" * 64)
    assert (refused.exit_code, shell.json("events")["events"]) == (1, [])
    report = tmp_path / "report.csv"
    done = shell.run("import", str(file), *MARKETING, "--confirm", found, "--report", str(report))
    assert done.exit_code == 1  # a row was refused
    assert [one["kind"] for one in shell.json("events")["events"]] == ["granted", "withdrawn"]
    assert report.read_text().splitlines()[1] == "4,refused,scientific_notation,Phone,,yes,"
    assert report.stat().st_mode & 0o077 == 0


def test_what_is_asked_is_answered_by_options(shell: Shell, file: Path) -> None:
    file.write_text("Phone,SMS consent,At\n+447700900123,yes,03/04/2025\n")
    asked = shell.run("import", str(file), *MARKETING)
    assert asked.exit_code == 1
    for option in ('--column "NAME=state"', "--date-order", "--time-zone"):
        assert option in asked.stdout
    answers = ("--column", "SMS consent=state", "--date-order", "day-first")
    told = shell.json("import", str(file), *MARKETING, *answers, "--time-zone", "Europe/London")
    assert told["state"] == "ready"
    assert told["preview"]["would"]["counts"][0]["outcome"] == "yes"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "must say what the yeses are for"),
        ((*MARKETING, "--column", "Phone"), "must be NAME=HOLDS"),
        ((*MARKETING, "--time-zone", "Nowhere"), "must be a zone"),
    ],
)
def test_what_cannot_be_ends_with_one_line(
    shell: Shell, file: Path, options: tuple[str, ...], words: str
) -> None:
    done = shell.run("import", str(file), *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_list_of_stops_needs_no_purpose_and_ends_everything(shell: Shell, file: Path) -> None:
    file.write_text("phone\n+447700900123\n")
    told = shell.json("import", str(file), "--suppression")
    shell.json("import", str(file), "--suppression", "--confirm", told["preview"]["hash"])
    (event,) = shell.json("events")["events"]
    assert (event["kind"], event["purposes"]) == ("withdrawn", [])


def test_the_same_command_goes_on_after_the_process_was_killed(shell: Shell, file: Path) -> None:
    people = 4000
    rows = "\n".join(f"+4477009{n:05d},yes,2026-01-31T09:00:00Z" for n in range(1, people + 1))
    file.write_text(f"Phone,WhatsApp opt-in,At\n{rows}\n")
    found = shell.json("import", str(file), *MARKETING)["preview"]["hash"]
    command = [sys.executable, "-m", "askfirst", "import", str(file), *MARKETING]
    command += ["--confirm", found, "--database-url", shell.url, "--json"]
    for _ in range(3):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline, before = time.monotonic() + 60, size_of(shell.path)
        while running.poll() is None and time.monotonic() < deadline:
            if size_of(shell.path) > before + 200_000:
                os.kill(running.pid, signal.SIGKILL)
                break
            time.sleep(0.005)
        running.wait()
    done = shell.json("import", str(file), *MARKETING, "--confirm", found)
    assert done["state"] == "done"
    assert done["summary"]["rows"] == people
    first = shell.json("events", "--limit", "1000")["events"]
    assert len(first) == 1000
    stored = [one for one in done["summary"]["counts"] if one["outcome"] == "yes"]
    known = [one for one in done["summary"]["counts"] if one["reason"] == "known"]
    assert sum(one["rows"] for one in (*stored, *known)) == people


def size_of(path: Path) -> int:
    return sum(one.stat().st_size for one in path.parent.glob(path.name + "*"))


def test_imports_are_listed_and_given_up(shell: Shell, file: Path) -> None:
    assert shell.json("imports", "list") == {"imports": []}
    shell.run("import", str(file), *MARKETING)
    (found,) = shell.json("imports", "list")["imports"]
    assert (found["state"], found["rows"]) == ("ready", 3)
    assert found["id"] in shell.run("imports", "list").stdout
    assert shell.run("imports", "delete", found["id"]).exit_code == 0
    assert shell.json("imports", "list") == {"imports": []}
    assert shell.run("imports", "delete", found["id"]).exit_code == 2
