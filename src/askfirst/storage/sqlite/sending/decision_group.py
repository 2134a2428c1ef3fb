"""Decisions that are written down in one transaction of a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from askfirst.decision.decision import Decision
from askfirst.decision.reservation import Reservation
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import Ids
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.storage.brakes.brake_steps import BrakeSteps
from askfirst.storage.brakes.send_watch import SendWatch
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sending.decision_rows import decision_row, reserving
from askfirst.storage.sending.traffic_rows import Counter, reach
from askfirst.storage.sqlite.writer import run_script


class DecisionGroup:
    """Decisions of one business. See sqlite.writer.Group.

    Each is judged on what is written and on what those before it in the group took. Nobody else
    writes while the transaction is open, so what is read once for the group stays true.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        sql: Mapping[str, str],
        keyring: Keyring,
        ids: Ids,
        watch: SendWatch,
    ) -> None:
        self._run = connection.execute
        self._connection = connection
        self._sql = sql
        self._keyring = keyring
        self._ids = ids
        self._watch = watch
        self._counter = Counter(keyring)
        self._read_pairs: set[tuple[ContactId, str]] = set()
        self._read_subjects: set[str] = set()
        self._rows: list[tuple[Any, ...]] = []
        self._owner = watch.business_id
        self._newest = Instant(0)

    def take(self, record: DecisionRecord) -> Decision | None:
        """Count a decision, and make its reservations; returns the no that speaks now."""
        self._newest = max(self._newest, record.decided_at)
        self._read(record)
        objection = self._watch.objection(record) or self._admit(record)
        if objection is None:
            self._watch.count(record)
            self._rows.append(decision_row(record, self._keyring))
        return objection

    def end(self) -> None:
        """Write down what was counted, and the decisions."""
        counter, watch, sql = self._counter, self._watch, self._sql
        self._insert("insert_sent_message", counter.sent)
        self._insert("put_pace", [(name, *pace) for name, pace in counter.paces.items()])
        self._insert("count_people", list(counter.people.items()))
        self._insert("insert_marketing_send", watch.sends)
        self._insert("put_brake_subject", watch.rows)
        if watch.has_begun or watch.filled:
            steps = BrakeSteps(self._owner, self._ids, self._newest).begin(watch.filled)
            run_script(self._connection, sql, steps)
        if self._rows:
            self._connection.executemany(sql["insert_decision"], self._rows)

    def _insert(self, name: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            owner = self._owner
            self._connection.executemany(self._sql[name], [(owner, *row) for row in rows])

    def _read(self, record: DecisionRecord) -> None:
        """Read what the decision is counted under, where the group has not read it yet."""
        for key in self._watch.wanted((record,)):
            if key not in self._read_subjects:
                self._read_subjects.add(key)
                row = self._run(self._sql["brake_subject"], (self._owner, key)).fetchone()
                if row is not None:
                    self._watch.load(row)
        contact_id, sender = record.contact_id, record.question.sender
        if record.counting is None or contact_id is None:
            return
        if (contact_id, sender) not in self._read_pairs:
            self._read_pairs.add((contact_id, sender))
            place = (self._owner, contact_id, sender, *reach(record.decided_at))
            row = self._run(self._sql["traffic"], place).fetchone()
            if row is not None:
                self._counter.load(contact_id, sender, row[1:])

    def _admit(self, record: DecisionRecord) -> Decision | None:
        if not record.decision.reservations:
            return self._counter.take(record)
        before = self._counter.mark()
        objection = self._counter.take(record)
        if objection is None and (used_up := self._reserve(record)):
            self._counter.back_to(before)
            objection = record.decision.denied(used_up.reason)
        return objection

    def _reserve(self, record: DecisionRecord) -> Reservation | None:
        """Make all reservations, or none: the first that is used up is returned."""
        reservations = record.decision.reservations
        if len(reservations) == 1:  # a single statement that changes nothing leaves nothing
            name, values = reserving(record, reservations[0])
            return None if self._run(self._sql[name], values).rowcount else reservations[0]
        self._run("SAVEPOINT reserving")
        for reservation in reservations:
            name, values = reserving(record, reservation)
            if not self._run(self._sql[name], values).rowcount:
                self._run("ROLLBACK TO reserving")
                self._run("RELEASE reserving")
                return reservation
        self._run("RELEASE reserving")
        return None
