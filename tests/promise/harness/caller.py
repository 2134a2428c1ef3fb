"""A client that goes on through every crash: unique deeds, repeated as Meta repeats them."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.promise.harness import deliveries, letters
from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.wire import Reply, Wire

_PEOPLE_PER_STORY = 3
_ATTEMPTS_MAX = 4
_GIVES_UP, _REPEATS, _REMEMBERS = 0.2, 0.1, 0.1
_REST_SECONDS_MAX = 0.08
"""Between deeds: a ledger that grows too fast takes longer to audit than to kill."""
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
    body = deliveries.stops(people, messages)
    yield Deed(name=f"{name}.stops", kind="stops", people=tuple(people), body=body)


def _deed(name: str, kind: str, person: str, body: bytes) -> Deed:
    return Deed(name=name, kind=kind, people=(person,), body=body)


class Teller:
    """Tells one story after another, a deed at a time."""

    def __init__(self, part: Part, journal: Journal, place: int) -> None:
        self._name = f"{part['name']}.{place}"
        self._journal = journal
        self._chance = random.Random(part["seed"] * 100 + place)
        self._wires = [Wire(port, part["key"]) for port in part["ports"]]
        self._first_person = (part["seed"] * 10 + place) * 1_000_000
        self._told: list[Deed] = []
        self._open: dict[str, Deed] = {}

    async def tell(self, ended: Ended) -> None:
        """Tell until told to end; then try once more what nobody has confirmed."""
        for number in itertools.count():
            if ended():
                break
            first_person = self._first_person + number * _PEOPLE_PER_STORY
            for deed in story(self._name, number, first_person):
                await self._do(deed, ended)
                await asyncio.sleep(self._chance.uniform(0, _REST_SECONDS_MAX))
        for deed in list(self._open.values()):
            await self._attempt(deed)
        for wire in self._wires:
            wire.close()

    async def _do(self, deed: Deed, ended: Ended) -> None:
        """Try until it is confirmed, mostly; and now and then repeat this or an old one."""
        self._told.append(deed)
        for _ in range(_ATTEMPTS_MAX):
            if await self._attempt(deed) or ended() or self._chance.random() < _GIVES_UP:
                break
        if self._chance.random() < _REPEATS:
            await self._attempt(deed)
        if self._chance.random() < _REMEMBERS:
            await self._attempt(self._chance.choice(self._told))

    async def _attempt(self, deed: Deed) -> bool:
        """Note it before it is asked: whatever is found in the ledger, somebody has tried."""
        self._note(deed, 0)
        self._open[deed.name] = deed
        reply = await deed.ask(self._chance.choice(self._wires))
        if reply.status:
            self._note(deed, reply.status)
        is_done = reply.status in _GOOD
        if is_done:
            self._open.pop(deed.name, None)
        return is_done

    def _note(self, deed: Deed, status: int) -> None:
        self._journal.note(
            "attempt", name=deed.name, kind=deed.kind, people=deed.people, status=status
        )


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    tellers = (Teller(part, journal, place) for place in range(part["crowd"]))
    await asyncio.gather(*(teller.tell(ended) for teller in tellers))


if __name__ == "__main__":
    act(play)
