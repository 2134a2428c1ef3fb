"""A client that never gives up: unique deeds, repeated as Meta repeats them, through every crash."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.promise.harness import letters
from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.wire import Reply, Wire

_PEOPLE_PER_STORY = 3
_ATTEMPTS_MAX = 4
_GIVES_UP, _REPEATS, _REMEMBERS = 0.2, 0.1, 0.1
_GOOD = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One request, with a name that makes it unique for ever. Each person does each kind once."""

    name: str
    kind: str
    people: tuple[str, ...]
    body: bytes

    async def ask(self, wire: Wire) -> Reply:
        if self.kind == "stops":
            return await wire.post(letters.WEBHOOKS, self.body, letters.signature(self.body))
        return await wire.post(letters.CONSENTS, self.body, f"idempotency-key: {self.name}")


def story(teller: str, number: int, first_person: int) -> Iterator[Deed]:
    """Three people agree, one refuses something else, one withdraws; then all type STOP at once."""
    people = [f"4477{first_person + place:08d}" for place in range(_PEOPLE_PER_STORY)]
    name = f"{teller}.{number}"
    for place, person in enumerate(people):
        yield _deed(f"{name}.yes.{place}", "yes", person, letters.yes(person))
    yield _deed(f"{name}.refusal", "refusal", people[0], letters.refusal(people[0]))
    yield _deed(f"{name}.withdrawal", "withdrawal", people[1], letters.withdrawal(people[1]))
    messages = [f"wamid.{name}.{place}" for place in range(len(people))]
    body = letters.stops(people, messages)
    yield Deed(name=f"{name}.stops", kind="stops", people=tuple(people), body=body)


def _deed(name: str, kind: str, person: str, body: bytes) -> Deed:
    return Deed(name=name, kind=kind, people=(person,), body=body)


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    await asyncio.gather(*(_tell(part, journal, ended, place) for place in range(part["crowd"])))


async def _tell(part: Part, journal: Journal, ended: Ended, place: int) -> None:
    teller, chance = f"{part['name']}.{place}", random.Random(part["seed"] * 100 + place)
    wires = [Wire(port, part["key"]) for port in part["ports"]]
    first_person = (part["seed"] * 10 + place) * 1_000_000
    open_deeds: dict[str, Deed] = {}
    told: list[Deed] = []
    number = 0

    async def attempt(deed: Deed) -> bool:
        reply = await deed.ask(chance.choice(wires))
        is_done = reply.status in _GOOD
        journal.note(
            "attempt", name=deed.name, kind=deed.kind, people=deed.people, status=reply.status
        )
        open_deeds[deed.name] = deed
        if is_done:
            del open_deeds[deed.name]
        return is_done

    while not ended():
        for deed in story(teller, number, first_person + number * _PEOPLE_PER_STORY):
            told.append(deed)
            for _ in range(_ATTEMPTS_MAX):
                if await attempt(deed) or ended() or chance.random() < _GIVES_UP:
                    break
            if chance.random() < _REPEATS:
                await attempt(deed)
            if chance.random() < _REMEMBERS:
                await attempt(chance.choice(told))
        number += 1
    for deed in list(open_deeds.values()):
        await attempt(deed)
    for wire in wires:
        wire.close()


if __name__ == "__main__":
    act(play)
