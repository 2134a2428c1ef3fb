"""The console's benchmark fills a database: what is copied counts as if it had been imported."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from benchmarks.console import fill
from benchmarks.progress import progress
from benchmarks.setup.multiplied_people import multiply_people
from benchmarks.setup.world import own_world
from tests.support.stores import PostgresHouse

SIZE = ("--contacts", "1000", "--copies", "10", "--decisions", "1000", "--rounds", "4", "--json")
NOT_COPIED = {"import_part", "stop_confirmation", "task", "webhook"}
"""What only tasks and an import's own page read."""


def console(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", "console", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def check_figures(done: subprocess.CompletedProcess[str], backend: str) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert (result["backend"], result["contacts"], result["copies"]) == (backend, 1000, 10)
    assert (result["stops"], result["complaints"], result["verified"]) == (10, 10, True)
    assert {"home", "person", "stops", "find"} < result["pages"].keys()


def rows_of(people: int, copies: int) -> dict[str, int]:
    """Fill a database; gives how many rows each table has."""
    with own_world(None) as (settings, folder), progress(1, quiet=True) as shown:
        fill(settings, folder, range(people), 1, shown)
        multiply_people(settings, copies)
        assert settings.sqlite_path is not None
        with closing(sqlite3.connect(settings.sqlite_path)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for (name,) in names.fetchall()
                if name not in NOT_COPIED
            }


def test_pages_of_imported_and_copied_people_open_on_sqlite() -> None:
    check_figures(console(*SIZE), "sqlite")


@pytest.mark.postgres
async def test_pages_of_imported_and_copied_people_open_on_postgres(
    postgres_house: PostgresHouse,
) -> None:
    address = ("--database-url", postgres_house.server.url)
    check_figures(await asyncio.to_thread(console, *SIZE, *address), "postgres")


def test_copies_leave_as_many_rows_as_an_import() -> None:
    assert rows_of(1_000, 2) == rows_of(2_000, 1)


def test_contacts_that_are_no_multiple_of_the_copies_are_refused() -> None:
    done = console("--contacts", "1000", "--copies", "3")
    assert done.returncode == 2
    assert "multiple" in done.stderr
