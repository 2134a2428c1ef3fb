"""A folder that exports go on in: each run adds what is new, and nothing twice."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest

from askfirst.bootstrap.commands.export_folder import newest_in
from askfirst.domain.bulk.export import ExportKind
from askfirst.domain.values.ids import BusinessId
from tests.cli.shell import Shell

PERSON = "+447700900123"


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    shell.run("record", "grant", PERSON, "--purpose", "marketing", "--note", "at the till")
    shell.run("record", "withdraw", "+447700900456")
    made = tmp_path / "warehouse"
    made.mkdir()
    return made


def go_on(shell: Shell, folder: Path, *more: str) -> dict[str, Any]:
    return dict(shell.json("export", "ledger", "--folder", str(folder), *more))


def positions(folder: Path) -> list[int]:
    """Return the positions of all events in the files of a folder."""
    files = sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name))
    lines = [json.loads(line) for path in files for line in path.read_text().splitlines()]
    return [line["position"] for line in lines if line["line"] == "event"]


def test_each_run_adds_what_is_new_and_nothing_twice(shell: Shell, folder: Path) -> None:
    first = go_on(shell, folder)
    assert Path(first["file"]).name.startswith("cafe-ledger-20")
    assert Path(first["file"]).name.endswith("-2.jsonl")
    for number in range(9):
        shell.run("record", "withdraw", f"+44770090000{number}")
    assert go_on(shell, folder)["rows"] == 9
    shell.run("record", "withdraw", PERSON)
    assert go_on(shell, folder, "--format", "jsonl")["next"] == "12"
    assert positions(folder) == list(range(1, 13))


def test_where_nothing_is_new_there_is_no_file(shell: Shell, folder: Path) -> None:
    go_on(shell, folder)
    before = sorted(folder.iterdir())
    assert "nothing is new" in shell.run("export", "ledger", "--folder", str(folder)).stdout
    assert go_on(shell, folder)["file"] is None
    assert sorted(folder.iterdir()) == before
    assert go_on(shell, folder)["rows"] == 0


def test_files_of_others_and_what_was_cut_do_not_count(shell: Shell, folder: Path) -> None:
    for name in (
        "shop-ledger-2026-01-01-900.jsonl",
        "cafe-decisions-2026-01-01-900.jsonl",
        "cafe-ledger-2026-01-01-900.jsonl.part",
        "cafe-ledger-2026-01-01-900.txt",
    ):
        (folder / name).touch()
    (folder / "cafe-ledger.part").write_text("half of a line")
    assert go_on(shell, folder)["rows"] == 2
    assert not (folder / "cafe-ledger.part").exists()


def test_a_run_that_fails_leaves_no_file_and_the_next_one_writes_the_same(
    shell: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert shell.run("export", "ledger", "--folder", str(folder)).exit_code == 2
    assert list(folder.iterdir()) == []
    go_on(shell, folder)
    assert positions(folder) == [1, 2]


def test_two_runs_do_not_write_to_one_folder_at_once(shell: Shell, folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    refused = shell.run("export", "ledger", "--folder", str(folder))
    assert refused.exit_code == 2
    assert "another export is writing to" in refused.stderr
    os.close(descriptor)
    assert go_on(shell, folder)["rows"] == 2


def test_lines_and_columns_go_on_behind_each_other(shell: Shell, folder: Path) -> None:
    assert go_on(shell, folder, "--format", "parquet")["rows"] == 2
    shell.run("record", "withdraw", PERSON)
    assert go_on(shell, folder)["rows"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "x.jsonl"), "--folder: names the files"),
        (("--after", "1"), "--folder: names the files"),
    ],
)
def test_what_the_folder_knows_is_not_told_as_well(
    shell: Shell, folder: Path, options: tuple[str, str], message: str
) -> None:
    refused = shell.run("export", "ledger", "--folder", str(folder), *options)
    assert (refused.exit_code, message in refused.stderr) == (2, True)


def test_a_folder_that_is_missing_is_named(shell: Shell, folder: Path) -> None:
    refused = shell.run("export", "ledger", "--folder", str(folder / "missing"))
    assert "is no folder; make it first" in refused.stderr


def test_decisions_go_on_behind_the_newest_one(tmp_path: Path) -> None:
    older, newer = f"dec_{'0' * 26}", f"dec_{'0' * 25}Z"
    for end in (newer, older):
        (tmp_path / f"cafe-decisions-2026-01-01-{end}.parquet").touch()
    assert newest_in(tmp_path, BusinessId("cafe"), ExportKind.DECISIONS) == newer
    assert newest_in(tmp_path, BusinessId("cafe"), ExportKind.LEDGER) == ""


@pytest.mark.parametrize("kind", ["contacts", "suppressions"])
def test_only_what_grows_goes_on_in_a_folder(shell: Shell, folder: Path, kind: str) -> None:
    refused = shell.run("export", kind, "--folder", str(folder))
    assert refused.exit_code == 2
    assert "No such option" in refused.stderr
