"""Decisions and their outcomes in SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

from askfirst.decision.decision import Decision
from askfirst.decision.reservation import Reservation
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.ports.platform.clock import Ids
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.brakes.brake_steps import BrakeSteps
from askfirst.storage.brakes.send_watch import PassedSubjects, SendWatch
from askfirst.storage.platform.committer import unheard
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sending.decision_rows import (
    decision_row,
    marketing_message,
    outcome_row,
    reserving,
    row_decision,
)
from askfirst.storage.sending.traffic_rows import Counter, moves_back, reach
from askfirst.storage.sqlite.writer import Job, RowInsert, run_script


class SqliteDecisions:
    """See ports.gate.DecisionLog."""

    def __init__(
        self,
        reading: sqlite3.Connection,
        sql: Mapping[str, str],
        keyring: Keyring,
        ids: Ids,
        enqueue: Callable[[Job], asyncio.Future[object]],
    ) -> None:
        self._read = reading.execute
        self._sql = sql
        self._keyring = keyring
        self._ids = ids
        self._enqueue = enqueue
        self._passed = PassedSubjects()

    async def record(self, record: DecisionRecord) -> Decision | None:
        row = RowInsert(self._sql["insert_decision"], decision_row(record, self._keyring))
        if not record.decision.reservations and record.counting is None:
            await self._enqueue(row)
            return None

        def work(connection: sqlite3.Connection) -> Decision | None:
            watch = self._watch(connection, record)
            counter = self._counter(connection, record)
            objection = watch.objection(record) or counter.take(record)
            if objection is None and (used_up := self._reserve(connection, record)):
                objection = record.decision.denied(used_up.reason)
            if objection is None:
                self._count(connection, record.question.business_id, counter)
                watch.count(record)
                self._keep_watch(connection, record, watch)
                connection.execute(*row)
            return objection

        return cast("Decision | None", await self._enqueue(work))

    def _watch(self, connection: sqlite3.Connection, record: DecisionRecord) -> SendWatch:
        business_id = record.question.business_id
        watch = SendWatch(business_id, self._passed)
        for key in watch.wanted([record]):
            row = connection.execute(self._sql["brake_subject"], (business_id, key)).fetchone()
            if row is not None:
                watch.load(row)
        return watch

    def _keep_watch(
        self, connection: sqlite3.Connection, record: DecisionRecord, watch: SendWatch
    ) -> None:
        owner, many, sql = record.question.business_id, connection.executemany, self._sql
        many(sql["insert_marketing_send"], [(owner, *row) for row in watch.sends])
        many(sql["put_brake_subject"], [(owner, *row) for row in watch.rows])
        if watch.has_begun or watch.filled:
            steps = BrakeSteps(owner, self._ids, record.decided_at).begin(watch.filled)
            run_script(connection, sql, steps)

    def _counter(self, connection: sqlite3.Connection, record: DecisionRecord) -> Counter:
        counter, business_id = Counter(self._keyring), record.question.business_id
        since = reach(record.decided_at)
        for contact_id, sender in counter.pairs([record]):
            place = (business_id, contact_id, sender, *since)
            row = connection.execute(self._sql["traffic"], place).fetchone()
            if row is not None:
                counter.load(contact_id, sender, row[1:])
        return counter

    def _count(self, connection: sqlite3.Connection, owner: BusinessId, counter: Counter) -> None:
        """Write down what was counted."""
        many, sql = connection.executemany, self._sql
        many(sql["insert_sent_message"], [(owner, *row) for row in counter.sent])
        many(sql["put_pace"], [(owner, name, *pace) for name, pace in counter.paces.items()])
        many(sql["count_people"], [(owner, *change) for change in counter.people.items()])

    def _reserve(
        self, connection: sqlite3.Connection, record: DecisionRecord
    ) -> Reservation | None:
        """Make all reservations, or none: the first that is used up is returned."""
        connection.execute("SAVEPOINT reserving")
        for reservation in record.decision.reservations:
            name, values = reserving(record, reservation)
            if not connection.execute(self._sql[name], values).rowcount:
                connection.execute("ROLLBACK TO reserving")
                connection.execute("RELEASE reserving")
                return reservation
        connection.execute("RELEASE reserving")
        return None

    def conclude(self, outcome: Outcome) -> Awaitable[object]:
        row = RowInsert(self._sql["insert_outcome"], outcome_row(outcome, self._keyring))
        named, contact_id = marketing_message(outcome, self._keyring), outcome.gives_back
        if contact_id is None and named is None:
            return unheard(self._enqueue(row))

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(*row)
            if named is not None:
                connection.execute(self._sql["name_marketing_send"], (outcome.business_id, *named))
            if contact_id is not None:
                business_id, decision_id = outcome.business_id, outcome.decision_id
                self._give_back(connection, business_id, contact_id, decision_id)

        return unheard(self._enqueue(work))

    def _give_back(
        self,
        connection: sqlite3.Connection,
        business_id: BusinessId,
        contact_id: ContactId,
        decision_id: DecisionId,
    ) -> None:
        run, sql = connection.execute, self._sql
        place = (business_id, contact_id)
        outside = run(sql["outside_messages"], place).fetchall()
        if run(sql["give_back"], (*place, decision_id)).fetchall():
            changes = moves_back(outside, decision_id)
            rows = [(business_id, *change) for change in changes]
            connection.executemany(sql["count_people"], rows)

    async def give_back(
        self, business_id: BusinessId, message: Sequence[bytes]
    ) -> DecisionId | None:
        def work(connection: sqlite3.Connection) -> DecisionId | None:
            run, sql = connection.execute, self._sql
            for lookup in message:
                found = run(sql["decision_of_message"], (business_id, lookup)).fetchone()
                if found is None:
                    continue
                decision_id, contact_id = found
                now = run(sql["survivor"], (business_id, contact_id)).fetchone()
                if now is not None:
                    self._give_back(connection, business_id, now[0], decision_id)
                return DecisionId(decision_id)
            return None

        return cast("DecisionId | None", await self._enqueue(work))

    async def decisions(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[DecisionRecord, ...]:
        rows = self._read(self._sql["decisions"], (business_id, after, limit)).fetchall()
        return tuple(row_decision(row) for row in rows)
