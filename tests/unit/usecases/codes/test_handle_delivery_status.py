"""What Meta reports of codes, and what a number's holder says to them."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.codes.code import Channel, CodeState, Result, StatusKind
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.consent.event import Assurance, EventKind
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.codes.handle_delivery_status import take_code_report
from askfirst.usecases.codes.request_code import Requested
from askfirst.usecases.codes.resend_code import resend_code
from askfirst.usecases.inbound.take_webhook import Taken, take_webhook
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    OTHER_SENDER,
    RIVAL,
    acquaintance,
    change,
    grant,
    sender,
    spelt_by_meta,
    stop,
)
from tests.support.clocks import NOON, at
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.notices import reported, tapped, typed
from tests.support.reading import answer_of, standing_of
from tests.support.services import World

WHATSAPP, SMS = Channel.WHATSAPP, Channel.SMS
INBOUND = (Channel.WHATSAPP_INBOUND,)
DAY_SECONDS = 86_400


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


async def hear(desk: CodeDesk, *notices: InboundEvent) -> Taken:
    """Take a webhook, and do what comes after its acknowledgement."""
    taken = await take_webhook(desk.services, notices, b"")
    for report in taken.reports:
        await take_code_report(desk.services, report)
    return taken


async def test_what_was_delivered_is_not_followed(desk: CodeDesk) -> None:
    code = await desk.ask()
    await hear(desk, reported(status="delivered", reference=desk.reference))
    await hear(desk, reported(status="read", reference=desk.reference, source_id="wamid.2"))
    assert await desk.wait(60) == 0
    assert await desk.history(code) == [
        (StatusKind.SENT, WHATSAPP, ""),
        (StatusKind.DELIVERED, WHATSAPP, ""),
    ]


@pytest.mark.parametrize("status", ["delivered", "read", "played"])
async def test_each_word_of_metas_for_arriving_is_enough(desk: CodeDesk, status: str) -> None:
    await desk.ask()
    await hear(desk, reported(status=status, reference=desk.reference))
    assert await desk.wait(60) == 0


async def test_that_it_was_sent_is_not_that_it_has_arrived(desk: CodeDesk) -> None:
    await desk.ask()
    await hear(desk, reported(status="sent", reference=desk.reference))
    assert await desk.wait(20) == 1
    assert len(desk.world.sms.sent) == 1


@pytest.mark.parametrize(
    "error", [131026, 131047, 131049, 131050, 131053, 130472, 131000, 132015, 137000, 0]
)
async def test_each_failure_that_is_reported_is_followed_at_once(
    desk: CodeDesk, error: int
) -> None:
    code = await desk.ask()
    codes = (error,) if error else ()
    await hear(desk, reported(*codes, reference=desk.reference))
    reason = str(error) if error else "failed"
    assert (await desk.history(code))[1:] == [
        (StatusKind.FAILED, WHATSAPP, reason),
        (StatusKind.FALLBACK_USED, SMS, ""),
        (StatusKind.SENT, SMS, ""),
    ]
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_a_failure_that_is_reported_twice_is_followed_once(desk: CodeDesk) -> None:
    await desk.ask()
    for number in range(3):
        notice = reported(131026, reference=desk.reference, source_id=f"wamid.{number}")
        await hear(desk, notice)
    assert len(desk.world.sms.sent) == 1


async def test_a_report_of_an_older_code_counts_for_nothing(desk: CodeDesk) -> None:
    code = await desk.ask()
    reference = desk.reference
    await desk.wait(20)
    await hear(desk, reported(131026, reference=reference))
    await hear(desk, reported(status="delivered", reference=reference, source_id="wamid.2"))
    assert len(desk.world.sms.sent) == 1
    assert StatusKind.DELIVERED not in [line[0] for line in await desk.history(code)]


async def test_a_late_failure_of_the_first_code_does_not_end_the_one_that_was_sent_again(
    desk: CodeDesk,
) -> None:
    code = await desk.ask()
    reference = desk.reference
    desk.world.clock.advance(30)
    again = await resend_code(desk.services, BUSINESS, code.code_id)
    assert again is not None
    assert again.job is not None
    await deliver_code(desk.services, again.job)
    await hear(desk, reported(131026, reference=reference))
    assert desk.world.sms.sent == []
    assert await desk.type(code, desk.digits) is Result.APPROVED


async def test_a_failure_after_the_code_was_typed_in_is_not_followed(desk: CodeDesk) -> None:
    code = await desk.ask()
    await desk.type(code, desk.digits)
    await hear(desk, reported(131026, reference=desk.reference))
    assert desk.world.sms.sent == []


@pytest.mark.parametrize("reference", ["", "order 7", "cod_" + "0" * 26 + ":1"])
async def test_reports_of_other_messages_are_left_alone(desk: CodeDesk, reference: str) -> None:
    await desk.ask()
    await hear(desk, reported(131026, reference=reference))
    assert desk.world.sms.sent == []


async def test_another_business_s_report_changes_nothing(desk: CodeDesk) -> None:
    await desk.ask()
    rival = sender(OTHER_SENDER, business_id=RIVAL)
    await desk.services.directory.put_sender(rival, None, NOON)
    await hear(desk, reported(131026, reference=desk.reference, phone_number_id=OTHER_SENDER))
    assert desk.world.sms.sent == []


def not_requested(**parts: Any) -> InboundEvent:
    return tapped("DID_NOT_REQUEST_CODE", "I didn't request a code", **parts)


async def test_who_asked_for_no_code_gets_none_for_a_day_and_the_one_sent_is_dead(
    desk: CodeDesk,
) -> None:
    code = await desk.ask()
    payment = desk.digits
    await hear(desk, not_requested())
    assert await desk.type(code, payment) is Result.EXPIRED
    assert desk.world.telemetry.alarms == [CodeSignal.NOT_REQUESTED]
    desk.world.clock.advance(60)
    await desk.ask()
    await desk.wait(20)
    assert (len(desk.whatsapp), desk.world.sms.sent) == (1, [])
    desk.world.clock.set(at(DAY_SECONDS))
    await desk.ask()
    assert (len(desk.whatsapp), len(desk.world.sms.sent)) == (1, 1)


async def test_the_tap_ends_the_yes_to_codes_and_nothing_else(desk: CodeDesk) -> None:
    """Somebody else has typed the number; what its holder said about other things stands."""
    await desk.services.ledger.commit(change(grant()))
    await desk.ask(token=await desk.token())
    await hear(desk, not_requested())
    denial = (await desk.events())[-1]
    assert (denial.kind, denial.purposes) == (EventKind.WITHDRAWN, ("authentication",))
    assert denial.assurance is Assurance.CONFIRMED
    assert await answer_of(desk.world.store, purpose=AUTHENTICATION.name) is Answer.WITHDRAWN
    assert await answer_of(desk.world.store) is Answer.GRANTED


async def test_who_says_stop_gets_no_code_for_a_day_by_any_channel(desk: CodeDesk) -> None:
    await desk.ask()
    await hear(desk, typed("STOP"))
    assert desk.world.telemetry.alarms == [CodeSignal.STOPPED]
    desk.world.clock.advance(60)
    token = await desk.token()
    await desk.ask(token=token)
    await desk.wait(20)
    assert (len(desk.whatsapp), desk.world.sms.sent) == (1, [])


async def test_a_stop_of_somebody_who_never_had_a_code_is_no_alarm(desk: CodeDesk) -> None:
    await hear(desk, typed("STOP"))
    await hear(desk, typed("STOP", aliases=(BEN,), source_id="wamid.2"))
    assert desk.world.telemetry.alarms == []
    await desk.ask()
    assert len(desk.whatsapp) == 0  # nobody is sent a code all the same


async def test_a_stop_a_day_after_the_code_is_no_alarm(desk: CodeDesk) -> None:
    await desk.ask()
    desk.world.clock.advance(DAY_SECONDS + 60)
    await hear(desk, typed("STOP", occurred_at=desk.world.clock.now()))
    assert desk.world.telemetry.alarms == []


async def test_who_stops_offers_only_gets_codes(desk: CodeDesk) -> None:
    await hear(desk, typed("stop marketing"))
    await desk.ask()
    assert len(desk.whatsapp) == 1
    assert desk.world.telemetry.alarms == []


async def test_a_stop_in_metas_spelling_counts_for_the_number(desk: CodeDesk) -> None:
    bruna, by_meta = Alias(ANA.kind, "5541988887777"), spelt_by_meta("554188887777")
    await hear(desk, typed("PARE", aliases=(by_meta,)))
    await desk.ask(bruna, country="BR")
    assert desk.whatsapp == []


async def test_a_stop_without_a_number_counts_for_the_number_that_is_known(desk: CodeDesk) -> None:
    await desk.services.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    await hear(desk, not_requested(aliases=(ANA_BSUID,)))
    await desk.ask()
    assert desk.whatsapp == []


async def test_a_stop_that_is_delivered_late_suppresses_from_when_it_was_said(
    desk: CodeDesk,
) -> None:
    desk.world.clock.set(at(DAY_SECONDS + 60))
    await hear(desk, not_requested(occurred_at=NOON))
    await desk.ask()
    assert len(desk.world.sms.sent) == 1


async def inbound(desk: CodeDesk, number: Alias = ANA, **parts: Any) -> tuple[Requested, str]:
    """Ask for a proof; gives the message that proves the number."""
    requested = await desk.request(number, channels=INBOUND, **parts)
    assert requested.proof is not None
    return requested, requested.proof.proof.text


async def test_a_number_proves_itself_by_its_message(desk: CodeDesk) -> None:
    requested, text = await inbound(desk)
    assert text.startswith("I just asked Acme for a code")
    assert requested.job is None
    await hear(desk, typed(text))
    assert (await desk.now(requested.code)).state is CodeState.APPROVED
    assert await desk.history(requested.code) == [(StatusKind.APPROVED, INBOUND[0], "")]
    granted, confirmed = await desk.events()
    assert (granted.kind, confirmed.kind) == (EventKind.GRANTED, EventKind.CONFIRMED)
    for event in (granted, confirmed):
        assert (event.purposes, event.surface) == (("authentication",), Surface.CODE)
        assert event.assurance is Assurance.CONFIRMED
    standing = await standing_of(desk.world.store)
    assert view(standing, MARKETING).answer is Answer.UNASKED
    assert desk.whatsapp == []


async def test_the_message_counts_from_its_own_number_only(desk: CodeDesk) -> None:
    requested, text = await inbound(desk)
    await hear(desk, typed(text, aliases=(BEN,)))
    assert (await desk.now(requested.code)).state is CodeState.WAITING
    assert await desk.events() == []
    await hear(desk, typed(text, source_id="wamid.2"))
    assert (await desk.now(requested.code)).state is CodeState.APPROVED


async def test_the_message_counts_once(desk: CodeDesk) -> None:
    _, text = await inbound(desk)
    for number in range(3):
        await hear(desk, typed(text, source_id=f"wamid.{number}"))
    assert len(await desk.events()) == 2


async def test_a_message_that_comes_too_late_proves_nothing(desk: CodeDesk) -> None:
    requested, text = await inbound(desk)
    desk.world.clock.advance(600)
    await hear(desk, typed(text))
    assert (await desk.now(requested.code)).state is CodeState.WAITING
    assert await desk.events() == []


async def test_a_message_with_other_words_around_it_counts_too(desk: CodeDesk) -> None:
    requested, text = await inbound(desk)
    proof = text[text.index("(AF-") :].lower()
    await hear(desk, typed(f"hi {proof} thanks"))
    assert (await desk.now(requested.code)).state is CodeState.APPROVED


@pytest.mark.parametrize("words", ["STOP", "no more offers please"])
async def test_a_message_that_says_stop_proves_nothing(desk: CodeDesk, words: str) -> None:
    requested, text = await inbound(desk)
    proof = text[text.index("(AF-") :]
    await hear(desk, typed(f"{words} {proof}", occurred_at=None))
    assert (await desk.now(requested.code)).state is CodeState.WAITING
    assert [event.kind for event in await desk.events()] == [EventKind.WITHDRAWN]
    await hear(desk, typed(text, source_id="wamid.2", occurred_at=None))
    assert (await desk.now(requested.code)).state is CodeState.APPROVED


async def test_who_said_stop_and_then_proves_the_number_has_said_yes_to_codes(
    desk: CodeDesk,
) -> None:
    await desk.services.ledger.commit(change(stop()))
    desk.world.clock.set(at(60))
    _, text = await inbound(desk)
    await hear(desk, typed(text, occurred_at=at(60)))
    standing = await standing_of(desk.world.store)
    assert view(standing, AUTHENTICATION).answer is Answer.GRANTED
    assert view(standing, MARKETING).answer is Answer.WITHDRAWN


async def test_a_request_may_be_burnt_for_somebody_and_their_message_still_counts(
    desk: CodeDesk,
) -> None:
    """Whoever uses up a stranger's tries does not shut them out."""
    code = await desk.ask()
    await desk.fail(code, 3)
    requested, text = await inbound(desk)
    for _ in range(5):
        await inbound(desk)
    await hear(desk, typed(text))
    assert (await desk.now(requested.code)).state is CodeState.APPROVED


async def test_asking_for_proofs_ends_nobodys_code(desk: CodeDesk) -> None:
    code = await desk.ask()
    for _ in range(5):
        await inbound(desk)
    assert await desk.type(code, desk.digits) is Result.APPROVED


async def test_a_proof_of_another_business_counts_there_only(desk: CodeDesk) -> None:
    requested, text = await inbound(desk)
    rival = sender(OTHER_SENDER, business_id=RIVAL)
    await desk.services.directory.put_sender(rival, None, NOON)
    await hear(desk, typed(text, phone_number_id=OTHER_SENDER))
    assert (await desk.now(requested.code)).state is CodeState.WAITING
    assert await desk.services.codes.find(BUSINESS, requested.code.code_id) is not None
