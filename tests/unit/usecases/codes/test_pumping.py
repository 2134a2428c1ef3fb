"""Somebody who earns by the messages asks for codes day and night: what does it cost?"""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from askfirst.domain.codes.code import Result
from askfirst.domain.codes.code_limits import (
    NUMBER_MOST,
    UNCONVERTED_GIVEN_BACK,
    UNCONVERTED_MOST,
    CodeRules,
)
from askfirst.domain.tasks.task import Queue
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import TooMany
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.codes.request_code import Requested
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.services import World
from tests.support.tasks import run_due

PREFIXES = 500
ROUNDS = 24
"""Each prefix is tried once an hour, each time with another number, and all prefixes at once."""
COST, BUDGET = 60_000, 100_000_000
READ, SIM = range(0, PREFIXES, 10), 9_999
"""In every tenth prefix there is one number that the attacker can read, with this end."""


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


def with_rules(desk: CodeDesk, rules: CodeRules) -> CodeDesk:
    return CodeDesk(replace(desk.world, services=replace(desk.services, code_rules=rules)))


async def attack(desk: CodeDesk, *, rounds: int, reads_from: int | None = None) -> Counter[int]:
    """Ask for codes for 24 hours and let what is not delivered be followed by SMS.

    From round `reads_from` on, what comes to the attacker's SIMs is typed in. Gives how many
    messages each prefix cost.
    """
    for turn in range(rounds):
        unread = [once(desk, number_in(prefix, turn)) for prefix in range(PREFIXES)]
        await asyncio.gather(*unread)
        if reads_from is not None and turn >= reads_from:
            await asyncio.gather(*(read_once(desk, number_in(prefix, SIM)) for prefix in READ))
        desk.world.clock.advance(20)
        await run_due(desk.world, Queue.CODES)
        desk.world.clock.advance(86_400 / rounds - 21)
    by_whatsapp = (message["to"].removeprefix("+") for message in desk.whatsapp)
    by_sms = (to for to, *_ in desk.world.sms.sent)
    return Counter(int(to[4:8]) for to in (*by_whatsapp, *by_sms))


def number_in(prefix: int, end: int) -> Alias:
    return phone_alias(f"4477{prefix:04d}{end:04d}")


async def once(desk: CodeDesk, number: Alias) -> Requested | None:
    try:
        requested = await desk.request(number)
    except TooMany:
        return None
    assert requested.job is not None
    await deliver_code(desk.services, requested.job)
    return requested


async def read_once(desk: CodeDesk, number: Alias) -> None:
    requested = await once(desk, number)
    if requested and requested.job:
        result = await desk.type(requested.code, requested.job.digits)
        assert result is Result.APPROVED


async def test_a_day_of_pumping_over_five_hundred_prefixes_stays_within_the_caps(
    desk: CodeDesk,
) -> None:
    rules = CodeRules(whatsapp_cost=COST, sms_cost=COST, budget=BUDGET)
    cost = await attack(with_rules(desk, rules), rounds=ROUNDS)
    assert max(cost.values()) <= UNCONVERTED_MOST
    assert sum(cost.values()) * COST <= BUDGET
    assert desk.world.sms.sent != []


async def test_without_a_budget_each_prefix_still_costs_ten_messages_at_most(
    desk: CodeDesk,
) -> None:
    rules = CodeRules(whatsapp_cost=0, sms_cost=0)
    cost = await attack(with_rules(desk, rules), rounds=6)
    assert set(cost.values()) == {UNCONVERTED_MOST}
    assert len(desk.world.sms.sent) == PREFIXES * UNCONVERTED_MOST / 2


async def test_who_reads_one_sim_of_a_prefix_gets_ten_messages_more_and_no_others(
    desk: CodeDesk,
) -> None:
    rules = CodeRules(whatsapp_cost=0, sms_cost=0)
    cost = await attack(with_rules(desk, rules), rounds=12, reads_from=3)
    most = UNCONVERTED_MOST + NUMBER_MOST * UNCONVERTED_GIVEN_BACK
    assert UNCONVERTED_MOST < max(cost[prefix] for prefix in READ) <= most
    assert {cost[prefix] for prefix in set(range(PREFIXES)) - set(READ)} == {UNCONVERTED_MOST}
