"""People who say yes and no in turn: each waits for every answer before the next word."""

from __future__ import annotations

import asyncio
import itertools
import random

from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.cast import manner_of
from tests.promise.harness.journal import Journal
from tests.promise.harness.notes import note_word
from tests.promise.harness.wire import Wire

_AGREED_SECONDS_MAX = 0.010
_QUIET_SECONDS_MAX = 0.012


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    chance = random.Random(part["seed"])

    async def live(contact: str) -> None:
        wires = [Wire(port, part["key"]) for port in part["ports"]]
        manner = manner_of(contact, chance)
        for number in itertools.count():
            if ended():
                break
            if yes := await manner.agree(chance.choice(wires)):
                note_word(journal, "yes", contact, yes)
            await asyncio.sleep(chance.uniform(0, _AGREED_SECONDS_MAX))
            name = f"wamid.{part['name']}.{contact}.{number}"
            note_word(journal, "stop", contact, await manner.stop(chance.choice(wires), name))
            await asyncio.sleep(chance.uniform(0, _QUIET_SECONDS_MAX))
        for wire in wires:
            wire.close()

    await asyncio.gather(*(live(contact) for contact in part["contacts"]))


if __name__ == "__main__":
    act(play)
