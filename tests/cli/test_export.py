"""Exports from the command line: a file that is whole, or none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.shell import Shell

PERSON = "+447700900123"


@pytest.fixture
def lived(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    shell.run("record", "grant", PERSON, "--purpose", "marketing", "--note", "at the till")
    shell.run("record", "withdraw", "+447700900456")
    return shell


def files() -> list[str]:
    return [path.name for path in Path().iterdir()]


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_ledger_becomes_a_file_of_its_owner_and_goes_on_behind_it(lived: Shell) -> None:
    told = lived.json("export", "ledger", "--out", "ledger.jsonl")
    path = Path("ledger.jsonl")
    assert (told["rows"], told["as_of"], told["next"]) == (2, 2, "2")
    assert [line["line"] for line in lines_of(path)] == ["header", "event", "event", "end"]
    assert path.stat().st_mode & 0o077 == 0
    assert PERSON[1:] not in path.read_text()
    lived.run("record", "withdraw", PERSON)
    rest = lived.run("export", "ledger", "--after", told["next"], "--out", "rest.jsonl")
    assert "wrote 1 rows to rest.jsonl, as of position 3" in rest.stdout
    assert lines_of(Path("rest.jsonl"))[1]["position"] == 3


def test_a_file_is_named_by_what_it_is_of_and_by_nobody(lived: Shell) -> None:
    told = lived.json("export", "suppressions", "--numbers")
    assert told["file"].startswith("cafe-suppressions-20")
    assert told["file"].endswith("-2.jsonl")
    assert "447700900456" in Path(told["file"]).read_text()


def test_numbers_and_evidence_are_there_only_where_they_are_asked_for(lived: Shell) -> None:
    plain = lived.run("export", "contacts", "--out", "-").stdout
    assert PERSON[1:] not in plain
    assert "at the till" not in plain
    asked = lived.run("export", "contacts", "--numbers", "--evidence", "--out", "-").stdout
    assert PERSON[1:] in asked
    assert "at the till" in asked


def test_an_export_that_fails_leaves_no_file(lived: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    failed = lived.run("export", "ledger", "--out", "ledger.jsonl")
    assert failed.exit_code == 2
    assert "--out: cannot be written: No space left on device" in failed.stderr
    assert files() == []


def test_an_export_that_is_killed_has_no_file_of_the_name(
    lived: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (child := os.fork()):
        monkeypatch.setattr(os, "fsync", lambda _: os.kill(os.getpid(), 9))
        lived.run("export", "ledger", "--out", "ledger.jsonl")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 9
    assert files() == ["ledger.jsonl.part"]
    assert lived.json("export", "ledger", "--out", "ledger.jsonl")["rows"] == 2
    assert files() == ["ledger.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ledger", "--after", "9"), "--after: must be a position of the ledger; the newest is 2"),
        (("contacts", "--after", "9"), "--after: must be an id of the form con_"),
        (("ledger", "--business", "rival"), "no such business"),
        (("ledger", "--out", "taken.jsonl"), "--out: taken.jsonl is there already"),
        (("ledger", "--out", "nowhere/a.jsonl"), "--out: cannot be written"),
    ],
)
def test_what_cannot_be_is_named_by_its_option(
    lived: Shell, arguments: tuple[str, ...], words: str
) -> None:
    Path("taken.jsonl").touch()
    refused = lived.run("export", *arguments)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert files() == ["taken.jsonl"]
