"""Far more decisions than anybody waits for: what was written down, copied by the database."""

from __future__ import annotations

import asyncio
import sqlite3

import asyncpg

from askfirst.bootstrap.settings import Settings

_KEPT = 20
"""Characters of an id that stay: its time, and which decision it was."""
_COLUMNS = (
    "decided_at, sender, message_kind, template, language, country, verdict, reasons, rule, "
    "purpose, position, policy, retry_at, reservations, sealed, circumstances, campaign"
)
_COPY = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) "  # noqa: S608
    f"INSERT INTO decision (business_id, decision_id, contact_id, {_COLUMNS}) "
    f"SELECT business_id, substr(decision_id, 1, {_KEPT}) || {{number}}, "
    f"contact_id || {{number}}, {_COLUMNS} "
    "FROM decision, n"
)


def multiply_decisions(settings: Settings, times: int) -> None:
    """Add so many copies of each decision, each about somebody else."""
    if times < 1:
        return
    if settings.sqlite_path is None:
        asyncio.run(_in_postgres(settings.database_url, times))
        return
    connection = sqlite3.connect(settings.sqlite_path)
    try:
        with connection:
            statement = _COPY.format(number="printf('%010d', i)", times="?")
            connection.execute(statement, (times,))
    finally:
        connection.close()


async def _in_postgres(url: str, times: int) -> None:
    connection = await asyncpg.connect(url)
    statement = _COPY.format(number="lpad(i::text, 10, '0')", times="$1::integer")
    try:
        await connection.execute(statement, times, timeout=None)
    finally:
        await connection.close()
