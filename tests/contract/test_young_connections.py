"""A stop through a young connection waits for permits whose locks it cannot have seen.

The lock of a send dies with its database session, the send itself may go on for as long as its
permit lives. So after a restart or a failover no stop is acknowledged for that long.
"""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.platform.sql_files import load_statements
from askfirst.storage.postgres.store import PostgresStore
from tests.support.builders import BUSINESS, change, grant, question, stop
from tests.support.clocks import CountingIds, FakeClock
from tests.support.stores import PostgresHome, fixed_keyring

pytestmark = pytest.mark.postgres
SETTLE_SECONDS = 0.6
_SLACK = 0.02  # a timer may be early by the resolution of the loop's clock
_ONE_CONTACT = (
    f"INSERT INTO contact (business_id, contact_id, standing) VALUES ('{BUSINESS}', 'con_1', '')"
)
_END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def opened(home: PostgresHome, ids: CountingIds, clock: FakeClock) -> PostgresStore:
    return await PostgresStore.open(
        home.url, fixed_keyring(), ids, clock, settle_seconds=SETTLE_SECONDS
    )


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_stop_right_after_the_start_waits_for_permits_from_before(
    postgres_home: PostgresHome, ids: CountingIds, clock: FakeClock
) -> None:
    began = now()  # no connection is older, however long it takes to make them
    store = await opened(postgres_home, ids, clock)
    await store.ledger.commit(change(grant()))
    await store.ledger.commit(change(stop()))
    assert now() - began > SETTLE_SECONDS - _SLACK
    await store.close()


async def test_a_stop_waits_for_a_send_whose_session_died_while_its_permit_lives(
    postgres_home: PostgresHome, ids: CountingIds, clock: FakeClock
) -> None:
    store = await opened(postgres_home, ids, clock)
    await store.ledger.commit(change(grant()))
    await asyncio.sleep(SETTLE_SECONDS)
    async with store.gate.hold(question()):
        await postgres_home.raw(_END_SESSIONS)
        ended_at = now()
        await _commit_in_the_end(store)
        assert now() - ended_at > SETTLE_SECONDS - _SLACK
    assert await store.ledger.head(BUSINESS) == 2
    await store.close()


async def test_a_stop_through_an_old_connection_waits_for_nothing(
    postgres_home: PostgresHome, ids: CountingIds, clock: FakeClock
) -> None:
    store = await PostgresStore.open(
        postgres_home.url, fixed_keyring(), ids, clock, settle_seconds=30
    )
    _make_connections_old(store)
    _let_sessions_say(store, "interval '31 s'")
    await store.ledger.commit(change(grant()))
    committed = await asyncio.wait_for(store.ledger.commit(change(stop())), 15)
    assert committed.events
    await store.close()


@pytest.mark.parametrize(
    "age", ["interval '0 s'", "interval '-1 h'", "NULL::interval"], ids=["young", "ahead", "unsaid"]
)
async def test_a_stop_waits_for_the_session_that_took_its_lock_not_for_the_connection(
    postgres_home: PostgresHome, ids: CountingIds, clock: FakeClock, age: str
) -> None:
    """On a sharded database the lock is in a session of the shard's node, which may be younger."""
    store = await opened(postgres_home, ids, clock)
    _make_connections_old(store)
    _let_sessions_say(store, age)
    await store.ledger.commit(change(grant()))
    is_granted_at = now()
    await asyncio.wait_for(store.ledger.commit(change(stop())), 15)
    assert now() - is_granted_at > SETTLE_SECONDS - _SLACK
    await store.close()


async def test_a_database_whose_clock_was_set_makes_no_young_connection_old(
    postgres_home: PostgresHome, ids: CountingIds, clock: FakeClock
) -> None:
    store = await opened(postgres_home, ids, clock)
    _let_sessions_say(store, "interval '1 h'")
    is_open_since = now()
    await store.ledger.commit(change(grant()))
    await store.ledger.commit(change(stop()))
    assert now() - is_open_since > SETTLE_SECONDS - 2 * _SLACK
    await store.close()


async def test_the_database_tells_how_old_the_session_is(postgres_home: PostgresHome) -> None:
    connection = await asyncpg.connect(postgres_home.url)
    sql = load_statements("askfirst.storage.postgres")
    await connection.execute(_ONE_CONTACT)
    await asyncio.sleep(0.2)
    async with connection.transaction():
        ((_, age),) = await connection.fetch(sql["fence_contacts"], BUSINESS, ["con_1"])
    await connection.close()
    assert 0.2 - _SLACK < age < 60


def _make_connections_old(store: PostgresStore) -> None:
    for lane in store._fence._free:
        lane.connected_at -= 31


def _let_sessions_say(store: PostgresStore, age: str) -> None:
    """Have the fence's statement tell another age of the session that took the lock."""
    real = "clock_timestamp() - known.backend_start"
    text = store._sql["fence_contacts"]
    assert text.count(real) == 1
    store._fence._sql = {"fence_contacts": text.replace(real, age)}


async def _commit_in_the_end(store: PostgresStore) -> None:
    """Say stop as Meta does: again, until it is taken."""
    while True:
        try:
            await store.ledger.commit(change(stop(), source_id="wamid.stop"))
            return
        except Unavailable:
            await asyncio.sleep(0.01)
