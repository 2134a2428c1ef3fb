"""Far more people than anybody waits for: those that were imported, copied by the database.

Each table that grows with people grows as if all of them had been imported and counted, but for
what only tasks read. A copy has an id, a hash of its number and a place in the ledger of its own.
What is sealed stays as it was: so a copy shows the number of the person that it was copied from,
and its event keeps that one's id, which its evidence is sealed with. Leaves and standings are those
of that person, too: such a ledger verifies as far as it was written, not beyond.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Final

import asyncpg

from askfirst.bootstrap.settings import Settings
from askfirst.domain.stats.figures import Figure
from benchmarks.setup.seeds import BUSINESS

_ID: Final = "substr({column}, 1, 22) || {digits}"
"""An id keeps its time and eight of its sixteen random characters."""
_POSITION: Final = "{column} + i * {head}"
_TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "event": {"position": _POSITION, "contact_id": _ID},
    "evidence": {"position": _POSITION},
    "alias": {"lookup": "{hash}", "contact_id": _ID},
    "contact": {"contact_id": _ID},
    "seen": {"source": "{hash}"},
    "stats_person": {"contact_id": _ID},
    "review": {"position": _POSITION, "contact_id": _ID},
    "opening": {"contact_id": _ID},
}
"""What grows with people, the slowest first, and what of a row is the copy's own."""
_SQLITE: Final = {
    "digits": "printf('%08d', i)",
    "hash": "CAST(substr({column}, 1, 11) || printf('%05d', i) AS BLOB)",
    "rows": (
        "{table} CROSS JOIN (WITH RECURSIVE n (i) AS "
        "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {more}) SELECT i FROM n)"
    ),
}
_POSTGRES: Final = {
    "digits": "lpad(i::text, 8, '0')",
    "hash": "substr({column}, 1, 11) || convert_to(lpad(i::text, 5, '0'), 'UTF8')",
    "rows": "(SELECT *, generate_series(1, {more}) AS i FROM {table}) AS row",
}
"""`rows`: each row with the numbers of all its copies, then the next. So the copies of one lie side
by side in most indexes, and little is read twice."""
_HEAD: Final = f"SELECT last_position FROM business WHERE business_id = '{BUSINESS}'"  # noqa: S608
_COUNTED: Final = {
    "business": ("last_position",),
    "stats_build": ("position",),
    "stats_count": tuple(one.name.lower() for one in Figure),
    "stats_month": tuple(one.name.lower() for one in Figure),
}
"""What tells how much there is."""


def multiply_people(settings: Settings, copies: int) -> None:
    """Let there be so many of each person; those who were imported are the first."""
    if copies == 1:
        return
    if settings.sqlite_path is None:
        asyncio.run(_in_postgres(settings.database_url, copies))
        return
    with closing(sqlite3.connect(settings.sqlite_path)) as connection, connection:
        (head,) = connection.execute(_HEAD).fetchone()
        for table in _TABLES:
            columns = connection.execute(_nothing_of(table)).description
            names = [column[0] for column in columns]
            connection.execute(_copy(table, names, copies, {**_SQLITE, "head": head}))
        for statement in _counted(copies):
            connection.execute(statement)


def vacuum(settings: Settings) -> None:
    """Do on PostgreSQL what its autovacuum does by itself, some time after so much was written."""
    if settings.sqlite_path is None:
        tables = ", ".join((*_TABLES, "decision"))
        asyncio.run(_vacuum(settings.database_url, tables))


async def _vacuum(url: str, tables: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"VACUUM ANALYZE {tables}", timeout=None)
    finally:
        await connection.close()


async def _in_postgres(url: str, copies: int) -> None:
    """Copy the tables side by side: a server has a process for each."""
    async with asyncpg.create_pool(url, min_size=1, max_size=len(_TABLES)) as pool:
        words = {**_POSTGRES, "head": await pool.fetchval(_HEAD)}
        await asyncio.gather(*(_copy_table(pool, table, copies, words) for table in _TABLES))
        for statement in _counted(copies):
            await pool.execute(statement)


async def _copy_table(
    pool: asyncpg.Pool, table: str, copies: int, words: Mapping[str, str]
) -> None:
    async with pool.acquire() as connection:
        columns = (await connection.prepare(_nothing_of(table))).get_attributes()
        names = [column.name for column in columns]
        await connection.execute(_copy(table, names, copies, words), timeout=None)


def _nothing_of(table: str) -> str:
    return f"SELECT * FROM {table} LIMIT 0"  # noqa: S608


def _copy(table: str, columns: Iterable[str], copies: int, words: Mapping[str, str]) -> str:
    names = list(columns)
    taken = (_value(_TABLES[table].get(name, "{column}"), name, words) for name in names)
    rows = words["rows"].format(table=table, more=copies - 1)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(taken)} FROM {rows}"  # noqa: S608


def _value(form: str, column: str, words: Mapping[str, str]) -> str:
    return form.format(**words, column=column).format(column=column)


def _counted(copies: int) -> Iterable[str]:
    for table, columns in _COUNTED.items():
        changed = ", ".join(f"{column} = {column} * {copies}" for column in columns)
        yield f"UPDATE {table} SET {changed} WHERE business_id = '{BUSINESS}'"  # noqa: S608
