"""People who move Meta's own switch. Meta tells of it in whole seconds, so they take their time."""

from __future__ import annotations

import asyncio
import random
import time

from tests.promise.harness import deliveries
from tests.promise.harness.manners.manner import agree_when_shown, deliver, is_good, joined
from tests.promise.harness.wire import Reply, Wire


class Switch:
    """Has said yes to the business, and stops and resumes at Meta."""

    def __init__(self, contact: str, _: random.Random) -> None:
        self._contact = contact
        self._stopped_in = 0

    async def agree(self, wire: Wire) -> Reply | None:
        while int(time.time()) <= self._stopped_in:
            await asyncio.sleep(0.02)
        yes = await agree_when_shown(wire, self._contact)
        if yes is None or not is_good(yes) or not self._stopped_in:
            return yes
        return joined(yes, await self._move(wire, "resume"))

    async def stop(self, wire: Wire, name: str) -> Reply:
        self._stopped_in = int(time.time())
        return await self._move(wire, "stop")

    async def _move(self, wire: Wire, word: str) -> Reply:
        now = int(time.time())
        return await deliver(wire, deliveries.preference(self._contact, word, now))
