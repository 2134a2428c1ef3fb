"""The tour: the title of the first issue, played over HTTP on both backends."""

from __future__ import annotations

import asyncio
import json

import asyncpg
import pytest

from tests.support.processes import run
from tests.support.stores import PostgresHouse

STORY = [
    ("deny", "no_opt_in"),
    ("granted", "shown"),
    ("allow", "opted_in"),
    ("received", "summer_offer"),
    ("withdrawn", "confirmed"),
    ("received", "stop_confirmation"),
    ("deny", "withdrawn"),
    ("withdrawn", "withdrawn"),
    ("kept", "granted, withdrawn"),
]


def test_each_step_goes_as_told() -> None:
    done = run("tour", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["as_told"] is True
    assert [(step["verdict"], step["reason"]) for step in told["steps"]] == STORY
    assert told["steps"][-1]["position"] == 2


def test_for_people_it_is_a_line_a_step() -> None:
    done = run("tour")
    lines = done.stdout.splitlines()
    assert [line[0] for line in lines[: len(STORY)]] == ["✓"] * len(STORY)
    assert lines[-1] == f"Each of {len(STORY)} steps went as described."


@pytest.mark.postgres
def test_it_runs_twice_on_one_postgresql_and_leaves_nothing(
    postgres_house: PostgresHouse,
) -> None:
    url = postgres_house.server.url
    for _ in range(2):
        done = run("tour", "--json", "--database-url", url)
        assert done.returncode == 0, done.stdout + done.stderr
    assert asyncio.run(_schemas(url)) == []


async def _schemas(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'askfirst%'"
        )
    finally:
        await connection.close()
    return [row[0] for row in rows]
