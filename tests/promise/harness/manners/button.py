"""People who tap the button that stops."""

from __future__ import annotations

import random

from tests.promise.harness import deliveries
from tests.promise.harness.manners.manner import agree_when_shown, deliver
from tests.promise.harness.wire import Reply, Wire


class Button:
    """Says yes when asked, and no with a tap below an older message."""

    def __init__(self, contact: str, _: random.Random) -> None:
        self._contact = contact

    async def agree(self, wire: Wire) -> Reply | None:
        return await agree_when_shown(wire, self._contact)

    async def stop(self, wire: Wire, name: str) -> Reply:
        tap = deliveries.tapped(deliveries.writer(self._contact), name)
        return await deliver(wire, deliveries.messages([tap]))
