"""Decisions and their outcomes in PostgreSQL, on a lane that no change of the ledger blocks."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, cast

from askfirst.decision.reservation import Reservation
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.platform.committer import Committer, unheard
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.postgres.batch_insert import BusinessMissing, insert_batch
from askfirst.storage.postgres.connection import Connection, is_about_data
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.sending.decision_rows import (
    decision_row,
    outcome_row,
    reserving,
    row_decision,
)

Written = DecisionRecord | Outcome


class PostgresDecisions:
    """See ports.gate.DecisionLog."""

    def __init__(
        self,
        writing: DedicatedConnection,
        reading: DedicatedConnection,
        sql: Mapping[str, str],
        keyring: Keyring,
    ) -> None:
        self._writing = writing
        self._reading = reading
        self._sql = sql
        self._keyring = keyring
        self._batches = Committer[Written](self._run)

    async def record(self, record: DecisionRecord) -> Reservation | None:
        return cast("Reservation | None", await self._batches.submit(record))

    def conclude(self, outcome: Outcome) -> Awaitable[object]:
        return unheard(self._batches.enqueue(outcome))

    async def decisions(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[DecisionRecord, ...]:
        rows = await self._reading.run(
            lambda connection: connection.fetch(self._sql["decisions"], business_id, after, limit)
        )
        return tuple(row_decision(row) for row in rows)

    async def close(self) -> None:
        """Write what waits."""
        await self._batches.close()

    async def _run(self, batch: Sequence[Written]) -> Sequence[object]:
        results: list[object] = [None] * len(batch)
        by_business: dict[BusinessId, list[int]] = {}
        for index, written in enumerate(batch):
            owner = written.business_id if isinstance(written, Outcome) else None
            key = owner or written.question.business_id  # type: ignore[union-attr]
            by_business.setdefault(key, []).append(index)
        for business_id, indexes in by_business.items():
            own = await self._of_business(business_id, [batch[index] for index in indexes])
            for index, result in zip(indexes, own, strict=True):
                results[index] = result
        return results

    async def _of_business(self, business_id: BusinessId, batch: Sequence[Written]) -> list[object]:
        try:
            return await self._writing.write(
                lambda connection: self._write(connection, business_id, batch)
            )
        except Unavailable as error:
            if len(batch) == 1 or not is_about_data(error):
                return [error] * len(batch)
        return [one for written in batch for one in await self._of_business(business_id, [written])]

    async def _write(
        self, connection: Connection, business_id: BusinessId, batch: Sequence[Written]
    ) -> list[object]:
        results: list[object] = []
        decided, concluded = [], []
        for written in batch:
            used_up = None
            if isinstance(written, Outcome):
                concluded.append(outcome_row(written, self._keyring)[1:])
            else:
                if written.decision.reservations:
                    used_up = await self._reserve(connection, written)
                if used_up is None:
                    decided.append(decision_row(written, self._keyring)[1:])
            results.append(used_up)
        for name, rows in (("insert_decisions", decided), ("insert_outcomes", concluded)):
            await self._insert(connection, business_id, name, rows)
        return results

    async def _insert(
        self, connection: Connection, business_id: BusinessId, name: str, rows: Sequence[Any]
    ) -> None:
        try:
            await insert_batch(connection, self._sql, name, business_id, rows)
        except BusinessMissing:
            written_at = rows[0][1]  # second in both tables
            await connection.execute(
                self._sql["ensure_business"], business_id, business_id, written_at
            )
            await insert_batch(connection, self._sql, name, business_id, rows)

    async def _reserve(self, connection: Connection, record: DecisionRecord) -> Reservation | None:
        """Make all reservations, or none: the first that is used up is returned."""
        reservations = record.decision.reservations
        is_one = len(reservations) == 1  # a single statement needs no savepoint, and no way there
        if not is_one:
            await connection.execute("SAVEPOINT reserving")
        for reservation in reservations:
            name, values = reserving(record, reservation)
            if not await connection.fetchval(self._sql[name], *values):
                if not is_one:
                    await connection.execute("ROLLBACK TO reserving; RELEASE reserving")
                return reservation
        if not is_one:
            await connection.execute("RELEASE reserving")
        return None
