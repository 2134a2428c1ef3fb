"""What looks for one person on PostgreSQL finds them by name, not by going through a time.

A new table has no statistics: until it is analysed, and for as long as a plan is kept after that,
a range of time is taken for as few rows as one person has. Statements say which way they mean.
"""

from __future__ import annotations

import re

import asyncpg
import pytest

from askfirst.storage.platform.sql_files import load_statements
from tests.support.stores import PostgresHouse

STATEMENTS = load_statements("askfirst.storage.postgres")
_PLANNED = re.compile(r"\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_BY_TIME = re.compile(r"using (\w+_age)\b")
_TIMES = frozenset({"find_unarrived", "stats_awaited"})
"""Statements that take rows of a time, a bounded number at once; so do sweeps."""


async def ways_by_time(connection: asyncpg.Connection, statement: str) -> set[str]:
    """Return the indexes by time that a kept plan goes through."""
    await connection.execute(f"PREPARE looked_at AS {statement}")
    try:
        nulls = ", ".join(["NULL"] * max([0, *map(int, re.findall(r"\$(\d+)", statement))]))
        rows = await connection.fetch(f"EXPLAIN EXECUTE looked_at{f'({nulls})' if nulls else ''}")
    finally:
        await connection.execute("DEALLOCATE looked_at")
    return {found for (line,) in rows for found in _BY_TIME.findall(line)}


@pytest.mark.postgres
async def test_nothing_looks_for_a_person_by_time(postgres_house: PostgresHouse) -> None:
    home = await postgres_house.new_home()
    connection = await asyncpg.connect(home.url)
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    planned = [name for name, text in STATEMENTS.items() if _PLANNED.match(text)]
    found = {name for name in planned if await ways_by_time(connection, STATEMENTS[name])}
    await connection.close()
    assert "traffic" in planned
    assert {name for name in found if not name.startswith("sweep_")} == _TIMES


@pytest.mark.postgres
async def test_a_sent_message_is_named_by_its_key(postgres_house: PostgresHouse) -> None:
    home = await postgres_house.new_home()
    connection = await asyncpg.connect(
        home.url, server_settings={"enable_seqscan": "off", "plan_cache_mode": "force_generic_plan"}
    )
    statement = STATEMENTS["name_marketing_sends"]
    await connection.execute(f"PREPARE looked_at AS {statement}")
    nulls = ", ".join(["NULL"] * max(map(int, re.findall(r"\$(\d+)", statement))))
    rows = [line for (line,) in await connection.fetch(f"EXPLAIN EXECUTE looked_at({nulls})")]
    await connection.close()
    at = next(n for n, line in enumerate(rows) if "Update on marketing_send" in line)
    way, condition = rows[at + 1 : at + 3]
    assert "Index Scan using marketing_send_pkey" in way
    assert "business_id = $1" in condition
    assert "decision_id = ANY" in condition
