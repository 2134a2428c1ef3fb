"""What is done about brakes in a transaction, for both backends: as scripts of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from askfirst.domain.brakes.brake import Brake, BrakeChange, BrakeStep, Cause, Colour
from askfirst.domain.brakes.course import Move, begin, follow_signal, verdict_signal
from askfirst.domain.brakes.signal import Signal
from askfirst.domain.brakes.subject import JUDGED, NARROW, Subject
from askfirst.domain.brakes.verdicts import Counts, Mark, Verdict, judge
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.brakes.brakes import change_task, watch_task
from askfirst.ports.platform.clock import Ids
from askfirst.storage.brakes.brake_rows import (
    BrakeSubjectRow,
    brake_row,
    change_row,
    read_subjects,
    row_brake,
)
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Step, TransactionScript
from askfirst.storage.tasks.tasks import enqueue_step

COUNTED_DAYS: Final = 7
"""How many days back what people do is judged by."""
SETTLED_DAYS: Final = 2
"""How old a message is before it speaks against it that it was not read."""
BAD: Final = frozenset({Mark.STOPPED, Mark.NATIVE_STOPPED, Mark.COMPLAINED, Mark.BLOCKED})


class BrakeSteps:
    """The scripts of one business at one moment."""

    def __init__(self, business_id: BusinessId, ids: Ids, now: Instant) -> None:
        self.business_id = business_id
        self._ids = ids
        self._now = now
        self.changes: list[BrakeChange] = []

    def take(self, signals: Iterable[Signal]) -> TransactionScript[None]:
        """Set, raise or lift what signals say."""
        yield "lock_brakes", (self.business_id,)
        for signal in signals:
            found = [one for one in (yield from self.on()) if _is_same(one, signal)]
            for brake in found:
                move = follow_signal(brake, signal, self._now)
                if move is not None:
                    yield from self.put(move, signal.by)
            if not found and signal.colour is not None:
                move = begin(self.business_id, self._ids.brake(), signal, self._now)
                yield from self.put(move, signal.by, signal.reason)

    def watched(self) -> Step:
        """See that somebody looks after the brakes of this business from now on."""
        return enqueue_step(watch_task(self.business_id), self._now)

    def begin(self, filled: Sequence[Signal]) -> TransactionScript[None]:
        """Begin to watch what is new, and let that rest which has had its first messages."""
        yield self.watched()
        if filled:
            yield from self.take(filled)

    def on(self) -> TransactionScript[tuple[Brake, ...]]:
        """Read the brakes that are on."""
        rows = yield "brakes_on", (self.business_id,)
        return tuple(row_brake(self.business_id, row) for row in rows)

    def put(self, move: Move, by: str = "", reason: str = "") -> TransactionScript[BrakeChange]:
        """Write a brake as it is now, what happened to it, and the task that tells of it."""
        change = BrakeChange(
            change_id=self._ids.brake_change(),
            brake=move.brake,
            step=move.step,
            at=self._now,
            by=by,
            reason=reason or move.reason,
        )
        yield "put_brake", brake_row(move.brake)
        yield "add_brake_change", change_row(change)
        yield enqueue_step(change_task(self.business_id, change.change_id), self._now)
        yield self.watched()
        if move.brake.cause.is_counted and _begins_anew(move):
            yield from self.count_anew(move.brake.subject)
        if move.brake.cause is Cause.NEW and move.step is BrakeStep.LIFTED:
            yield "pass_brake_subject", (self.business_id, move.brake.subject.key, self._now)
        self.changes.append(change)
        return change

    def count_anew(self, subject: Subject) -> TransactionScript[None]:
        """Judge a subject by what it sends from now on."""
        yield "forget_brake_counts", (self.business_id, subject.key)
        yield "judge_subject_from", (self.business_id, subject.key, self._now)

    def count(self, marked: Sequence[tuple[Mark, Row]]) -> TransactionScript[None]:
        """Count messages that were marked, and judge what they speak against."""
        counted: Counter[tuple[str, int, str]] = Counter()
        judged_from: dict[Subject, int] = {}
        against: set[Subject] = set()
        for mark, (text, sent_at) in marked:
            for subject in read_subjects(text):
                if subject not in judged_from:
                    judged_from[subject] = yield from self._judged_from(subject)
                if sent_at >= judged_from[subject]:
                    counted[subject.key, sent_at // DAY, mark.value] += 1
                    if mark in BAD:
                        against.add(subject)
        for key, count in sorted(counted.items()):
            yield "add_brake_count", (self.business_id, *key, count)
        if against:
            yield from self._judge(against)

    def _judge(self, subjects: set[Subject]) -> TransactionScript[None]:
        """The narrowest first: a wider one is not stopped by what stops a narrower one."""
        is_explained = False
        for scope in JUDGED:
            for subject in sorted(one for one in subjects if one.scope is scope):
                verdicts = yield from self.verdicts(subject)
                if is_explained and scope not in NARROW:
                    verdicts = tuple(one._replace(colour=Colour.YELLOW) for one in verdicts)
                yield from self.take(verdict_signal(subject, one, self._now) for one in verdicts)
                is_red = any(one.colour is Colour.RED for one in verdicts)
                is_explained = is_explained or (is_red and scope in NARROW)

    def verdicts(
        self, subject: Subject, since: Instant | None = None
    ) -> TransactionScript[tuple[Verdict, ...]]:
        """Judge a subject by what was counted of the last days, or of those after a moment's."""
        counts = yield from self.counts(subject, since)
        return judge(subject.scope, counts)

    def counts(self, subject: Subject, since: Instant | None = None) -> TransactionScript[Counts]:
        """Read what was counted of the last days, or of those after a moment's."""
        today = self._now // DAY
        first = today - COUNTED_DAYS if since is None else since // DAY + 1
        place = (self.business_id, subject.key, first)
        every, settled = Counter[Mark](), Counter[Mark]()
        for day, word, count in (yield "brake_counts", place):
            mark = Mark(word)
            every[mark] += count
            if day <= today - SETTLED_DAYS:
                settled[mark] += count
        return Counts(every, settled)

    def _judged_from(self, subject: Subject) -> TransactionScript[int]:
        rows = yield "brake_subject", (self.business_id, subject.key)
        return BrakeSubjectRow._make(rows[0]).judged_from if rows else 0


def _is_same(brake: Brake, signal: Signal) -> bool:
    """Return whether a signal is about a brake; what lifts, lifts whatever is held."""
    if (brake.subject, brake.cause) != (signal.subject, signal.cause):
        return False
    return signal.colour is None or brake.holds is signal.holds


def _begins_anew(move: Move) -> bool:
    """Whether what was counted is used up: it stopped all sends, or was forgiven."""
    if move.step in {BrakeStep.LIFTED, BrakeStep.EASED}:
        return True
    return move.brake.colour is Colour.RED
