"""Wait out the sends that may have been allowed before a stop.

The lock that a send holds dies with the database session, but the send itself may go on for as
long as its permit lives. So a session that is younger than a permit may have missed a lock: no stop
is acknowledged by a lock of its before it is one permit life old. The statement itself tells which
session took the lock: where tables are sharded it is one on the shard's node, which may be younger
than the connection from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.lane import DedicatedConnection


@dataclass(frozen=True, slots=True)
class _Stop:
    """Contacts to wait for, and whoever waits."""

    business_id: BusinessId
    contacts: frozenset[ContactId]
    in_force: asyncio.Future[None]


class Fence:
    """Takes the exclusive lock of contacts and lets go at once.

    Several lanes, so that a stop which waits for a slow send does not hold up the others.
    """

    def __init__(
        self, lanes: Sequence[DedicatedConnection], sql: Mapping[str, str], settle_seconds: float
    ) -> None:
        self._free = list(lanes)
        self._sql = sql
        self._settle_seconds = settle_seconds
        self._waiting: list[_Stop] = []
        self._running: set[asyncio.Task[None]] = set()

    async def wait(self, business_id: BusinessId, contacts: frozenset[ContactId]) -> None:
        """Return when no older allow for these contacts can leave any more."""
        in_force: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Stop(business_id, contacts, in_force))
        self._start()
        await in_force

    async def close(self) -> None:
        """Finish what waits."""
        while self._running:
            await asyncio.wait(self._running)

    def _start(self) -> None:
        while self._free and self._waiting:
            business_id = self._waiting[0].business_id
            batch = [stop for stop in self._waiting if stop.business_id == business_id]
            self._waiting = [stop for stop in self._waiting if stop.business_id != business_id]
            task = asyncio.create_task(self._run(self._free.pop(), business_id, batch))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run(
        self, lane: DedicatedConnection, business_id: BusinessId, batch: list[_Stop]
    ) -> None:
        contacts = sorted({contact for stop in batch for contact in stop.contacts})
        failure: Exception | None = None
        try:
            await self._fence(lane, business_id, contacts)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            failure = error
        finally:
            self._free.append(lane)
            self._start()
        for stop in batch:
            if stop.in_force.cancelled():
                continue
            if failure is None:
                stop.in_force.set_result(None)
            else:
                stop.in_force.set_exception(failure)

    async def _fence(
        self, lane: DedicatedConnection, business_id: BusinessId, contacts: list[ContactId]
    ) -> None:
        async def work(connection: Connection) -> None:
            async with connection.transaction():
                rows = await connection.fetch(self._sql["fence_contacts"], business_id, contacts)
            # Both say no: the database's clock may have been set, and ours knows one session only.
            own_age = asyncio.get_running_loop().time() - lane.connected_at
            ages = [own_age, *(session_age or 0.0 for _, session_age in rows)]
            age = max(0.0, min(ages))
            await asyncio.sleep(max(0.0, self._settle_seconds - age))

        await lane.run(work)
