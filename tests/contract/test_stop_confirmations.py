"""The contract of `ports.stop_confirmations`: which stop waits, for whom, and when not."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.consent.stop_confirmation import UnconfirmedStop
from askfirst.domain.tasks.task import Queue, Task
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import Position
from askfirst.ports.consent.change import Statement, WriteBatch
from askfirst.ports.opt_out.stop_confirmations import stop_task
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    RIVAL,
    SENDER,
    acquaintance,
    change,
    free_form,
    grant,
    opening,
    sender,
    stop,
)
from tests.support.clocks import NOON, at
from tests.support.stores import Home


def said(*aliases: Alias, moment: float = 10, **parts: Any) -> Statement:
    """A stop in the chat."""
    known: dict[str, Any] = {"sender": SENDER, "stop_languages": ("de",)}
    return stop(*(aliases or (ANA,)), at=at(moment), **(known | parts))


async def waiting(store: Store, moment: float = 100) -> tuple[UnconfirmedStop, ...]:
    """The stops whose tasks are due: each has one, and no task is there without its stop."""
    due = await store.tasks.find_due(at(moment), (Queue.STOPS,))
    if not due.queues:
        return ()
    places = [(one.business_id, Position(number)) for one in due.queues for number in range(40)]
    read = [await store.stop_confirmations.find(*place) for place in places]
    stops = tuple(stop for stop in read if stop)
    assert sum(one.waiting for one in due.queues) == len(stops)
    return stops


async def taken_up(store: Store, moment: float, until: float) -> Task | None:
    leased = await store.tasks.claim(BUSINESS, Queue.STOPS, at(moment), at(until))
    return leased.task if leased else None


async def positions(store: Store) -> list[int]:
    return sorted(stop.position for stop in await waiting(store))


async def test_a_stop_waits_with_all_that_its_confirmation_needs(store: Store) -> None:
    await store.ledger.commit(change(said(ANA_BSUID, ANA, purposes=("marketing", "utility"))))
    (found,) = await waiting(store)
    assert found == UnconfirmedStop(
        business_id=BUSINESS,
        position=Position(1),
        alias=ANA,
        sender=SENDER,
        purposes=("marketing", "utility"),
        languages=("de",),
        said_at=at(10),
    )
    assert await waiting(store, moment=9) == ()


async def test_who_has_no_number_is_told_under_the_name_they_wrote_with(store: Store) -> None:
    await store.ledger.commit(change(said(ANA_BSUID, purposes=(), stop_languages=())))
    (found,) = await waiting(store)
    assert (found.alias, found.purposes, found.languages) == (ANA_BSUID, (), ())


@pytest.mark.parametrize(
    "parts",
    [
        {"stop_languages": None},
        {"source": Source.API},
        {"source": Source.IMPORT},
        {"sender": ""},
    ],
    ids=["not marked", "through the API", "by import", "to no sender"],
)
async def test_what_was_not_said_in_the_chat_waits_for_nothing(
    store: Store, parts: dict[str, Any]
) -> None:
    await store.ledger.commit(change(said(**parts)))
    assert await waiting(store) == ()
    assert (await store.gate.look(free_form())).stop_to_confirm == 0


async def test_of_the_stops_of_an_episode_the_first_waits(store: Store) -> None:
    for moment in (10, 20, 30):
        await store.ledger.commit(change(said(moment=moment)))
    await store.ledger.commit(change(said(moment=40), said(moment=41, purposes=("marketing",))))
    assert await positions(store) == [1]


async def test_stops_of_one_delivery_are_one_episode(store: Store) -> None:
    await store.ledger.commit(change(said(moment=10), said(moment=11), said(BEN, moment=12)))
    assert await positions(store) == [1, 3]


async def test_many_stops_at_once_are_one_episode(store: Store) -> None:
    changes = [change(said(moment=10 + number)) for number in range(30)]
    await asyncio.gather(*(store.ledger.commit(one) for one in changes))
    assert len(await waiting(store)) == 1


async def test_a_yes_that_counts_begins_a_new_episode(store: Store) -> None:
    await store.ledger.commit(change(grant(at=at(1))))
    await store.ledger.commit(change(said(moment=10)))
    await store.ledger.commit(change(grant(at=at(20))))
    await store.ledger.commit(change(said(moment=30)))
    assert await positions(store) == [2, 4]


async def test_a_yes_that_does_not_count_begins_none(store: Store) -> None:
    await store.ledger.commit(change(said(moment=10)))
    await store.ledger.commit(change(grant(at=at(20), number_proof=NumberProof.TYPED)))
    await store.ledger.commit(change(grant(at=at(5))))
    await store.ledger.commit(change(said(moment=30)))
    assert await positions(store) == [1]


async def test_a_yes_from_before_the_episode_begins_none(store: Store) -> None:
    """Who stops offers, and then everything, has been told that stops are heard."""
    await store.ledger.commit(change(grant(at=at(1), purposes=("utility", "marketing"))))
    await store.ledger.commit(change(said(moment=10, purposes=("marketing",))))
    await store.ledger.commit(change(said(moment=20)))
    assert await positions(store) == [2]


async def test_a_second_delivery_adds_nothing(store: Store) -> None:
    delivery = change(opening(at=at(10)), said(moment=10), source_id="wamid.1")
    await store.ledger.commit(delivery)
    (found,) = await waiting(store)
    await store.stop_confirmations.settle(found)
    again = await store.ledger.commit(delivery)
    assert again.duplicates == 1
    assert await waiting(store) == ()


async def test_a_stop_is_taken_up_by_one_process(store: Store) -> None:
    await store.ledger.commit(change(said()))
    (found,) = await waiting(store)
    leased = await asyncio.gather(*(taken_up(store, 10, 70) for _ in range(10)))
    assert Counter(leased) == {stop_task(BUSINESS, found.position): 1, None: 9}
    assert await waiting(store, moment=69) == ()
    assert await waiting(store, moment=70) == (found,)


async def test_what_is_settled_is_forgotten(store: Store) -> None:
    await store.ledger.commit(change(said(), said(BEN)))
    first, second = await waiting(store)
    await store.stop_confirmations.settle(first)
    assert await waiting(store) == (second,)


async def test_what_is_settled_has_no_task_whoever_has_it(store: Store) -> None:
    await store.ledger.commit(change(said()))
    (found,) = await waiting(store)
    await taken_up(store, 10, 70)
    await store.stop_confirmations.settle(found)
    assert await taken_up(store, 70, 99) is None
    assert await store.stop_confirmations.find(BUSINESS, found.position) is None


async def test_who_waits_for_tasks_is_woken_by_a_stop(store: Store) -> None:
    waiter = asyncio.create_task(store.tasks.wait(60))
    await asyncio.sleep(0)
    await store.ledger.commit(change(said()))
    await asyncio.wait((waiter,), timeout=5)
    assert waiter.done()


async def test_each_business_has_its_own(store: Store) -> None:
    mine: WriteBatch = change(said())
    await store.ledger.commit(mine)
    await store.ledger.commit(change(said(), business=RIVAL))
    found = await waiting(store)
    assert {stop.business_id for stop in found} == {BUSINESS, RIVAL}
    await store.stop_confirmations.settle(found[0])
    assert len(await waiting(store)) == 1


async def test_one_person_under_two_names_has_one_episode_after_a_merge(store: Store) -> None:
    await store.directory.put_sender(sender(), None, NOON)
    await store.ledger.commit(change(said(ANA, moment=10), said(ANA_BSUID, moment=11)))
    assert await positions(store) == [1, 2]
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(12))))
    facts = await store.gate.look(free_form())
    assert (facts.stop_to_confirm, facts.stop_said_at, facts.confirmed_stop) == (2, at(11), 0)
    await store.ledger.commit(change(said(ANA, moment=20)))
    assert await positions(store) == [1, 2]


async def test_no_number_lies_open_beside_a_stop_that_waits(home: Home, store: Store) -> None:
    await store.ledger.commit(change(said()))
    ((sealed,),) = await home.raw("SELECT sealed FROM stop_confirmation")
    assert ANA.value.encode() not in bytes(sealed)
