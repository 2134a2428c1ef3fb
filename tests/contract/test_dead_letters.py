"""The dead-letter queue: kept once, sealed, in order, until it is settled or its time is over."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.inbound.dead_letter import Route
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.inbound.dead_letters import (
    QUEUE_START,
    REPLAYED_AFTER,
    UNREAD,
    Place,
    route_of_task,
)
from askfirst.ports.tenants.directory import UNROUTED
from tests.support.builders import BUSINESS, RIVAL, sender
from tests.support.clocks import NOON, at
from tests.support.stores import Home

ONE = Route(WabaId("998"), PhoneNumberId("999"))
TWO = Route(WabaId("998"), PhoneNumberId("997"))
ELSEWHERE = Route(WabaId("996"), PhoneNumberId("995"))
NAMELESS = Route(None, None)
SECRET = b"STOP from +447700900123"


class Waiting(NamedTuple):
    account: int
    number: int


async def waiting(store: Store, route: Route = ONE) -> Waiting:
    """Count what waits for the account and the number of a route."""
    letters = store.dead_letters
    of_account = await letters.of_account(route.waba_id or WabaId(""), QUEUE_START, 99)
    sender = route.phone_number_id or PhoneNumberId("")
    return Waiting(len(of_account), len(await letters.of_number(sender, QUEUE_START, 99)))


async def test_a_letter_is_found_by_its_account_and_by_its_number(store: Store) -> None:
    letter, is_new = await store.dead_letters.keep(SECRET, [ONE], NOON)
    assert is_new
    assert await store.dead_letters.of_account(WabaId("998"), QUEUE_START, 9) == (
        Place(NOON, letter.letter_id),
    )
    assert await store.dead_letters.of_number(PhoneNumberId("999"), QUEUE_START, 9) == (
        Place(NOON, letter.letter_id),
    )
    assert await store.dead_letters.find(letter.letter_id) == letter
    assert await waiting(store, ELSEWHERE) == (0, 0)


async def test_the_same_delivery_again_is_the_same_letter(store: Store) -> None:
    letter, _ = await store.dead_letters.keep(SECRET, [ONE], NOON)
    again, is_new = await store.dead_letters.keep(SECRET, [ONE], at(9))
    assert (again.letter_id, is_new) == (letter.letter_id, False)
    assert await waiting(store) == (1, 1)
    assert await store.dead_letters.find(letter.letter_id) == letter


async def test_of_one_delivery_that_comes_many_times_at_once_one_is_kept(store: Store) -> None:
    kept = [store.dead_letters.keep(SECRET, [ONE, TWO], NOON) for _ in range(9)]
    assert sum(is_new for _, is_new in await asyncio.gather(*kept)) == 1
    assert await waiting(store) == (1, 1)


async def test_a_letter_is_sealed_and_outlives_its_store(home: Home) -> None:
    store = await home.open()
    letter, _ = await store.dead_letters.keep(SECRET, [ONE], NOON)
    await store.close()
    assert SECRET not in await home.raw_bytes()
    store = await home.open()
    found = await store.dead_letters.find(letter.letter_id)
    assert found is not None
    assert found.body == SECRET
    await store.close()


async def test_letters_are_paged_in_the_order_in_which_they_came(store: Store) -> None:
    for second in (5, 3, 9, 1):
        await store.dead_letters.keep(b"%d" % second, [ONE, TWO], at(second))
    seen: list[Place] = []
    while page := await store.dead_letters.of_account(
        WabaId("998"), seen[-1] if seen else QUEUE_START, 2
    ):
        assert len(page) <= 2
        seen += page
    assert [place.received_at for place in seen] == [at(1), at(3), at(5), at(9)]


async def test_accounts_are_walked_one_by_one(store: Store) -> None:
    await store.dead_letters.keep(b"1", [ONE, TWO, NAMELESS], NOON)
    await store.dead_letters.keep(b"2", [ELSEWHERE, ONE], NOON)
    accounts = []
    account = ""
    while found := await store.dead_letters.next_account(account):
        accounts.append(account := found)
    assert sorted(accounts) == ["996", "998"]


async def replayed(store: Store, moment: float) -> list[Route]:
    """What the worker is to replay at a moment for the business."""
    tasks = []
    while leased := await store.tasks.claim(
        BUSINESS, Queue.DEAD_LETTERS, at(moment), at(moment + 60)
    ):
        tasks.append(route_of_task(leased.task))
    return sorted(tasks, key=lambda route: route.waba_id or "")


async def test_what_is_registered_has_its_letters_replayed_once_its_caller_is_done(
    store: Store,
) -> None:
    after = REPLAYED_AFTER / SECOND
    await store.directory.claim_waba(BUSINESS, WabaId("998"), NOON)
    assert await replayed(store, after - 1) == []
    assert await replayed(store, after) == [Route(WabaId("998"), None)]
    await store.directory.put_sender(
        sender(PhoneNumberId("999"), waba_id=WabaId("998")), None, at(200)
    )
    assert await replayed(store, 200 + after) == [
        Route(None, PhoneNumberId("999")),
        Route(WabaId("998"), None),
    ]


async def test_a_claim_that_is_in_another_s_way_leaves_no_task(store: Store) -> None:
    await store.directory.claim_waba(RIVAL, WabaId("998"), NOON)
    with pytest.raises(Conflict):
        await store.directory.claim_waba(BUSINESS, WabaId("998"), NOON)
    with pytest.raises(Conflict):
        await store.directory.put_sender(sender(waba_id=WabaId("998")), None, NOON)
    assert await replayed(store, 99) == []


async def test_a_backlog_tells_how_much_waits_since_when(store: Store) -> None:
    assert await store.dead_letters.backlog(WabaId("998"), 9) is None
    for second in (7, 4, 8):
        await store.dead_letters.keep(b"%d" % second, [ONE, TWO], at(second))
    backlog = await store.dead_letters.backlog(WabaId("998"), 9)
    assert backlog == ("998", "999", 3, at(4))
    limited = await store.dead_letters.backlog(WabaId("998"), 2)
    assert limited == ("998", "999", 2, at(4))
    await store.dead_letters.keep(b"nobody", [NAMELESS], at(2))
    assert await store.dead_letters.backlog(None, 9) == (None, None, 1, at(2))


async def test_a_letter_goes_when_nothing_in_it_waits_any_more(store: Store) -> None:
    letter, _ = await store.dead_letters.keep(SECRET, [ONE, ELSEWHERE], NOON)
    await store.dead_letters.settle(letter, [ELSEWHERE])
    half = await store.dead_letters.find(letter.letter_id)
    assert half is not None
    assert half.routes == {ELSEWHERE}
    assert await waiting(store) == (0, 0)
    await store.dead_letters.settle(half, [])
    assert await store.dead_letters.find(letter.letter_id) is None
    assert await waiting(store, ELSEWHERE) == (0, 0)
    await store.dead_letters.settle(half, [])


async def test_a_letter_that_was_not_looked_into_gets_the_routes_that_are_found(
    store: Store,
) -> None:
    letter, _ = await store.dead_letters.keep(SECRET, [Route(UNREAD, None)], NOON)
    assert letter.waits_for(ONE)
    await store.dead_letters.settle(letter, [ONE])
    found = await store.dead_letters.find(letter.letter_id)
    assert found is not None
    assert found.routes == {ONE}
    assert not found.waits_for(ELSEWHERE)


async def test_the_sweep_of_bodies_leaves_letters_and_their_own_takes_the_old(
    store: Store,
) -> None:
    old, _ = await store.dead_letters.keep(b"old", [ONE], NOON)
    await store.dead_letters.keep(b"new", [ONE], at(9))
    await store.sweep(UNROUTED, Instant(NOON + 31 * DAY))
    assert await waiting(store) == (2, 2)
    assert await store.dead_letters.sweep(at(9), 100) == 1
    assert await store.dead_letters.sweep(at(9), 100) == 0
    assert await waiting(store) == (1, 1)
    assert await store.dead_letters.find(old.letter_id) is None


async def test_two_processes_that_settle_and_keep_at_once_lose_nothing(home: Home) -> None:
    """Each delivery of the letter is either waiting in the end, or was there to be taken up."""
    store = await home.open()
    other = await home.open() if home.backend == "postgres" else store
    for turn in range(20):
        body = b"%d" % turn
        letter, _ = await store.dead_letters.keep(body, [ONE], NOON)
        await asyncio.gather(
            store.dead_letters.settle(letter, []), other.dead_letters.keep(body, [ONE], NOON)
        )
        found = await store.dead_letters.find(letter.letter_id)
        places = await store.dead_letters.of_account(WabaId("998"), QUEUE_START, 99)
        assert (found is not None) == (letter.letter_id in [place.letter_id for place in places])
        if found:
            await store.dead_letters.settle(found, [])
    await store.close()
    if other is not store:
        await other.close()
