"""Keep the counts of a business up with its ledger, a stretch at a time.

Whoever has an event in a stretch is counted anew: what they were counted with before is taken away,
and what all of their events come to now is added. So an event that comes late, a merge and an
erasure correct the days on which they tell of something, and nothing is counted twice. The counts
and the position that they have move in one transaction; where two processes follow at once, one of
them moves them, and the other's work is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.late_stops import LateStop, late_stops
from askfirst.domain.stats.figures import FORMAT, Counts, add, without_zeros
from askfirst.domain.stats.person import (
    NO_FACTS,
    PersonFacts,
    awaits_message,
    count_person,
    people_of,
)
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.stats.statistics import Build, HasStatistics, Move, Stretch
from askfirst.usecases.stats.builds import numbered_build
from askfirst.usecases.stats.business_days import BusinessDaysNeeds, days_of, zone_of
from askfirst.usecases.stats.count_decisions import (
    SETTLED_AFTER,
    CountDecisionsNeeds,
    count_decisions,
)


class FollowLedgerNeeds(BusinessDaysNeeds, CountDecisionsNeeds, HasLedger, HasStatistics, Protocol):
    """What this use case needs from the world."""


FOLLOW_LEASE: Final = 5 * MINUTE
STRETCH: Final = 400
"""Events at once: some ten milliseconds of work, in which others have their turn."""
IDLE: Final = 10 * SECOND
SHARE: Final = 33
"""While it is behind, it rests for so many times as long as it worked: three per cent of a core."""
QUIET_SHARE: Final = 3
"""The same where nothing was recorded for a minute: a quarter of a core."""
_SENDS_LATEST: Final = 10 * MINUTE
_TURN: Final = 4
"""People who are counted before others have their turn: less than a millisecond."""


class Followed(NamedTuple):
    """A build after a stretch, and whether it has the whole ledger now."""

    build: Build
    is_level: bool


async def follow_ledger(services: FollowLedgerNeeds, leased: LeasedTask) -> Instant:
    """Take the next stretch of a business's ledger; gives when to take the one after it."""
    began = services.clock.steady()
    build = await build_to_follow(services, leased.task.business_id)
    followed = await follow_stretch(services, build, STRETCH)
    are_counted = await count_decisions(services, leased.task.business_id)
    if followed.is_level:
        await take_over(services, followed.build)
    if followed.is_level and are_counted:
        return Instant(services.clock.now() + IDLE)
    worked = services.clock.steady() - began
    share = QUIET_SHARE if await _is_quiet(services, followed.build.business_id) else SHARE
    return Instant(services.clock.now() + min(share * worked, MINUTE))


async def _is_quiet(services: FollowLedgerNeeds, business_id: BusinessId) -> bool:
    """Whether nothing was recorded for a minute: then nobody waits behind the counting."""
    head = await services.ledger.head(business_id)
    newest = await services.ledger.events(business_id, Position(max(0, head - 1)), 1)
    return all(one.recorded_at < services.clock.now() - MINUTE for one in newest)


async def build_to_follow(services: FollowLedgerNeeds, business_id: BusinessId) -> Build:
    """Return the live build; where it is of another zone or format, the one in its place."""
    zone = await zone_of(services, business_id)
    builds = await services.statistics.builds(business_id)
    fitting = [one for one in builds if (one.zone, one.format) == (zone, FORMAT)]
    if fitting:
        return fitting[0]
    return await begin_build(services, business_id, builds, zone)


async def begin_build(
    services: FollowLedgerNeeds, business_id: BusinessId, builds: Sequence[Build], zone: str
) -> Build:
    """Begin a build beside the live one, or the first; what else was begun is dropped."""
    for old in builds:
        if not old.is_live:
            await services.statistics.forget(old)
    now = services.clock.now()
    build = Build(
        business_id=business_id,
        number=max((one.number for one in builds), default=0) + 1,
        position=Position(0),
        sends_through=_settled(now),
        known_until=Instant(0),
        zone=zone,
        format=FORMAT,
        is_live=not any(one.is_live for one in builds),
    )
    await services.statistics.begin(build)
    return build


async def take_over(services: HasStatistics, build: Build) -> None:
    """Let a build that has come far enough answer, and drop the one before it."""
    builds = await services.statistics.builds(build.business_id)
    if len(builds) == 1 and build.is_live:
        return
    if not build.is_live and not await services.statistics.go_live(build):
        return
    for old in builds:
        if old.number < build.number:
            await services.statistics.forget(old)


async def follow_stretch(services: FollowLedgerNeeds, build: Build, limit: int) -> Followed:
    """Count a stretch of at most `limit` events, and people who were written to meanwhile."""
    now = services.clock.now()
    head = await services.ledger.head(build.business_id)
    through = Position(min(head, build.position + limit))
    until = Instant(max(_settled(now), build.sends_through))
    stretch = await services.statistics.stretch(build, through, until, limit)
    is_level = through == head and stretch.sends_through == until
    if not stretch.events and until - build.sends_through < _SENDS_LATEST:
        return Followed(build, is_level)
    move = await _count(services, build, stretch, through)
    known = now if through == head else _recorded_at(stretch.events, through)
    move = move._replace(known_until=Instant(max(known, build.known_until)))
    if not await services.statistics.move(build, move):
        return Followed(build, is_level=False)
    moved = await numbered_build(services, build.business_id, build.number)
    return Followed(moved or build, is_level)


async def _count(
    services: FollowLedgerNeeds, build: Build, stretch: Stretch, through: Position
) -> Move:
    """Count the people of a stretch as they were, and as they are."""
    days = days_of(services, build.zone)
    counts: Counts = {}
    before = people_of(one for one in stretch.events if one.position <= build.position)
    for number, (name, events) in enumerate(before.items()):
        told = stretch.told.get(name, NO_FACTS)
        add(counts, count_person(events, told, days, stretch.locales), -1)
        await _give_way(number)
    people: dict[ContactId, tuple[PersonFacts, bool]] = {}
    late: list[LateStop] = []
    for number, (name, events) in enumerate(people_of(stretch.events).items()):
        facts = facts_of(services, stretch, events)
        add(counts, count_person(events, facts, days, stretch.locales))
        people[name] = (facts, awaits_message(events, facts))
        late += late_stops(events)
        await _give_way(number)
    return Move(
        position=through,
        sends_through=stretch.sends_through,
        known_until=build.known_until,
        counts=without_zeros(counts),
        people=people,
        gone=sorted(before.keys() - people.keys()),
        late_stops=late,
    )


async def _give_way(number: int) -> None:
    if number % _TURN == 0:
        await asyncio.sleep(0)


def facts_of(services: HasNumbering, stretch: Stretch, events: Sequence[Event]) -> PersonFacts:
    """Return what is counted of a person beside their events, over all contacts that they were."""
    contacts = sorted({event.contact_id for event in events})
    names = [alias for one in contacts for alias in stretch.names.get(one, ()) if alias.is_number]
    countries = (services.numbering.country(alias.value) for alias in names)
    sent = [stretch.written_to[one] for one in contacts if one in stretch.written_to]
    return PersonFacts(
        country=next(filter(None, countries), ""),
        complaints=tuple(sorted(at for one in contacts for at in stretch.complaints.get(one, ()))),
        arrivals=tuple(sorted(came for one in contacts for came in stretch.arrivals.get(one, ()))),
        written_to=max(sent, default=None),
    )


def _settled(now: Instant) -> Instant:
    return Instant(max(0, now - SETTLED_AFTER))


def _recorded_at(events: Iterable[Event], position: Position) -> Instant:
    return next((one.recorded_at for one in events if one.position == position), Instant(0))
