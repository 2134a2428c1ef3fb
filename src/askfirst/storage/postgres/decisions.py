"""Decisions and their outcomes in PostgreSQL, on a lane that no change of the ledger blocks."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeGuard, cast

from askfirst.decision.decision import Decision
from askfirst.decision.reservation import Reservation
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import Ids
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.brakes.brake_rows import KEPT_FOR_BRAKES, SWEPT_WITH_BRAKES
from askfirst.storage.brakes.brake_steps import BrakeSteps
from askfirst.storage.brakes.send_watch import PassedSubjects, SendWatch
from askfirst.storage.platform.committer import Committer, unheard
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Step
from askfirst.storage.postgres.batch_insert import BusinessMissing, insert_batch
from askfirst.storage.postgres.connection import Connection, is_about_data, run_script
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.sending.decision_rows import (
    decision_row,
    marketing_message,
    outcome_row,
    reserving,
    row_decision,
)
from askfirst.storage.sending.traffic_rows import KEPT, Counter, moves_back, reach

Written = DecisionRecord | Outcome


class _UsedUp(Exception):
    """One of the reservations that were made together could not be made."""


class PostgresDecisions:
    """See ports.gate.DecisionLog."""

    def __init__(
        self,
        writing: DedicatedConnection,
        reading: DedicatedConnection,
        sql: Mapping[str, str],
        keyring: Keyring,
        ids: Ids,
    ) -> None:
        self._writing = writing
        self._reading = reading
        self._sql = sql
        self._keyring = keyring
        self._ids = ids
        self._passed = PassedSubjects()
        self._batches = Committer[Written](self._run)

    async def record(self, record: DecisionRecord) -> Decision | None:
        return cast("Decision | None", await self._batches.submit(record))

    def conclude(self, outcome: Outcome) -> Awaitable[object]:
        may_rest = outcome.gives_back is None
        return unheard(self._batches.enqueue(outcome, may_rest=may_rest))

    async def give_back(
        self, business_id: BusinessId, message: Sequence[bytes]
    ) -> DecisionId | None:
        async def work(connection: Connection) -> DecisionId | None:
            for lookup in message:
                row = await connection.fetchrow(
                    self._sql["decision_of_message"], business_id, lookup
                )
                if row is None:
                    continue
                now = await connection.fetchval(self._sql["survivor"], business_id, row[1])
                if now is not None:
                    subjects = [f"contact:{now}", "people"]
                    await connection.execute(self._sql["lock_traffic"], business_id, subjects)
                    await self._give_back(connection, business_id, now, row[0])
                return DecisionId(row[0])
            return None

        return await self._reading.write(work)

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
        by_business: dict[tuple[BusinessId, bool], list[int]] = {}
        new = {one.decision_id for one in batch if isinstance(one, DecisionRecord)}
        for index, written in enumerate(batch):
            owner = written.business_id if isinstance(written, Outcome) else None
            key = owner or written.question.business_id  # type: ignore[union-attr]
            # A place is given back once it is taken: not by the transaction that takes it.
            is_late = _gives_back(written) and written.decision_id in new
            by_business.setdefault((key, is_late), []).append(index)
        for (business_id, _), indexes in sorted(by_business.items(), key=_late_last):
            own = await self._of_business(business_id, [batch[index] for index in indexes])
            for index, result in zip(indexes, own, strict=True):
                results[index] = result
        return results

    async def _of_business(self, business_id: BusinessId, batch: Sequence[Written]) -> list[object]:
        try:
            return await self._together(business_id, batch)
        except Unavailable as error:
            if len(batch) == 1 or not is_about_data(error):
                return [error] * len(batch)
        return [one for written in batch for one in await self._of_business(business_id, [written])]

    async def _together(self, business_id: BusinessId, batch: Sequence[Written]) -> list[object]:
        try:
            return await self._writing.write(
                lambda connection: self._write(connection, business_id, batch, [])
            )
        except _UsedUp:  # each is to hear of its own, which only one by one can tell
            return await self._writing.write(
                lambda connection: self._write(connection, business_id, batch, None)
            )

    async def _write(
        self,
        connection: Connection,
        business_id: BusinessId,
        batch: Sequence[Written],
        single: list[Step] | None,
    ) -> list[object]:
        """Write a batch. Reservations of those that need one are made together by way of `single`.

        Raises:
            _UsedUp: one of these could not be made; nothing may be committed.
        """
        results: list[object] = []
        decided, concluded = [], []
        counter, watch = await self._counters(connection, business_id, batch)
        named = []
        for written in batch:
            objection = None
            if isinstance(written, Outcome):
                row = outcome_row(written, self._keyring)
                concluded.append(row[1:])
                if (contact_id := written.gives_back) is not None:
                    await self._give_back(connection, business_id, contact_id, written.decision_id)
                if name := marketing_message(written, row):
                    named.append(name)
            else:
                objection = watch.objection(written)
                if objection is None:
                    objection = await self._admit(connection, counter, written, single)
                if objection is None:
                    watch.count(written)
                    decided.append(decision_row(written, self._keyring)[1:])
            results.append(objection)
        await self._reserve_single(connection, single or ())
        rows = {
            "insert_decisions": decided,
            "insert_outcomes": concluded,
            "insert_sent_messages": counter.sent,
            "put_paces": [(name, *pace) for name, pace in sorted(counter.paces.items())],
            "count_people": sorted(counter.people.items()),
            "insert_marketing_sends": watch.sends,
            "put_brake_subjects": watch.rows,
        }
        for statement, own in rows.items():
            await self._insert(connection, business_id, statement, own)
        if named:
            columns = [list(column) for column in zip(*named, strict=True)]
            await connection.execute(self._sql["name_marketing_sends"], business_id, *columns)
        if watch.has_begun or watch.filled:
            now = max(one.decided_at for one in batch if isinstance(one, DecisionRecord))
            steps = BrakeSteps(business_id, self._ids, now).begin(watch.filled)
            await run_script(connection, self._sql, steps)
        return results

    async def _counters(
        self, connection: Connection, business_id: BusinessId, batch: Sequence[Written]
    ) -> tuple[Counter, SendWatch]:
        """Lock what decisions of the batch count for, and only then, on a fresh snapshot, read."""
        counter = Counter(self._keyring)
        records = [written for written in batch if isinstance(written, DecisionRecord)]
        watch = SendWatch(business_id, self._passed)
        wanted = watch.wanted(records)
        given = [f"contact:{one.gives_back}" for one in batch if _gives_back(one)]
        people, watched = ["people"] if given else [], [f"watch:{key}" for key in wanted]
        subjects = sorted({*counter.subjects(records), *given, *people, *watched})
        if subjects:
            await connection.execute(self._sql["lock_traffic"], business_id, subjects)
        if pairs := counter.pairs(records):
            since = reach(max(record.decided_at for record in records))
            columns = [list(column) for column in zip(*pairs, strict=True)]
            rows = await connection.fetch(self._sql["traffic"], business_id, *columns, *since)
            for contact_id, sender, *row in rows:
                counter.load(contact_id, sender, row)
        if wanted:
            for found in await connection.fetch(self._sql["brake_subjects"], business_id, wanted):
                watch.load(found)
        return counter, watch

    async def _admit(
        self,
        connection: Connection,
        counter: Counter,
        record: DecisionRecord,
        single: list[Step] | None,
    ) -> Decision | None:
        """Reserve and count a decision, or return the no that speaks now."""
        if not record.decision.reservations:
            return counter.take(record)
        before = counter.mark()
        objection = counter.take(record)
        if objection is None and (used_up := await self._reserve(connection, record, single)):
            counter.back_to(before)
            objection = record.decision.denied(used_up.reason)
        return objection

    async def _give_back(
        self,
        connection: Connection,
        business_id: BusinessId,
        contact_id: ContactId,
        decision_id: DecisionId,
    ) -> None:
        place = (business_id, contact_id)
        outside = await connection.fetch(self._sql["outside_messages"], *place)
        if not await connection.fetch(self._sql["give_back"], *place, decision_id):
            return
        if changes := moves_back(outside, decision_id):
            columns = [list(column) for column in zip(*changes, strict=True)]
            await connection.execute(self._sql["count_people"], place[0], *columns)

    async def sweep_traffic(self, business_id: BusinessId, now: Instant) -> None:
        """Forget what no window reaches back to."""

        async def work(connection: Connection) -> None:
            for name in ("sweep_sent_messages", "sweep_paces", "sweep_people"):
                await connection.execute(self._sql[name], business_id, now - KEPT)
            for name in SWEPT_WITH_BRAKES:
                await connection.execute(self._sql[name], business_id, now - KEPT_FOR_BRAKES)

        await self._reading.write(work)

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

    async def _reserve_single(self, connection: Connection, single: Sequence[Step]) -> None:
        """Make reservations of a kind in one round trip, each for itself; all, or it is undone."""
        by_name: dict[str, list[tuple[object, ...]]] = {}
        for name, values in single:
            by_name.setdefault(name, []).append(values)
        for name, rows in by_name.items():
            if len(await connection.fetchmany(self._sql[name], rows)) < len(rows):
                raise _UsedUp

    async def _reserve(
        self, connection: Connection, record: DecisionRecord, single: list[Step] | None
    ) -> Reservation | None:
        """Make all reservations, or none: the first that is used up is returned."""
        reservations = record.decision.reservations
        is_one = len(reservations) == 1  # a single statement needs no savepoint, and no way there
        if is_one and single is not None:
            single.append(reserving(record, reservations[0]))
            return None
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


def _late_last(found: tuple[tuple[BusinessId, bool], list[int]]) -> bool:
    return found[0][1]


def _gives_back(written: Written) -> TypeGuard[Outcome]:
    return isinstance(written, Outcome) and written.gives_back is not None
