"""Where stores live in tests: a file of their own, or a database of their own.

A `Home` can be opened more than once (close, open again; another keyring), looked at with raw
SQL that knows nothing of askfirst, and read byte by byte.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from askfirst.bootstrap.database.store import Store
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.storage.platform.keyring import Keyring, KeyVersion
from tests.support.clocks import CountingIds, FakeClock
from tests.support.throwaway_postgres import ThrowawayPostgres


class Home(Protocol):
    """Where one test's store lives."""

    @property
    def backend(self) -> str:
        """`sqlite` or `postgres`."""
        ...

    async def open(
        self,
        keyring: Keyring | None = None,
        ids: Ids | None = None,
        clock: Clock | None = None,
        *,
        is_telling: bool = False,
    ) -> Store:
        """Open the store; the test closes it. `is_telling`: somebody is told of codes."""
        ...

    async def raw(self, sql: str) -> list[Sequence[Any]]:
        """Run SQL past askfirst; whatever the database says is raised as RawRefused."""
        ...

    async def raw_bytes(self) -> bytes:
        """Everything of this store that lies on disk now."""
        ...


class RawRefused(Exception):
    """The database itself refused a statement."""


def fixed_keyring() -> Keyring:
    """The same keys in every test, so that a store can be opened again."""
    return Keyring({1: KeyVersion(b"l" * 32, b"s" * 32)}, os.urandom)


@cache
def _migrated_file() -> bytes:
    """Make the file that every SQLite home begins with: migrated, and opened by nobody yet."""
    from askfirst.storage.sqlite.connection import connect, migrate

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "migrated.db")
        with closing(connect(path)) as connection:
            migrate(connection)
        return path.read_bytes()


class SqliteHome:
    """A file in a temporary directory; `is_made_by_store`: nothing is there when it is opened."""

    backend = "sqlite"
    is_made_by_store = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ids = CountingIds()
        self._clock = FakeClock()

    async def open(
        self,
        keyring: Keyring | None = None,
        ids: Ids | None = None,
        clock: Clock | None = None,
        *,
        is_telling: bool = False,
    ) -> Store:
        from askfirst.storage.sqlite.store import SqliteStore

        if not (self.is_made_by_store or self.path.exists()):
            self.path.write_bytes(_migrated_file())
        return await SqliteStore.open(
            self.path,
            keyring or fixed_keyring(),
            ids or self._ids,
            clock or self._clock,
            is_telling=is_telling,
        )

    async def raw(self, sql: str) -> list[Sequence[Any]]:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.Error as error:
            raise RawRefused(str(error)) from error
        finally:
            connection.close()

    async def raw_bytes(self) -> bytes:
        found = sorted(self.path.parent.glob(self.path.name + "*"))
        return b"".join(file.read_bytes() for file in found)


class PostgresHome:
    """A database of its own on the session's server."""

    backend = "postgres"

    def __init__(self, server: ThrowawayPostgres, database: str) -> None:
        self.server = server
        self.database = database
        self._ids = CountingIds()
        self._clock = FakeClock()

    @property
    def url(self) -> str:
        return self.server.url.rpartition("/")[0] + "/" + self.database

    async def open(
        self,
        keyring: Keyring | None = None,
        ids: Ids | None = None,
        clock: Clock | None = None,
        *,
        is_telling: bool = False,
    ) -> Store:
        from askfirst.storage.postgres.store import PostgresStore

        # Nothing sent before this store was opened, so no stop has to wait for older permits.
        return await PostgresStore.open(
            self.url,
            keyring or fixed_keyring(),
            ids or self._ids,
            clock or self._clock,
            settle_seconds=0,
            is_telling=is_telling,
        )

    async def raw(self, sql: str) -> list[Sequence[Any]]:
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        except asyncpg.PostgresError as error:
            raise RawRefused(str(error)) from error
        finally:
            await connection.close()

    async def raw_bytes(self) -> bytes:
        await self.raw("CHECKPOINT")
        (oid,) = (await self.raw("SELECT oid FROM pg_database WHERE datname = current_database()"))[
            0
        ]
        (data,) = (await self.raw("SHOW data_directory"))[0]
        tables = Path(data, "base", str(oid)).iterdir()
        log = Path(data, "pg_wal").glob("0*")
        return b"".join(file.read_bytes() for file in (*tables, *log))


