"""People with a number or an id, who type STOP or take everything back at the business."""

from __future__ import annotations

import random

from tests.promise.harness import deliveries, letters
from tests.promise.harness.manners.manner import agree_when_shown, deliver
from tests.promise.harness.wire import Reply, Wire


class Plain:
    """Says yes when asked, and no by Meta or by the REST face."""

    def __init__(self, contact: str, chance: random.Random) -> None:
        self._contact = contact
        self._chance = chance

    async def agree(self, wire: Wire) -> Reply | None:
        return await agree_when_shown(wire, self._contact)

    async def stop(self, wire: Wire, name: str) -> Reply:
        if self._chance.random() < 0.5:
            return await wire.post(letters.CONSENTS, letters.withdrawal(self._contact))
        return await deliver(wire, deliveries.stops([self._contact], [name]))
