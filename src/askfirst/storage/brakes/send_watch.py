"""Counts marketing messages where their decisions are written down: what is new has its first ones.

What stopped being new never is again, so a process remembers it, and neither reads nor locks it any
more. All else is read behind locks that nobody shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from askfirst.decision.decision import Decision
from askfirst.decision.reason import Reason
from askfirst.domain.brakes.brake import WATCH_REST, WATCH_REST_MAX, WATCHED_SENDS
from askfirst.domain.brakes.course import watch_signal
from askfirst.domain.brakes.signal import Signal
from askfirst.domain.brakes.subject import WATCHED, Subject
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.storage.brakes.brake_rows import BrakeSubjectRow, subjects_text
from askfirst.storage.platform.rows import Row

_REMEMBERED_MAX: Final = 100_000


class PassedSubjects:
    """What is known not to be new any more."""

    def __init__(self) -> None:
        self._known: set[tuple[BusinessId, str]] = set()
        self._all_known: set[tuple[BusinessId, tuple[Subject, ...]]] = set()

    def has(self, business_id: BusinessId, key: str) -> bool:
        """Return whether it is known."""
        return (business_id, key) in self._known

    def add(self, business_id: BusinessId, key: str) -> None:
        """Remember it."""
        if len(self._known) >= _REMEMBERED_MAX:
            self._known.clear()
        self._known.add((business_id, key))

    def has_all(self, business_id: BusinessId, subjects: tuple[Subject, ...]) -> bool:
        """Return whether nothing that a message is counted under may be new, told by one look."""
        return (business_id, subjects) in self._all_known

    def add_all(self, business_id: BusinessId, subjects: tuple[Subject, ...]) -> None:
        """Remember that: most messages are counted under what others were counted under."""
        if len(self._all_known) >= _REMEMBERED_MAX:
            self._all_known.clear()
        self._all_known.add((business_id, subjects))


class SendWatch:
    """One batch of decisions of one business.

    `has_begun`: something was sent for the first time. `filled`: what has had its first messages.
    """

    def __init__(self, business_id: BusinessId, passed: PassedSubjects) -> None:
        self.business_id = business_id
        self._passed = passed
        self._rows: dict[str, BrakeSubjectRow] = {}
        self._changed: set[str] = set()
        self.sends: list[tuple[Any, ...]] = []
        self.filled: list[Signal] = []
        self.has_begun = False

    def wanted(self, records: Iterable[DecisionRecord]) -> list[str]:
        """Return the subjects that have to be locked and read: what may be new."""
        return sorted({key for record in records for key, _ in self._new(record)})

    def load(self, row: Row) -> None:
        """Take in one row of the statement that reads subjects."""
        found = BrakeSubjectRow._make(row)
        self._rows[found.subject] = found
        if found.passed_at is not None:
            self._passed.add(self.business_id, found.subject)

    def objection(self, record: DecisionRecord) -> Decision | None:
        """Return the wait where something new has had its first messages by now."""
        now = record.decided_at
        for key, subject in self._new(record):
            row = self._row(key)
            if row.passed_at is not None or row.sends < WATCHED_SENDS:
                continue
            filled_at = row.filled_at or 0
            if now < filled_at + WATCH_REST_MAX:
                until = Instant(max(now, filled_at) + WATCH_REST)
                said = f"{subject.scope.value} {subject.name} is new."
                return record.decision.waiting(Reason.NEW_AND_WATCHED, until, said)
        return None

    def count(self, record: DecisionRecord) -> None:
        """Count an allowed message."""
        if record.counting is None or record.contact_id is None or not record.decision.allowed:
            return
        subjects = record.counting.uses.counted_under
        if not subjects:
            return
        now = record.decided_at
        text = subjects_text(subjects)
        self.sends.append((record.decision_id, record.contact_id, now, text))
        for key, subject in self._new(record):
            row = self._row(key)
            if row.passed_at is None:
                self.has_begun = self.has_begun or not row.sends
                self._count_one(subject, row, now)

    def _count_one(self, subject: Subject, row: BrakeSubjectRow, now: Instant) -> None:
        if row.sends >= WATCHED_SENDS:
            self._set(row._replace(passed_at=now))
        elif row.sends + 1 < WATCHED_SENDS:
            self._set(row._replace(sends=row.sends + 1))
        else:
            self._set(row._replace(sends=row.sends + 1, filled_at=now))
            self.filled.append(watch_signal(subject, now))

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The subjects to write, in one order for all."""
        return [tuple(self._rows[key]) for key in sorted(self._changed)]

    def _set(self, row: BrakeSubjectRow) -> None:
        self._rows[row.subject] = row
        self._changed.add(row.subject)

    def _row(self, key: str) -> BrakeSubjectRow:
        return self._rows.get(key) or BrakeSubjectRow(key, 0, None, None, 0)

    def _new(self, record: DecisionRecord) -> list[tuple[str, Subject]]:
        """Return under what the message is counted that may be new, by its key."""
        counting, passed, owner = record.counting, self._passed, self.business_id
        if counting is None or passed.has_all(owner, counting.uses.counted_under):
            return []
        subjects = counting.uses.counted_under
        keys = [(one.key, one) for one in subjects if one.scope in WATCHED]
        new = [pair for pair in keys if not passed.has(owner, pair[0])]
        if not new:
            passed.add_all(owner, subjects)
        return new
