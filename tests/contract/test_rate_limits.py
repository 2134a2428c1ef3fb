"""The contract of limits: counted at once, given back, forgotten."""

from __future__ import annotations

import asyncio
from collections import Counter

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from tests.support.builders import BEN, BUSINESS, RIVAL
from tests.support.clocks import NOON, at
from tests.support.stores import Home


async def test_a_limit_lets_so_many_through_and_begins_anew_with_the_next_stretch(
    store: Store,
) -> None:
    use = Use(limit=LimitName.AREA, subject="4477009", most=3, window=HOUR)
    taken = await asyncio.gather(*(store.limits.take(BUSINESS, (use,), at(5)) for _ in range(9)))
    assert Counter(taken) == {None: 3, LimitName.AREA: 6}
    assert await store.limits.opens_at(BUSINESS, use) == at(5) + HOUR
    assert await store.limits.take(BUSINESS, (use,), at(3604)) is LimitName.AREA
    assert await store.limits.take(RIVAL, (use,), at(3604)) is None
    assert await store.limits.take(BUSINESS, (replace(use, subject="1"),), at(5)) is None
    assert await store.limits.take(BUSINESS, (use,), at(3605)) is None
    assert await store.limits.opens_at(BUSINESS, use) == at(3605) + HOUR


async def test_of_two_limits_the_one_that_is_reached_is_named(store: Store) -> None:
    wide, narrow = (
        Use(limit=LimitName.BUSINESS, subject="", most=9, window=HOUR),
        Use(limit=LimitName.BUDGET, subject="", most=1000, window=DAY, amount=600),
    )
    assert await store.limits.take(BUSINESS, (wide, narrow), NOON) is None
    assert await store.limits.take(BUSINESS, (wide, narrow), NOON) is LimitName.BUDGET
    cheap = replace(narrow, amount=400)
    assert await store.limits.take(BUSINESS, (wide, cheap), NOON) is None
    assert await store.limits.take(BUSINESS, (replace(narrow, amount=0),), NOON) is None
    assert await store.limits.take(RIVAL, (replace(narrow, amount=1001),), NOON) is LimitName.BUDGET


async def test_what_was_not_spent_is_given_back_within_its_stretch(store: Store) -> None:
    budget = Use(limit=LimitName.BUDGET, subject="", most=100, window=DAY, amount=40)
    assert await store.limits.take(BUSINESS, (budget,), NOON) is None
    assert await store.limits.take(BUSINESS, (budget,), NOON) is None
    await store.limits.refund(BUSINESS, budget, at(1))
    await store.limits.refund(RIVAL, budget, at(1))
    assert (
        await store.limits.take(BUSINESS, (replace(budget, amount=61),), at(2)) is LimitName.BUDGET
    )
    assert await store.limits.take(BUSINESS, (replace(budget, amount=60),), at(2)) is None
    await store.limits.refund(BUSINESS, budget, Instant(NOON + DAY))
    assert await store.limits.take(BUSINESS, (budget,), at(3)) is LimitName.BUDGET


async def test_money_is_counted_beyond_what_fits_into_32_bits(store: Store) -> None:
    use = Use(limit=LimitName.BUDGET, subject="", most=9 * 10**12, window=DAY, amount=4 * 10**12)
    taken = [await store.limits.take(BUSINESS, (use,), NOON) for _ in range(3)]
    assert taken == [None, None, LimitName.BUDGET]


async def test_where_nothing_is_allowed_nothing_passes(store: Store) -> None:
    use = Use(limit=LimitName.AREA, subject="1", most=0, window=HOUR)
    assert await store.limits.take(BUSINESS, (use,), NOON) is LimitName.AREA


async def test_what_a_narrow_limit_refuses_uses_up_nothing_of_the_wide_one(store: Store) -> None:
    narrow = Use(limit=LimitName.ANSWERS_ADDRESS, subject="x", most=1, window=HOUR)
    number = Use(limit=LimitName.ANSWERS_NUMBER, subject="y", most=9, window=HOUR)
    wide = Use(limit=LimitName.ANSWERS_BUSINESS, subject="", most=2, window=HOUR)
    assert await store.limits.take(BUSINESS, (narrow, number, wide), NOON) is None
    for _ in range(3):
        taken = await store.limits.take(BUSINESS, (narrow, number, wide), NOON)
        assert taken is LimitName.ANSWERS_ADDRESS
    assert await store.limits.take(BUSINESS, (wide,), NOON) is None
    assert await store.limits.take(BUSINESS, (wide,), NOON) is LimitName.ANSWERS_BUSINESS


async def test_what_is_limited_does_not_lie_open_on_disk(home: Home, store: Store) -> None:
    use = Use(limit=LimitName.ANSWERS_NUMBER, subject=BEN.value, most=7, window=HOUR)
    await store.limits.take(BUSINESS, (use,), NOON)
    kept = await home.raw_bytes()
    assert b"answers.number" in kept
    assert BEN.value.encode() not in kept


async def test_sweeping_forgets_the_stretches_that_are_over(store: Store, home: Home) -> None:
    await store.directory.put_business(Business(business_id=BUSINESS, name="Shop"), NOON)
    for subject, window in (("1", HOUR), ("2", DAY)):
        use = Use(limit=LimitName.AREA, subject=subject, most=1, window=window)
        await store.limits.take(BUSINESS, (use,), NOON)
    await store.sweep(BUSINESS, Instant(NOON + HOUR + 1))
    assert (await home.raw("SELECT count(*) FROM limit_use"))[0][0] == 1
