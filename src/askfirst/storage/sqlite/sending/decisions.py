"""Decisions and their outcomes in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import cast

from askfirst.decision.decision import Decision
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.ports.platform.clock import Ids
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.brakes.send_watch import PassedSubjects, SendWatch
from askfirst.storage.platform.committer import Committer, unheard
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sending.decision_rows import (
    decision_row,
    marketing_message,
    outcome_row,
    row_decision,
)
from askfirst.storage.sending.traffic_rows import moves_back
from askfirst.storage.sqlite.sending.decision_group import DecisionGroup
from askfirst.storage.sqlite.writer import GroupJob, Job, RowInsert, RowInserts


class SqliteDecisions:
    """See ports.gate.DecisionLog."""

    def __init__(
        self,
        reading: sqlite3.Connection,
        sql: Mapping[str, str],
        keyring: Keyring,
        ids: Ids,
        committer: Committer[Job],
    ) -> None:
        self._read = reading.execute
        self._sql = sql
        self._keyring = keyring
        self._ids = ids
        self._enqueue = committer.enqueue
        self._rest = partial(committer.enqueue, may_rest=True)
        self._passed = PassedSubjects()

    async def record(self, record: DecisionRecord) -> Decision | None:
        if not record.decision.reservations and record.counting is None:
            await self._enqueue(
                RowInsert(self._sql["insert_decision"], decision_row(record, self._keyring))
            )
            return None
        business_id = record.question.business_id
        job = GroupJob(business_id, partial(self._begin, business_id), record)
        return cast("Decision | None", await self._enqueue(job))

    def _begin(self, business_id: BusinessId, connection: sqlite3.Connection) -> DecisionGroup:
        watch = SendWatch(business_id, self._passed)
        return DecisionGroup(connection, self._sql, self._keyring, self._ids, watch)

    def conclude(self, outcome: Outcome) -> Awaitable[object]:
        row = RowInsert(self._sql["insert_outcome"], outcome_row(outcome, self._keyring))
        named, contact_id = marketing_message(outcome, row.values), outcome.gives_back
        rows: tuple[RowInsert, ...] = (row,)
        if named is not None:
            name = RowInsert(self._sql["name_marketing_send"], (outcome.business_id, *named))
            rows = (row, name)
        if contact_id is None:
            return unheard(self._rest(RowInserts(rows)))

        def work(connection: sqlite3.Connection) -> None:
            for one in rows:
                connection.execute(*one)
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
