"""What was acknowledged is acted on: through the account, or when somebody registers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from askfirst.decision.facts import DecisionContext
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import Answer
from askfirst.domain.inbound.dead_letter import LetterFate, Route
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Position, WabaId
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.inbound.dead_letters import REPLAYED_AFTER, UNREAD, account_task
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound import take_webhook as take_webhook_module
from askfirst.usecases.inbound.find_unrouted_webhooks import find_unrouted_webhooks
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.inbound.replay_dead_letters import forget_dead_letters
from askfirst.usecases.inbound.take_webhook import Taken, take_webhook
from askfirst.web.webhooks.reader import read_delivery
from tests.support.builders import (
    ANA,
    BEN,
    BUSINESS,
    OTHER_SENDER,
    OTHER_WABA,
    RIVAL,
    SENDER,
    WABA,
    change,
    free_form,
    grant,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.reading import answer_of
from tests.support.services import World
from tests.support.tasks import run_due

NEW = PhoneNumberId("777")
NEW_WABA = WabaId("776")
ROUTE = Route(NEW_WABA, NEW)
TOKEN = "EAAG-meta"


def delivery(*parts: dict[str, Any]) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": parts}).encode()


def wrote(
    text: str = "STOP",
    who: Alias = ANA,
    *,
    to: str = NEW,
    waba: str = NEW_WABA,
    message_id: str = "wamid.1",
    second: int = 0,
) -> dict[str, Any]:
    """What somebody wrote to a number, as an entry of a delivery."""
    message = {
        "from": who.value,
        "id": message_id,
        "timestamp": str(at(second) // SECOND),
        "type": "text",
        "text": {"body": text},
    }
    value = {"metadata": {"phone_number_id": to}, "messages": [message]}
    return {"id": waba, "changes": [{"field": "messages", "value": value}]}


async def deliver(world: World, body: bytes) -> Taken:
    heard = read_delivery(body)
    return await take_webhook(world.services, heard.notices, body, heard.media)


async def kinds(world: World, business_id: BusinessId = BUSINESS) -> Sequence[EventKind]:
    events = await world.store.ledger.events(business_id, Position(0), 99)
    return [event.kind for event in events]


async def window(world: World, sender_id: PhoneNumberId, who: Alias = ANA) -> Instant | None:
    return (await world.store.gate.look(free_form(who, sender=sender_id))).window_opened_at


async def replay(world: World) -> None:
    """The worker does what registrations have left to it."""
    world.clock.advance(REPLAYED_AFTER / SECOND + 1)
    await run_due(world, Queue.DEAD_LETTERS)


def fates(world: World) -> list[LetterFate]:
    return [fate for fate, _, _ in world.telemetry.letters]


@pytest.fixture
async def known(world: World) -> World:
    """A world with one sender, to whose business Ana and Ben said yes."""
    world.clock.set(at(60))
    await register_sender(world.services, sender(), TOKEN)
    await world.store.ledger.commit(change(grant(ANA, at=at(-9)), grant(BEN, at=at(-9))))
    return world


def sibling(**parts: Any) -> Any:
    return sender(NEW, **({"waba_id": NEW_WABA} | parts))


async def test_a_stop_to_a_number_that_nobody_registered_counts_through_its_account(
    known: World,
) -> None:
    assert (await deliver(known, delivery(wrote(waba=WABA)))).events == 1
    assert await answer_of(known.store) is Answer.WITHDRAWN
    assert known.telemetry.letters == []
    (found,) = await find_unrouted_webhooks(known.services)
    assert found.severity is Severity.OK


async def test_the_window_that_opens_is_that_number_s_alone(known: World) -> None:
    await deliver(known, delivery(wrote("Hello", waba=WABA)))
    assert await window(known, NEW) == NOON
    assert await window(known, SENDER) is None


async def test_what_nobody_can_be_found_for_waits_and_is_told_of(known: World) -> None:
    body = delivery(wrote())
    assert (await deliver(known, body)).events == 0
    assert (await deliver(known, body)).events == 0
    assert await answer_of(known.store) is Answer.GRANTED
    assert known.telemetry.letters == [(LetterFate.KEPT, 1, {ROUTE})]
    (found,) = await find_unrouted_webhooks(known.services)
    assert found.severity is Severity.PROBLEM
    assert NEW in found.summary
    assert NEW_WABA in found.summary
    assert ": 1. " in found.summary
    assert ANA.value not in found.summary + found.remedy


async def test_registering_the_sender_acts_on_what_waited_before_it_returns(known: World) -> None:
    await deliver(known, delivery(wrote(second=30)))
    known.clock.set(at(3600))
    await register_sender(known.services, sibling(), TOKEN)
    (*_, event) = await known.store.ledger.events(BUSINESS, Position(0), 99)
    assert event.kind is EventKind.WITHDRAWN
    assert (event.occurred_at // SECOND, event.recorded_at) == (at(30) // SECOND, at(3600))
    assert await answer_of(known.store) is Answer.WITHDRAWN
    assert await window(known, NEW) == at(30)
    assert fates(known) == [LetterFate.KEPT, LetterFate.TAKEN_UP]
    (found,) = await find_unrouted_webhooks(known.services)
    assert found.severity is Severity.OK


async def test_registering_another_number_of_the_account_is_enough(known: World) -> None:
    await deliver(known, delivery(wrote()))
    other = sender(PhoneNumberId("775"), waba_id=NEW_WABA)
    await register_sender(known.services, other, TOKEN)
    assert await answer_of(known.store) is Answer.WITHDRAWN


async def test_a_file_that_waited_can_be_fetched_when_its_sender_is_registered(
    known: World,
) -> None:
    entry = wrote()
    message = entry["changes"][0]["value"]["messages"][0]
    message |= {"type": "image", "image": {"id": "4242", "mime_type": "image/jpeg"}}
    await deliver(known, delivery(entry))
    assert await known.store.directory.media_sender(BUSINESS, "4242") is None
    await register_sender(known.services, sibling(), TOKEN)
    assert await known.store.directory.media_sender(BUSINESS, "4242") == NEW


async def test_what_was_kept_before_it_was_looked_into_is_acted_on_or_told_of(known: World) -> None:
    old = [Route(UNREAD, None)]
    await known.store.dead_letters.keep(delivery(wrote(to=SENDER, waba=WABA)), old, NOON)
    await known.store.dead_letters.keep(delivery(wrote(message_id="w.2")), old, NOON)
    await known.store.dead_letters.keep(b"{}", old, NOON)
    await known.store.tasks.enqueue(account_task(UNROUTED, UNREAD), NOON)
    await replay(known)
    assert (await kinds(known))[2:] == [EventKind.WITHDRAWN]
    assert sorted(fates(known)) == [LetterFate.KEPT, LetterFate.TAKEN_UP, LetterFate.TAKEN_UP]
    (found,) = await find_unrouted_webhooks(known.services)
    assert NEW in found.summary


async def test_what_names_no_account_waits_for_its_number(known: World) -> None:
    await deliver(known, delivery(wrote(waba="")))
    await register_sender(known.services, sibling(), TOKEN)
    assert await answer_of(known.store) is Answer.WITHDRAWN


async def test_what_names_nobody_is_kept_and_told_of(known: World) -> None:
    await deliver(known, delivery(wrote(to="", waba="")))
    await replay(known)
    (found,) = await find_unrouted_webhooks(known.services)
    assert found.severity is Severity.PROBLEM
    assert "neither a number nor a WABA" in found.remedy


async def test_of_a_mixed_delivery_what_can_be_routed_acts_at_once(known: World) -> None:
    mixed = delivery(
        wrote(who=BEN, to=SENDER, waba=WABA), wrote(message_id="wamid.2"), wrote(message_id="w.3")
    )
    assert (await deliver(known, mixed)).events == 1
    assert await answer_of(known.store, BEN) is Answer.WITHDRAWN
    assert await answer_of(known.store, ANA) is Answer.GRANTED
    await register_sender(known.services, sibling(), TOKEN)
    assert await answer_of(known.store, ANA) is Answer.WITHDRAWN
    assert (await kinds(known))[2:] == [EventKind.WITHDRAWN] * 3


async def test_what_waits_for_two_businesses_reaches_each_when_it_registers(known: World) -> None:
    theirs = wrote(to=OTHER_SENDER, waba=OTHER_WABA, message_id="wamid.2")
    await deliver(known, delivery(wrote(), theirs))
    await register_sender(known.services, sibling(), TOKEN)
    assert (await kinds(known))[2:] == [EventKind.WITHDRAWN]
    assert await known.store.ledger.head(RIVAL) == 0
    await register_sender(known.services, sender(OTHER_SENDER, business_id=RIVAL), TOKEN)
    assert await kinds(known, RIVAL) == [EventKind.WITHDRAWN]
    assert (await kinds(known))[2:] == [EventKind.WITHDRAWN]


async def test_taking_up_twice_and_a_late_second_delivery_do_nothing_new(known: World) -> None:
    body = delivery(wrote())
    await deliver(known, body)
    await register_sender(known.services, sibling(), TOKEN)
    await replay(known)
    assert (await deliver(known, body)).events == 0
    assert (await kinds(known))[2:] == [EventKind.WITHDRAWN]


async def test_people_s_acts_keep_their_order(known: World) -> None:
    for second, text in enumerate(("STOP", "Hello", "STOP")):
        body = delivery(wrote(text, message_id=f"w.{second}", second=second))
        known.clock.set(at(60 + second))
        await deliver(known, body)
    await register_sender(known.services, sibling(), TOKEN)
    events = (await known.store.ledger.events(BUSINESS, Position(0), 99))[2:]
    assert [event.occurred_at // SECOND for event in events] == [
        at(0) // SECOND,
        at(2) // SECOND,
    ]


async def test_a_process_that_ends_before_taking_up_leaves_it_to_the_next(known: World) -> None:
    await deliver(known, delivery(wrote()))
    await known.store.directory.put_sender(sibling(), TOKEN, at(61))  # and then it was killed
    assert await answer_of(known.store) is Answer.GRANTED
    await replay(known)
    assert await answer_of(known.store) is Answer.WITHDRAWN
    (found,) = await find_unrouted_webhooks(known.services)
    assert found.severity is Severity.OK


async def test_a_process_that_ends_after_claiming_the_account_leaves_it_to_the_next(
    known: World,
) -> None:
    await deliver(known, delivery(wrote()))
    await known.store.directory.claim_waba(BUSINESS, NEW_WABA, at(61))  # and then it was killed
    await replay(known)
    assert await answer_of(known.store) is Answer.WITHDRAWN


async def test_a_process_that_ends_before_acting_leaves_the_letter(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deliver(known, delivery(wrote()))

    async def ends(*_: object) -> Taken:
        raise Unavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Services, "act_on", ends)
        with pytest.raises(Unavailable):
            await register_sender(known.services, sibling(), TOKEN)
    assert (await find_unrouted_webhooks(known.services))[0].severity is Severity.PROBLEM
    await replay(known)
    assert await answer_of(known.store) is Answer.WITHDRAWN


async def test_a_process_that_ends_between_acting_and_settling_acts_once(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deliver(known, delivery(wrote()))

    async def ends(*_: object) -> None:
        raise Unavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(known.store.dead_letters, "settle", ends)
        with pytest.raises(Unavailable):
            await register_sender(known.services, sibling(), TOKEN)
    await replay(known)
    assert (await kinds(known))[2:] == [EventKind.WITHDRAWN]
    assert (await find_unrouted_webhooks(known.services))[0].severity is Severity.OK


async def test_a_sender_sends_nothing_before_its_stops_are_taken_up(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deliver(known, delivery(wrote()))
    seen: list[DecisionContext] = []
    act_on = take_webhook_module.act_on

    async def look_first(*given: Any) -> Taken:
        seen.append(await known.store.gate.look(free_form(ANA, sender=NEW)))
        return await act_on(*given)

    monkeypatch.setattr(Services, "act_on", look_first)
    await register_sender(known.services, sibling(), TOKEN)
    (look,) = seen
    assert look.sender is None


async def test_a_registration_between_the_look_and_the_keeping_misses_nothing(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = known.store.dead_letters.keep

    async def register_first(*given: Any) -> Any:
        await register_sender(known.services, sibling(), TOKEN)
        return await keep(*given)

    monkeypatch.setattr(known.store.dead_letters, "keep", register_first)
    assert (await deliver(known, delivery(wrote()))).events == 1
    assert await answer_of(known.store) is Answer.WITHDRAWN
    assert (await find_unrouted_webhooks(known.services))[0].severity is Severity.OK


async def test_more_than_can_be_taken_up_at_once_keeps_the_sender_unregistered(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await deliver(known, delivery(wrote("Hello", message_id=f"w.{number}")))
    await deliver(known, delivery(wrote(message_id="w.9")))
    act_on = take_webhook_module.act_on

    async def slowly(*given: Any) -> Taken:
        known.clock.advance(9)
        return await act_on(*given)

    monkeypatch.setattr(Services, "act_on", slowly)
    with pytest.raises(Unavailable) as told:
        await register_sender(known.services, sibling(), TOKEN)
    assert "send this again" in told.value.message
    assert await known.store.directory.owner(NEW, None) is None
    await register_sender(known.services, sibling(), TOKEN)
    assert await answer_of(known.store) is Answer.WITHDRAWN
    assert await known.store.directory.owner(NEW, None) == BUSINESS


async def test_trouble_in_one_letter_holds_up_no_other_and_is_told_of(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deliver(known, delivery(wrote("Hello", message_id="w.poison")))
    await deliver(known, delivery(wrote(message_id="w.2")))
    act_on = take_webhook_module.act_on

    async def choke(services: Any, owned: Any, body: bytes, *rest: Any) -> Taken:
        if b"poison" in body:
            raise RuntimeError
        return await act_on(services, owned, body, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Services, "act_on", choke)
        await register_sender(known.services, sibling(), TOKEN)
    assert await answer_of(known.store) is Answer.WITHDRAWN
    assert LetterFate.FAILED in fates(known)
    assert (await find_unrouted_webhooks(known.services))[0].severity is Severity.PROBLEM
    await replay(known)
    assert await window(known, NEW) == NOON


async def test_the_sweep_of_bodies_takes_nothing_that_waits(known: World) -> None:
    await deliver(known, delivery(wrote()))
    await known.store.sweep(UNROUTED, Instant(NOON + 399 * DAY))
    known.clock.set(Instant(NOON + 399 * DAY))
    await forget_dead_letters(known.services, 400 * DAY)
    await register_sender(known.services, sibling(), TOKEN)
    assert await answer_of(known.store) is Answer.WITHDRAWN


async def test_after_four_hundred_days_it_is_forgotten_and_that_is_told(known: World) -> None:
    await deliver(known, delivery(wrote()))
    known.clock.set(Instant(at(61) + 400 * DAY))
    await forget_dead_letters(known.services, 400 * DAY)
    assert (await find_unrouted_webhooks(known.services))[0].severity is Severity.OK
    assert fates(known) == [LetterFate.KEPT, LetterFate.FORGOTTEN]
