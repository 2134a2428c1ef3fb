"""Brakes, for either backend."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from typing import Final

from askfirst.domain.brakes.brake import Brake, BrakeChange, Cause
from askfirst.domain.brakes.course import is_watch_over, judged_after, lift, settle
from askfirst.domain.brakes.signal import Signal
from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.consent.event import EventKind
from askfirst.domain.opt_out.reading import About
from askfirst.domain.values.ids import BrakeChangeId, BrakeId, BusinessId
from askfirst.domain.values.purpose import MARKETING, chain_of
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.brakes.brakes import Followed, Report
from askfirst.ports.platform.clock import Ids
from askfirst.storage.brakes.brake_rows import row_brake, row_change
from askfirst.storage.brakes.brake_steps import BrakeSteps
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, Step, TransactionScript
from askfirst.storage.tasks.tasks import StoredTasks

OBJECTS_WITHIN: Final = 3 * DAY
"""A stop is about a marketing message that is no older than this."""
_POSITIONS_MAX: Final = 2_000
_ARRIVES_WITHIN: Final = DAY
_ARRIVED: Final = Mark.DELIVERED.bit | Mark.READ.bit
_Marked = list[tuple[Mark, Row]]


class StoredBrakes:
    """See ports.brakes.Brakes."""

    def __init__(
        self, statements: Statements, keyring: Keyring, ids: Ids, tasks: StoredTasks
    ) -> None:
        self._statements = statements
        self._keyring = keyring
        self._ids = ids
        self._tasks = tasks

    async def signal(
        self, business_id: BusinessId, signals: Sequence[Signal], now: Instant
    ) -> tuple[BrakeChange, ...]:
        return await self._run(business_id, now, lambda steps: steps.take(signals))

    async def report(
        self, business_id: BusinessId, reports: Sequence[Report], now: Instant
    ) -> None:
        hashed = [
            (lookup.hex(), mark)
            for report in reports
            for mark in report.mark.implied
            for lookup in self._keyring.lookups("message:" + report.message_id)
        ]
        names = json.dumps(sorted({message for message, _ in hashed}))
        rows = await self._statements.fetch("known_marketing_sends", business_id, names)
        marks: dict[str, int] = {row[0]: row[1] for row in rows}
        new = [(name, mark) for name, mark in hashed if not marks.get(name, mark.bit) & mark.bit]
        if not new:
            return

        def script(steps: BrakeSteps) -> TransactionScript[None]:
            yield "lock_brakes", (business_id,)
            marked: _Marked = []
            for message, mark in new:
                for row in (yield _marking(business_id, message, mark)):
                    marked.append((mark, row))
            yield from steps.count(marked)

        await self._run(business_id, now, script)

    async def follow(self, business_id: BusinessId, now: Instant) -> Followed:
        is_busy = False

        def script(steps: BrakeSteps) -> TransactionScript[None]:
            nonlocal is_busy
            yield "lock_brakes", (business_id,)
            rows = yield "brake_follower", (business_id,)
            if not rows:
                return
            position, looked_at, head = rows[0]
            through = head if position is None else min(head, position + _POSITIONS_MAX)
            marked: _Marked = []
            if position is not None:
                marked += yield from _objections(business_id, position, through)
                marked += yield from _unarrived(business_id, looked_at, now)
            yield from steps.count(marked)
            on = yield from _settle_all(steps, now)
            yield "put_brake_follower", (business_id, through, now)
            is_busy = through < head or bool(on)

        await self._run(business_id, now, script)
        return Followed(is_busy)

    async def lift(
        self, business_id: BusinessId, brake_id: BrakeId, by: str, reason: str, now: Instant
    ) -> Brake | None:
        def script(steps: BrakeSteps) -> TransactionScript[None]:
            yield "lock_brakes", (business_id,)
            rows = yield "brake_by_id", (business_id, brake_id)
            if rows:
                brake = row_brake(business_id, rows[0])
                if brake.lifted_at is None:
                    yield from steps.put(lift(brake, now, reason), by)

        changes = await self._run(business_id, now, script)
        return changes[0].brake if changes else None

    async def list(
        self, business_id: BusinessId, before: str, limit: int, *, with_lifted: bool
    ) -> tuple[Brake, ...]:
        place = (business_id, int(with_lifted), before, limit)
        rows = await self._statements.fetch("list_brakes", *place)
        return tuple(row_brake(business_id, row) for row in rows)

    async def change(self, business_id: BusinessId, change_id: BrakeChangeId) -> BrakeChange | None:
        rows = await self._statements.fetch("brake_change_by_id", business_id, change_id)
        if not rows:
            return None
        found = await self._statements.fetch("brake_by_id", business_id, rows[0][1])
        return row_change(row_brake(business_id, found[0]), rows[0])

    async def changes(self, business_id: BusinessId, brake_id: BrakeId) -> tuple[BrakeChange, ...]:
        found = await self._statements.fetch("brake_by_id", business_id, brake_id)
        if not found:
            return ()
        brake = row_brake(business_id, found[0])
        rows = await self._statements.fetch("brake_changes", business_id, brake_id)
        return tuple(row_change(brake, row) for row in rows)

    async def _run(
        self,
        business_id: BusinessId,
        now: Instant,
        script: Callable[[BrakeSteps], TransactionScript[None]],
    ) -> tuple[BrakeChange, ...]:
        def talk() -> TransactionScript[tuple[BrakeChange, ...]]:
            steps = BrakeSteps(business_id, self._ids, now)
            yield from script(steps)
            return tuple(steps.changes)

        changes = await self._statements.talk(business_id, talk)
        if changes:
            self._tasks.wake()
        return changes


def _marking(business_id: BusinessId, message: str, mark: Mark) -> Step:
    if mark is Mark.BLOCKED:
        return "mark_unarrived", (business_id, message, mark.bit, _ARRIVED)
    return "mark_message", (business_id, message, mark.bit)


def _objections(
    business_id: BusinessId, after: int, through: int
) -> Generator[Step, Sequence[Row], _Marked]:
    """Mark the messages that people objected to."""
    marked: _Marked = []
    for _, contact, kind, purposes, at, about in (
        yield (
            "objections_after",
            (business_id, after, through),
        )
    ):
        for mark in _marks(EventKind(kind), purposes, about):
            place = (business_id, contact, at - OBJECTS_WITHIN, at, mark.bit)
            for row in (yield "mark_newest_send", place):
                marked.append((mark, row))
    return marked


def _marks(kind: EventKind, purposes: str, about: str | None) -> tuple[Mark, ...]:
    """Return what an event says about marketing: a no to codes alone says nothing."""
    names = [name for name in purposes.split(",") if name]
    is_marketing = not names or any(MARKETING.name in chain_of(name) for name in names)
    marks = (Mark.COMPLAINED,) if about == About.COMPLAINT else ()
    if kind is EventKind.NATIVE_STOPPED:
        return (*marks, Mark.NATIVE_STOPPED)
    if is_marketing and kind is not EventKind.DOUBTED:
        return (*marks, Mark.STOPPED)
    return marks


def _unarrived(
    business_id: BusinessId, looked_at: int, now: Instant
) -> Generator[Step, Sequence[Row], _Marked]:
    """Mark what has not arrived in a day, though something before it had."""
    marked: _Marked = []
    since, until = looked_at - _ARRIVES_WITHIN, now - _ARRIVES_WITHIN
    for (message,) in (yield "find_unarrived", (business_id, since, until, _ARRIVED)):
        for row in (yield _marking(business_id, message, Mark.BLOCKED)):
            marked.append((Mark.BLOCKED, row))
    return marked


def _settle_all(steps: BrakeSteps, now: Instant) -> TransactionScript[tuple[Brake, ...]]:
    """See what time and evidence make of each brake."""
    on = yield from steps.on()
    for brake in on:
        if brake.cause is Cause.NEW:
            counts = yield from steps.counts(brake.subject)
            verdicts = yield from steps.verdicts(brake.subject)
            delivered = counts.all.get(Mark.DELIVERED, 0)
            if is_watch_over(brake, delivered, is_well=not verdicts, now=now):
                yield from steps.put(lift(brake, now, "few objected to its first messages"))
        elif brake.lifts_at is not None and now >= brake.lifts_at:
            verdicts = yield from steps.verdicts(brake.subject, judged_after(brake))
            move = settle(brake, verdicts, now)
            if move is not None:
                yield from steps.put(move)
    return on
