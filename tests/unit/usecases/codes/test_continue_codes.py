"""What was not delivered, or never left, is followed by another code."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.domain.codes.code import Channel, Result, StatusKind
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.consent.event import EventKind
from askfirst.domain.tasks.task import Queue, TaskFate
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.phone import PhoneNumber
from askfirst.usecases.codes.code_wish import record_wish
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.codes.resend_code import cancel_code, resend_code
from tests.support.builders import ANA, BEN
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.services import FakeSms, World
from tests.support.stores import settle
from tests.support.tasks import run_due

WHATSAPP, SMS = Channel.WHATSAPP, Channel.SMS
FAILED, SENT = StatusKind.FAILED, StatusKind.SENT


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


@pytest.mark.parametrize(("wait", "texts"), [(19.999999, 0), (20, 1)])
async def test_what_is_not_delivered_in_time_is_followed_by_sms(
    desk: CodeDesk, wait: float, texts: int
) -> None:
    await desk.ask()
    await desk.wait(wait)
    assert len(desk.world.sms.sent) == texts


async def test_never_are_two_codes_of_a_request_alive(desk: CodeDesk) -> None:
    code = await desk.ask()
    first = desk.digits
    await desk.wait(20)
    assert await desk.type(code, first) is Result.WRONG
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_a_fallback_keeps_the_time_and_the_tries(desk: CodeDesk) -> None:
    code = await desk.ask()
    await desk.fail(code, 2)
    await desk.wait(20)
    now = await desk.now(code)
    assert (now.expires_at, now.tries, now.tries_max) == (code.expires_at, 2, 3)


async def test_a_code_that_was_typed_in_is_not_followed(desk: CodeDesk) -> None:
    code = await desk.ask()
    await desk.type(code, desk.digits)
    assert await desk.wait(20) == 0
    assert desk.world.sms.sent == []


async def test_a_message_of_unknown_fate_counts_as_sent(desk: CodeDesk) -> None:
    desk.world.connections.is_answered = False
    code = await desk.ask()
    assert await desk.history(code) == [(SENT, WHATSAPP, "outcome_unknown")]
    assert desk.world.sms.sent == []
    await desk.wait(20)
    assert len(desk.world.sms.sent) == 1


async def test_of_many_processes_one_goes_on(world: World) -> None:
    desk = await open_code_desk(world)
    code = await desk.ask()
    desk.world.clock.advance(20)
    await asyncio.gather(*(run_due(desk.world, Queue.CODES) for _ in range(10)))
    await settle()
    assert len(desk.world.sms.sent) == 1
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_a_request_whose_process_died_is_taken_up(desk: CodeDesk) -> None:
    """The wish that was answered with 201 reaches the ledger all the same."""
    requested = await desk.request()
    assert await desk.wait(59) == 0
    assert await desk.wait(1) == 1
    wish = (await desk.events())[0]
    assert (wish.kind, wish.occurred_at) == (EventKind.GRANTED, requested.code.created_at)
    assert await desk.history(requested.code) == [
        (FAILED, WHATSAPP, "interrupted"),
        (SENT, WHATSAPP, ""),
    ]
    assert await desk.type(requested.code, desk.digits) is Result.APPROVED


@pytest.mark.parametrize("has_token", [True, False])
@pytest.mark.parametrize("again", [True, False])
async def test_a_wish_is_written_once_however_the_process_dies(
    desk: CodeDesk, has_token: bool, again: bool
) -> None:
    """It died before the wish, between the wish and the message, or after a fallback began."""
    token = await desk.token() if has_token else ""
    code = await desk.ask(channels=(WHATSAPP,), token=token)
    if again:
        await desk.wait(30)
        resent = await resend_code(desk.services, code.business_id, code.code_id)
        assert resent is not None
        code = resent.code
        await record_wish(desk.services, code)
    else:
        code = (await desk.request(BEN, channels=(WHATSAPP,), token=token)).code
        await record_wish(desk.services, code)
    before = len(await desk.events())
    assert await desk.wait(60) == 1
    assert len(await desk.events()) == before
    assert await desk.type(code, desk.digits) is Result.APPROVED


async def test_the_wish_of_a_resend_outlives_its_process_and_its_end(desk: CodeDesk) -> None:
    code = await desk.ask(channels=(WHATSAPP,))
    await desk.wait(30)
    resent = await resend_code(desk.services, code.business_id, code.code_id)
    assert resent is not None
    assert await cancel_code(desk.services, code.business_id, code.code_id)
    await desk.wait(60)
    asked = [event.occurred_at for event in await desk.events()]
    assert asked == [code.created_at, resent.code.asked_at]


async def test_a_late_process_does_not_undo_what_another_did(desk: CodeDesk) -> None:
    requested = await desk.request()
    await desk.wait(60)
    right = desk.digits
    assert requested.job is not None
    await deliver_code(desk.services, requested.job)
    now = await desk.now(requested.code)
    assert now.made == 2
    assert await desk.type(now, desk.digits) is Result.WRONG
    assert await desk.type(now, right) is Result.APPROVED


async def test_a_process_that_dies_before_the_last_channel_is_followed_by_another(
    desk: CodeDesk,
) -> None:
    code = await desk.ask()

    class Dead(FakeSms):
        async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
            raise RuntimeError

    await desk.changed(sms=Dead()).wait(20)
    assert desk.world.telemetry.tasks[-1][1:] == (TaskFate.RETRIED, "RuntimeError")
    assert await desk.wait(60) == 1
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_trouble_with_one_holds_up_no_other(desk: CodeDesk) -> None:
    codes = [await desk.ask(number) for number in (ANA, BEN)]

    class Picky(FakeSms):
        async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
            if to.digits == ANA.value:
                raise RuntimeError
            await desk.world.sms.send(to, text, message_id)

    await desk.changed(sms=Picky()).wait(20)
    assert [reason for _, _, reason in desk.world.telemetry.tasks] == ["RuntimeError", ""]
    assert await desk.type(codes[1], desk.texted) is Result.APPROVED


async def test_what_is_over_is_not_followed(desk: CodeDesk) -> None:
    requested = await desk.request()
    assert await desk.wait(300) == 1
    assert desk.world.sms.sent == []
    assert await desk.history(requested.code) == [(FAILED, WHATSAPP, "expired")]
    assert await desk.wait(1) == 0


async def test_without_money_there_is_no_fallback(desk: CodeDesk) -> None:
    poor = desk.changed(code_rules=CodeRules(whatsapp_cost=1, sms_cost=2, budget=2))
    code = await poor.ask()
    await poor.wait(20)
    assert desk.world.sms.sent == []
    assert (await desk.history(code))[-1] == (FAILED, WHATSAPP, "not_delivered")


async def test_a_fallback_is_one_of_the_ten_that_may_go_unread_in_a_block(desk: CodeDesk) -> None:
    for end in range(4):
        await desk.ask(phone_alias(f"44771234{end:04d}"))
    await desk.wait(20)
    for end in range(4, 6):
        await desk.ask(phone_alias(f"44771234{end:04d}"))
    await desk.wait(20)
    assert (len(desk.whatsapp), len(desk.world.sms.sent)) == (6, 4)
    assert CodeSignal.AREA_UNCONVERTED in desk.world.telemetry.alarms
    assert await desk.wait(60) == 0
