"""People whose names meet, change, or change hands: each once, so each life has names of its own.

The delivery that tells of it is a no: once it is acknowledged, nothing may leave to the names
that are no longer, or were never, theirs. Sends to these people go on all the while. It is a no
only because of what was known before; where that was not acknowledged, a life ends early.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.promise.harness import deliveries
from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.manners.manner import agree_when_shown, deliver, is_good
from tests.promise.harness.notes import note_word, send_once
from tests.promise.harness.wire import Wire

_SENDERS = 2
_BEFORE_SECONDS_MAX, _AFTER_SECONDS = 0.02, 0.04


@dataclass(frozen=True, slots=True)
class Life:
    """One person's wires and names: two numbers and two ids that nobody else ever had."""

    name: str
    number: str
    other_number: str
    user_id: str
    other_user_id: str
    part: Part
    journal: Journal
    chance: random.Random

    async def agree(self, wire: Wire, *contacts: str) -> None:
        """Say yes under each of these names."""
        for contact in contacts:
            if yes := await agree_when_shown(wire, contact):
                note_word(self.journal, "yes", contact, yes)

    async def write(self, wire: Wire, *names: str, text: str = "hello") -> bool:
        """Write under these names, which Meta signs together; tell whether it is acknowledged."""
        message = deliveries.typed(deliveries.writer(*names), f"{self.name}.{names}.{text}", text)
        return is_good(await deliver(wire, deliveries.messages([message])))

    async def end(self, wire: Wire, body: bytes, *contacts: str) -> None:
        """Deliver what is a no to these names, and note that it is one."""
        reply = await deliver(wire, body)
        for contact in contacts:
            note_word(self.journal, "stop", contact, reply)

    @asynccontextmanager
    async def sends(self, *contacts: str) -> AsyncIterator[None]:
        """Send to these names, and for a moment more."""
        is_over = asyncio.Event()
        sending = [
            asyncio.create_task(self._send(contact, place, is_over))
            for contact in contacts
            for place in range(_SENDERS)
        ]
        await asyncio.sleep(self.chance.uniform(0, _BEFORE_SECONDS_MAX))
        yield
        await asyncio.sleep(_AFTER_SECONDS)
        is_over.set()
        await asyncio.gather(*sending)

    async def _send(self, contact: str, place: int, is_over: asyncio.Event) -> None:
        wire = Wire(self.chance.choice(self.part["ports"]), self.part["key"])
        for number in itertools.count():
            if is_over.is_set():
                break
            await send_once(wire, self.journal, contact, f"{self.name}.{contact}.{place}.{number}")
        wire.close()


async def meet(life: Life, wire: Wire) -> None:
    """Stopped under an id, agreed under a number; then Meta signs both together."""
    stopped, agreed = life.chance.sample((life.user_id, life.number), 2)
    if not await life.write(wire, stopped, text="STOP"):
        return
    await life.agree(wire, agreed)
    async with life.sends(agreed):
        both = deliveries.writer(life.number, life.user_id)
        body = deliveries.messages([deliveries.typed(both, life.name, "hello")])
        await life.end(wire, body, agreed)


async def move(life: Life, wire: Wire) -> None:
    """Take another number, with notice: neither the old one nor the new one has said yes."""
    await life.agree(wire, life.number, life.other_number)
    async with life.sends(life.number, life.other_number):
        notice = deliveries.changed_number(life.number, life.other_number, life.name)
        await life.end(wire, deliveries.messages([notice]), life.number, life.other_number)


async def lose_number(life: Life, wire: Wire) -> None:
    """Lose the number to somebody with another id, without notice."""
    await life.agree(wire, life.number)
    if not await life.write(wire, life.number, life.user_id):
        return
    async with life.sends(life.number, life.user_id):
        stranger = deliveries.writer(life.number, life.other_user_id)
        body = deliveries.messages([deliveries.typed(stranger, life.name, "hello")])
        await life.end(wire, body, life.number, life.user_id)


async def take_id_along(life: Life, wire: Wire) -> None:
    """Turn up under another number with the same id, without notice."""
    await life.agree(wire, life.number)
    if not await life.write(wire, life.number, life.user_id):
        return
    async with life.sends(life.number, life.user_id):
        elsewhere = deliveries.writer(life.other_number, life.user_id)
        body = deliveries.messages([deliveries.typed(elsewhere, life.name, "hello")])
        await life.end(wire, body, life.number, life.user_id)


_LIVES = (meet, move, lose_number, take_id_along)


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    chance = random.Random(part["seed"])

    async def tell(place: int) -> None:
        wire = Wire(chance.choice(part["ports"]), part["key"])
        for count in itertools.count():
            if ended():
                break
            number = part["seed"] * 10_000_000 + place * 1_000_000 + count * 2
            life = Life(
                f"{part['name']}.{place}.{count}",
                f"4478{number:08d}",
                f"4478{number + 1:08d}",
                f"GB.new{number}",
                f"GB.new{number + 1}",
                part,
                journal,
                chance,
            )
            await _LIVES[(place + count) % len(_LIVES)](life, wire)
        wire.close()

    await asyncio.gather(*(tell(place) for place in range(part["crowd"])))


if __name__ == "__main__":
    act(play)
