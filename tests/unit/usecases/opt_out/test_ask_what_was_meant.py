"""What may be a stop: marketing rests at once, one question follows, and its answer counts."""

from __future__ import annotations

import asyncio
import json

import pytest

from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.review import ReviewOutcome
from askfirst.domain.consent.stop_confirmation import ASKED_WITHIN, QUESTION_NAME, ConfirmationFate
from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.opt_out.reading import About
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import SECOND
from askfirst.ports.sending.http_connection import Answer
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.opt_out.confirm_stop import confirm_stop
from askfirst.usecases.opt_out.manage_reviews import close_review, find_open_reviews
from askfirst.usecases.sending.check_send import check_send
from tests.support.builders import ANA, BEN, BUSINESS, change, grant, question, sender
from tests.support.clocks import NOON, at
from tests.support.notices import reported, tapped, typed
from tests.support.services import World
from tests.support.tasks import run_due

UNCLEAR = "you send far too many messages"
SENT = ConfirmationFate.SENT


@pytest.fixture
async def world(world: World) -> World:
    """A business with one sender; Ana said yes to offers and updates yesterday."""
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await directory.put_sender(sender(), "meta-token", NOON)
    yes = grant(at=at(-86_400), purposes=("marketing", "utility"))
    await world.store.ledger.commit(change(yes))
    return world


async def hear(world: World, *notices: InboundEvent) -> None:
    await take_webhook(world.services, notices, b"{}")


async def write(world: World, text: str = UNCLEAR, name: str = "wamid.1") -> None:
    world.clock.advance(2)
    await hear(world, typed(text, source_id=name, occurred_at=world.clock.now()))


async def tap(world: World, button: int, name: str = "wamid.tap", message: int = -1) -> None:
    """Ana taps a button of a question that she got."""
    world.clock.advance(2)
    body = json.loads(world.connections.sent[message].body)
    reply = body["interactive"]["action"]["buttons"][button]["reply"]
    now = world.clock.now()
    await hear(world, tapped(reply["id"], reply["title"], source_id=name, occurred_at=now))


async def asked(world: World, wait: float = 1) -> int:
    """Let time pass and the process look; gives how many questions left so far."""
    world.clock.advance(wait)
    await run_due(world, Queue.STOPS)
    bodies = [json.loads(request.body) for request in world.connections.sent]
    return sum(body["biz_opaque_callback_data"] == QUESTION_NAME for body in bodies)


async def reason(world: World, purpose: str = "marketing") -> Reason:
    return (await check_send(world.services, question(purpose=Purpose(purpose)))).reason


async def kinds(world: World) -> list[EventKind]:
    contact = await world.store.ledger.find(BUSINESS, ANA)
    assert contact
    return [
        one.kind for one in await world.store.ledger.history(BUSINESS, contact, Position(0), 99)
    ]


async def test_marketing_rests_at_once_and_the_rest_goes_on(world: World) -> None:
    await write(world)
    assert await kinds(world) == [EventKind.GRANTED, EventKind.DOUBTED]
    assert await reason(world) is Reason.AWAITING_ANSWER
    assert await reason(world, "utility") is Reason.OPTED_IN


async def test_one_question_with_three_buttons_follows(world: World) -> None:
    await write(world)
    assert world.connections.sent == []
    assert await asked(world) == 1
    body = json.loads(world.connections.sent[0].body)
    assert body["to"] == "+447700900123"
    assert body["interactive"]["body"]["text"] == (
        "Do you want to stop getting messages from Acme on WhatsApp? Please choose below."
    )
    buttons = [one["reply"]["title"] for one in body["interactive"]["action"]["buttons"]]
    assert buttons == ["Stop all messages", "Only stop offers", "Keep them all"]
    assert world.telemetry.questions == [(SENT, "")]
    assert world.telemetry.confirmations == []


async def test_it_is_asked_in_the_language_of_the_message(world: World) -> None:
    await write(world, "ihr schickt viel zu viele nachrichten")
    await asked(world)
    assert (
        "Bitte wählen Sie unten"
        in json.loads(world.connections.sent[0].body)["interactive"]["body"]["text"]
    )


async def test_it_is_asked_once_however_often_it_is_said_and_delivered(world: World) -> None:
    for name in ("wamid.1", "wamid.1", "wamid.2"):
        await write(world, name=name)
    await asyncio.gather(*(run_due(world, Queue.STOPS) for _ in range(3)))
    assert await asked(world) == 1
    await write(world, name="wamid.3")
    assert await asked(world, 300) == 1


async def test_two_workers_with_one_task_ask_once(world: World) -> None:
    await write(world)
    leased = await world.store.tasks.claim(BUSINESS, Queue.STOPS, at(10), at(70))
    assert leased
    await asyncio.gather(*(confirm_stop(world.services, leased) for _ in range(2)))
    assert len(world.connections.sent) == 1
    assert sorted(fate for fate, _ in world.telemetry.questions) == ["refused", "sent"]


async def test_what_is_a_complaint_is_marked_for_an_operator(world: World) -> None:
    await write(world, "this is spam, I will report you")
    (found,) = await world.services.reviews.find(BUSINESS, Position(0), 9, is_open=True)
    assert found.about is About.COMPLAINT
    assert world.telemetry.reviews == [About.COMPLAINT]
    (open_ones,) = await find_open_reviews(world.services)
    assert open_ones.severity is Severity.WARNING
    assert f"Of {BUSINESS}, 1 " in open_ones.summary
    await close_review(world.services, BUSINESS, found.position, ReviewOutcome.KEPT, "rang them")
    (none,) = await find_open_reviews(world.services)
    assert none.severity is Severity.OK
    assert await reason(world) is Reason.AWAITING_ANSWER


