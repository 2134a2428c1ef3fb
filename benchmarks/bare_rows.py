"""The rows that an import has written, written once more and bare: what the database alone costs.

The same tables with the same keys, one transaction: `executemany` on SQLite, `COPY` on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

import asyncpg

from askfirst.bootstrap.settings import Settings

TABLES: Final = ("contact", "alias", "event", "evidence", "seen")
_ROWS_MAX: Final = 100_000
"""More are not held in memory: the time for them is what it is for so many."""


async def bare_seconds(settings: Settings, rows: int) -> float:
    """Return how long the database takes for the rows of an import alone, in seconds."""
    taken = min(rows, _ROWS_MAX)
    path = settings.sqlite_path
    took = _in_sqlite(path, taken) if path else await _in_postgres(settings.database_url, taken)
    return took * rows / taken


def _in_sqlite(path: Path, rows: int) -> float:
    written = sqlite3.connect(path)
    bare = sqlite3.connect(path.with_name("bare.db"), isolation_level=None)
    bare.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index')"
    content = []
    for table in TABLES:
        for (sql,) in written.execute(f"{made} AND sql IS NOT NULL", (table,)):
            bare.execute(sql)
        found = written.execute(f"SELECT * FROM {table} LIMIT ?", (rows,))  # noqa: S608 - ours
        places = ", ".join("?" * len(found.description))
        content.append((f"INSERT INTO {table} VALUES ({places})", found.fetchall()))  # noqa: S608
    began = time.perf_counter()
    bare.execute("BEGIN")
    for statement, values in content:
        bare.executemany(statement, values)
    bare.execute("COMMIT")
    took = time.perf_counter() - began
    bare.close()
    written.close()
    return took


async def _in_postgres(url: str, rows: int) -> float:
    connection = await asyncpg.connect(url)
    took = 0.0
    try:
        for table in TABLES:
            bare = f"bare_{table}"
            await connection.execute(f"CREATE TABLE {bare} (LIKE {table} INCLUDING ALL)")
            found = await connection.fetch(f"SELECT * FROM {table} LIMIT $1", rows)  # noqa: S608
            records = [tuple(one) for one in found]
            began = time.perf_counter()
            await connection.copy_records_to_table(bare, records=records)
            took += time.perf_counter() - began
            await connection.execute(f"DROP TABLE {bare}")
    finally:
        await connection.close()
    return took
