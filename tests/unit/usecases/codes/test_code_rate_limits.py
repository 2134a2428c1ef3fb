"""Codes are held to their limits, and what is refused uses up nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from askfirst.domain.codes.code import Channel, CodeState, Result
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.inbound.inbound_event import TextReceived
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import (
    TooMany,
)
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.rate_limit import LimitName
from askfirst.domain.values.timestamp import DAY, HOUR, SECOND
from askfirst.usecases.codes.request_code import Requested
from askfirst.usecases.codes.resend_code import resend_code
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import ANA, BEN, BUSINESS, OTHER_SENDER, RIVAL, sender
from tests.support.clocks import NOON
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.notices import typed
from tests.support.services import World

KEY = ("form-1", b"d" * 32)
INBOUND = (Channel.WHATSAPP_INBOUND,)
WHATSAPP = (Channel.WHATSAPP,)
SMS = (Channel.SMS,)


def someone(block: int, end: int) -> Alias:
    """A number of one of many blocks of ten thousand."""
    return phone_alias(f"4477{block:04d}{end:04d}")


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


async def refused(desk: CodeDesk, number: Alias = ANA, **parts: Any) -> LimitName:
    """Ask for a code that a limit refuses; gives its name."""
    with pytest.raises(TooMany) as too_many:
        await desk.request(number, **parts)
    limit, wait = LimitName(too_many.value.policy), too_many.value.retry_after_seconds
    assert wait is None if limit is LimitName.FROZEN else wait
    return limit


@pytest.mark.parametrize(("wait", "is_free"), [(29.999999, False), (30, True)])
async def test_a_number_waits_half_a_minute_for_its_next_code(
    desk: CodeDesk, wait: float, is_free: bool
) -> None:
    await desk.request()
    desk.world.clock.advance(wait)
    if is_free:
        await desk.request(purpose="payment")
    else:
        assert await refused(desk, purpose="payment") is LimitName.COOL_DOWN
    await desk.request(BEN)


async def test_of_requests_for_one_number_at_once_one_gets_a_code(world: World) -> None:
    desk = await open_code_desk(world)
    results = await asyncio.gather(
        *(desk.request(purpose=f"p{n}") for n in range(20)), return_exceptions=True
    )
    assert sum(isinstance(one, Requested) for one in results) == 1
    assert sum(isinstance(one, TooMany) for one in results) == 19


async def test_a_number_gets_five_codes_a_day_resends_included(desk: CodeDesk) -> None:
    code = await desk.ask()
    for _ in range(2):
        desk.world.clock.advance(30)
        assert await resend_code(desk.services, BUSINESS, code.code_id)
    for _ in range(2):
        desk.world.clock.advance(3600)
        await desk.ask()
    desk.world.clock.advance(60)
    assert await refused(desk) is LimitName.NUMBER
    await desk.request(channels=INBOUND)
    await desk.request(BEN)
    desk.world.clock.set(NOON + DAY)  # type: ignore[arg-type]
    await desk.request()


async def fail_through(desk: CodeDesk, codes: int) -> None:
    """Use up every try of so many codes, five a day."""
    for number in range(codes):
        if number and number % 5 == 0:
            desk.world.clock.advance(86_400)
        code = await desk.ask()
        await desk.fail(code, code.tries_max)
        desk.world.clock.advance(300)


async def test_a_number_is_frozen_after_thirty_wrong_tries_in_a_row(desk: CodeDesk) -> None:
    await fail_through(desk, 10)
    desk.world.clock.advance(86_400)
    assert await refused(desk) is LimitName.FROZEN
    assert await refused(desk, purpose="payment") is LimitName.FROZEN
    assert CodeSignal.FROZEN in desk.world.telemetry.alarms


async def test_an_approval_ends_the_row(desk: CodeDesk) -> None:
    await fail_through(desk, 9)
    desk.world.clock.advance(86_400)
    code = await desk.ask()
    assert await desk.type(code, desk.digits) is Result.APPROVED
    desk.world.clock.advance(300)
    await fail_through(desk, 3)


async def test_a_frozen_number_is_free_once_it_has_proven_itself(desk: CodeDesk) -> None:
    await fail_through(desk, 10)
    desk.world.clock.advance(86_400)
    proof = (await desk.request(channels=INBOUND)).proof
    assert proof is not None
    await hear(desk, typed(proof.proof.text, occurred_at=desk.world.clock.now()))
    desk.world.clock.advance(60)
    assert (await desk.request()).code.tries_max == 3


async def hear(desk: CodeDesk, notice: TextReceived) -> None:
    await take_webhook(desk.services, [notice], b"")


async def test_wrong_tries_in_a_row_are_never_more_than_thirty(desk: CodeDesk) -> None:
    """A code is allowed only the tries that are left; codes for other purposes count as tried."""
    await fail_through(desk, 9)
    desk.world.clock.advance(86_400)
    first = await desk.ask(purpose="payment")
    assert first.tries_max == 3
    desk.world.clock.advance(30)
    assert await refused(desk) is LimitName.FROZEN
    desk.world.clock.advance(300)
    await desk.fail(first, 0)
    second = await desk.ask()
    assert second.tries_max == 3
    await desk.fail(second, 2)
    desk.world.clock.advance(60)
    third = await desk.ask()
    assert third.tries_max == 1
    await desk.fail(third, 1)
    desk.world.clock.advance(60)
    assert await refused(desk) is LimitName.FROZEN


async def test_a_block_of_numbers_gets_ten_codes_that_nobody_types_in(desk: CodeDesk) -> None:
    for end in range(10):
        await desk.request(someone(1, end))
    assert await refused(desk, someone(1, 10)) is LimitName.AREA_UNCONVERTED
    await desk.request(someone(2, 0))
    await desk.request(someone(1, 11), channels=INBOUND)
    desk.world.clock.advance(86_399)
    assert await refused(desk, someone(1, 12)) is LimitName.AREA_UNCONVERTED
    desk.world.clock.advance(1)
    await desk.request(someone(1, 13))
    assert desk.world.telemetry.alarms == [CodeSignal.AREA_UNCONVERTED] * 2


async def test_a_code_that_is_typed_in_gives_its_block_itself_and_one_more(
    desk: CodeDesk,
) -> None:
    for end in range(9):
        await desk.request(someone(1, end))
    code = await desk.ask(someone(1, 9))
    assert await desk.type(code, desk.digits) is Result.APPROVED
    for end in range(10, 12):
        await desk.request(someone(1, end))
    assert await refused(desk, someone(1, 12)) is LimitName.AREA_UNCONVERTED


async def test_a_block_gets_sixty_codes_an_hour_however_well_they_are_read(
    desk: CodeDesk,
) -> None:
    for end in range(60):
        code = await desk.ask(someone(1, end))
        assert await desk.type(code, desk.digits) is Result.APPROVED
    assert await refused(desk, someone(1, 60)) is LimitName.AREA
    desk.world.clock.advance(HOUR / SECOND)
    await desk.request(someone(1, 61))


async def test_an_address_that_is_told_gets_twenty_codes_an_hour(desk: CodeDesk) -> None:
    for block in range(20):
        await desk.request(someone(block, 0), address=NetworkAddress("203.0.113.7"))
    assert (
        await refused(desk, someone(20, 0), address=NetworkAddress("203.0.113.7"))
        is LimitName.ADDRESS
    )
    await desk.request(someone(21, 0), address=NetworkAddress("203.0.113.8"))
    await desk.request(someone(22, 0))


async def test_the_addresses_of_one_household_count_as_one(desk: CodeDesk) -> None:
    for block in range(20):
        await desk.request(someone(block, 0), address=NetworkAddress(f"2001:db8::{block + 1:x}:7"))
    address = NetworkAddress("2001:db8::ffff")
    assert await refused(desk, someone(20, 0), address=address) is LimitName.ADDRESS
    await desk.request(someone(20, 0), address=NetworkAddress("2001:db8:0:1::ffff"))


async def test_an_address_that_had_its_codes_uses_up_none_of_a_block_or_a_number(
    desk: CodeDesk,
) -> None:
    for block in range(20):
        await desk.request(someone(block, 0), address=NetworkAddress("203.0.113.7"))
    for end in range(1, 12):
        refusal = await refused(desk, someone(0, end), address=NetworkAddress("203.0.113.7"))
        assert refusal is LimitName.ADDRESS
    for end in range(1, 10):
        await desk.request(someone(0, end))


async def test_who_hammers_a_number_shuts_out_neither_it_nor_its_block(desk: CodeDesk) -> None:
    small = desk.with_rules(business_most=1)
    await small.request(someone(9, 0))
    for _ in range(70):
        assert await refused(small, someone(1, 0)) is LimitName.BUSINESS
    for end in range(10):
        await desk.request(someone(1, end))


async def test_a_business_and_everybody_have_their_hours(desk: CodeDesk) -> None:
    small = desk.with_rules(business_most=3, everybody_most=4)
    for block in range(3):
        await small.request(someone(block, 0))
    assert await refused(small, someone(3, 0)) is LimitName.BUSINESS
    rival = sender(OTHER_SENDER, business_id=RIVAL)
    await desk.services.directory.put_sender(rival, None, NOON)
    await small.request(someone(4, 0), business_id=RIVAL)
    assert await refused(small, someone(5, 0), business_id=RIVAL) is LimitName.EVERYBODY


async def test_what_everybody_s_limit_refuses_leaves_no_trace(desk: CodeDesk) -> None:
    small = desk.with_rules(everybody_most=1)
    code = await small.ask()
    desk.world.clock.advance(60)
    assert await refused(small, key=KEY) is LimitName.EVERYBODY
    assert (await small.now(code)).state is CodeState.WAITING
    assert await small.type(code, small.digits) is Result.APPROVED
    desk.world.clock.advance(3_540)
    again = await small.request(key=KEY)
    assert not again.is_replayed
    assert again.job is not None


async def test_who_is_refused_for_a_limit_of_their_own_uses_up_nothing_of_everybody_s(
    desk: CodeDesk,
) -> None:
    small = desk.with_rules(business_most=2, everybody_most=3)
    for block in range(2):
        await small.request(someone(block, 0))
    for block in range(2, 30):
        assert await refused(small, someone(block, 0)) is LimitName.BUSINESS
    rival = sender(OTHER_SENDER, business_id=RIVAL)
    await desk.services.directory.put_sender(rival, None, NOON)
    await small.request(someone(2, 0), business_id=RIVAL)
    assert await refused(small, someone(3, 0), business_id=RIVAL) is LimitName.EVERYBODY


async def test_codes_cost_no_more_in_a_day_than_the_budget(desk: CodeDesk) -> None:
    poor = desk.with_rules(whatsapp_cost=40, budget=100)
    for block in range(2):
        await poor.request(someone(block, 0))
    assert await refused(poor, someone(3, 0)) is LimitName.BUDGET
    assert CodeSignal.BUDGET in desk.world.telemetry.alarms
    desk.world.clock.advance(86_400)
    await poor.request(someone(4, 0))


async def test_what_one_number_is_refused_for_uses_up_nothing_that_others_share(
    desk: CodeDesk,
) -> None:
    small = desk.with_rules(business_most=2)
    await small.request(someone(1, 0))
    for _ in range(50):
        assert await refused(small, someone(1, 0)) is LimitName.COOL_DOWN
    await small.request(someone(1, 1))
