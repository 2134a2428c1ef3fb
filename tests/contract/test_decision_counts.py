"""Decisions counted by verdict, on both backends: always what a look at each of them says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decision import Verdict
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId, DecisionId, Prefix, mint
from askfirst.domain.values.timestamp import DAY, MINUTE, SECOND, Instant
from askfirst.usecases.stats.count_decisions import count_decisions
from tests.support.builders import BUSINESS, RIVAL, decision, decision_record, question
from tests.support.clocks import NOON
from tests.support.services import World

MIDNIGHT = Instant(NOON // DAY * DAY)
BEFORE = Instant(NOON - 10 * DAY)


async def decide(
    store: Store, moments: Sequence[Instant], business_id: BusinessId = BUSINESS
) -> Counter[Verdict]:
    """Write a decision down for each moment, each third of them a no; returns what they are."""
    counts: Counter[Verdict] = Counter()
    for number, when in enumerate(moments):
        verdict = Verdict.ALLOW if number % 3 else Verdict.DENY
        name = mint(Prefix.DECISION, when // 1000, bytes([*divmod(number, 32), *bytes(14)]))
        record = decision_record(
            decided_at=when,
            question=question(business_id=business_id),
            decision=decision(verdict),
        )
        await store.decisions.record(replace(record, decision_id=DecisionId(name)))
        counts[verdict] += 1
    return counts


def minutes_before_noon(*minutes: int) -> list[Instant]:
    return [Instant(NOON - one * MINUTE) for one in minutes]


async def test_a_count_in_small_steps_says_at_each_what_all_decisions_say(store: Store) -> None:
    said = await decide(store, minutes_before_noon(*range(1, 20)))
    steps = 0
    is_done = False
    while not is_done:
        assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said
        is_done = await store.decision_counts.advance(BUSINESS, BEFORE, NOON, 4)
        steps += 1
    assert steps == 5
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said


async def test_what_comes_after_the_counted_is_counted_too_and_never_twice(store: Store) -> None:
    said = await decide(store, minutes_before_noon(30, 20, 10))
    assert await store.decision_counts.advance(BUSINESS, BEFORE, NOON, 100)
    said += await decide(store, [Instant(NOON + one * SECOND) for one in range(7)])
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said
    assert await store.decision_counts.advance(BUSINESS, BEFORE, Instant(NOON + MINUTE), 100)
    assert await store.decision_counts.advance(BUSINESS, BEFORE, Instant(NOON + MINUTE), 100)
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said


async def test_days_before_the_asked_one_do_not_count(store: Store) -> None:
    await decide(store, [Instant(MIDNIGHT - 1), Instant(MIDNIGHT - DAY)])
    said = await decide(store, [MIDNIGHT, Instant(MIDNIGHT + SECOND)])
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said
    assert await store.decision_counts.advance(BUSINESS, BEFORE, NOON, 100)
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said


async def test_another_business_has_counts_of_its_own(store: Store) -> None:
    said = await decide(store, minutes_before_noon(3, 2))
    await decide(store, minutes_before_noon(5), RIVAL)
    assert await store.decision_counts.advance(RIVAL, BEFORE, NOON, 100)
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said


async def test_two_that_count_at_once_count_nothing_twice(store: Store) -> None:
    said = await decide(store, minutes_before_noon(*range(1, 40)))
    counting = (store.decision_counts.advance(BUSINESS, BEFORE, NOON, 7) for _ in range(4))
    await asyncio.gather(*counting, return_exceptions=True)
    while not await store.decision_counts.advance(BUSINESS, BEFORE, NOON, 7):
        pass
    assert await store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said


async def test_a_decision_that_may_still_be_written_down_is_not_passed_over(world: World) -> None:
    said = await decide(world.store, [Instant(NOON - 5 * MINUTE), Instant(NOON - SECOND)])
    assert await count_decisions(world.services, BUSINESS)
    said += await decide(world.store, [Instant(NOON - 30 * SECOND)])
    world.clock.set(Instant(NOON + 10 * MINUTE))
    assert await count_decisions(world.services, BUSINESS)
    assert await world.store.decision_counts.by_verdict(BUSINESS, MIDNIGHT) == said
