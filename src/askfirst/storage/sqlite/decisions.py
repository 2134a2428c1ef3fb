"""Decisions and their outcomes in SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping

from askfirst.domain.values.ids import BusinessId
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.platform.committer import unheard
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sending.decision_rows import USES, decision_row, outcome_row, row_decision
from askfirst.storage.sqlite.writer import Job, RowInsert


class SqliteDecisions:
    """See ports.gate.DecisionLog."""

    def __init__(
        self,
        reading: sqlite3.Connection,
        sql: Mapping[str, str],
        keyring: Keyring,
        enqueue: Callable[[Job], asyncio.Future[object]],
    ) -> None:
        self._read = reading.execute
        self._sql = sql
        self._keyring = keyring
        self._enqueue = enqueue

    async def record(self, record: DecisionRecord) -> bool:
        row = RowInsert(self._sql["insert_decision"], decision_row(record, self._keyring))
        used_for, reason = record.decision.exception_for, record.decision.reason
        if used_for is None:
            return bool(await self._enqueue(row))

        def work(connection: sqlite3.Connection) -> bool:
            place = (record.question.business_id, record.contact_id)
            used = connection.execute(self._sql[USES[reason]], (used_for, *place, used_for))
            if not used.rowcount:
                return False
            connection.execute(*row)
            return True

        return bool(await self._enqueue(work))

    def conclude(self, outcome: Outcome) -> Awaitable[object]:
        row = outcome_row(outcome, self._keyring)
        return unheard(self._enqueue(RowInsert(self._sql["insert_outcome"], row)))

    async def decisions(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[DecisionRecord, ...]:
        rows = self._read(self._sql["decisions"], (business_id, after, limit)).fetchall()
        return tuple(row_decision(row) for row in rows)
