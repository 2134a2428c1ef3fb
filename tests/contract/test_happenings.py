"""The contract of `ports.happenings.Happenings`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from askfirst.domain.codes.code import Channel, Code, CodeState, StatusKind
from askfirst.domain.values.ids import ProofId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.outbox import Telling, Untold
from tests.support.builders import BEN, BUSINESS, CLEO, RIVAL
from tests.support.clocks import NOON, at
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
from tests.support.stores import Home, Store

INBOUND = Channel.WHATSAPP_INBOUND
LATER = 1_000.0


async def sent(store: Store, made: Code, moment: float = 1) -> None:
    """The code has left."""
    assert await store.codes.note(made, line(StatusKind.SENT, moment), None)


async def untold(store: Store, moment: float = LATER) -> list[Untold]:
    return list(await store.happenings.untold(at(moment), 10))


async def taken_up(store: Store, until: float = 60) -> Telling:
    """The one request that has something to tell."""
    (one,) = await untold(store)
    telling = await store.happenings.take_up(one, at(until))
    assert telling is not None
    return telling


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
    assert await untold(store) == []
    assert {tuple(row) for row in await home.raw("SELECT told, tell_at FROM code")} == {
        (None, None)
    }


async def test_what_was_asked_for_before_anybody_listened_is_not_told(home: Home) -> None:
    store = await home.open()
    made = await opened(store)
    await store.close()
    store = await home.open(is_telling=True)
    await sent(store, made)
    assert await untold(store) == []
    await store.close()


async def test_nothing_is_to_be_told_before_anything_happened(telling_store: Store) -> None:
    made = await opened(telling_store)
    await tried(telling_store, made)
    assert await untold(telling_store) == []


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
    assert await untold(telling_store, 0) == [Untold(BUSINESS, made.code_id, NOON)]


async def test_a_request_is_taken_up_with_all_that_it_is(telling_store: Store) -> None:
    made = code(reference="session 4711", purpose="payment", locale="pt_BR")
    assert await kept(telling_store, made)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    assert (telling.code.number, telling.code.reference) == (made.number, "session 4711")
    assert (telling.code.purpose, telling.code.state) == ("payment", CodeState.WAITING)


async def test_of_many_processes_one_takes_it_up(telling_store: Store) -> None:
    await note(telling_store)
    (one,) = await untold(telling_store)
    ends = [at(60 + number) for number in range(20)]
    turns = [telling_store.happenings.take_up(one, until) for until in ends]
    assert sum(taken is not None for taken in await asyncio.gather(*turns)) == 1


async def test_what_was_taken_up_by_a_process_that_died_is_taken_up_again(
    telling_store: Store,
) -> None:
    await note(telling_store)
    await taken_up(telling_store, 60)
    assert await untold(telling_store, 59.999999) == []
    (again,) = await untold(telling_store, 60)
    assert again.tell_at == at(60)


async def test_what_was_told_is_over(telling_store: Store) -> None:
    await note(telling_store)
    telling = await taken_up(telling_store)
    assert await telling_store.happenings.told(telling, at(70)) is None
    assert await untold(telling_store) == []


async def test_lines_are_told_one_after_the_other(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    await tried(telling_store, made, RIGHT)
    first = await taken_up(telling_store)
    second = await telling_store.happenings.told(first, at(70))
    assert second is not None
    assert (second.told, second.until, pending(second)) == (1, at(70), [StatusKind.APPROVED])
    assert await untold(telling_store, 69) == []
    assert await telling_store.happenings.told(second, at(80)) is None
    assert await untold(telling_store) == []


async def test_what_happens_while_it_is_told_is_told_next(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    telling = await taken_up(telling_store)
    await tried(telling_store, made, RIGHT)
    assert await untold(telling_store, 59) == []
    following = await telling_store.happenings.told(telling, at(70))
    assert following is not None
    assert pending(following) == [StatusKind.APPROVED]


async def test_what_happens_after_all_was_told_is_told_too(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    await telling_store.happenings.told(await taken_up(telling_store), at(70))
    await tried(telling_store, made, RIGHT)
    telling = await taken_up(telling_store)
    assert (telling.told, pending(telling)) == (1, [StatusKind.APPROVED])


async def test_what_is_put_off_waits_and_no_later_line_overtakes_it(telling_store: Store) -> None:
    made = await opened(telling_store)
    await sent(telling_store, made)
    await telling_store.happenings.postpone(await taken_up(telling_store), at(200))
    await tried(telling_store, made, RIGHT)
    assert await untold(telling_store, 199) == []
    telling = await taken_up(telling_store, 300)
    assert pending(telling) == [StatusKind.SENT, StatusKind.APPROVED]


async def test_who_comes_too_late_notes_nothing_and_puts_nothing_off(telling_store: Store) -> None:
    await note(telling_store)
    late = await taken_up(telling_store, 60)
    (again,) = await untold(telling_store, 60)
    there = await telling_store.happenings.take_up(again, at(120))
    assert there is not None
    assert await telling_store.happenings.told(late, at(130)) is None
    await telling_store.happenings.postpone(late, at(900))
    assert await untold(telling_store, 119) == []
    assert [one.tell_at for one in await untold(telling_store, 120)] == [at(120)]
    assert await telling_store.happenings.told(there, at(130)) is None
    assert await untold(telling_store) == []


async def test_who_waits_longest_is_told_first_and_no_more_than_asked_for(
    telling_store: Store,
) -> None:
    made = [
        await opened(telling_store, 1, created_at=at(30)),
        await opened(telling_store, 2, number=BEN, created_at=at(10)),
        await opened(telling_store, 3, number=CLEO, created_at=at(20)),
    ]
    for one in made:
        await sent(telling_store, one)
    found = await telling_store.happenings.untold(at(LATER), 2)
    assert [one.tell_at for one in found] == [at(10), at(20)]


async def test_requests_of_all_businesses_are_told(telling_store: Store) -> None:
    other = code(business_id=RIVAL)
    assert await kept(telling_store, other)
    await sent(telling_store, other)
    await note(telling_store)
    found = await untold(telling_store)
    assert {one.business_id for one in found} == {BUSINESS, RIVAL}
    for one in found:
        telling = await telling_store.happenings.take_up(one, Instant(one.tell_at + 1))
        assert telling is not None
        assert telling.code.business_id == one.business_id
