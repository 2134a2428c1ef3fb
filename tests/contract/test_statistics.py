"""Whatever happens, in whatever order it is followed, the figures are those of a full scan."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Assurance, Event, EventKind, Source
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.stats.figures import FIGURES, Cell, Counts, Dimension, Figure, summed
from askfirst.domain.stats.local_days import UTC_DAYS, day_of
from askfirst.domain.stats.person import NO_FACTS, PersonFacts, count_person, people_of
from askfirst.domain.stats.report import FiguresQuestion, GroupBy, Step
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Erased, UnknownReference
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Command
from askfirst.ports.stats.statistics import Build, LateStopPage
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.context.services import Services
from askfirst.usecases.stats.follow_ledger import begin_build, follow_stretch, take_over
from askfirst.usecases.stats.read_figures import last_days, read_figures
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    change,
    grant,
    opening,
    statement,
    stop,
)
from tests.support.clocks import NOON, CountingIds, FakeClock, at
from tests.support.figures import people_reachable, scan, scan_late_stops
from tests.support.services import World, build_world
from tests.support.state_machines import drive
from tests.support.stores import Home, PostgresHouse, SqliteHome, fixed_keyring

Result = TypeVar("Result")

PEOPLE = (ANA, BEN, ANA_BSUID)
PURPOSES = ("*", "marketing", "marketing.offers", "utility")
_DAY = 86_400
_DAYS = 50
_KINDS = [
    kind
    for kind in EventKind
    if kind not in {EventKind.LINKED, EventKind.ERASED, EventKind.ACCEPTED, EventKind.KEPT}
]

names = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True)
moments = st.integers(-_DAYS, 0).map(lambda day: at(day * _DAY))
statements = st.builds(
    lambda kind, who, moment, purposes, surface, about: statement(
        kind,
        *who,
        at=moment,
        purposes=purposes,
        surface=surface,
        assurance=Assurance.CONFIRMED,
        source=Source.WEBHOOK,
        about=about if kind is EventKind.WITHDRAWN else None,
    ),
    st.sampled_from([EventKind.GRANTED, EventKind.GRANTED, *_KINDS]),
    names,
    moments,
    st.sampled_from([("marketing",), ("marketing", "utility"), ("marketing.offers",), ()]),
    st.sampled_from([Surface.SIGNUP, Surface.CHAT]),
    st.sampled_from([None, About.COMPLAINT]),
).filter(lambda act: bool(act.purposes) or act.kind is not EventKind.GRANTED)
openings = st.builds(lambda who, moment: opening(*who, at=moment), names, moments)


class FiguresAgainstScan(RuleBasedStateMachine):
    """The ledger lives, is followed a little at a time, and now and then counted anew."""

    new_home: Callable[[], Awaitable[Home]]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = FakeClock()
        self.home = self.run(self.new_home())
        self.store = self.run(self.home.open(fixed_keyring(), CountingIds(), self.clock))
        self.services = build_world(self.store, self.clock).services
        self.build = self.run(begin_build(self.services, BUSINESS, (), "UTC"))

    def run(self, job: Awaitable[Result]) -> Result:
        return self.loop.run_until_complete(job)

    @rule(acts=st.lists(st.one_of(statements, statements, openings), min_size=1, max_size=4))
    def live(self, acts: list[Command]) -> None:
        now = self.clock.advance(1)
        with suppress(Erased):
            self.run(self.store.ledger.commit(change(*acts, at=now)))

    @rule(alias=st.sampled_from(PEOPLE))
    def erase(self, alias: Alias) -> None:
        self.clock.advance(1)
        order = EraseOrder(
            business_id=BUSINESS, person=alias, reason=EraseReason.REQUESTED, source=Source.CLI
        )
        with suppress(UnknownReference):
            self.run(erase_contact(self.services, order))

    @rule(limit=st.integers(1, 5))
    def follow(self, limit: int) -> None:
        self.build = self.run(follow_stretch(self.services, self.build, limit)).build

    @rule()
    def follow_on_stale_knowledge(self) -> None:
        """Another process was as quick: one of the two moves the counts."""
        stale = self.build
        self.follow(3)
        self.run(follow_stretch(self.services, stale, 2))
        self.build = self.run(self.store.statistics.builds(BUSINESS))[0]

    @rule()
    def count_anew(self) -> None:
        """What is made anew is what was kept, where both have everything."""
        self.build = self.run(self.to_the_end(self.build))
        kept = self.run(self.counted(self.build))
        again = self.run(begin_build(self.services, BUSINESS, (self.build,), "UTC"))
        again = self.run(self.to_the_end(again))
        made = self.run(self.counted(again))
        assert _without_countries(kept) == _without_countries(made)
        assert self.run(self.total(again)) == _reachable(made, "*")
        self.run(take_over(self.services, again))
        builds = self.run(self.store.statistics.builds(BUSINESS))
        assert [one.number for one in builds] == [again.number]
        self.build = builds[0]

    @invariant()
    def figures_are_those_of_a_scan(self) -> None:
        events, told = self.run(self.ledger_to(self.build))
        counted = self.run(self.counted(self.build))
        people = people_of(events)
        whole = summed(
            count_person(own, told.get(name, NO_FACTS), UTC_DAYS, {})
            for name, own in people.items()
        )
        assert counted == whole
        assert _acts_of(counted) == scan(events)
        for name in PURPOSES:
            assert _reachable(counted, name) == people_reachable(events, name)

    @invariant()
    def late_stops_are_those_of_a_scan(self) -> None:
        """Whoever was erased meanwhile is not there once the build has come so far."""
        events = self.run(self.store.ledger.events(BUSINESS, Position(0), 10_000))
        known = [one for one in events if one.position <= self.build.position]
        erased = {one.contact_id for one in events if one.kind is EventKind.ERASED}
        told = {one.contact_id for one in known if one.kind is EventKind.ERASED}
        page = LateStopPage(Instant(0), (2**62, 0), 1_000)
        listed = self.run(self.store.statistics.late_stops(self.build, page))
        assert not {one.stop.contact_id for one in listed} & told
        assert len(listed) == self.run(
            self.store.statistics.count_late_stops(self.build, Instant(0))
        )
        stops = [one.stop for one in listed if one.stop.contact_id not in erased]
        assert len(stops) == len(set(stops))
        wanted = {one for one in scan_late_stops(known) if one.contact_id not in erased}
        assert set(stops) == wanted

    async def ledger_to(
        self, build: Build
    ) -> tuple[tuple[Event, ...], dict[ContactId, PersonFacts]]:
        """The whole ledger up to where a build is, and with what people were counted."""
        found = await self.store.ledger.events(BUSINESS, Position(0), 10_000)
        events = tuple(one for one in found if one.position <= build.position)
        beginning = Build(
            business_id=BUSINESS,
            number=build.number,
            position=Position(0),
            sends_through=build.sends_through,
            known_until=NOON,
            zone="UTC",
            format=1,
            is_live=True,
        )
        stretch = await self.store.statistics.stretch(
            beginning, build.position, build.sends_through, 100
        )
        return events, dict(stretch.told)

    async def to_the_end(self, build: Build) -> Build:
        is_level = False
        while not is_level:
            build, is_level = await follow_stretch(self.services, build, 4)
        return build

    async def total(self, build: Build) -> int:
        """Who is reachable, read three ways: before a day, by the month, and over the span."""
        today = day_of(UTC_DAYS.day(self.clock.now()))
        before = FiguresQuestion(first=today + timedelta(days=1), last=today + timedelta(days=1))
        (opening,) = await self.store.statistics.opening(build, before) or (("", 0),)
        for step in (Step.MONTH, Step.SPAN):
            whole = FiguresQuestion(first=today - timedelta(days=99), last=today, step=step)
            rows = await self.store.statistics.counts(build, whole, UTC_DAYS.day(NOON))
            sums = [sum(numbers) for numbers in zip(*(row.numbers for row in rows), strict=True)]
            gained, lost = sums[Figure.GAINED : Figure.LOST + 1] if sums else (0, 0)
            assert gained - lost == opening[1]
            assert sum(row.settled for row in rows) == (sums[Figure.AGREED] if sums else 0)
        return opening[1]

    async def counted(self, build: Build) -> Counts:
        """Everything that is kept of a build, cell by cell."""
        counts: Counts = {}
        for dimension in Dimension:
            by = GroupBy.NOTHING if dimension is Dimension.TOTAL else GroupBy(dimension.value)
            for purpose in (*PURPOSES, "authentication"):
                last = day_of(UTC_DAYS.day(self.clock.now()) + 1)
                question = FiguresQuestion(
                    first=last - timedelta(days=_DAYS + 2),
                    last=last,
                    by=by,
                    step=Step.DAY,
                    purpose=purpose,
                )
                for row in await self.store.statistics.counts(build, question, 0):
                    cell = Cell(dimension.value, purpose, row.value, row.begin)
                    if any(row.numbers):
                        counts[cell] = list(row.numbers)
        return counts

    def teardown(self) -> None:
        self.run(self.store.close())
        self.loop.close()


def _without_countries(counts: Counts) -> Counts:
    """A number that was learnt since is known to the new count first."""
    return {cell: rest for cell, rest in counts.items() if cell.dimension != Dimension.COUNTRY}


def _acts_of(counts: Counts) -> Counter[tuple[Figure, str, int]]:
    told = (
        Figure.OPT_INS,
        Figure.REFUSALS,
        Figure.STOPS,
        Figure.GAINED,
        Figure.LOST,
    )
    found: Counter[tuple[Figure, str, int]] = Counter()
    for cell, numbers in counts.items():
        if cell.dimension == Dimension.TOTAL:
            for figure in told:
                found[figure, cell.purpose, cell.day] += numbers[figure]
    return +found


def _reachable(counts: Counts, purpose: str) -> int:
    return sum(
        numbers[Figure.GAINED] - numbers[Figure.LOST]
        for cell, numbers in counts.items()
        if (cell.dimension, cell.purpose) == (Dimension.TOTAL, purpose)
    )


def test_on_sqlite_figures_are_those_of_a_full_scan(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async def new_home() -> Home:
        folder: Path = tmp_path_factory.mktemp("figures")
        return SqliteHome(folder / "askfirst.db")

    drive(FiguresAgainstScan, new_home, examples=20, steps=20)


@pytest.mark.postgres
def test_on_postgres_figures_are_those_of_a_full_scan(postgres_house: PostgresHouse) -> None:
    async def new_home() -> Home:
        return await postgres_house.new_home()

    drive(FiguresAgainstScan, new_home, examples=4, steps=15)


async def lost_on(services: Services) -> dict[date, int]:
    """On which days of the last two weeks somebody could be written to no more."""
    first, last = await last_days(services, BUSINESS, 14)
    report = await read_figures(services, BUSINESS, FiguresQuestion(first=first, last=last))
    return {row.begin: row.lost for row in report.rows if row.lost}


async def test_a_late_no_corrects_figures_that_were_counted(world: World) -> None:
    services = world.services
    await services.ledger.commit(change(grant(at=at(-9 * _DAY))))
    build = await begin_build(services, BUSINESS, (), "UTC")
    build, _ = await follow_stretch(services, build, 10)
    assert await lost_on(services) == {}
    await services.ledger.commit(change(stop(at=at(-3 * _DAY))))
    await follow_stretch(services, build, 10)
    assert await lost_on(services) == {date(2026, 1, 12): 1}
    first, last = await last_days(services, BUSINESS, 14)
    report = await read_figures(services, BUSINESS, FiguresQuestion(first=first, last=last))
    assert sum(row.opt_ins for row in report.rows) == 1


async def test_of_two_who_follow_at_once_one_moves_the_counts(world: World) -> None:
    services = world.services
    await services.ledger.commit(change(grant(), stop(at=at(1))))
    build = await begin_build(services, BUSINESS, (), "UTC")
    await follow_stretch(services, build, 10)
    stale = await follow_stretch(services, build, 10)
    assert not stale.is_level
    assert sum((await lost_on(services)).values()) == 1


def test_every_measure_has_a_column() -> None:
    assert len(Figure) == FIGURES
