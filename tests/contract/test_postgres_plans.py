"""What looks for few rows on PostgreSQL finds them by name, not by going through a time, or all.

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


async def plan_of(connection: asyncpg.Connection, statement: str) -> str:
    """Return the plan that is kept for a statement."""
    await connection.execute(f"PREPARE looked_at AS {statement}")
    try:
        nulls = ", ".join(["NULL"] * max([0, *map(int, re.findall(r"\$(\d+)", statement))]))
        rows = await connection.fetch(f"EXPLAIN EXECUTE looked_at{f'({nulls})' if nulls else ''}")
    finally:
        await connection.execute("DEALLOCATE looked_at")
    return "\n".join([line for (line,) in rows])


async def ways_by_time(connection: asyncpg.Connection, statement: str) -> set[str]:
    """Return the indexes by time that a kept plan goes through."""
    return set(_BY_TIME.findall(await plan_of(connection, statement)))


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
    rows = (await plan_of(connection, STATEMENTS["name_marketing_sends"])).splitlines()
    await connection.close()
    at = next(n for n, line in enumerate(rows) if "Update on marketing_send" in line)
    way, condition = rows[at + 1 : at + 3]
    assert "Index Scan using marketing_send_pkey" in way
    assert "business_id = $1" in condition
    assert "decision_id = ANY" in condition


_DECISIONS = 100_000
_A_BUSY_BUSINESS = """
INSERT INTO decision (business_id, decision_id, decided_at, sender, message_kind, template,
  language, country, contact_id, verdict, reasons, rule, purpose, position, policy, campaign)
SELECT 'acme', 'dec_' || lpad(i::text, 26, '0'), i, '106540352242922', 'template', 'offer', 'en',
  'GB', 'ctc_' || i, 'allow', 'opted_in', 5, 'marketing', 1, 'pol_0123456789abcdef', 'spring'
FROM generate_series(1, $1) AS i
"""


@pytest.mark.postgres
@pytest.mark.parametrize(
    "name", ["campaign_counted", "decisions_by_verdict", "decisions", "labels_ever"]
)
async def test_a_page_does_not_go_through_all_decisions_of_a_business(
    postgres_house: PostgresHouse, name: str
) -> None:
    home = await postgres_house.new_home()
    settings = {"jit": "off", "plan_cache_mode": "force_generic_plan"}
    connection = await asyncpg.connect(home.url, server_settings=settings)
    await connection.execute(_A_BUSY_BUSINESS, _DECISIONS)
    await connection.execute("VACUUM ANALYZE decision")
    plan = await plan_of(connection, STATEMENTS[name])
    await connection.close()
    assert "Index" in plan
    assert "Seq Scan on decision " not in plan
    assert "Sort Key: decision.decision_id" not in plan
