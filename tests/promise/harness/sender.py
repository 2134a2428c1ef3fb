"""A client that sends marketing messages to the same few people, as fast as it is answered."""

from __future__ import annotations

import asyncio
import itertools
import random

from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.notes import send_once
from tests.promise.harness.wire import Wire


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    keys = (f"{part['name']}-{number}" for number in itertools.count())
    chance = random.Random(part["seed"])

    async def send(port: int) -> None:
        wire = Wire(port, part["key"])
        while not ended():
            contact, key = chance.choice(part["contacts"]), next(keys)
            await send_once(wire, journal, contact, key)
        wire.close()

    ports = itertools.islice(itertools.cycle(part["ports"]), part["crowd"])
    await asyncio.gather(*(send(port) for port in ports))


if __name__ == "__main__":
    act(play)
