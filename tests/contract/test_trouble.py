"""A database that takes no writes says why, and takes them again when it can."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from askfirst.bootstrap import write_watch
from askfirst.bootstrap.database.store import Store
from askfirst.bootstrap.write_watch import WriteWatch
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.storage_trouble import StorageTrouble
from askfirst.storage.sqlite.store import SqliteStore
from askfirst.web.metrics import Metrics
from tests.support.builders import BEN, BUSINESS, change, grant, stop
from tests.support.reading import all_events
from tests.support.stores import Home, PostgresHome, SqliteHome


async def say_stop(store: Store) -> None:
    await store.ledger.commit(change(stop()))


async def assert_trouble(work: Callable[[], Awaitable[object]], trouble: StorageTrouble) -> None:
    with pytest.raises(Unavailable) as caught:
        await work()
    assert caught.value.trouble is trouble
    assert trouble.words in caught.value.message


async def test_a_probe_writes_and_leaves_nothing(store: Store, home: Home) -> None:
    before = await place_of_the_log(home)
    await store.probe()
    assert await place_of_the_log(home) != before
    assert await all_events(store) == ()


async def place_of_the_log(home: Home) -> int:
    """How far the database's own log has come: every durable write moves it."""
    if isinstance(home, SqliteHome):
        # Its size says nothing: once all is in the database, it is written from its beginning.
        return zlib.crc32(home.path.with_name(home.path.name + "-wal").read_bytes())
    ((place,),) = await home.raw("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")
    return int(place)


@asynccontextmanager
async def read_only(home: Home, store: Store) -> AsyncIterator[None]:
    if isinstance(store, SqliteStore):
        store._file.writing.execute("PRAGMA query_only = ON")
        yield
        store._file.writing.execute("PRAGMA query_only = OFF")
        return
    assert isinstance(home, PostgresHome)
    await set_read_only(home, "on")
    yield
    await set_read_only(home, "off")


async def set_read_only(home: PostgresHome, word: str) -> None:
    """For all sessions to come; those that are there are ended, as by a failover."""
    raw = await asyncpg.connect(home.url, server_settings={"default_transaction_read_only": "off"})
    await raw.execute(f"ALTER DATABASE {home.database} SET default_transaction_read_only = {word}")
    await raw.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await raw.close()
    await asyncio.sleep(0.1)


async def test_read_only_is_said_by_probe_and_write_and_is_over_when_it_is(
    home: Home, store: Store
) -> None:
    async with read_only(home, store):
        await settled(store)
        await assert_trouble(store.probe, StorageTrouble.READ_ONLY)
        await assert_trouble(lambda: say_stop(store), StorageTrouble.READ_ONLY)
    await settled(store)
    await say_stop(store)
    await store.probe()
    assert len(await all_events(store)) == 1


async def settled(store: Store) -> None:
    """Let each connection notice that it was ended, and be made again."""
    for _ in range(3):
        for work in (store.ready, store.probe):
            try:
                await work()
            except Unavailable:
                await asyncio.sleep(0.05)


async def fill(home: Home, store: Store) -> None:
    """From now on the database says that its disk is full when the ledger grows."""
    if isinstance(store, SqliteStore):
        ((pages,),) = await home.raw("PRAGMA page_count")
        store._file.writing.execute(f"PRAGMA max_page_count = {pages}")
        return
    await home.raw(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    )
    await home.raw("CREATE TRIGGER full_disk BEFORE INSERT ON webhook EXECUTE FUNCTION full_disk()")


async def make_room(home: Home, store: Store) -> None:
    if isinstance(store, SqliteStore):
        store._file.writing.execute("PRAGMA max_page_count = 1000000")
        return
    await home.raw("DROP TRIGGER full_disk ON webhook")


async def test_a_full_disk_is_said_and_the_probe_knows_of_it(home: Home, store: Store) -> None:
    large = b"x" * 200_000
    await store.ledger.commit(change(grant(BEN)))
    await fill(home, store)
    await assert_trouble(
        lambda: store.ledger.commit(change(stop(), body=large)), StorageTrouble.DISK_FULL
    )
    await assert_trouble(store.probe, StorageTrouble.DISK_FULL)
    await make_room(home, store)
    await store.ledger.commit(change(stop(), body=large))
    await store.probe()
    assert len(await all_events(store)) == 2


@asynccontextmanager
async def locked(home: Home) -> AsyncIterator[None]:
    """Somebody else holds what every write needs."""
    if isinstance(home, SqliteHome):
        other: Any = sqlite3.connect(home.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    assert isinstance(home, PostgresHome)
    other = await asyncpg.connect(home.url)
    async with other.transaction():
        await other.execute("SELECT 1 FROM business WHERE business_id = $1 FOR UPDATE", BUSINESS)
        yield
    await other.close()


async def test_others_have_their_turn_while_a_write_waits_for_a_lock(
    home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.ledger.commit(change(grant(BEN)))
    monkeypatch.setattr(write_watch, "PATIENCE_SECONDS", 0.3)
    watch = WriteWatch(store, Metrics())
    async with locked(home):
        waiting = asyncio.create_task(say_stop(store))
        for _ in range(20):
            await asyncio.sleep(0.01)
        error = await watch.look()
        assert isinstance(error, Unavailable)
        assert error.trouble is StorageTrouble.LOCKED
        assert not waiting.done()
    await waiting
    await watch.close()
    assert len(await all_events(store)) == 2


async def test_sqlite_itself_never_waits_for_a_lock_on_the_loop(sqlite_store: Store) -> None:
    assert isinstance(sqlite_store, SqliteStore)
    assert sqlite_store._file.writing.execute("PRAGMA busy_timeout").fetchone() == (0,)


async def test_a_lock_of_a_sqlite_file_is_not_waited_for_without_end(
    sqlite_home: SqliteHome, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askfirst.storage.sqlite.writer._TRIES", 5)
    async with locked(sqlite_home):
        stops = [say_stop(sqlite_store) for _ in range(20)]
        results = await asyncio.gather(*stops, return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in results)
    await assert_trouble(sqlite_store.probe, StorageTrouble.LOCKED)
