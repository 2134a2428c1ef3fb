"""A clock that jumps, goes back, or was wrong: nothing of it outlives its repair."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.clock_watch import ClockWatch
from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.database.store import Store
from askfirst.bootstrap.health.clock_check import ClockBehind, check_clock, find_clock
from askfirst.domain.codes.code import Channel, Result, StatusKind
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY, MINUTE, SECOND, Instant
from askfirst.ports.consent.timeline import Newest
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Sent
from askfirst.usecases.sending.send_message import send_message
from tests.support.builders import (
    ANA,
    BEN,
    BUSINESS,
    RIVAL,
    change,
    grant,
    sender,
    sighting,
    stop,
    template,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.codes import RIGHT, line, opened, tried
from tests.support.services import World
from tests.support.stores import Home
from tests.unit.usecases.sending.test_send_message import MESSAGE


async def newest(store: Store, now: Instant) -> list[tuple[str, int]]:
    return [(one[0], one[1]) for one in await store.timeline.newest_after(now)]


async def test_events_after_a_repair_carry_right_stamps(home: Home) -> None:
    """A day ahead for a third of a second, in the same process, and then put right."""
    nanoseconds = {"wall": NOON * 1_000, "steady": 0}
    clock = SystemClock(lambda: nanoseconds["wall"], lambda: nanoseconds["steady"])
    store = await home.open(ids=SystemIds(clock), clock=clock)

    async def say(*acts: object) -> None:
        now = clock.now()
        said = [replace(act, occurred_at=now) for act in acts]  # type: ignore[type-var]
        await store.ledger.commit(change(*said, at=now))  # type: ignore[arg-type]

    await say(grant(ANA))
    nanoseconds["wall"] += DAY * 1_000
    await say(grant(BEN))
    for hand in nanoseconds:
        nanoseconds[hand] += SECOND * 333
    nanoseconds["wall"] -= DAY * 1_000
    for hand in nanoseconds:
        nanoseconds[hand] += SECOND * 1_000
    await say(grant(ANA))
    await say(stop(BEN))
    events = await store.ledger.events(BUSINESS, 0, 9)  # type: ignore[arg-type]
    assert [event.recorded_at - NOON for event in events] == [0, DAY, 1_333_000, 1_333_000]
    assert [event.occurred_at for event in events] == [event.recorded_at for event in events]
    assert await newest(store, Instant(NOON + MINUTE)) == []
    await store.close()


class TestStart:
    async def test_a_clock_may_be_behind_the_newest_event_by_a_minute(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), at=at(60)))
        await check_clock(store.timeline, FakeClock(NOON))
        with pytest.raises(ClockBehind):
            await check_clock(store.timeline, FakeClock(at(-0.000001)))

    async def test_the_refusal_says_what_to_do(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), at=at(86_400)))
        with pytest.raises(ClockBehind) as refused:
            await check_clock(store.timeline, FakeClock(NOON))
        for part in ("2026-01-15T12:00", "2026-01-16T12:00", "set the clock", "clock accept"):
            assert part in refused.value.message

    async def test_an_empty_ledger_asks_nothing_of_the_clock(self, store: Store) -> None:
        assert await newest(store, Instant(0)) == []
        await check_clock(store.timeline, FakeClock(Instant(0)))

    async def test_the_newest_is_the_one_of_the_highest_position(self, store: Store) -> None:
        """Once a right stamp follows a wrong one, the wrong one keeps nobody off."""
        await store.ledger.commit(change(grant(), at=at(86_400)))
        await store.ledger.commit(change(stop(), at=NOON))
        assert await newest(store, NOON) == []
        await check_clock(store.timeline, FakeClock(NOON))

    async def test_each_business_is_looked_at(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), at=at(86_400), business=RIVAL))
        await store.ledger.commit(change(grant()))
        assert await newest(store, NOON) == [(RIVAL, at(86_400))]

    async def test_what_an_operator_accepted_keeps_nobody_off(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), at=at(86_400)))
        for _ in range(2):
            await store.timeline.accept(Newest(BUSINESS, at(86_400)), NOON)
        await check_clock(store.timeline, FakeClock(NOON))
        await store.ledger.commit(change(grant(), at=at(86_401)))
        with pytest.raises(ClockBehind):
            await check_clock(store.timeline, FakeClock(NOON))

    async def test_what_was_accepted_of_one_business_is_not_of_another(self, store: Store) -> None:
        for business in (BUSINESS, RIVAL):
            await store.ledger.commit(change(grant(), at=at(86_400), business=business))
        await store.timeline.accept(Newest(BUSINESS, at(86_400)), NOON)
        assert await newest(store, NOON) == [(RIVAL, at(86_400))]

    async def test_acceptance_is_written_down(self, home: Home) -> None:
        store = await home.open()
        await store.timeline.accept(Newest(BusinessId("acme"), at(86_400)), NOON)
        await store.close()
        rows = await home.raw("SELECT business_id, recorded_at, accepted_at FROM clock_acceptance")
        assert [tuple(row) for row in rows] == [("acme", at(86_400), NOON)]


async def test_the_check_up_tells_of_the_clock(store: Store) -> None:
    clock = FakeClock(NOON)
    watch = ClockWatch(clock.steady)
    (fine,) = await find_clock(store.timeline, clock, watch)
    assert (fine.check, fine.severity) == ("clock", Severity.OK)
    await store.ledger.commit(change(grant(), at=at(86_400)))
    watch.jumped(DAY)
    jumped, behind = await find_clock(store.timeline, clock, watch)
    assert (jumped.check, jumped.severity) == ("clock_jumped", Severity.WARNING)
    assert (behind.check, behind.severity) == ("clock_behind", Severity.PROBLEM)
    assert "askfirst clock accept" in behind.remedy


class TestPermit:
    @pytest.fixture
    async def world(self, world: World) -> World:
        await world.store.directory.put_sender(sender(), "token", NOON)
        await world.store.ledger.commit(change(grant()))
        world.clock.advance(60)
        return world

    @pytest.mark.parametrize(
        ("passed", "jump", "leaves"),
        [
            (1.9, 0, True),
            (2, 0, False),
            (3, -3_600, False),
            (2, -2, False),
            (1.9, -3_600, True),
            (0.1, 3_600, False),
        ],
    )
    async def test_no_clock_that_is_set_keeps_a_permit_alive(
        self, world: World, passed: float, jump: float, leaves: bool
    ) -> None:
        log = world.services.decisions

        class SlowLog:
            async def record(self, record: object) -> object:
                kept = await log.record(record)  # type: ignore[arg-type]
                world.clock.advance(passed)
                world.clock.jump(jump)
                return kept

            def conclude(self, outcome: object) -> object:
                return log.conclude(outcome)  # type: ignore[arg-type]

        services = replace(world.services, decisions=SlowLog())  # type: ignore[arg-type]
        done = await send_message(services, MESSAGE)
        assert isinstance(done, Sent if leaves else Refused)
        assert len(world.connections.sent) == leaves
        await asyncio.sleep(0)


class TestCodes:
    """A code that was made while the clock was ahead does not live for as long as it was."""

    @pytest.mark.parametrize("ahead", [660.000001, 3_600, 86_400])
    async def test_a_code_of_a_clock_that_ran_ahead_counts_for_nothing(
        self, store: Store, ahead: float
    ) -> None:
        made = await opened(store, expires_at=at(ahead))
        assert made.result(NOON) is Result.EXPIRED
        assert (await tried(store, made, RIGHT, moment=0)).result is Result.EXPIRED
        inbound = await opened(
            store, 2, "", channels=(Channel.WHATSAPP_INBOUND,), expires_at=at(ahead)
        )
        approved = await store.codes.prove(
            BUSINESS, inbound.code_id, line(StatusKind.APPROVED, moment=0)
        )
        assert not approved

    async def test_a_code_may_end_as_late_as_any_and_a_minute(self, store: Store) -> None:
        made = await opened(store, expires_at=at(660))
        assert (await tried(store, made, RIGHT, moment=0)).result is Result.APPROVED


class TestTemplates:
    """What was seen by a clock that ran ahead must not hide what Meta says afterwards."""

    async def seen(self, store: Store) -> tuple[Category, TemplateState]:
        (found,) = await store.directory.templates(BUSINESS, "", 9)
        return found.category, found.state

    @pytest.fixture
    async def ahead(self, store: Store) -> Store:
        await store.directory.put_sender(sender(), None, NOON)
        await store.directory.put_templates(
            (template(category=Category.UTILITY, seen_at=at(86_400)),)
        )
        return store

    @pytest.mark.parametrize("language", ["en", ""])
    async def test_a_pause_counts(self, ahead: Store, language: str) -> None:
        paused = sighting(state=TemplateState.PAUSED, language=language, at=at(5))
        await ahead.ledger.commit(change(paused, at=at(6)))
        assert (await self.seen(ahead))[1] is TemplateState.PAUSED

    async def test_a_list_counts(self, ahead: Store) -> None:
        await ahead.directory.put_templates((template(category=Category.MARKETING, seen_at=at(5)),))
        assert (await self.seen(ahead))[0] is Category.MARKETING

    async def test_what_is_older_still_does_not(self, store: Store) -> None:
        await store.directory.put_templates((template(category=Category.UTILITY, seen_at=at(600)),))
        late = sighting(category=Category.MARKETING, at=at(5))
        await store.ledger.commit(change(late, at=at(601)))
        await store.directory.put_templates((template(category=Category.MARKETING, seen_at=at(5)),))
        assert (await self.seen(store))[0] is Category.UTILITY
