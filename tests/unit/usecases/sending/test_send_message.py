"""A message leaves if it may: in which order, and what is written down when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import Answer as Standing
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.ports.sending.gate import DecisionRecord, Gate, Lease, Outcome
from askfirst.ports.sending.http_connection import NotSent
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.send_message import conclude_send, send_message
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BUSINESS,
    RIVAL,
    SENDER,
    change,
    free_form,
    grant,
    opening,
    question,
    sender,
    stop,
    stop_confirmation,
)
from tests.support.clocks import NOON, at
from tests.support.reading import answer_of, contact_of
from tests.support.services import ACCEPTED, World
from tests.support.stores import Home, settle

MESSAGE = Send(
    question=question(),
    target="/v24.0/200/messages",
    headers={"authorization": "Bearer token"},
    body=b'{"to":"+447700900123"}',
)
REPLY = replace(MESSAGE, question=free_form())


class RecordingLog:
    """The real log of decisions, that also notes when it was asked."""

    def __init__(self, store: Store, acts: list[str]) -> None:
        self._log = store.decisions
        self._acts = acts

    async def record(self, record: DecisionRecord) -> Decision | None:
        kept = await self._log.record(record)
        self._acts.append("record")
        return kept

    def conclude(self, outcome: Outcome) -> object:
        self._acts.append("conclude")
        return self._log.conclude(outcome)


class RecordingGate:
    """The real gate, that also notes when a hold begins and ends."""

    def __init__(self, store: Store, acts: list[str]) -> None:
        self._gate = store.gate
        self._acts = acts

    @asynccontextmanager
    async def hold(self, asked: SendRequest) -> AsyncIterator[Lease]:
        async with self._gate.hold(asked) as held:
            self._acts.append("hold")
            yield held
        self._acts.append("let go")


@dataclass
class StaleHeld:
    """A lock that was lost on the way."""

    facts: DecisionContext

    def alive(self) -> bool:
        return False


class LosingGate:
    """Loses the lock while it is held, or fails when it is let go."""

    def __init__(self, gate: Gate, *, fails_at_the_end: bool = False) -> None:
        self._gate = gate
        self._fails_at_the_end = fails_at_the_end

    @asynccontextmanager
    async def hold(self, asked: SendRequest) -> AsyncIterator[Lease]:
        async with self._gate.hold(asked) as held:
            yield held if self._fails_at_the_end else StaleHeld(held.facts)
        if self._fails_at_the_end:
            raise Unavailable("the lock broke")


class FailingLog:
    """A log that cannot be written."""

    async def record(self, record: DecisionRecord) -> Decision | None:
        raise Unavailable("the disk is full")

    def conclude(self, outcome: Outcome) -> object:
        raise Unavailable("the disk is full")


@pytest.fixture
async def world(sqlite_world: World) -> World:
    """A world with one sender, in which Ana said yes to marketing."""
    await sqlite_world.store.directory.put_sender(sender(), "token", NOON)
    await sqlite_world.store.ledger.commit(change(grant()))
    sqlite_world.clock.set(at(60))
    return sqlite_world


async def verdicts(world: World) -> list[tuple[str, Reason]]:
    records = await world.store.decisions.decisions(BUSINESS, "", 99)
    return [(record.decision.verdict.value, record.decision.reason) for record in records]


async def outcomes(home: Home) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in await home.raw("SELECT left_at, status FROM outcome")]


async def test_an_allowed_message_leaves_byte_for_byte_and_is_answered(world: World) -> None:
    sent = await send_message(world.services, MESSAGE)
    assert isinstance(sent, Sent)
    assert (sent.answer, sent.left_at) == (ACCEPTED, at(60))
    (request,) = world.connections.sent
    assert (request.method, request.target) == ("POST", MESSAGE.target)
    assert (request.headers, request.body) == (MESSAGE.headers, MESSAGE.body)
    assert await verdicts(world) == [("allow", Reason.OPTED_IN)]


async def test_the_order_is_connection_lock_row_first_byte_lock_answer(world: World) -> None:
    acts = world.connections.acts
    services = replace(
        world.services,
        gate=RecordingGate(world.store, acts),  # type: ignore[arg-type]
        decisions=RecordingLog(world.store, acts),  # type: ignore[arg-type]
    )
    await send_message(services, MESSAGE)
    assert acts == ["open", "hold", "record", "send", "let go", "release", "answer"]


async def test_a_denied_message_does_not_leave_and_leaves_a_row(world: World) -> None:
    await world.store.ledger.commit(change(stop(at=at(30))))
    refused = await send_message(world.services, MESSAGE)
    assert isinstance(refused, Refused)
    assert refused.decision.reason is Reason.WITHDRAWN
    assert world.connections.sent == []
    assert world.connections.acts == ["open", "release"]
    assert await verdicts(world) == [("deny", Reason.WITHDRAWN)]


async def test_a_message_of_a_business_without_the_sender_is_denied(world: World) -> None:
    theirs = replace(MESSAGE, question=question(business_id=RIVAL))
    refused = await send_message(world.services, theirs)
    assert isinstance(refused, Refused)
    assert refused.decision.reason is Reason.SENDER_UNKNOWN


async def test_nothing_leaves_where_the_row_cannot_be_written(world: World) -> None:
    services = replace(world.services, decisions=FailingLog())  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        await send_message(services, MESSAGE)
    assert world.connections.sent == []
    assert world.connections.acts == ["open", "release"]


async def test_nothing_is_decided_where_meta_cannot_be_reached(world: World) -> None:
    world.connections.can_open = False
    with pytest.raises(NotSent):
        await send_message(world.services, MESSAGE)
    assert await verdicts(world) == []


async def test_a_connection_that_breaks_at_the_first_byte_is_an_error_and_let_go(
    world: World, sqlite_home: Home
) -> None:
    world.connections.can_send = False
    with pytest.raises(NotSent):
        await send_message(world.services, MESSAGE)
    assert world.connections.acts == ["open", "release"]
    await settle()
    assert await outcomes(sqlite_home) == [(0, 0)]
    await asyncio.wait_for(world.store.ledger.commit(change(stop(at=at(70)))), 0.5)


async def test_a_permit_older_than_two_seconds_is_not_used(world: World, sqlite_home: Home) -> None:
    class SlowLog(RecordingLog):
        async def record(self, record: DecisionRecord) -> Decision | None:
            kept = await super().record(record)
            world.clock.advance(2)
            return kept

    services = replace(world.services, decisions=SlowLog(world.store, []))  # type: ignore[arg-type]
    refused = await send_message(services, MESSAGE)
    assert isinstance(refused, Refused)
    assert refused.decision.reason is Reason.PERMIT_EXPIRED
    assert world.connections.sent == []
    await settle()
    assert await outcomes(sqlite_home) == [(0, 0)]


async def test_a_permit_just_under_two_seconds_old_is_used(world: World) -> None:
    class SlowLog(RecordingLog):
        async def record(self, record: DecisionRecord) -> Decision | None:
            kept = await super().record(record)
            world.clock.advance(1.999999)
            return kept

    services = replace(world.services, decisions=SlowLog(world.store, []))  # type: ignore[arg-type]
    assert isinstance(await send_message(services, MESSAGE), Sent)


async def test_nothing_leaves_where_a_reservation_is_used_up(world: World) -> None:
    class UsedUp(RecordingLog):
        async def record(self, record: DecisionRecord) -> Decision | None:
            if record.decision.allowed:
                return record.decision.denied(Reason.NO_STOP_TO_CONFIRM)
            return await super().record(record)

    acts: list[str] = []
    services = replace(world.services, decisions=UsedUp(world.store, acts))  # type: ignore[arg-type]
    refused = await send_message(services, MESSAGE)
    assert isinstance(refused, Refused)
    assert (refused.decision.verdict, refused.decision.reservations) == (Verdict.DENY, ())
    assert refused.decision.reason is Reason.NO_STOP_TO_CONFIRM
    assert (world.connections.sent, acts) == ([], ["record"])
    assert await verdicts(world) == [("deny", Reason.NO_STOP_TO_CONFIRM)]


async def test_nothing_leaves_once_the_lock_is_lost(world: World) -> None:
    services = replace(world.services, gate=LosingGate(world.store.gate))  # type: ignore[arg-type]
    refused = await send_message(services, MESSAGE)
    assert isinstance(refused, Refused)
    assert refused.decision.reason is Reason.PERMIT_EXPIRED
    assert world.connections.sent == []


async def test_trouble_with_the_lock_after_the_message_left_does_not_hide_its_answer(
    world: World,
) -> None:
    gate = LosingGate(world.store.gate, fails_at_the_end=True)
    services = replace(world.services, gate=gate)  # type: ignore[arg-type]
    assert isinstance(await send_message(services, MESSAGE), Sent)


async def test_a_message_without_an_answer_is_lost_and_not_sent_again(
    world: World, sqlite_home: Home
) -> None:
    world.connections.is_answered = False
    lost = await send_message(world.services, MESSAGE)
    assert isinstance(lost, UnknownOutcome)
    assert len(world.connections.sent) == 1
    await settle()
    assert await outcomes(sqlite_home) == [(at(60), 0)]


async def test_the_lock_is_not_held_while_meta_thinks(world: World) -> None:
    world.connections.is_answered = False
    await send_message(world.services, MESSAGE)
    committed = await asyncio.wait_for(world.store.ledger.commit(change(stop(at=at(70)))), 0.5)
    assert [event.kind for event in committed.events] == [EventKind.WITHDRAWN]


async def test_a_stop_is_acknowledged_only_after_the_message_left(world: World) -> None:
    order: list[str] = []

    async def stop_ana() -> None:
        await world.store.ledger.commit(change(stop(at=at(59))))
        order.append("stop")

    class PausingLog(RecordingLog):
        async def record(self, record: DecisionRecord) -> Decision | None:
            kept = await super().record(record)
            self.stopping = asyncio.create_task(stop_ana())
            await settle()
            return kept

    log = PausingLog(world.store, [])
    world.connections.before_send = lambda: order.append("first byte")
    services = replace(world.services, decisions=log)  # type: ignore[arg-type]
    assert isinstance(await send_message(services, MESSAGE), Sent)
    await log.stopping
    assert order == ["first byte", "stop"]


async def stopped_in_the_window(world: World) -> None:
    await world.store.ledger.commit(change(opening(at=at(40))))
    said = stop(at=at(50), sender=SENDER, stop_languages=())
    await world.store.ledger.commit(change(said))


async def test_no_reply_of_a_clients_follows_a_stop(world: World) -> None:
    await stopped_in_the_window(world)
    for _ in range(2):
        refused = await send_message(world.services, REPLY)
        assert isinstance(refused, Refused)
        assert refused.decision.reason is Reason.WITHDRAWN
    assert world.connections.sent == []


async def test_of_confirmations_at_once_one_leaves_and_each_leaves_a_row(world: World) -> None:
    await stopped_in_the_window(world)
    confirmation = replace(REPLY, question=stop_confirmation())
    results = await asyncio.gather(*(send_message(world.services, confirmation) for _ in range(10)))
    assert sum(isinstance(result, Sent) for result in results) == 1
    assert len(world.connections.sent) == 1
    rows = await verdicts(world)
    unused = [("deny", Reason.NO_STOP_TO_CONFIRM)] * 9
    assert sorted(rows) == [("allow", Reason.STOP_CONFIRMATION), *unused]


async def test_a_free_form_reply_leaves_in_an_open_window_only(world: World) -> None:
    refused = await send_message(world.services, REPLY)
    assert isinstance(refused, Refused)
    assert refused.decision.reason is Reason.WINDOW_CLOSED
    await world.store.ledger.commit(change(opening(at=at(40))))
    assert isinstance(await send_message(world.services, REPLY), Sent)


async def test_what_meta_answered_is_written_down_and_its_names_are_learnt(
    world: World, sqlite_home: Home
) -> None:
    sent = await send_message(world.services, MESSAGE)
    assert isinstance(sent, Sent)
    await conclude_send(world.services, sent, "wamid.sent", (ANA, ANA_BSUID))
    await settle()
    assert await outcomes(sqlite_home) == [(at(60), 200)]
    assert await contact_of(world.store, ANA_BSUID) == await contact_of(world.store, ANA)


async def test_names_that_belong_to_two_people_are_merged_restrictively(world: World) -> None:
    await world.store.ledger.commit(change(stop(ANA_BSUID, at=at(50))))
    sent = await send_message(world.services, MESSAGE)
    assert isinstance(sent, Sent)
    await conclude_send(world.services, sent, "wamid.sent", (ANA_BSUID,))
    assert await answer_of(world.store) is Standing.WITHDRAWN
    assert isinstance(await send_message(world.services, MESSAGE), Refused)


async def test_an_answer_without_new_names_writes_no_change(world: World) -> None:
    sent = await send_message(world.services, MESSAGE)
    assert isinstance(sent, Sent)
    await conclude_send(world.services, sent, "", (ANA,))
    assert await world.store.ledger.head(BUSINESS) == 1
