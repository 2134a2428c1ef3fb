"""People whose number WhatsApp may spell in two ways: they stop under the other one."""

from __future__ import annotations

import random

from tests.promise.harness import deliveries
from tests.promise.harness.manners.manner import agree_when_shown, deliver
from tests.promise.harness.wire import Reply, Wire


class Neighbour:
    """An Argentine mobile: sent to with its 9, writes without it."""

    def __init__(self, contact: str, _: random.Random) -> None:
        self._contact = contact
        self._other = contact.replace("549", "54", 1)

    async def agree(self, wire: Wire) -> Reply | None:
        return await agree_when_shown(wire, self._contact)

    async def stop(self, wire: Wire, name: str) -> Reply:
        return await deliver(wire, deliveries.stops([self._other], [name]))
