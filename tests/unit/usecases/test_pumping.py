"""Somebody who earns by the messages asks for codes day and night: what does it cost?"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from askfirst.domain.alias import Alias, phone_alias
from askfirst.domain.code_limits import UNCONVERTED_MOST, CodeRules
from askfirst.domain.errors import TooMany
from askfirst.usecases.deliver_code import deliver_code
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.services import World

PREFIXES = 500
ROUNDS = 24
"""Each prefix is tried once an hour, each time with another number, and all prefixes at once."""
COST, BUDGET = 60_000, 100_000_000


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


async def attack(desk: CodeDesk, *, rounds: int) -> Counter[int]:
    """Ask for codes for 24 hours and read none; gives how many messages each prefix cost."""
    for turn in range(rounds):
        numbers = [phone_alias(f"4477{prefix:04d}{turn:04d}") for prefix in range(PREFIXES)]
        await asyncio.gather(*(once(desk, number) for number in numbers))
        desk.world.clock.advance(86_400 / rounds - 1)
    sent = [message["to"] for message in desk.whatsapp]
    return Counter(int(to[5:9]) for to in sent)


async def once(desk: CodeDesk, number: Alias) -> None:
    try:
        requested = await desk.request(number)
    except TooMany:
        return
    assert requested.errand is not None
    await deliver_code(desk.services, requested.errand)


async def test_a_day_of_pumping_over_five_hundred_prefixes_stays_within_the_caps(
    desk: CodeDesk,
) -> None:
    rules = CodeRules(whatsapp_cost=COST, budget=BUDGET)
    guarded = CodeDesk(replace(desk.world, services=replace(desk.services, code_rules=rules)))
    wasted = await attack(guarded, rounds=ROUNDS)
    assert max(wasted.values()) <= UNCONVERTED_MOST
    assert sum(wasted.values()) * COST <= BUDGET
    assert guarded.world.sms.sent == []


async def test_without_a_budget_each_prefix_still_costs_ten_messages_at_most(
    desk: CodeDesk,
) -> None:
    rules = CodeRules(whatsapp_cost=0)
    guarded = CodeDesk(replace(desk.world, services=replace(desk.services, code_rules=rules)))
    wasted = await attack(guarded, rounds=11)
    assert set(wasted.values()) == {UNCONVERTED_MOST}