_SHAPE = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
  SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence, reloptions, relhasrules,
                   relrowsecurity)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, atttypid, attnum,
                             attnotnull, atthasdef, attisdropped)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled)
    FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure, prosrc)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'setting', setconfig) FROM pg_db_role_setting
    JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()
  UNION ALL SELECT concat_ws(' ', 'schema', nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
) AS shape(line)
"""
"""What a test might have changed of a database besides its rows."""
_USED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
ORDER BY relname
"""
_END_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class PostgresHouse:
    """The session's server: each test gets a copy of a database that was migrated once.

    A copy is hundreds of files, and to drop it is a checkpoint of the whole server. So a home that
    is given back is emptied and given to another test, if it is then what a fresh copy would be:
    the same shape, and the same rows in what a fresh copy has rows in. Otherwise it is dropped.
    """

    _TEMPLATE = "askfirst_template"

    def __init__(self, server: ThrowawayPostgres) -> None:
        self.server = server
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self._shape = ""
        self._rows: dict[str, str] = {}

    async def new_home(self) -> PostgresHome:
        """Give a database, migrated and empty."""
        if not self._shape:
            await self._make_template()
        if self._free:
            return PostgresHome(self.server, self._free.pop())
        name = f"askfirst_{next(self._numbers)}"
        return await self.new_database(name, f"TEMPLATE {self._TEMPLATE}")

    async def new_database(self, name: str, like: str = "") -> PostgresHome:
        """Make a database; without a template it is not even migrated."""
        connection = await asyncpg.connect(self.server.url)
        try:
            await connection.execute(f"CREATE DATABASE {name} {like}")
        finally:
            await connection.close()
        return PostgresHome(self.server, name)

    async def remove(self, home: PostgresHome) -> None:
        """Take a test's database back, whoever is still connected to it."""
        if await self._emptied(home):
            self._free.append(home.database)
        else:
            await self.remove_named(home.database)

    async def remove_named(self, name: str) -> None:
        """Drop a database."""
        connection = await asyncpg.connect(self.server.url)
        try:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        finally:
            await connection.close()

    async def _make_template(self) -> None:
        template = await self.new_database(self._TEMPLATE)
        await (await template.open()).close()
        connection = await asyncpg.connect(template.url)
        try:
            used = [row[0] for row in await connection.fetch(_USED)]
            self._rows = {table: await _rows_of(connection, table) for table in used}
            self._shape = await connection.fetchval(_SHAPE)
        finally:
            await connection.close()

    async def _emptied(self, home: PostgresHome) -> bool:
        """Empty a database; False where it is not what a fresh copy would be."""
        try:
            connection = await asyncpg.connect(
                home.url, server_settings={"session_replication_role": "replica", "jit": "off"}
            )
        except (asyncpg.PostgresError, OSError):
            return False
        try:
            await connection.execute(_END_SESSIONS)
            if await connection.fetchval(_SHAPE) != self._shape:
                return False
            used = [row[0] for row in await connection.fetch(_USED)]
            if own := [table for table in used if table not in self._rows]:
                await connection.execute(f"TRUNCATE {', '.join(own)}")
            rows = {table: await _rows_of(connection, table) for table in self._rows}
            return rows == self._rows
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False
        finally:
            await connection.close()


async def _rows_of(connection: asyncpg.Connection[asyncpg.Record], table: str) -> str:
    """Sum up what is in a table."""
    rows = f"SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {table} AS t"
    return str(await connection.fetchval(rows))


async def settle(rounds: int = 20) -> None:
    """Let everything that can go on go on: for looking at what waits."""
    for _ in range(rounds):
        await asyncio.sleep(0.002)
