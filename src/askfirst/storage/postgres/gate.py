"""The gate's look at PostgreSQL: look-ups in batches, holds in rounds.

A round is one transaction. It takes the shared locks of all its contacts, and only then, in a
statement of its own and so on a fresh snapshot, reads the facts: a statement that waited for a
lock would still see the world as it was before the wait. The locks go when every send of the
round has let go.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import SECOND
from askfirst.ports.sending.gate import PERMIT_LIFE
from askfirst.storage.platform.committer import Committer
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.epoch import PostgresEpoch
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.sending.decision_rows import FACTS_COLUMNS, FactsRow, facts_of

_ROUND_QUESTIONS_MAX = 64
_ATTEMPTS_MAX = 3


class Asked:
    """A question with the hashes of the names it is about."""

    __slots__ = ("_keyring", "keys", "nearby", "question")

    def __init__(self, question: SendRequest, keyring: Keyring) -> None:
        self.question = question
        self._keyring = keyring
        self.keys = [keyring.lookups(alias.key) for alias in question.recipients] or [[b""]]
        self.nearby = [
            lookup
            for alias in question.recipients
            for key in alias.neighbour_keys
            for lookup in keyring.lookups(key)
        ]

    @property
    def lookups(self) -> list[bytes]:
        """All hashes, in the order in which `facts` takes its rows."""
        return [lookup for keys in self.keys for lookup in keys] + self.nearby

    def facts(self, rows: Sequence[FactsRow]) -> tuple[DecisionContext, frozenset[ContactId]]:
        """Put the rows of `lookups` together; the contacts are those that were read."""
        if not rows:
            strangers = len(self.question.recipients)
            return DecisionContext(position=Position(0), strangers=strangers), frozenset()
        names, start = [], 0
        for keys in self.keys:
            names.append(rows[start : start + len(keys)])
            start += len(keys)
        read = frozenset(row.contact_id for row in rows if row.contact_id is not None)
        return facts_of(self.question, names, rows[start:], self._keyring), read


class Hold:
    """One send's place in a round."""

    __slots__ = ("_connection", "_ended", "asked", "facts", "ready", "released")

    def __init__(self, asked: Asked) -> None:
        loop = asyncio.get_running_loop()
        self.asked = asked
        self.facts = DecisionContext(position=Position(0))
        self.ready: asyncio.Future[None] = loop.create_future()
        self.released: asyncio.Future[None] = loop.create_future()
        self._connection: Connection | None = None
        self._ended = False

    def begin(self, connection: Connection, facts: DecisionContext) -> None:
        """The lock is held and the facts are fresh."""
        self._connection = connection
        self.facts = facts
        if not self.ready.done():
            self.ready.set_result(None)

    def end(self) -> None:
        """From now on the lock may be gone."""
        self._ended = True

    def alive(self) -> bool:
        """See ports.gate.Held."""
        connection = self._connection
        return connection is not None and not self._ended and not connection.is_closed()


