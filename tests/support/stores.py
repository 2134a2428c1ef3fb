"""Where stores live in tests: a file of their own, or a database of their own.

A `Home` can be opened more than once (close, open again; another keyring), looked at with raw
SQL that knows nothing of askfirst, and read byte by byte.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import Codes
from askfirst.ports.consent.ledger import Ledger
from askfirst.ports.consent.timeline import Timeline
from askfirst.ports.events.outbox import Outbox
from askfirst.ports.inbound.dead_letters import DeadLetters
from askfirst.ports.opt_out.reviews import Reviews
from askfirst.ports.opt_out.stop_confirmations import StopConfirmations
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.ports.platform.rate_limits import Limits
from askfirst.ports.sending.gate import DecisionLog, Gate
from askfirst.ports.tasks.tasks import Tasks
from askfirst.ports.tenants.directory import Directory
from askfirst.ports.transparency.audit import Audit
from askfirst.storage.engagement_store import Asking
from askfirst.storage.platform.keyring import Keyring, KeyVersion
from tests.support.clocks import CountingIds, FakeClock
from tests.support.throwaway_postgres import ThrowawayPostgres


class Store(Protocol):
    """What both backends are."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def gate(self) -> Gate: ...

    @property
    def decisions(self) -> DecisionLog: ...

    @property
    def directory(self) -> Directory: ...

    @property
    def asking(self) -> Asking: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def codes(self) -> Codes: ...

    @property
    def happenings(self) -> Outbox: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def timeline(self) -> Timeline: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def dead_letters(self) -> DeadLetters: ...

    @property
    def stop_confirmations(self) -> StopConfirmations: ...

    @property
    def reviews(self) -> Reviews: ...

    async def ready(self) -> None: ...

    async def probe(self) -> None: ...

    async def sweep(self, business_id: BusinessId, before: Instant) -> int: ...

    async def close(self) -> None: ...


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


class SqliteHome:
    """A file in a temporary directory."""

    backend = "sqlite"

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


class PostgresHouse:
    """The session's server: each test gets a copy of a database that was migrated once."""

    _TEMPLATE = "askfirst_template"

    def __init__(self, server: ThrowawayPostgres) -> None:
        self.server = server
        self._numbers = itertools.count(1)
        self._has_template = False

    async def new_home(self) -> PostgresHome:
        """Make a database, migrated and empty."""
        if not self._has_template:
            template = await self.new_database(self._TEMPLATE)
            await (await template.open()).close()
            self._has_template = True
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
        """Drop a test's database: hundreds of them would fill the disk."""
        await self.remove_named(home.database)

    async def remove_named(self, name: str) -> None:
        """Drop a database."""
        connection = await asyncpg.connect(self.server.url)
        try:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        finally:
            await connection.close()


async def settle(rounds: int = 20) -> None:
    """Let everything that can go on go on: for looking at what waits."""
    for _ in range(rounds):
        await asyncio.sleep(0.002)
