"""Counts of the ledger, for either backend."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.late_stops import LateStop
from askfirst.domain.opt_out.reading import About
from askfirst.domain.stats.figures import FIGURES, Counts, Dimension
from askfirst.domain.stats.local_days import day_number
from askfirst.domain.stats.person import PersonFacts
from askfirst.domain.stats.report import (
    CountRow,
    FiguresQuestion,
    GroupBy,
    ShownRow,
    Step,
    begin_of,
    by_month,
    whole_months,
)
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.stats.statistics import (
    Build,
    LateStopPage,
    ListedLateStop,
    Move,
    ShownCount,
    Stretch,
)
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import EventRow, Row, row_alias, row_event
from askfirst.storage.platform.statements import Statements, TransactionScript

_DROPPED_AT_ONCE: Final = 2_000
_PARTS: Final = ("drop_stats_counts", "drop_stats_months", "drop_stats_people", "drop_late_stops")
_EVENT_COLUMNS: Final = len(EventRow._fields)
_DIMENSIONS: Final = {GroupBy.NOTHING: Dimension.TOTAL, GroupBy.PURPOSE: Dimension.TOTAL}
_SHOWN_BY: Final = frozenset({GroupBy.NOTHING, GroupBy.SURFACE, GroupBy.LOCALE, GroupBy.PROMPT})


class BuildRow(NamedTuple):
    """The columns of statement `stats_builds`."""

    build: int
    position: int
    sends_through: int
    known_until: int
    zone: str
    format: int
    is_live: int


class LateStopRow(NamedTuple):
    """The columns of statement `late_stops`."""

    contact_id: str
    position: int
    said_at: int
    recorded_at: int
    purposes: str


class StoredStatistics:
    """See ports.stats.statistics.Statistics."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def builds(self, business_id: BusinessId) -> tuple[Build, ...]:
        rows = await self._statements.fetch("stats_builds", business_id)
        return tuple(_build(business_id, row) for row in rows)

    async def begin(self, build: Build) -> bool:
        place = (build.business_id, build.number, build.position, build.sends_through)
        kind = (build.known_until, build.zone, build.format, int(build.is_live))
        return bool(await self._statements.write("add_stats_build", *place, *kind))

    async def stretch(
        self, build: Build, through: Position, sends_through: Instant, limit: int
    ) -> Stretch:
        business_id = build.business_id
        sent = (build.sends_through, sends_through, limit)
        awaited = await self._statements.fetch("stats_awaited", business_id, build.number, *sent)
        if len(awaited) == limit:
            sends_through = Instant(max(awaited[-1][1] - 1, build.sends_through + 1))
        named = json.dumps(sorted({row[0] for row in awaited}))
        found = await self._statements.fetch(
            "stats_events", business_id, build.position, through, named
        )
        events = tuple(row_event(row) for row in found)
        complaints: dict[ContactId, tuple[int, ...]] = {}
        for event, row in zip(events, found, strict=True):
            if row[_EVENT_COLUMNS] == About.COMPLAINT:
                own = complaints.get(event.contact_id, ())
                complaints[event.contact_id] = (*own, event.position)
        facts = await self._facts_of(build, events)
        return facts._replace(sends_through=sends_through, complaints=complaints)

    async def _facts_of(self, build: Build, events: tuple[Event, ...]) -> Stretch:
        business_id, fetch = build.business_id, self._statements.fetch
        people = json.dumps(sorted({event.contact_id for event in events}))
        prompts = json.dumps(sorted({event.prompt for event in events if event.prompt}))
        arrivals: dict[ContactId, tuple[tuple[int, str], ...]] = {}
        for row in await fetch("stats_arrivals", business_id, people):
            arrivals[row[0]] = (*arrivals.get(row[0], ()), (row[1], row[2]))
        told = await fetch("stats_people", business_id, build.number, people)
        sent = await fetch("stats_messages", business_id, people)
        locales = await fetch("stats_locales", business_id, prompts)
        return Stretch(
            sends_through=build.sends_through,
            events=events,
            told={ContactId(row[0]): _facts(row[1]) for row in told},
            names=await self._names(business_id, people),
            arrivals=arrivals,
            complaints={},
            written_to={ContactId(row[0]): row[1] for row in sent if row[1] is not None},
            locales={row[0]: row[1] for row in locales},
        )

    async def _names(
        self, business_id: BusinessId, people: str
    ) -> dict[ContactId, tuple[Alias, ...]]:
        names: defaultdict[ContactId, tuple[Alias, ...]] = defaultdict(tuple)
        for row in await self._statements.fetch("stats_names", business_id, people):
            names[ContactId(row[0])] += (row_alias(row[1:], business_id, self._keyring),)
        return dict(names)

    async def move(self, build: Build, move: Move) -> bool:
        place = (build.business_id, build.number)
        cells, months = _cells(move.counts), _cells(by_month(move.counts))
        people = json.dumps(
            [(name, json.dumps(facts), int(on)) for name, (facts, on) in move.people.items()]
        )
        was = (build.position, build.sends_through)
        now = (move.position, move.sends_through, move.known_until)

        def talk() -> TransactionScript[bool]:
            if not (yield "move_stats_build", (*place, *was, *now)):
                return False
            yield "add_stats_counts", (*place, cells)
            yield "add_stats_months", (*place, months)
            yield "put_stats_people", (*place, people)
            if move.gone:
                yield "drop_stats_persons", (*place, json.dumps(list(move.gone)))
            yield "drop_late_stops_of", (*place, json.dumps([*move.people, *move.gone]))
            if move.late_stops:
                yield "add_late_stops", (*place, json.dumps(move.late_stops))
            return True

        return await self._statements.talk(build.business_id, talk)

    async def go_live(self, build: Build) -> bool:
        rows = await self._statements.write("end_stats_builds", build.business_id, build.number)
        return any(row[0] == build.number for row in rows)

    async def forget(self, build: Build) -> None:
        """Go in small steps: nobody waits for long behind them."""
        place = (build.business_id, build.number)
        if not await self._statements.write("drop_stats_build", *place):
            return
        for name in _PARTS:
            gone = _DROPPED_AT_ONCE
            while gone >= _DROPPED_AT_ONCE:
                gone = len(await self._statements.write(name, *place, _DROPPED_AT_ONCE))

    async def counts(
        self, build: Build, question: FiguresQuestion, settled_through: int
    ) -> tuple[CountRow, ...]:
        span = (day_number(question.first), day_number(question.last))
        name = "stats_by_purpose" if question.by is GroupBy.PURPOSE else "stats_by_value"
        whole = whole_months(question, settled_through)
        asked = (*_place(build, question), *span, question.step.value, settled_through, *whole)
        return tuple(
            CountRow(row[0], row[1], tuple(row[2 : 2 + FIGURES]), *row[2 + FIGURES :])
            for row in await self._statements.fetch(name, *asked)
        )

    async def opening(self, build: Build, question: FiguresQuestion) -> tuple[tuple[str, int], ...]:
        is_by_purpose = question.by is GroupBy.PURPOSE
        name = "stats_opening_by_purpose" if is_by_purpose else "stats_opening"
        first = day_number(question.first)
        asked = (*_place(build, question), first, begin_of(Step.MONTH, first, first))
        return tuple((row[0], row[1]) for row in await self._statements.fetch(name, *asked))

    async def count_late_stops(self, build: Build, since: Instant) -> int:
        place = (build.business_id, build.number)
        ((count,),) = await self._statements.fetch("count_late_stops", *place, since)
        return int(count)

    async def late_stops(self, build: Build, page: LateStopPage) -> tuple[ListedLateStop, ...]:
        place = (build.business_id, build.number, page.since, *page.before, page.limit)
        rows = [
            LateStopRow._make(row) for row in await self._statements.fetch("late_stops", *place)
        ]
        people = json.dumps(sorted({row.contact_id for row in rows}))
        names = await self._names(build.business_id, people)
        return tuple(_listed(row, names.get(ContactId(row.contact_id), ())) for row in rows)

    async def add_shown(self, business_id: BusinessId, shown: Sequence[ShownCount]) -> None:
        rows = [
            (one.day, one.prompt, one.surface, one.locale, _between_commas(one.purposes), one.shown)
            for one in shown
        ]
        await self._statements.write("add_stats_shown", business_id, json.dumps(rows))

    async def shown(
        self, business_id: BusinessId, question: FiguresQuestion
    ) -> tuple[ShownRow, ...]:
        if question.by not in _SHOWN_BY:
            return ()
        span = (day_number(question.first), day_number(question.last), question.step.value)
        purpose = question.purpose if question.is_about_one_purpose else ""
        asked = (question.by.value, *span, purpose)
        rows = await self._statements.fetch("stats_shown", business_id, *asked)
        return tuple(ShownRow(*row) for row in rows)