class PostgresGate:
    """See ports.gate.Gate."""

    def __init__(
        self,
        look: DedicatedConnection,
        rounds: Sequence[DedicatedConnection],
        sql: Mapping[str, str],
        keyring: Keyring,
        epoch: PostgresEpoch,
    ) -> None:
        self._epoch = epoch
        self._look_lane = look
        self._sql = sql
        self._keyring = keyring
        self._looks = Committer[Asked](self._look_batch)
        self._free = list(rounds)
        self._waiting: list[Hold] = []
        self._running: set[asyncio.Task[None]] = set()

    async def look(self, question: SendRequest) -> DecisionContext:
        found = await self._looks.submit(Asked(question, self._keyring))
        if not isinstance(found, DecisionContext):
            raise Unavailable("the facts could not be read")
        return found

    @asynccontextmanager
    async def hold(self, question: SendRequest) -> AsyncIterator[Hold]:
        hold = Hold(Asked(question, self._keyring))
        self._waiting.append(hold)
        self._start_rounds()
        try:
            await hold.ready
            yield hold
        finally:
            hold.end()
            if not hold.released.done():
                hold.released.set_result(None)

    async def check(self, connection: Connection) -> None:
        """Raise what the driver raises where the facts of a decision cannot be read."""
        await connection.fetch(self._sql["facts"], "", [0], [""], [""], [""], [b""])

    async def close(self) -> None:
        """Let the running rounds end."""
        await self._looks.close()
        if self._running:
            await asyncio.wait(self._running)

    async def _look_batch(self, batch: Sequence[Asked]) -> Sequence[object]:
        async def work(
            connection: Connection,
        ) -> list[tuple[DecisionContext, frozenset[ContactId]]]:
            return await self._read(connection, batch)

        return [facts for facts, _ in await self._look_lane.run(work)]

    def _start_rounds(self) -> None:
        while self._free and self._waiting:
            business_id = self._waiting[0].asked.question.business_id
            holds = [h for h in self._waiting if h.asked.question.business_id == business_id]
            holds = holds[:_ROUND_QUESTIONS_MAX]
            taken = set(map(id, holds))
            self._waiting = [h for h in self._waiting if id(h) not in taken]
            task = asyncio.create_task(self._round(self._free.pop(), business_id, holds))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _round(
        self, lane: DedicatedConnection, business_id: BusinessId, holds: list[Hold]
    ) -> None:
        try:
            await lane.write(lambda connection: self._hold_round(connection, business_id, holds))
        except Exception as error:  # noqa: BLE001 - the senders must hear of it
            for hold in holds:
                hold.end()
                if not hold.ready.done():
                    hold.ready.set_exception(error)
        finally:
            self._free.append(lane)
            self._start_rounds()

    async def _hold_round(
        self, connection: Connection, business_id: BusinessId, holds: list[Hold]
    ) -> None:
        holds = [hold for hold in holds if not hold.released.done()]
        lookups = list({lookup for hold in holds for lookup in hold.asked.lookups})
        # A merge may move a name between the two statements: lock again, then read again.
        for _ in range(_ATTEMPTS_MAX):
            locked = await connection.fetch(self._sql["share_contacts"], business_id, lookups)
            known = {row[1] for row in locked}
            found = await self._read(connection, [hold.asked for hold in holds])
            if all(read <= known for _, read in found):
                break
        else:
            raise Unavailable("the contact is changing")
        for hold, (facts, _) in zip(holds, found, strict=True):
            hold.begin(connection, facts)
        await asyncio.wait([hold.released for hold in holds], timeout=PERMIT_LIFE / SECOND)
        for hold in holds:
            hold.end()

    async def _read(
        self, connection: Connection, batch: Sequence[Asked]
    ) -> list[tuple[DecisionContext, frozenset[ContactId]]]:
        found: list[tuple[DecisionContext, frozenset[ContactId]] | None] = [None] * len(batch)
        by_business: dict[BusinessId, list[int]] = {}
        for index, asked in enumerate(batch):
            by_business.setdefault(asked.question.business_id, []).append(index)
        for business_id, indexes in by_business.items():
            rows = await self._rows(connection, business_id, [batch[index] for index in indexes])
            for index, own in zip(indexes, rows, strict=True):
                found[index] = batch[index].facts(own)
        return [facts for facts in found if facts is not None]

    async def _rows(
        self, connection: Connection, business_id: BusinessId, batch: Sequence[Asked]
    ) -> list[list[FactsRow]]:
        columns: tuple[list[Any], ...] = ([], [], [], [], [])
        for asked in batch:
            question = asked.question
            for lookup in asked.lookups:
                row = (question.sender, question.template, question.language, lookup)
                columns[0].append(len(columns[0]))
                for column, value in zip(columns[1:], row, strict=True):
                    column.append(value)
        records = await connection.fetch(self._sql["facts"], business_id, *columns)
        if not records:
            return [[] for _ in batch]
        self._epoch.compare(records[0])
        rows = [FactsRow._make(record[:FACTS_COLUMNS]) for record in records]
        parts, start = [], 0
        for asked in batch:
            size = len(asked.lookups)
            parts.append(rows[start : start + size])
            start += size
        return parts
