"""A stop in the chat is confirmed once: in the person's language, in askfirst's words, or not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from askfirst.domain.codes.code_signal import DID_NOT_REQUEST_CODE
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.stop_confirmation import CONFIRMATION_NAME, ConfirmationFate
from askfirst.domain.inbound.inbound_event import InboundEvent, Preference
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.ports.sending.http_connection import Answer
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.opt_out.find_unconfirmable import find_unconfirmable
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    acquaintance,
    change,
    grant,
    prompt,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.notices import reported, switched, tapped, typed
from tests.support.services import ACCEPTED, World
from tests.support.tasks import run_due

SENT, REFUSED, FAILED = ConfirmationFate.SENT, ConfirmationFate.REFUSED, ConfirmationFate.FAILED
LOST, EXPIRED, UNNAMED = ConfirmationFate.LOST, ConfirmationFate.EXPIRED, ConfirmationFate.UNNAMED
POSTPONED = ConfirmationFate.POSTPONED
BRAZIL = Alias(ANA.kind, "5511961234567")
ENGLISH = (
    "Acme will not send you any more messages on WhatsApp. You can still write to us here, and "
    "sign up for messages again at any time."
)


@pytest.fixture
async def world(world: World) -> World:
    """A world of a business with one sender; Ana said yes to offers and updates yesterday."""
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await directory.put_sender(sender(), "meta-token", NOON)
    await say_yes(world, at(-86_400), purposes=("marketing", "utility"))
    return world


async def say_yes(world: World, moment: Any, *who: Alias, **parts: Any) -> None:
    await world.store.ledger.commit(change(grant(*who, at=moment, **parts)))


async def hear(world: World, *notices: InboundEvent) -> None:
    await take_webhook(world.services, notices, b"{}")


async def stop(world: World, text: str = "STOP", name: str = "wamid.1", **parts: Any) -> None:
    """Somebody types a stop now."""
    await hear(world, typed(text, source_id=name, occurred_at=world.clock.now(), **parts))


async def confirmed(world: World, wait: float = 1) -> list[str]:
    """Let time pass, and the process look; gives the texts that left so far."""
    world.clock.advance(wait)
    await run_due(world, Queue.STOPS)
    return [json.loads(request.body)["text"]["body"] for request in world.connections.sent]


def fates(world: World) -> list[ConfirmationFate]:
    return [fate for fate, _ in world.telemetry.confirmations]


async def test_a_typed_stop_is_confirmed(world: World) -> None:
    await stop(world)
    assert world.connections.sent == []
    assert await confirmed(world) == [ENGLISH]
    (request,) = world.connections.sent
    assert json.loads(request.body) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+447700900123",
        "type": "text",
        "text": {"preview_url": False, "body": ENGLISH},
        "biz_opaque_callback_data": CONFIRMATION_NAME,
    }
    assert fates(world) == [SENT]


async def test_the_stop_of_offers_names_them(world: World) -> None:
    await stop(world, "no more offers please")
    assert await confirmed(world) == [
        (
            "Acme will not send you any more of these messages on WhatsApp: offers and news. "
            "You can sign up for them again at any time."
        )
    ]


@pytest.mark.parametrize(
    ("payload", "label"),
    [
        ("", "Stop promotions"),
        (reply_payload(Reply(verb=ReplyVerb.STOP, purposes=("marketing",), prompt=None)), "Genug"),
        (reply_payload(Reply(verb=ReplyVerb.STOP, purposes=(), prompt=None)), "Stop all"),
    ],
)
async def test_a_tapped_stop_is_confirmed(world: World, payload: str, label: str) -> None:
    await hear(world, tapped(payload, label, occurred_at=world.clock.now()))
    assert len(await confirmed(world)) == 1


async def test_what_is_no_stop_in_the_chat_is_not_confirmed(world: World) -> None:
    topic = Reply(verb=ReplyVerb.STOP, purposes=("marketing.offers",), prompt=None)
    await hear(
        world,
        switched(Preference.STOP, source_id="1"),
        reported(131050, source_id="2"),
        tapped(DID_NOT_REQUEST_CODE, "I didn't request a code", source_id="3"),
        tapped(reply_payload(topic), "Stop offers", source_id="4"),
        typed("Where is my order?", source_id="5"),
    )
    await withdraw(world)
    assert await confirmed(world) == []
    assert world.telemetry.confirmations == []


async def withdraw(world: World) -> None:
    """The business tells by the API that Ana stopped everything."""
    told = Consent(
        business_id=BUSINESS,
        verb=ConsentVerb.WITHDRAW,
        alias=ANA,
        purposes=(),
        surface=Surface.PHONE,
        source=grant().source,
    )
    await record_consent(world.services, told)


async def test_a_stop_through_the_api_is_not_confirmed(world: World) -> None:
    await hear(world, typed("Hello", occurred_at=world.clock.now()))
    await withdraw(world)
    assert await confirmed(world) == []


async def test_a_switch_turns_it_off(world: World) -> None:
    silent = replace(world, services=replace(world.services, confirms_stops=False))
    await stop(silent)
    assert await confirmed(silent) == []
    assert (await silent.store.tasks.find_due(at(9), (Queue.STOPS,))).queues == ()


async def test_what_waits_when_it_is_turned_off_is_forgotten_without_a_word(world: World) -> None:
    await stop(world)
    silent = replace(world, services=replace(world.services, confirms_stops=False))
    assert await confirmed(silent) == []
    assert await confirmed(world) == []
    assert fates(world) == []


async def test_further_stops_and_deliveries_get_no_second_one(world: World) -> None:
    for name in ("wamid.1", "wamid.1", "wamid.2", "wamid.3"):
        await stop(world, name=name)
        await confirmed(world)
        await stop(world, "no more offers", name=name + "b")
        await confirmed(world)
    await confirmed(world, wait=120)
    assert len(world.connections.sent) == 1
    assert fates(world) == [SENT]


async def test_deliveries_and_looks_at_once_send_one(world: World) -> None:
    await asyncio.gather(*(stop(world, name=f"wamid.{number % 3}") for number in range(12)))
    world.clock.advance(1)
    await asyncio.gather(*(run_due(world, Queue.STOPS) for _ in range(12)))
    assert len(world.connections.sent) == 1


async def test_after_a_yes_the_next_stop_is_confirmed_anew(world: World) -> None:
    await stop(world)
    await confirmed(world)
    await say_yes(world, world.clock.advance(60))
    world.clock.advance(60)
    await stop(world, name="wamid.2")
    assert len(await confirmed(world)) == 2


async def test_a_yes_right_after_the_stop_makes_it_untrue(world: World) -> None:
    await stop(world)
    await say_yes(world, world.clock.advance(2))
    assert await confirmed(world) == []
    assert world.telemetry.confirmations == [(REFUSED, "no_stop_to_confirm")]


async def test_whose_number_may_have_changed_hands_is_not_written_to(world: World) -> None:
    await stop(world)
    await hear(world, reported(137000, source_id="wamid.2", occurred_at=world.clock.advance(2)))
    assert await confirmed(world) == []
    assert world.telemetry.confirmations == [(REFUSED, "suspended")]


async def test_a_stop_that_comes_late_is_not_confirmed(world: World) -> None:
    old = typed("STOP", occurred_at=world.clock.now())
    world.clock.advance(300)
    await hear(world, old)
    assert await confirmed(world, wait=1) == []
    assert fates(world) == [EXPIRED]
    assert await confirmed(world, wait=120) == []
    assert fates(world) == [EXPIRED]


async def test_a_sender_out_of_service_says_nothing(world: World) -> None:
    await stop(world)
    banned = sender(state=SenderState.BANNED)
    await world.store.directory.put_sender(banned, None, world.clock.now())
    assert await confirmed(world) == []
    assert world.telemetry.confirmations == [(REFUSED, "sender_out_of_service")]


async def test_without_a_token_of_metas_nothing_is_tried(world: World) -> None:
    other = sender(phone_number_id="201", digits="15550100002")  # type: ignore[arg-type]
    await world.store.directory.put_sender(other, None, NOON)
    await stop(world, phone_number_id=other.phone_number_id)
    assert await confirmed(world) == []
    assert world.telemetry.confirmations == [(REFUSED, "no_token")]


@pytest.mark.parametrize("code", [131042, 130429, 131047])
async def test_what_meta_refuses_is_not_tried_again(world: World, code: int) -> None:
    body = json.dumps({"error": {"code": code}}).encode()
    world.connections.reply = Answer(status=400, content_type="application/json", body=body)
    await stop(world)
    await confirmed(world)
    world.connections.reply = ACCEPTED
    for _ in range(4):
        await confirmed(world, wait=65)
    assert len(world.connections.sent) == 1
    assert world.telemetry.confirmations == [(FAILED, str(code))]


async def test_what_meta_reports_later_is_counted(world: World) -> None:
    report = reported(131042, reference=CONFIRMATION_NAME)
    await hear(world, report, reported(131042, source_id="wamid.9", reference="a client's"))
    assert world.telemetry.confirmations == [(FAILED, "131042")]


async def test_an_unknown_outcome_is_not_made_up_for(world: World) -> None:
    world.connections.is_answered = False
    await stop(world)
    await confirmed(world)
    world.connections.is_answered = True
    for _ in range(4):
        await confirmed(world, wait=65)
    assert len(world.connections.sent) == 1
    assert fates(world) == [LOST]


async def test_what_could_not_leave_is_tried_again_while_there_is_time(world: World) -> None:
    world.connections.can_open = False
    await stop(world)
    assert await confirmed(world) == []
    assert await confirmed(world, wait=10) == []
    world.connections.can_open = True
    assert len(await confirmed(world, wait=60)) == 1
    assert fates(world) == [POSTPONED, SENT]


async def test_a_process_that_dies_before_the_claim_leaves_it_to_another(world: World) -> None:
    await stop(world)
    assert await world.store.tasks.claim(BUSINESS, Queue.STOPS, at(9), at(60))
    assert await confirmed(world, wait=30) == []
    assert len(await confirmed(world, wait=30)) == 1


class Killed(BaseException):
    """The process is gone."""


async def test_a_process_that_dies_after_the_claim_has_sent_none(world: World) -> None:
    """Between the row that uses the exception up and the first byte there is nothing to repeat."""

    def die() -> None:
        raise Killed

    world.connections.before_send = die
    await stop(world)
    with pytest.raises(Killed):
        await confirmed(world)
    world.connections.before_send = None
    for _ in range(5):
        assert await confirmed(world, wait=61) == []
    assert fates(world) == [REFUSED]


async def test_a_process_that_dies_after_the_first_byte_has_sent_the_one(world: World) -> None:
    await stop(world)

    class Dying:
        """Signals that never return: the process is killed before it could settle anything."""

        def stop_confirmation(self, *_: object) -> None:
            raise Killed

    dying = replace(world.services, telemetry=Dying())  # type: ignore[arg-type]
    world.clock.advance(1)
    with pytest.raises(Killed):
        await run_due(world, Queue.STOPS, dying)
    assert len(await confirmed(world, wait=61)) == 1
    assert fates(world) == [REFUSED]


async def test_a_log_that_cannot_be_written_lets_nothing_leave(world: World) -> None:
    class Full:
        async def record(self, _: DecisionRecord) -> object:
            raise Unavailable("the disk is full")

    await stop(world)
    full = replace(world.services, decisions=Full())  # type: ignore[arg-type]
    world.clock.advance(1)
    await run_due(world, Queue.STOPS, full)
    assert (world.connections.sent, fates(world)) == ([], [POSTPONED])


async def test_one_person_under_two_names_gets_one(world: World) -> None:
    await stop(world, aliases=(ANA,))
    await stop(world, name="wamid.2", aliases=(ANA_BSUID,))
    await world.store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(1))))
    assert len(await confirmed(world)) == 1


async def test_names_that_turn_out_to_be_one_person_after_it_get_no_second(world: World) -> None:
    await stop(world, aliases=(ANA,))
    await confirmed(world)
    await stop(world, name="wamid.2", aliases=(ANA_BSUID,))
    await world.store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(2))))
    assert len(await confirmed(world)) == 1


async def test_a_name_that_is_an_offer_confirms_nothing(world: World) -> None:
    offer = Business(business_id=BUSINESS, name="Acme: 50% off today")
    await world.store.directory.put_business(offer, NOON)
    await stop(world)
    assert await confirmed(world) == []
    ((fate, reason),) = world.telemetry.confirmations
    assert fate is UNNAMED
    assert "Acme" not in reason


async def test_a_check_up_finds_the_name_that_is_an_offer(world: World) -> None:
    (fine,) = await find_unconfirmable(world.services)
    assert fine.severity is Severity.OK
    offer = Business(business_id=BUSINESS, name="acme.example")
    await world.store.directory.put_business(offer, NOON)
    (found,) = await find_unconfirmable(world.services)
    assert (found.severity, found.check) == (Severity.WARNING, "stop_confirmation")
    silent = replace(world.services, confirms_stops=False)
    assert [one.severity for one in await find_unconfirmable(silent)] == [Severity.OK]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("arrêtez svp", "Acme ne vous enverra plus"),
        ("keine Werbung mehr bitte", "Acme schickt Ihnen"),
        ("수신 거부", "Acme에서 더 이상"),
        ("إيقاف", "لن تصلك"),
    ],
)
async def test_it_speaks_the_language_of_the_word(world: World, text: str, begins: str) -> None:
    await stop(world, text)
    assert (await confirmed(world))[0].startswith(begins)


async def test_it_speaks_the_language_of_the_last_question_where_the_word_tells_none(
    world: World,
) -> None:
    for moment, locale in ((-90, "fr"), (-80, "de")):
        words = prompt("Angebote?", locale=locale)
        yes = grant(at=at(moment), prompt=words.hash)
        await world.store.ledger.commit(change(yes, prompt=words))
    await stop(world)
    assert (await confirmed(world))[0].startswith("Acme schickt Ihnen")


async def test_it_speaks_the_language_of_the_business_where_nobody_was_asked(world: World) -> None:
    await world.store.asking.profiles.put_profile(BUSINESS, Profile(locale="it"), NOON)
    await stop(world, aliases=(BEN,))
    assert (await confirmed(world))[0].startswith("Acme non ti invierà")


async def test_it_speaks_the_language_of_the_country_where_nothing_else_is_known(
    world: World,
) -> None:
    await stop(world, aliases=(BRAZIL,))
    assert (await confirmed(world))[0].startswith("Acme não enviará mais mensagens para você")


async def test_a_word_of_several_countries_is_written_as_in_the_persons_own(world: World) -> None:
    await stop(world, "cancelar inscrição", aliases=(Alias(ANA.kind, "351912345678"),))
    assert (await confirmed(world))[0].startswith("Acme não lhe enviará")


async def test_another_business_has_a_word_of_its_own(world: World) -> None:
    rival = BusinessId("rival")
    place = sender(business_id=rival, phone_number_id="202", digits="15550100003", waba_id="101")  # type: ignore[arg-type]
    directory = world.store.directory
    await directory.put_business(Business(business_id=rival, name="Rival"), NOON)
    await directory.put_sender(place, "another", NOON)
    await stop(world)
    about = {"phone_number_id": place.phone_number_id, "waba_id": place.waba_id}
    await stop(world, name="wamid.2", **about)
    texts = await confirmed(world)
    assert sorted(text.split()[0] for text in texts) == ["Acme", "Rival"]


async def test_many_stops_are_confirmed_in_their_turn(world: World) -> None:
    people = [Alias(ANA.kind, f"4477{number:08d}") for number in range(250)]
    now = world.clock.now()
    await hear(
        world,
        *(
            typed("STOP", source_id=f"wamid.{one.value}", aliases=(one,), occurred_at=now)
            for one in people
        ),
    )
    for _ in range(3):
        await confirmed(world)
    assert len({json.loads(request.body)["to"] for request in world.connections.sent}) == 250
