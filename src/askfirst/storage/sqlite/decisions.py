"""Decisions and their outcomes in SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from askfirst.decision.reservation import Reservation
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.platform.committer import unheard
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sending.decision_rows import (
    decision_row,
    outcome_row,
    reserving,
    row_decision,
)
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

    async def record(self, record: DecisionRecord) -> Reservation | None:
        row = RowInsert(self._sql["insert_decision"], decision_row(record, self._keyring))
        if not record.decision.reservations:
            await self._enqueue(row)
            return None

        def work(connection: sqlite3.Connection) -> Reservation | None:
            used_up = self._reserve(connection, record)
            if used_up is None:
                connection.execute(*row)
            return used_up

        return cast("Reservation | None", await self._enqueue(work))

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
        row = outcome_row(outcome, self._keyring)
        return unheard(self._enqueue(RowInsert(self._sql["insert_outcome"], row)))

    async def decisions(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[DecisionRecord, ...]:
        rows = self._read(self._sql["decisions"], (business_id, after, limit)).fetchall()
        return tuple(row_decision(row) for row in rows)
