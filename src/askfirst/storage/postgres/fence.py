"""Wait out the sends that may have been allowed before a stop.

The lock that a send holds dies with the database session, but the send itself may go on for as
long as its permit lives. So a connection that is younger than a permit may have missed a lock:
no stop is acknowledged through it before one permit life has passed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from askfirst.domain.errors import Unavailable
from askfirst.domain.ids import BusinessId, ContactId
from askfirst.storage.committer import Committer
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.lane import Lane

Fenced = tuple[BusinessId, frozenset[ContactId]]


class Fence:
    """Takes the exclusive lock of contacts, batch after batch, and lets go at once."""

    def __init__(self, lane: Lane, sql: Mapping[str, str], settle_seconds: float) -> None:
        self._lane = lane
        self._sql = sql
        self._settle_seconds = settle_seconds
        self._batches = Committer[Fenced](self._run)

    async def wait(self, business_id: BusinessId, contacts: frozenset[ContactId]) -> None:
        """Return when no older allow for these contacts can leave any more."""
        if not await self._batches.submit((business_id, contacts)):
            raise Unavailable("the stop is stored, but not yet in force")

    async def close(self) -> None:
        """Finish what waits."""
        await self._batches.close()

    async def _run(self, batch: Sequence[Fenced]) -> Sequence[object]:
        by_business: dict[BusinessId, set[ContactId]] = {}
        for business_id, contacts in batch:
            by_business.setdefault(business_id, set()).update(contacts)
        for business_id, fenced in by_business.items():
            await self._fence(business_id, sorted(fenced))
        return [True] * len(batch)

    async def _fence(self, business_id: BusinessId, contacts: list[ContactId]) -> None:
        async def work(connection: Connection) -> None:
            age = asyncio.get_running_loop().time() - self._lane.connected_at
            await asyncio.sleep(max(0.0, self._settle_seconds - age))
            async with connection.transaction():
                await connection.execute(self._sql["fence_contacts"], business_id, contacts)

        await self._lane.run(work)
