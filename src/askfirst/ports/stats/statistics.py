"""Counts of the ledger, kept beside it.

A **build** is one set of counts, with the position up to which it has every event. One of a
business is live: it answers. Another may be made beside it, and takes its place when it has come as
far. Counts and position move in one transaction, so they always fit together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.late_stops import LateStop
from askfirst.domain.stats.figures import Counts
from askfirst.domain.stats.person import PersonFacts
from askfirst.domain.stats.report import CountRow, FiguresQuestion, ShownRow
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant


def follow_task(business_id: BusinessId) -> Task:
    """Name the task that keeps the counts of a business, again and again."""
    return Task(business_id, Queue.STATISTICS, TaskId("all"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One set of counts: through which event, in which zone, of which format.

    `sends_through`: messages that left by then are counted. `known_until`: nothing that was
    recorded before this moment is missing.
    """

    business_id: BusinessId
    number: int
    position: Position
    sends_through: Instant
    known_until: Instant
    zone: str
    format: int
    is_live: bool


class Stretch(NamedTuple):
    """A stretch of the ledger, with all that is needed to count its people anew.

    `events`: all that they ever did, by position, up to the end of the stretch. `told`: facts of
    people as they were counted, by contact. `names`, `arrivals`, `complaints` and `written_to` are
    as they are now. `sends_through`: until when messages that left are in it.
    """

    sends_through: Instant
    events: tuple[Event, ...]
    told: Mapping[ContactId, PersonFacts]
    names: Mapping[ContactId, tuple[Alias, ...]]
    arrivals: Mapping[ContactId, tuple[tuple[int, str], ...]]
    complaints: Mapping[ContactId, tuple[int, ...]]
    written_to: Mapping[ContactId, int]
    locales: Mapping[str, str]


class Move(NamedTuple):
    """What following a stretch comes to: counts to add, and what each person was counted with.

    `people` has contacts that are one person's main contact, and whether a message to them would
    change the counts; `gone` those that were, and are another's now. `late_stops` has all that the
    people of the stretch ever had.
    """

    position: Position
    sends_through: Instant
    known_until: Instant
    counts: Counts
    people: Mapping[ContactId, tuple[PersonFacts, bool]]
    gone: Sequence[ContactId]
    late_stops: Sequence[LateStop] = ()


class LateStopPage(NamedTuple):
    """Which late stops are asked for: recorded since a moment, and before a place in the list.

    `before` is when one was recorded, and its position; the newest come first.
    """

    since: Instant
    before: tuple[int, int]
    limit: int


class ListedLateStop(NamedTuple):
    """A late stop, and the names by which the person is known."""

    stop: LateStop
    names: tuple[Alias, ...]


class ShownCount(NamedTuple):
    """How often one wording was shown on a day."""

    day: int
    prompt: str
    surface: str
    locale: str
    purposes: tuple[str, ...]
    shown: int


class Statistics(Protocol):
    """Writes are durable when they return. Trouble with the database raises Unavailable."""

    async def builds(self, business_id: BusinessId) -> tuple[Build, ...]:
        """Return the builds of a business, the live one first: none, one or two."""
        ...

    async def begin(self, build: Build) -> bool:
        """Keep a new build with nothing counted; False: one of its number is there."""
        ...

    async def stretch(
        self, build: Build, through: Position, sends_through: Instant, limit: int
    ) -> Stretch:
        """Read the people of a stretch: who has an event in it, and who was written to in it.

        No more than `limit` messages are looked at; where more left, it ends with the last of them.
        """
        ...

    async def move(self, build: Build, move: Move) -> bool:
        """Move a build, all or nothing; False: somebody else has moved it meanwhile."""
        ...

    async def go_live(self, build: Build) -> bool:
        """Let a build answer from now on, and no other of the business."""
        ...

    async def forget(self, build: Build) -> None:
        """Drop a build that is not live, with its counts."""
        ...

    async def counts(
        self, build: Build, question: FiguresQuestion, settled_through: int
    ) -> tuple[CountRow, ...]:
        """Sum up counts; yeses of days up to `settled_through` are thirty days old."""
        ...

    async def opening(self, build: Build, question: FiguresQuestion) -> tuple[tuple[str, int], ...]:
        """Return how many people were reachable before the span, by value."""
        ...

    async def count_late_stops(self, build: Build, since: Instant) -> int:
        """Count the late stops that were recorded since a moment, as far as the build has come."""
        ...

    async def late_stops(self, build: Build, page: LateStopPage) -> tuple[ListedLateStop, ...]:
        """Return a page of late stops, the one that was recorded last first."""
        ...

    async def add_shown(self, business_id: BusinessId, shown: Sequence[ShownCount]) -> None:
        """Add to how often questions were shown."""
        ...

    async def shown(
        self, business_id: BusinessId, question: FiguresQuestion
    ) -> tuple[ShownRow, ...]:
        """Sum up how often questions were shown; nothing, by entry point or country."""
        ...


class HasStatistics(Protocol):
    """Whatever brings counts of the ledger along."""

    @property
    def statistics(self) -> Statistics:
        """Counts of the ledger."""
        ...
