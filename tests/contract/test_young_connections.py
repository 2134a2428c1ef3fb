"""A stop through a young connection waits for permits whose locks it cannot have seen.

The lock of a send dies with its database session, the send itself may go on for as long as its
permit lives. So after a restart or a failover no stop is acknowledged for that long.
"""

from __future__ import annotations

import asyncio

import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.postgres.store import PostgresStore
from tests.support.builders import BUSINESS, change, grant, question, stop
from tests.support.clocks import CountingIds, FakeClock
from tests.support.stores import PostgresHome, fixed_keyring

pytestmark = pytest.mark.postgres
SETTLE_SECONDS = 0.6
_SLACK = 0.02  # a timer may be early by the resolution of the loop's clock
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
    store = await opened(postgres_home, ids, clock)
    is_open_since = now()
    await store.ledger.commit(change(grant()))
    is_granted_at = now()
    await store.ledger.commit(change(stop()))
    assert now() - is_open_since > SETTLE_SECONDS - (is_granted_at - is_open_since) - _SLACK
    assert now() - is_granted_at > SETTLE_SECONDS / 2
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
    for lane in store._fence._free:
        lane.connected_at -= 31
    await store.ledger.commit(change(grant()))
    committed = await asyncio.wait_for(store.ledger.commit(change(stop())), 15)
    assert committed.events
    await store.close()


async def _commit_in_the_end(store: PostgresStore) -> None:
    """Say stop as Meta does: again, until it is taken."""
    while True:
        try:
            await store.ledger.commit(change(stop(), source_id="wamid.stop"))
            return
        except Unavailable:
            await asyncio.sleep(0.01)
