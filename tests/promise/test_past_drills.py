"""Drills: a ledger is damaged at a random place, in a way that hides itself, and then opened again.

Each drill has a seed; what fails can be played again. Whatever was done, the check of the whole
ledger says so, and a server that starts on it sends nothing that rests on a yes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from askfirst.decision.reason import Reason
from askfirst.domain.transparency.ledger_check import Damage, Head
from askfirst.domain.values.alias import Alias
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.usecases.transparency.verify_ledger import Pages, verify_business, verify_heads
from askfirst.usecases.transparency.watch_ledger import check_at_start
from tests.promise.damage import WAYS, copy_of
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BEN_BSUID,
    acquaintance,
    change,
    grant,
    person,
    question,
    refuse,
    sender,
    stop,
)
from tests.support.clocks import FakeClock, at
from tests.support.services import FakeHeadFile, World, build_world
from tests.support.stores import Home, PostgresHome, SqliteHome

_PEOPLE = 30
_HELD = {Reason.LEDGER_BEHIND, Reason.LEDGER_ALTERED}


@asynccontextmanager
async def opened(home: Home, head: FakeHeadFile) -> AsyncIterator[World]:
    store = await home.open()
    try:
        yield build_world(store, FakeClock(at(10_000)), head_file=head)
    finally:
        await store.close()


async def speak(world: World, random: Random, count: int, begin: int) -> None:
    """Let people say yes and no, now and then late, and let Meta name two of them as one."""
    acts = (grant, grant, refuse, stop)
    changes = []
    for number in range(count):
        who, when = person(random.randrange(_PEOPLE)), at(begin + number)
        late = at(begin + number - random.choice((0, 0, 0, 500)))
        changes.append(change(random.choice(acts)(who, at=late), at=when))
    await asyncio.gather(*(world.services.ledger.commit(one) for one in changes))


async def live(world: World, random: Random) -> None:
    """Fill a ledger with everything there is, and keep its head."""
    commit = world.services.ledger.commit
    await world.services.directory.put_sender(sender(), None, at(0))
    for one in (grant(ANA), grant(ANA_BSUID), stop(BEN), grant(BEN_BSUID)):
        await commit(change(one))
    await commit(change(acquaintance(ANA, ANA_BSUID)))
    await commit(change(acquaintance(BEN, BEN_BSUID)))
    await speak(world, random, random.randint(40, 120), begin=600)
    await follow_head(world.services)


async def found_by_verify(world: World, head: FakeHeadFile) -> list[Damage]:
    audit = world.services.audit
    found = [*await audit.guards(), *await verify_heads(audit, head.heads)]
    kept = head.heads.businesses if head.heads else {}
    for business_id in await audit.newest():
        own = kept[business_id].head if business_id in kept else Head()
        async for step in verify_business(audit, business_id, own, Pages(leaves=20)):
            found += step.damages
    return found


async def reason_at_start(world: World, to: Alias = ANA) -> Reason:
    await follow_head(world.services)
    await check_at_start(world.services)
    return (await check_send(world.services, question(to))).reason


@pytest.mark.parametrize("name", WAYS)
async def test_damage_is_found_and_holds(home: Home, name: str) -> None:
    random, head = Random(name), FakeHeadFile()
    async with opened(home, head) as world:
        await live(world, random)
        assert await found_by_verify(world, head) == []
        assert await reason_at_start(world) is Reason.OPTED_IN
    await WAYS[name](home, random)
    async with opened(home, head) as world:
        assert await found_by_verify(world, head) != []
        assert await reason_at_start(world) in _HELD


@pytest.mark.parametrize("seed", range(3))
async def test_an_older_copy_is_found_and_holds(home: Home, tmp_path: Path, seed: int) -> None:
    random, head = Random(seed), FakeHeadFile()
    async with opened(home, head) as world:
        await live(world, random)
    copy = await _copy(home, tmp_path)
    async with opened(home, head) as world:
        await world.services.ledger.commit(change(stop(ANA, at=at(5_000))))
        await speak(world, random, random.randint(0, 20), begin=5_001)
        assert await reason_at_start(world) is not Reason.OPTED_IN
    async with opened(await _restored(home, copy), head) as world:
        assert await found_by_verify(world, head) != []
        assert await reason_at_start(world) is Reason.LEDGER_BEHIND


async def _copy(home: Home, folder: Path) -> str:
    if isinstance(home, SqliteHome):
        copy_of(home, str(folder / "copy.db"))
        return str(folder / "copy.db")
    assert isinstance(home, PostgresHome)
    name = f"{home.database}_copy_{folder.name}"
    server = PostgresHome(home.server, "postgres")
    await server.raw(f"CREATE DATABASE {name} TEMPLATE {home.database}")
    return name


async def _restored(home: Home, copy: str) -> Home:
    if isinstance(home, SqliteHome):
        for file in home.path.parent.glob(home.path.name + "*"):
            file.unlink()
        Path(copy).rename(home.path)
        return home
    assert isinstance(home, PostgresHome)
    return PostgresHome(home.server, copy)
