"""Many writers at once: positions in commit order without gaps, each act once, each for itself."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.values.errors import Conflict, UnknownReference
from askfirst.ports.consent.change import Committed, WriteBatch
from tests.support.builders import (
    ANA,
    BUSINESS,
    RIVAL,
    change,
    grant,
    key_for,
    opening,
    person,
    refuse,
    stop,
)
from tests.support.clocks import at
from tests.support.reading import all_events, assert_sound
from tests.support.stores import Home

UNWRITABLE = "marketing\ud800"
"""A purpose that no encoding can carry: it breaks the batch while the rows are made."""


async def commit_all(store: Store, changes: list[WriteBatch]) -> list[Committed | BaseException]:
    jobs = (store.ledger.commit(one) for one in changes)
    return await asyncio.gather(*jobs, return_exceptions=True)


async def test_positions_have_no_gaps_under_hundreds_of_writers(store: Store) -> None:
    changes = [change(grant(person(number % 40), at=at(number % 7))) for number in range(400)]
    results = await commit_all(store, changes)
    positions = [e.position for r in results if isinstance(r, Committed) for e in r.events]
    assert sorted(positions) == list(range(1, 401))
    await assert_sound(store)


async def test_a_write_that_begins_after_another_ended_has_a_later_position(store: Store) -> None:
    ended: list[int] = []

    async def writer(number: int) -> None:
        for _ in range(10):
            newest = max(ended, default=0)
            committed = await store.ledger.commit(change(grant(person(number))))
            position = committed.events[0].position
            assert position > newest
            ended.append(position)

    await asyncio.gather(*(writer(number) for number in range(20)))
    assert sorted(ended) == list(range(1, 201))


async def test_what_is_acknowledged_is_read_at_once(store: Store) -> None:
    async def writer(number: int) -> None:
        committed = await store.ledger.commit(change(grant(person(number))))
        assert await store.ledger.head(BUSINESS) >= committed.events[0].position
        assert await store.ledger.find(BUSINESS, person(number)) is not None

    await asyncio.gather(*(writer(number) for number in range(100)))


async def test_one_idempotency_key_used_at_once_writes_once(store: Store) -> None:
    results = await commit_all(store, [change(grant(), key=key_for()) for _ in range(50)])
    kept = [result for result in results if isinstance(result, Committed)]
    assert len(kept) == 50
    assert sum(not result.replayed for result in kept) == 1
    assert len({result.events for result in kept}) == 1
    assert await store.ledger.head(BUSINESS) == 1


async def test_one_idempotency_key_for_two_requests_at_once_is_one_write_and_one_conflict(
    store: Store,
) -> None:
    changes = [
        change(grant(), key=key_for(digest=b"a" * 32)),
        change(refuse(), key=key_for(digest=b"b" * 32)),
    ]
    results = await commit_all(store, changes)
    assert [type(result) for result in results] == [Committed, Conflict]
    assert await store.ledger.head(BUSINESS) == 1


async def test_one_source_id_delivered_fifty_times_at_once_has_one_effect(store: Store) -> None:
    results = await commit_all(store, [change(stop(), source_id="wamid.1") for _ in range(50)])
    kept = [result for result in results if isinstance(result, Committed)]
    assert len(kept) == 50
    assert sum(len(result.events) for result in kept) == 1
    assert sum(result.duplicates for result in kept) == 49
    assert await store.ledger.head(BUSINESS) == 1


async def test_one_new_person_heard_of_fifty_times_at_once_is_one_contact(store: Store) -> None:
    await commit_all(store, [change(grant(ANA, at=at(number))) for number in range(50)])
    assert len({event.contact_id for event in await all_events(store)}) == 1
    await assert_sound(store)


@pytest.mark.parametrize("place", [0, 7, 14])
async def test_a_refused_change_leaves_no_trace_and_its_neighbours_stand(
    store: Store, place: int
) -> None:
    unknown = PromptHash("sha256:" + "0" * 64)
    changes = [change(grant(person(number))) for number in range(14)]
    changes.insert(place, change(opening(person(99)), grant(person(99), prompt=unknown)))
    results = await commit_all(store, changes)
    assert isinstance(results[place], UnknownReference)
    assert sum(isinstance(result, Committed) for result in results) == 14
    assert await store.ledger.find(BUSINESS, person(99)) is None
    await assert_sound(store)


@pytest.mark.parametrize("place", [0, 7, 14])
async def test_a_change_that_breaks_the_batch_leaves_no_trace_and_the_others_are_durable(
    home: Home, place: int
) -> None:
    store = await home.open()
    changes = [change(grant(person(number)), source_id=f"id-{number}") for number in range(14)]
    broken = change(grant(person(99)), grant(person(98), purposes=(UNWRITABLE,)), source_id="bad")
    changes.insert(place, broken)
    results = await commit_all(store, changes)
    assert isinstance(results[place], Exception)
    assert sum(isinstance(result, Committed) for result in results) == 14
    await store.close()
    store = await home.open()
    assert await store.ledger.find(BUSINESS, person(99)) is None
    assert await store.ledger.head(BUSINESS) == 14
    again = await store.ledger.commit(change(grant(person(99)), source_id="bad"))
    assert again.duplicates == 0
    await assert_sound(store)
    await store.close()


async def test_businesses_written_at_once_do_not_mix(store: Store) -> None:
    changes = [
        change(grant(person(number)), business=BUSINESS if number % 2 else RIVAL)
        for number in range(100)
    ]
    await commit_all(store, changes)
    for business in (BUSINESS, RIVAL):
        assert await store.ledger.head(business) == 50
        await assert_sound(store, business)


async def test_a_caller_that_gives_up_waiting_disturbs_nobody(store: Store) -> None:
    jobs = [asyncio.create_task(store.ledger.commit(change(grant(person(n))))) for n in range(30)]
    await asyncio.sleep(0)
    for job in jobs[::3]:
        job.cancel()
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert sum(isinstance(result, Committed) for result in results) == 20
    await assert_sound(store)
