"""People who say yes and no in turn: each waits for every answer before the next word."""

from __future__ import annotations

import asyncio
import itertools
import random

from tests.promise.harness import letters
from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.wire import Reply, Wire

_OK = 200
_AGREED_SECONDS_MAX = 0.010
_QUIET_SECONDS_MAX = 0.012


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    chance = random.Random(part["seed"])

    async def live(contact: str) -> None:
        wires = [Wire(port, part["key"]) for port in part["ports"]]
        for number in itertools.count():
            if ended():
                break
            wire = chance.choice(wires)
            shown = await wire.get(letters.RENDERING)
            if shown.status == _OK:
                yes = letters.shown_yes(contact, shown.body)
                _note(journal, "yes", contact, await wire.post(letters.CONSENTS, yes))
            await asyncio.sleep(chance.uniform(0, _AGREED_SECONDS_MAX))
            by_hook = chance.random() < 0.5
            name = f"wamid.{part['name']}.{contact}.{number}"
            reply = await _stop(chance.choice(wires), contact, name if by_hook else "")
            _note(journal, "stop", contact, reply)
            await asyncio.sleep(chance.uniform(0, _QUIET_SECONDS_MAX))
        for wire in wires:
            wire.close()

    await asyncio.gather(*(live(contact) for contact in part["contacts"]))


async def _stop(wire: Wire, contact: str, name: str) -> Reply:
    """Stop by Meta's webhook where the message has a name, else through the REST face."""
    if not name:
        return await wire.post(letters.CONSENTS, letters.withdrawal(contact))
    body = letters.stops([contact], [name])
    return await wire.post(letters.WEBHOOKS, body, letters.signature(body))


def _note(journal: Journal, what: str, contact: str, reply: Reply) -> None:
    journal.note(
        what,
        contact=contact,
        asked=reply.asked,
        answered=reply.answered,
        status=reply.status,
    )


if __name__ == "__main__":
    act(play)
