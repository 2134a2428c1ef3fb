"""Exports as files of columns: the rows and fields of the lines, with types."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from askfirst.adapters.tables import parquet_writer
from tests.cli.shell import Shell

KINDS = ("ledger", "contacts", "suppressions", "decisions")
PERSON = "+447700900123"


@pytest.fixture
def lived(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    shell.run("record", "grant", PERSON, "--purpose", "marketing", "--note", "at the till")
    shell.run("record", "withdraw", "+447700900456")
    shell.run("record", "grant", "+447700900789", "--purpose", "utility", "--note", "l\u2028b")
    return shell


def as_told(value: Any) -> Any:
    """Write a value of a column as lines have it; None stands for what is not there."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, dict):
        return {name: as_told(one) for name, one in value.items()}
    return [as_told(one) for one in value] if isinstance(value, list) else value


def as_column(line: dict[str, Any]) -> dict[str, Any]:
    """Write a line as columns have it: evidence is a text there."""
    told = {name: one for name, one in line.items() if name != "line"}
    given = told.get("evidence")
    if isinstance(given, list):
        told["evidence"] = [{**one, "content": compact(one["content"])} for one in given]
    elif given is not None:
        told["evidence"] = compact(given)
    return told


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_have_the_rows_and_fields_of_the_lines(lived: Shell, kind: str) -> None:
    asked = {"ledger": ["--evidence"], "contacts": ["--numbers", "--evidence"]}
    wanted = asked.get(kind, ["--numbers"] if kind == "suppressions" else [])
    lines = lived.run("export", kind, *wanted, "--out", "-").stdout.split("\n")[:-1]
    told = lived.json("export", kind, *wanted, "--format", "parquet", "--out", "rows.parquet")
    frame = pl.read_parquet("rows.parquet")
    rows = [as_column(json.loads(line)) for line in lines[1:-1]]
    assert told["rows"] == frame.height == len(rows)
    for row, line in zip(frame.to_dicts(), rows, strict=True):
        assert as_told(row) == {name: line.get(name) for name in frame.columns}
        assert set(line) <= set(frame.columns)


def test_a_file_of_columns_tells_what_it_is_of(lived: Shell) -> None:
    told = lived.json("export", "ledger", "--format", "parquet")
    assert told["file"].endswith("-3.parquet")
    about = pl.read_parquet_metadata(told["file"])
    assert about["askfirst.business"] == '"cafe"'
    assert about["askfirst.as_of"] == "3"
    assert Path(told["file"]).stat().st_mode & 0o077 == 0
    times = pl.read_parquet_schema(told["file"])
    assert times["recorded_at"] == pl.Datetime("us", "UTC")


def test_rows_of_many_pages_become_groups_of_rows(
    lived: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_writer, "_GROUP_ROWS", 2)
    monkeypatch.setattr("askfirst.usecases.bulk.exports.export_business.ROWS_AT_ONCE", 1)
    lived.run("export", "ledger", "--format", "parquet", "--out", "rows.parquet")
    assert Path("rows.parquet").read_bytes().count(b"PAR1") == 2
    assert pl.read_parquet("rows.parquet")["position"].to_list() == [1, 2, 3]


def test_an_export_that_cannot_be_written_leaves_no_file(lived: Shell) -> None:
    failed = lived.run("export", "ledger", "--format", "parquet", "--out", "-")
    assert failed.exit_code == 2
    assert "--out: must be a file" in failed.stderr
    failed = lived.run("export", "ledger", "--format", "csv", "--out", "rows.csv")
    assert "--format: must be jsonl or parquet" in failed.stderr
    assert list(Path().iterdir()) == []


def test_what_is_missing_is_named(lived: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    failed = lived.run("export", "ledger", "--format", "parquet", "--out", "rows.parquet")
    assert "--format: must be jsonl; for Parquet install askfirst[parquet]" in failed.stderr
    assert list(Path().iterdir()) == []
