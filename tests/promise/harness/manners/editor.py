"""People who say no otherwise than with a message of its own: in an edit, or under a picture."""

from __future__ import annotations

import random

from tests.promise.harness import deliveries
from tests.promise.harness.manners.manner import agree_when_shown, deliver
from tests.promise.harness.wire import Reply, Wire


class Editor:
    """Says yes when asked, and no where it is easily overlooked."""

    def __init__(self, contact: str, chance: random.Random) -> None:
        self._contact = contact
        self._chance = chance

    async def agree(self, wire: Wire) -> Reply | None:
        return await agree_when_shown(wire, self._contact)

    async def stop(self, wire: Wire, name: str) -> Reply:
        say = self._chance.choice((deliveries.edited, deliveries.captioned))
        update = say(deliveries.writer(self._contact), name)
        return await deliver(wire, deliveries.messages([update]))
