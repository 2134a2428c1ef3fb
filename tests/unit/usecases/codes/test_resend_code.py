"""A code is sent again, or ended."""

from __future__ import annotations

import pytest

from askfirst.domain.codes.code import Channel, Result, StatusKind
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import (
    Conflict,
    TooMany,
)
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.codes.resend_code import cancel_code, resend_code
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, RIVAL
from tests.support.clocks import NOON
from tests.support.code_desk import CodeDesk, code_id, open_code_desk
from tests.support.services import World

INBOUND = (Channel.WHATSAPP_INBOUND,)
WHATSAPP = (Channel.WHATSAPP,)


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


async def test_a_resend_brings_another_code_and_new_tries(desk: CodeDesk) -> None:
    code = await desk.ask(channels=WHATSAPP)
    old = desk.digits
    await desk.fail(code, 3)
    assert await desk.type(code, old) is Result.LOCKED
    desk.world.clock.advance(30)
    again = await resend_code(desk.services, BUSINESS, code.code_id)
    assert again is not None
    assert again.job is not None
    assert again.job.digits != old
    assert again.code.expires_at == NOON + 330 * SECOND
    assert await desk.type(code, old) is Result.WRONG
    assert await desk.type(code, again.job.digits) is Result.APPROVED
    assert (StatusKind.RESENT, Channel.WHATSAPP, "") in await desk.history(code)


async def test_to_who_wants_no_codes_nothing_is_sent_again(desk: CodeDesk) -> None:
    code = await desk.ask()
    desk.world.clock.advance(30)
    await desk.services.codes.suppress(BUSINESS, ANA, Instant(NOON + DAY))
    again = await resend_code(desk.services, BUSINESS, code.code_id)
    assert again is not None
    assert again.job is not None
    await deliver_code(desk.services, again.job)
    assert len(desk.whatsapp) == 1


async def test_an_expired_code_may_be_sent_again_for_half_an_hour(desk: CodeDesk) -> None:
    code = await desk.ask()
    desk.world.clock.advance(1799)
    assert await resend_code(desk.services, BUSINESS, code.code_id)
    desk.world.clock.advance(1)
    with pytest.raises(Conflict):
        await resend_code(desk.services, BUSINESS, code.code_id)


async def test_what_is_over_is_not_sent_again(desk: CodeDesk) -> None:
    used, cancelled = await desk.ask(), await desk.ask(BEN)
    inbound = (await desk.request(CLEO, channels=INBOUND)).code
    assert await desk.type(used, _of(desk, ANA)) is Result.APPROVED
    assert await cancel_code(desk.services, BUSINESS, cancelled.code_id)
    desk.world.clock.advance(60)
    for code in (used, cancelled, inbound):
        with pytest.raises(Conflict):
            await resend_code(desk.services, BUSINESS, code.code_id)


def _of(desk: CodeDesk, number: Alias) -> str:
    sent = next(one for one in desk.whatsapp if one["to"] == f"+{number.value}")
    return str(sent["template"]["components"][0]["parameters"][0]["text"])


async def test_a_resend_is_limited_as_a_request_is(desk: CodeDesk) -> None:
    code = await desk.ask()
    with pytest.raises(TooMany):
        await resend_code(desk.services, BUSINESS, code.code_id)


async def test_a_resend_counts_for_the_address_of_its_request(desk: CodeDesk) -> None:
    address = NetworkAddress("203.0.113.7")
    first = await desk.ask(address=address)
    for block in range(19):
        await desk.request(phone_alias(f"4477{block:04d}0000"), address=address)
    desk.world.clock.advance(30)
    with pytest.raises(TooMany) as refused:
        await resend_code(desk.services, BUSINESS, first.code_id)
    assert refused.value.policy == "address"
    other = await desk.ask(BEN)
    desk.world.clock.advance(30)
    assert await resend_code(desk.services, BUSINESS, other.code_id)


async def test_what_is_cancelled_is_no_longer_good(desk: CodeDesk) -> None:
    code = await desk.ask()
    assert await cancel_code(desk.services, BUSINESS, code.code_id)
    assert await desk.type(code, desk.digits) is Result.EXPIRED


async def test_of_another_business_there_is_nothing_to_resend_or_cancel(desk: CodeDesk) -> None:
    code = await desk.ask()
    assert await resend_code(desk.services, RIVAL, code.code_id) is None
    assert not await cancel_code(desk.services, RIVAL, code.code_id)
    assert await resend_code(desk.services, BUSINESS, code_id(999_999)) is None
    assert await desk.type(code, desk.digits) is Result.APPROVED