async def test_a_wish_to_be_erased_is_marked_and_stops(world: World) -> None:
    await write(world, "delete all my personal data")
    (found,) = await world.services.reviews.find(BUSINESS, Position(0), 9, is_open=True)
    assert found.about is About.ERASURE
    assert await reason(world) in {Reason.WITHDRAWN, Reason.AWAITING_ANSWER}


@pytest.mark.parametrize("why", ["", "   ", "x" * 501])
async def test_a_review_is_closed_with_a_reason(world: World, why: str) -> None:
    await write(world, "this is spam, I will report you")
    with pytest.raises(InvalidInput, match="printable characters"):
        await close_review(world.services, BUSINESS, Position(2), ReviewOutcome.KEPT, why)
    with pytest.raises(UnknownReference):
        await close_review(world.services, BUSINESS, Position(99), ReviewOutcome.KEPT, "rang them")


async def test_silence_resumes_nothing(world: World) -> None:
    await write(world)
    await asked(world)
    world.clock.advance(90 * 86_400)
    assert await reason(world) is Reason.AWAITING_ANSWER
    assert await reason(world, "utility") is Reason.OPTED_IN


async def test_the_first_button_stops_everything(world: World) -> None:
    await write(world)
    await asked(world)
    await tap(world, 0)
    assert await reason(world) is Reason.WITHDRAWN
    assert await reason(world, "utility") is Reason.WITHDRAWN


async def test_the_second_button_stops_offers_only(world: World) -> None:
    await write(world)
    await asked(world)
    await tap(world, 1)
    assert await reason(world) is Reason.WITHDRAWN
    assert await reason(world, "utility") is Reason.OPTED_IN


async def test_the_third_button_lets_them_go_on(world: World) -> None:
    await write(world)
    await asked(world)
    await tap(world, 2)
    assert (await kinds(world))[-1] is EventKind.KEPT
    assert await reason(world) is Reason.OPTED_IN


async def test_that_they_may_go_on_gives_nobody_a_yes(world: World) -> None:
    now = world.clock.now()
    await hear(world, typed(UNCLEAR, aliases=(BEN,), occurred_at=now))
    await asked(world)
    body = json.loads(world.connections.sent[0].body)
    reply = body["interactive"]["action"]["buttons"][2]["reply"]
    world.clock.advance(2)
    tap_of_ben = tapped(reply["id"], aliases=(BEN,), source_id="t", occurred_at=world.clock.now())
    await hear(world, tap_of_ben)
    assert (await check_send(world.services, question(BEN))).reason is Reason.NO_OPT_IN


async def test_the_button_of_an_older_question_answers_no_newer_one(world: World) -> None:
    await write(world)
    await asked(world)
    await tap(world, 2)
    await write(world, name="wamid.2")
    assert await asked(world) == 2
    await tap(world, 2, name="wamid.again", message=0)
    assert await reason(world) is Reason.AWAITING_ANSWER
    await tap(world, 2, name="wamid.now")
    world.clock.advance(60)  # two questions in a row have used up the pace of the pair
    assert await reason(world) is Reason.OPTED_IN


async def test_a_typed_yes_or_start_is_no_answer(world: World) -> None:
    await write(world)
    await asked(world)
    for name, text in enumerate(("START", "yes", "Keep them all", "please continue")):
        await write(world, text, f"wamid.yes{name}")
    assert await reason(world) is Reason.AWAITING_ANSWER


async def test_a_bare_start_after_a_stop_revives_nothing(world: World) -> None:
    await write(world, "STOP")
    for name, text in enumerate(("START", "yes", "UNSTOP", "subscribe")):
        await write(world, text, f"wamid.yes{name}")
    assert await reason(world) is Reason.WITHDRAWN


async def test_who_has_stopped_everything_is_not_asked(world: World) -> None:
    await write(world, "STOP")
    await write(world, name="wamid.2")
    assert await asked(world) == 0
    assert await reason(world) is Reason.WITHDRAWN


async def test_what_cannot_leave_changes_nothing(world: World) -> None:
    world.connections.reply = Answer(status=400, content_type="application/json", body=b"{}")
    await write(world)
    await asked(world)
    assert await asked(world, 120) == 1
    assert world.telemetry.questions[0][0] is ConfirmationFate.FAILED
    assert await reason(world) is Reason.AWAITING_ANSWER


async def test_an_hour_later_it_is_asked_no_more(world: World) -> None:
    await write(world)
    assert await asked(world, ASKED_WITHIN / SECOND) == 0
    assert world.telemetry.questions == [(ConfirmationFate.EXPIRED, "")]


async def test_that_meta_could_not_bring_it_is_counted(world: World) -> None:
    failed = reported(131026, reference=QUESTION_NAME)
    await hear(world, failed)
    assert world.telemetry.questions == [(ConfirmationFate.FAILED, "131026")]


async def test_the_name_of_the_business_beside_a_stop_is_no_third_party(world: World) -> None:
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Zorbel"), NOON)
    await write(world, "please stop Zorbel messages")
    assert await reason(world) is Reason.WITHDRAWN
