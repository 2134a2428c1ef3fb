"""The contract of `ports.happenings.Outbox`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code import Channel, Code, CodeState, StatusKind
from askfirst.domain.tasks.task import LeasedTask, Queue
from askfirst.domain.values.ids import BusinessId, ProofId
from askfirst.ports.events.outbox import Telling, events_task
from tests.support.builders import BEN, BUSINESS, CLEO, RIVAL
from tests.support.clocks import at
from tests.support.codes import (
    RIGHT,
    code,
    entered,
    entrance,
    kept,
    line,
    opened,
    renewed,
    tried,
)
from tests.support.stores import Home

INBOUND = Channel.WHATSAPP_INBOUND
LATER = 1_000.0


async def sent(store: Store, made: Code, moment: float = 1) -> None:
    """The code has left."""
    assert await store.codes.note(made, line(StatusKind.SENT, moment), None)


async def untold(store: Store, moment: float = LATER) -> int:
    """How many requests have something to tell."""
    found = await store.tasks.find_due(at(moment), (Queue.EVENTS,))
    return sum(due.waiting for due in found.queues)


async def claimed(
    store: Store, until: float = 60, business_id: BusinessId = BUSINESS
) -> LeasedTask:
    leased = await store.tasks.claim(business_id, Queue.EVENTS, at(LATER), at(until))
    assert leased is not None
    return leased


async def taken_up(store: Store, until: float = 60) -> Telling:
    """The one request that has something to tell."""
    assert await untold(store) == 1
    telling = await store.happenings.untold(await claimed(store, until))
    assert telling is not None
    return telling


async def finish(store: Store, telling: Telling) -> None:
    """Nothing is left to tell."""
    assert await store.tasks.complete(telling.leased)


def pending(telling: Telling) -> list[StatusKind]:
    return [one.what for one in telling.code.history[telling.told :]]


async def note(store: Store) -> None:
    await sent(store, await opened(store))


async def approve(store: Store) -> None:
    await tried(store, await opened(store), RIGHT)


async def prove(store: Store) -> None:
    inbound = code(channels=(INBOUND,), proof_id=ProofId("prf_1"))
    assert await kept(store, inbound, "")
    proven = line(StatusKind.APPROVED, 5, channel=INBOUND)
    assert await store.codes.prove(BUSINESS, inbound.code_id, proven)


async def end(store: Store) -> None:
    made = await opened(store)
    assert await store.codes.end(BUSINESS, made.code_id, line(StatusKind.CANCELLED))


async def fall_back(store: Store) -> None:
    assert await renewed(store, await opened(store))


async def replace(store: Store) -> None:
    first = await opened(store)
    sheet = await store.codes.sheet(BUSINESS, first.number, first.purpose, at(40))
    second = code(2, created_at=at(40), expires_at=at(340), resend_at=at(70))
    assert (await entered(store, second, entrance(until=70, sheet=sheet))).code is not None


HAPPENINGS = [
    pytest.param(note, StatusKind.SENT, id="noted"),
    pytest.param(approve, StatusKind.APPROVED, id="approved"),
    pytest.param(prove, StatusKind.APPROVED, id="proven"),
    pytest.param(end, StatusKind.CANCELLED, id="ended"),
    pytest.param(fall_back, StatusKind.FALLBACK_USED, id="renewed"),
    pytest.param(replace, StatusKind.CANCELLED, id="replaced"),
]


@pytest.mark.parametrize(("happen", "what"), HAPPENINGS)
async def test_whatever_happens_is_to_be_told(
    telling_store: Store, happen: Callable[[Store], Awaitable[None]], what: StatusKind
) -> None:
    await happen(telling_store)
    telling = await taken_up(telling_store)
    assert pending(telling) == [what]


@pytest.mark.parametrize(("happen", "what"), HAPPENINGS)
async def test_where_nobody_listens_nothing_is_to_be_told(
    store: Store, home: Home, happen: Callable[[Store], Awaitable[None]], what: StatusKind
) -> None:
    await happen(store)
    assert await untold(store) == 0
    assert {tuple(row) for row in await home.raw("SELECT told FROM code")} == {(None,)}


async def test_what_was_asked_for_before_anybody_listened_is_not_told(home: Home) -> None:
    store = await home.open()
    made = await opened(store)
    await store.close()
    store = await home.open(is_telling=True)
    await sent(store, made)
    assert await store.happenings.untold(await claimed(store)) is None
    await store.close()


async def test_nothing_is_to_be_told_before_anything_happened(telling_store: Store) -> None:
    made = await opened(telling_store)
    await tried(telling_store, made)
    assert await untold(telling_store) == 0


async def test_what_happened_outlives_the_process(home: Home) -> None:
    store = await home.open(is_telling=True)
    made = await opened(store)
    await sent(store, made)
    await store.close()
    store = await home.open(is_telling=True)
    telling = await taken_up(store)
    assert (telling.code.code_id, pending(telling)) == (made.code_id, [StatusKind.SENT])
    await store.close()


async def test_it_is_to_be_told_at_once(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    assert await untold(telling_store, 0.999999) == 0
    assert await untold(telling_store, 1) == 1
    assert (await taken_up(telling_store)).leased.task == events_task(BUSINESS, made.code_id)


async def test_a_request_is_taken_up_with_all_that_it_is(telling_store: Store) -> None:
    made = code(reference="session 4711", purpose="payment", locale="pt_BR")
    assert await kept(telling_store, made)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    assert (telling.code.number, telling.code.reference) == (made.number, "session 4711")
    assert (telling.code.purpose, telling.code.state) == ("payment", CodeState.WAITING)


async def test_what_was_told_is_over(telling_store: Store) -> None:
    await note(telling_store)
    telling = await taken_up(telling_store)
    assert await telling_store.happenings.told(telling, at(70)) is None
    await finish(telling_store, telling)
    assert await untold(telling_store) == 0


async def test_lines_are_told_one_after_the_other(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    await tried(telling_store, made, RIGHT)
    first = await taken_up(telling_store)
    second = await telling_store.happenings.told(first, at(70))
    assert second is not None
    assert (second.told, second.leased, pending(second)) == (1, first.leased, [StatusKind.APPROVED])
    assert await untold(telling_store, 69) == 0
    assert await untold(telling_store, 70) == 1
    assert await telling_store.happenings.told(second, at(80)) is None
    await finish(telling_store, second)
    assert await untold(telling_store) == 0


async def test_what_happens_while_it_is_told_is_told_next(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    await tried(telling_store, made, RIGHT)
    assert await untold(telling_store, 59) == 0
    following = await telling_store.happenings.told(telling, at(70))
    assert following is not None
    assert pending(following) == [StatusKind.APPROVED]


async def test_what_happens_after_the_last_look_is_told_too(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    assert await telling_store.happenings.told(telling, at(70)) is None
    await tried(telling_store, made, RIGHT)
    await finish(telling_store, telling)
    following = await taken_up(telling_store)
    assert (following.told, pending(following)) == (1, [StatusKind.APPROVED])


async def test_what_happens_after_all_was_told_is_told_too(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    await telling_store.happenings.told(telling, at(70))
    await finish(telling_store, telling)
    await tried(telling_store, made, RIGHT)
    following = await taken_up(telling_store)
    assert (following.told, pending(following)) == (1, [StatusKind.APPROVED])


async def test_what_is_put_off_waits_and_no_later_line_overtakes_it(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    assert await telling_store.tasks.retry(telling.leased, at(200), "")
    await tried(telling_store, made, RIGHT)
    assert await untold(telling_store, 199) == 0
    telling = await taken_up(telling_store, 300)
    assert pending(telling) == [StatusKind.SENT, StatusKind.APPROVED]


async def test_who_comes_too_late_notes_nothing(telling_store: Store) -> None:
    await note(telling_store)
    late = await taken_up(telling_store, 60)
    there = await taken_up(telling_store, 120)
    assert await telling_store.happenings.told(late, at(130)) is None
    assert await untold(telling_store, 119) == 0
    assert await untold(telling_store, 120) == 1
    again = await telling_store.happenings.untold(there.leased)
    assert again is not None
    assert pending(again) == [StatusKind.SENT]


async def test_who_waits_longest_is_told_first(telling_store: Store) -> None:
    made = [
        await opened(telling_store, 1),
        await opened(telling_store, 2, number=BEN),
        await opened(telling_store, 3, number=CLEO),
    ]
    for one, moment in zip(made, (30, 10, 20), strict=True):
        await sent(telling_store, one, moment)
    names = [str((await claimed(telling_store, 2_000)).task.task_id) for _ in made]
    assert names == [str(made[place].code_id) for place in (1, 2, 0)]


async def test_requests_of_all_businesses_are_told(telling_store: Store) -> None:
    other = code(business_id=RIVAL)
    assert await kept(telling_store, other)
    await sent(telling_store, other)
    await note(telling_store)
    assert await untold(telling_store) == 2
    for business_id in (BUSINESS, RIVAL):
        leased = await claimed(telling_store, 2_000, business_id)
        telling = await telling_store.happenings.untold(leased)
        assert telling is not None
        assert telling.code.business_id == business_id
