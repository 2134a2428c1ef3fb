"""A store that cannot keep the promise does not open."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.storage.platform.errors import StorageInUse
from askfirst.storage.postgres.connection import connect as connect_postgres
from askfirst.storage.sqlite.connection import connect
from tests.support import throwaway_postgres
from tests.support.builders import BUSINESS, change, grant
from tests.support.stores import Home, PostgresHome, SqliteHome
from tests.support.throwaway_postgres import ThrowawayPostgres

HOLD_THE_FILE = """
import asyncio, pathlib, sys
from tests.support.stores import SqliteHome

async def main():
    store = await SqliteHome(pathlib.Path(sys.argv[1])).open()
    print("open", flush=True)
    sys.stdin.readline()
    await store.close()

asyncio.run(main())
"""


class TestSqlite:
    def test_every_connection_has_a_write_ahead_log_that_is_synced_in_full(
        self, tmp_path: Path
    ) -> None:
        connection = connect(tmp_path / "askfirst.db")
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        connection.close()

    def test_a_file_that_cannot_have_a_write_ahead_log_is_refused(self) -> None:
        with pytest.raises(UnsafeStorage):
            connect(Path(":memory:"))

    async def test_a_file_from_another_journal_mode_is_brought_to_the_log(
        self, sqlite_home: SqliteHome
    ) -> None:
        connection = sqlite3.connect(sqlite_home.path)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = OFF")
        connection.close()
        store = await sqlite_home.open()
        assert (await sqlite_home.raw("PRAGMA journal_mode"))[0] == ("wal",)
        await store.close()

    async def test_a_second_process_on_the_same_file_is_refused(
        self, sqlite_home: SqliteHome
    ) -> None:
        other = subprocess.Popen(
            [sys.executable, "-c", HOLD_THE_FILE, str(sqlite_home.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StorageInUse):
            await sqlite_home.open()
        other.communicate(b"\n")
        store = await sqlite_home.open()
        await store.ledger.commit(change(grant()))
        await store.close()

    async def test_a_second_store_in_the_same_process_is_refused(
        self, sqlite_home: SqliteHome
    ) -> None:
        store = await sqlite_home.open()
        with pytest.raises(StorageInUse):
            await sqlite_home.open()
        await store.close()

    async def test_the_file_is_free_again_after_a_kill(self, sqlite_home: SqliteHome) -> None:
        other = subprocess.Popen(
            [sys.executable, "-c", HOLD_THE_FILE, str(sqlite_home.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert other.stdout
        other.stdout.readline()
        other.kill()
        other.communicate()
        store = await sqlite_home.open()
        await store.close()

    async def test_a_schema_from_the_future_is_refused(self, sqlite_home: SqliteHome) -> None:
        await (await sqlite_home.open()).close()
        await sqlite_home.raw("PRAGMA user_version = 9999")
        with pytest.raises(UnsafeStorage):
            await sqlite_home.open()


@pytest.fixture
def unsafe_server(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ThrowawayPostgres]:
    monkeypatch.setitem(throwaway_postgres._SETTINGS, request.param, "off")
    with ThrowawayPostgres() as server:
        yield server


@pytest.fixture
def standby() -> Iterator[ThrowawayPostgres]:
    """A server that is left in recovery: it answers, and never hears of new writes."""
    with ThrowawayPostgres() as server:
        data = Path(f"/proc/{server.pid}/cwd").resolve()
        (data / "standby.signal").touch()
        server.restart()
        yield server


_HAVE_CITUS = """
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
VALUES (99999, 'citus', 10, 11, false, '13.2')
"""
"""What a database says of itself where Citus is installed."""


@asynccontextmanager
async def synchronous_commit(home: PostgresHome, where: str, setting: str) -> AsyncIterator[None]:
    name = home.database if where == "DATABASE" else "postgres"
    await home.raw(f"ALTER {where} {name} SET synchronous_commit = {setting}")
    yield
    await home.raw(f"ALTER {where} {name} RESET synchronous_commit")


async def plan_cache_mode(home: PostgresHome) -> object:
    connection = await connect_postgres(home.url, {})
    try:
        return await connection.fetchval("SHOW plan_cache_mode")
    finally:
        await connection.close()


@pytest.mark.postgres
class TestPostgres:
    @pytest.mark.parametrize("unsafe_server", ["fsync", "full_page_writes"], indirect=True)
    async def test_a_server_that_may_lose_a_commit_is_refused(
        self, unsafe_server: ThrowawayPostgres
    ) -> None:
        with pytest.raises(UnsafeStorage):
            await PostgresHome(unsafe_server, "postgres").open()

    async def test_a_standby_is_refused(self, standby: ThrowawayPostgres) -> None:
        connection = await asyncpg.connect(standby.url)
        assert await connection.fetchval("SELECT pg_is_in_recovery()")
        await connection.close()
        with pytest.raises(UnsafeStorage):
            await PostgresHome(standby, "postgres").open()

    @pytest.mark.parametrize("where", ["DATABASE", "ROLE"])
    @pytest.mark.parametrize("setting", ["off", "local"])
    async def test_asynchronous_commit_is_refused_wherever_it_is_set(
        self, postgres_home: PostgresHome, setting: str, where: str
    ) -> None:
        async with synchronous_commit(postgres_home, where, setting):
            with pytest.raises(UnsafeStorage, match=f"synchronous_commit = {setting}.* set it to"):
                await postgres_home.open()

    @pytest.mark.parametrize("setting", ["on", "remote_apply", "remote_write"])
    async def test_commit_that_waits_for_a_standby_is_fine(
        self, postgres_home: PostgresHome, setting: str
    ) -> None:
        async with synchronous_commit(postgres_home, "DATABASE", setting):
            store = await postgres_home.open()
            assert await store.ledger.head(BUSINESS) == 0
            await store.close()

    async def test_plans_are_made_once_but_where_the_database_is_sharded(
        self, postgres_home: PostgresHome
    ) -> None:
        assert await plan_cache_mode(postgres_home) == "force_generic_plan"
        connection = await asyncpg.connect(postgres_home.url)
        await connection.execute(_HAVE_CITUS)
        await connection.close()
        assert await plan_cache_mode(postgres_home) == "auto"

    async def test_a_server_that_cannot_be_reached_is_unavailable(
        self, postgres_home: PostgresHome
    ) -> None:
        nowhere = PostgresHome(postgres_home.server, "no_such_database")
        with pytest.raises(Unavailable):
            await nowhere.open()

    async def test_a_schema_from_the_future_is_refused(self, postgres_home: PostgresHome) -> None:
        await postgres_home.raw("INSERT INTO schema_version VALUES (9999)")
        with pytest.raises(UnsafeStorage):
            await postgres_home.open()

    async def test_two_processes_share_one_ledger(self, postgres_home: PostgresHome) -> None:
        here, there = await postgres_home.open(), await postgres_home.open()
        for store in (here, there, here, there):
            await store.ledger.commit(change(grant()))
        assert await here.ledger.head(BUSINESS) == 4
        await here.close()
        await there.close()


async def test_opening_twice_in_a_row_changes_nothing(home: Home) -> None:
    heads = []
    for _ in range(3):
        store = await home.open()
        await store.ready()
        heads.append(await store.ledger.head(BUSINESS))
        await store.ledger.commit(change(grant()))
        await store.close()
    assert heads == [0, 1, 2]


async def test_a_database_on_which_the_gate_cannot_decide_is_not_ready(home: Home) -> None:
    store = await home.open()
    await store.ready()
    await home.raw("ALTER TABLE template RENAME COLUMN category TO gone")
    with pytest.raises(Unavailable):
        await store.ready()
    await home.raw("ALTER TABLE template RENAME COLUMN gone TO category")
    await store.ready()
    await store.close()
