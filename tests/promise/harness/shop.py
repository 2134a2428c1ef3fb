"""A shop that sends each new customer many offers at once, from both of its numbers."""

from __future__ import annotations

import asyncio
import itertools

from tests.promise.harness import letters
from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.wire import Wire

_CREATED = 201
_ROUNDS = 3
"""How often the shop sends its offers: a place that was given back is free in the next round."""


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    ports = itertools.islice(itertools.cycle(part["ports"]), part["crowd"])
    wires = [Wire(port, part["key"]) for port in ports]
    paths = itertools.cycle(f"/v26.0/{sender}/messages" for sender in letters.SENDERS)
    for number in itertools.count(1):
        if ended():
            break
        contact = f"4477{part['seed']:02d}{number:06d}"
        shown = await wires[0].get(letters.RENDERING)
        if not shown.status:
            continue
        said = await wires[0].post(letters.CONSENTS, letters.shown_yes(contact, shown.body))
        if said.status != _CREATED:
            continue
        for turn in range(_ROUNDS):
            await asyncio.gather(
                *(
                    _offer(wire, journal, next(paths), contact, f"{contact}-{turn}-{at}")
                    for at, wire in enumerate(wires)
                )
            )
        journal.note("finished", contact=contact)
    for wire in wires:
        wire.close()


async def _offer(wire: Wire, journal: Journal, path: str, contact: str, key: str) -> None:
    reply = await wire.post(path, letters.message(contact, key))
    journal.note("offered", contact=contact, key=key, status=reply.status)


if __name__ == "__main__":
    act(play)