def _cells(counts: Counts) -> str:
    return json.dumps([(*cell, *numbers) for cell, numbers in counts.items()])


def _place(build: Build, question: FiguresQuestion) -> tuple[object, ...]:
    dimension = _DIMENSIONS.get(question.by) or Dimension(question.by.value)
    return (build.business_id, build.number, dimension.value, question.purpose)


def _between_commas(purposes: Iterable[str]) -> str:
    return "".join(f",{name}" for name in purposes) + ","


def _facts(text: str) -> PersonFacts:
    country, complaints, arrivals, written_to = json.loads(text)
    came: Any = ((at, entry_id) for at, entry_id in arrivals)
    return PersonFacts(country, tuple(complaints), tuple(came), written_to)


def _listed(row: LateStopRow, names: tuple[Alias, ...]) -> ListedLateStop:
    stop = LateStop(
        contact_id=ContactId(row.contact_id),
        position=Position(row.position),
        said_at=Instant(row.said_at),
        recorded_at=Instant(row.recorded_at),
        purposes=tuple(json.loads(row.purposes)),
    )
    return ListedLateStop(stop, names)


def _build(business_id: BusinessId, columns: Row) -> Build:
    row = BuildRow._make(columns)
    return Build(
        business_id=business_id,
        number=row.build,
        position=Position(row.position),
        sends_through=Instant(row.sends_through),
        known_until=Instant(row.known_until),
        zone=row.zone,
        format=row.format,
        is_live=bool(row.is_live),
    )
