"""Who is sending to whom, inside the one server process.

A send registers itself in the same breath in which it reads its facts; a stop, once it is
committed, waits for the sends that registered before. Sends that come later read the stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from askfirst.domain.values.ids import ContactId


class SendLocks:
    """Shared holds on contacts. Used on the event loop's thread only."""

    def __init__(self) -> None:
        self._holds: dict[ContactId, set[asyncio.Future[None]]] = {}

    def hold(self, contacts: Iterable[ContactId]) -> asyncio.Future[None]:
        """Register a send to these contacts; end it with `release`."""
        hold: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for contact in contacts:
            self._holds.setdefault(contact, set()).add(hold)
        return hold

    def release(self, hold: asyncio.Future[None], contacts: Iterable[ContactId]) -> None:
        """End a hold; whoever waits for it goes on."""
        for contact in contacts:
            holds = self._holds.get(contact)
            if holds:
                holds.discard(hold)
                if not holds:
                    del self._holds[contact]
        if not hold.done():
            hold.set_result(None)

    async def fence(self, contacts: Iterable[ContactId]) -> None:
        """Wait until every send that held one of these contacts when called has let go."""
        waiting = {hold for contact in contacts for hold in self._holds.get(contact, ())}
        if waiting:
            await asyncio.wait(waiting)
