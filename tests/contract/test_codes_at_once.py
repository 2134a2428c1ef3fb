"""The contract of `ports.codes.Codes`, of many at once: all is as if they came one by one."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code import Channel, Code, Result, StatusKind
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import HOUR
from tests.support.builders import BUSINESS
from tests.support.clocks import NOON
from tests.support.codes import RIGHT, WRONG, code, entered, entrance, found, line, opened, tried
from tests.support.stores import PostgresHome

MANY = 20


def number_of(which: int) -> dict[str, Any]:
    return {"number": phone_alias(f"44770090{which:04d}")}


def requests(count: int = MANY) -> list[Code]:
    """Requests for as many numbers."""
    return [code(which, **number_of(which)) for which in range(1, count + 1)]


def use(limit: LimitName, most: int, amount: int = 1) -> Use:
    return Use(limit=limit, subject="", most=most, window=HOUR, amount=amount)


async def test_of_many_at_once_a_limit_lets_in_exactly_as_many_as_it_has_room_for(
    store: Store,
) -> None:
    area, wide = use(LimitName.AREA, 7), use(LimitName.BUSINESS, MANY)
    way = entrance(area, wide)
    came = await asyncio.gather(*(entered(store, made, way) for made in requests()))
    assert Counter(one.limit for one in came) == {None: 7, LimitName.AREA: MANY - 7}
    assert [one.code is None for one in came] == [bool(one.limit) for one in came]
    left = [await store.limits.take(BUSINESS, (wide,), NOON) for _ in range(MANY - 7 + 1)]
    assert left == [None] * (MANY - 7) + [LimitName.BUSINESS]


async def test_what_costs_more_is_not_let_in_on_what_is_left_for_less(store: Store) -> None:
    cheap, dear = use(LimitName.BUDGET, 10, 1), use(LimitName.BUDGET, 10, 4)
    ways = [entrance(dear if which % 3 == 0 else cheap) for which in range(MANY)]
    pairs = zip(requests(), ways, strict=True)
    came = await asyncio.gather(*(entered(store, made, way) for made, way in pairs))
    spent = sum(
        way.uses[0][0].amount for one, way in zip(came, ways, strict=True) if one.code is not None
    )
    assert spent == 10
    assert await store.limits.take(BUSINESS, (cheap,), NOON) is LimitName.BUDGET


async def test_each_of_many_hears_of_its_own_try(store: Store) -> None:
    made = [await opened(store, which, **number_of(which)) for which in range(1, MANY + 1)]
    typed = [RIGHT if which % 2 else WRONG for which in range(MANY)]
    pairs = zip(made, typed, strict=True)
    came = await asyncio.gather(*(tried(store, one, digits) for one, digits in pairs))
    results = [Result.APPROVED if digits == RIGHT else Result.WRONG for digits in typed]
    assert [one.result for one in came] == results
    assert [one.code.code_id for one in came] == [one.code_id for one in made]
    assert [(await found(store, one)).tries for one in made] == [1] * MANY


async def test_each_of_many_is_noted_for_itself(store: Store) -> None:
    made = [await opened(store, which, **number_of(which)) for which in range(1, MANY + 1)]
    sent = line(StatusKind.SENT)
    await store.codes.note(made[3], sent, None)
    noted = await asyncio.gather(*(store.codes.note(one, sent, None) for one in made))
    assert noted == [which != 3 for which in range(MANY)]
    assert {(await found(store, one)).history for one in made} == {(sent,)}


async def test_each_of_many_is_told_of_its_own_number(store: Store) -> None:
    made = [
        await opened(store, which, asked=which, **number_of(which)) for which in range(1, MANY + 1)
    ]
    sheets = await asyncio.gather(
        *(store.codes.sheet(BUSINESS, one.number, "other", NOON) for one in made)
    )
    assert [sheet.asked for sheet in sheets] == list(range(1, MANY + 1))


@pytest.mark.postgres
async def test_many_at_once_go_to_the_database_in_few_round_trips(
    postgres_home: PostgresHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await postgres_home.open()
    area = entrance(use(LimitName.AREA, MANY))
    asked: Counter[str] = Counter()

    def counting(name: str) -> None:
        way = getattr(asyncpg.Connection, name)

        async def counted(self: object, *given: object, **more: object) -> object:
            asked[name] += 1
            return await way(self, *given, **more)

        monkeypatch.setattr(asyncpg.Connection, name, counted)

    for name in ("fetch", "fetchmany", "execute"):
        counting(name)
    made = requests()
    came = await asyncio.gather(*(entered(store, one, area) for one in made))
    assert all(one.code is not None for one in came)
    assert asked == {"execute": 2, "fetchmany": 3}  # a transaction: its turn, its area, its row
    await store.close()


async def test_one_that_cannot_be_kept_harms_no_other(store: Store) -> None:
    await opened(store, 1, channels=(Channel.WHATSAPP,), **number_of(1))
    again = [code(one + 10, **number_of(one)) for one in range(1, 5)]
    came = await asyncio.gather(*(entered(store, one) for one in again))
    assert [one.code is None for one in came] == [True, False, False, False]
