"""A store that cannot keep the promise does not open."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.storage.platform.errors import StorageInUse
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
    async def test_asynchronous_commit_is_refused_wherever_it_is_set(
        self, postgres_home: PostgresHome, where: str
    ) -> None:
        name = postgres_home.database if where == "DATABASE" else "postgres"
        await postgres_home.raw(f"ALTER {where} {name} SET synchronous_commit = off")
        try:
            with pytest.raises(UnsafeStorage):
                await postgres_home.open()
        finally:
            await postgres_home.raw(f"ALTER {where} {name} RESET synchronous_commit")

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
