"""What a database looks like from inside, written as SQL: for comparing and for reading."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from pathlib import Path

import asyncpg

import askfirst.storage.postgres
import askfirst.storage.sqlite
from tests.support.stores import PostgresHouse, SqliteHome
from tests.support.throwaway_postgres import ThrowawayPostgres

SQLITE_SCHEMA = Path(askfirst.storage.sqlite.__file__).with_name("schema.sql")
POSTGRES_SCHEMA = Path(askfirst.storage.postgres.__file__).with_name("schema.sql")

_HEADER = "-- The sum of the migrations, for reading. Written by scripts/schema.py; do not edit.\n"

_FUNCTIONS = """
SELECT pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace ORDER BY proname
"""
_TABLES = """
SELECT c.oid, c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
_COLUMNS = """
SELECT a.attname || ' ' || upper(format_type(a.atttypid, a.atttypmod))
  || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_CONSTRAINTS = """
SELECT 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = $1 AND contype <> 'n' ORDER BY conname
"""
_INDEXES = """
SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = $1
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY 1
"""
_RULES = "SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class = $1 ORDER BY rulename"
_FUNCTIONS = """
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY proname
"""
_TRIGGERS = """
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY 1
"""


def sqlite_schema(connection: sqlite3.Connection) -> str:
    """The statements that made this database, tables first."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
        " ORDER BY tbl_name, type <> 'table', name"
    )
    return _HEADER + "".join(f"\n{sql};\n" for (sql,) in rows)


async def postgres_schema(connection: asyncpg.Connection[asyncpg.Record]) -> str:
    """Statements that make a database like this one."""
    parts = [_HEADER]
    parts += [f"\n{row[0].rstrip()};\n" for row in await connection.fetch(_FUNCTIONS)]
    for oid, name in await connection.fetch(_TABLES):
        lines = [row[0] for row in await connection.fetch(_COLUMNS, oid)]
        lines += [row[0] for row in await connection.fetch(_CONSTRAINTS, oid)]
        parts.append(f"\nCREATE TABLE public.{name} (\n  " + ",\n  ".join(lines) + "\n);\n")
        for query in (_INDEXES, _RULES, _TRIGGERS):
            rows = await connection.fetch(query, oid)
            parts += [f"\n{row[0].rstrip(';')};\n" for row in rows]
    parts += [f"\n{row[0].strip()};\n" for row in await connection.fetch(_FUNCTIONS)]
    return "".join(parts)


async def migrated_sqlite(folder: Path) -> str:
    """The schema after all migrations, on an empty file."""
    home = SqliteHome(folder / "migrated.db")
    await (await home.open()).close()
    return _of_file(home.path)


def loaded_sqlite(folder: Path, script: str) -> str:
    """The schema after running a script, on an empty file."""
    path = folder / "loaded.db"
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return _of_file(path)


def _of_file(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return sqlite_schema(connection)
    finally:
        connection.close()


async def migrated_postgres(house: PostgresHouse, name: str) -> str:
    """The schema after all migrations, on an empty database."""
    home = await house.new_database(name)
    await (await home.open()).close()
    return await _of_database(home.url, "")


async def loaded_postgres(house: PostgresHouse, name: str, script: str) -> str:
    """The schema after running a script, on an empty database."""
    home = await house.new_database(name)
    return await _of_database(home.url, script)


async def _of_database(url: str, script: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        if script:
            await connection.execute(script)
        return await postgres_schema(connection)
    finally:
        await connection.close()


def main() -> None:
    """Write both schema files anew."""
    with tempfile.TemporaryDirectory() as folder:
        SQLITE_SCHEMA.write_text(asyncio.run(migrated_sqlite(Path(folder))))
    with ThrowawayPostgres() as server:
        schema = asyncio.run(migrated_postgres(PostgresHouse(server), "schema"))
        POSTGRES_SCHEMA.write_text(schema)
