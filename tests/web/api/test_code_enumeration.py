"""Do answers tell whether a number is known? Same bytes, same work, and no wait for one of them.

Asked in this process, so that no network hides what there might be to see: numbers that have said
yes, numbers that nobody knows, numbers that have said stop and get nothing, numbers that are not on
WhatsApp and get an SMS instead, in random turns.

Times say how busy the machine is. So what is compared is the work that is done until the answer is
out, function by function, and the waits for a timer, which are work of the loop.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.usecases.contacts.read_number import canonical_names
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.web.api.app import build_api
from askfirst.web.asgi import App, Message, Receive, Scope, Send
from tests.support.builders import BUSINESS, change, grant, sender
from tests.support.clocks import FakeClock
from tests.support.code_desk import refusal
from tests.support.notices import typed
from tests.support.services import ACCEPTED, World, build_world, code_templates_of
from tests.support.work_done import WorkDone, usual
from tests.web.api.desk import Desk, make_desk

PEOPLE = 24
"""How many of each kind are asked for."""
_VARIES = re.compile(rb'(cod_[0-9A-Z]{26}|[0-9]{4}-[0-9]{2}-[0-9T:.]+Z|"masked":"[^"]+")')
KNOWN, UNKNOWN, SUPPRESSED, ELSEWHERE = "known", "unknown", "suppressed", "not on WhatsApp"
KINDS = (KNOWN, UNKNOWN, SUPPRESSED, ELSEWHERE)
OTHERS = (KNOWN, SUPPRESSED, ELSEWHERE)
NOT_ON_WHATSAPP = refusal(131026)
LINE_OF_HISTORY = 20
"""Calls that it takes to decode one more line of the history that a code has of its own, where it
went by SMS: some microseconds, and no read of the database."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks for codes, and counts what is done until the whole answer is out."""

    api: App
    key: str

    async def post(self, path: str, content: dict[str, str]) -> tuple[bytes, WorkDone]:
        body = json.dumps(content).encode()
        headers = [
            (b"authorization", f"Bearer {self.key}".encode()),
            (b"content-type", b"application/json"),
        ]
        got: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                got.append(str(message["status"]).encode() + repr(message["headers"]).encode())
                return
            work.done()
            got.append(message["body"])

        scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
        with WorkDone() as work:
            await self.api(scope, receive, send)
        return b"".join(got), work


def leaking(api: App, look: Callable[[str], Awaitable[None]]) -> App:
    """Look at the number before a request for a code is answered."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        await look(json.loads(message["body"]).get("to", ""))

        async def again() -> Message:
            return message

        await api(scope, again, send)

    return app


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock, code_rules=CodeRules(whatsapp_cost=0, sms_cost=0))


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = await make_desk(world)
    await world.services.directory.put_templates(code_templates_of(sender()))
    return desk


@pytest.fixture
def api(desk: Desk) -> App:
    return build_api(desk.services, desk.metrics)


def crowd() -> dict[str, list[Alias]]:
    """People of each kind, side by side in one block of numbers."""
    return {
        kind: [
            phone_alias(f"49152{person * len(KINDS) + place:05d}0000") for person in range(PEOPLE)
        ]
        for place, kind in enumerate(KINDS)
    }


async def meet(desk: Desk, people: dict[str, list[Alias]]) -> None:
    """Let the known say yes, and the suppressed say stop.

    The form of every number has been looked up by then, and its hash: this is what a process
    remembers for a while of all numbers that anybody named to it.
    """
    at = desk.clock.now()
    for one in (one for some in people.values() for one in some):
        canonical_names(desk.services.numbering, (one,))
        await desk.services.codes.sheet(BUSINESS, one, "authentication", at)
    yeses = [grant(one, at=at, purposes=("authentication",)) for one in people[KNOWN]]
    await desk.services.ledger.commit(change(*yeses, at=at))
    stops = [
        typed("STOP", aliases=(one,), source_id=f"s{one.value}", occurred_at=at)
        for one in people[SUPPRESSED]
    ]
    await asyncio.gather(*(take_webhook(desk.services, [stop], b"") for stop in stops))


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, without what is new in each, and what was done for them, by kind."""

    shapes: dict[str, set[bytes]]
    requests: dict[str, list[WorkDone]]
    checks: dict[str, list[WorkDone]]


async def ask(world: World, caller: Caller, people: dict[str, list[Alias]]) -> Answers:
    """Ask for a code for everybody, and give a wrong one, in random turns."""
    turns = [(kind, one) for kind, some in people.items() for one in some]
    random.Random(1).shuffle(turns)
    found = Answers(
        shapes={kind: set() for kind in KINDS},
        requests={kind: [] for kind in KINDS},
        checks={kind: [] for kind in KINDS},
    )
    gc.collect()
    gc.disable()
    try:
        for kind, one in turns:
            world.connections.reply = NOT_ON_WHATSAPP if kind is ELSEWHERE else ACCEPTED
            body = {"to": f"+{one.value}", "channel": "whatsapp,sms"}
            asked, work = await caller.post("/v1/codes", body)
            found.requests[kind].append(work)
            code_id = json.loads(asked[asked.index(b"{") :])["id"]
            judged, work = await caller.post(f"/v1/codes/{code_id}/check", {"code": "00000000"})
            found.checks[kind].append(work)
            found.shapes[kind] |= {_VARIES.sub(b"", asked), _VARIES.sub(b"", judged)}
    finally:
        gc.enable()
    return found


def more_work(works: dict[str, list[WorkDone]]) -> dict[str, dict[str, int]]:
    """Return what is done more or less often than for the unknown, for which kinds at all."""
    base = usual(works[UNKNOWN])
    owns = {kind: usual(works[kind]) for kind in OTHERS}
    more = {
        kind: {name: own[name] - base[name] for name in sorted(own.keys() | base.keys())}
        for kind, own in owns.items()
    }
    found = {kind: {name: n for name, n in own.items() if n} for kind, own in more.items()}
    return {kind: own for kind, own in found.items() if own}


def test_what_is_counted_is_what_is_done() -> None:
    with WorkDone() as once:
        sorted([2, 1])
    with WorkDone() as again:
        sorted([2, 1])
    with WorkDone() as more:
        sorted([2, 1])
        len([])
    assert once.calls == again.calls == Counter({"C sorted": 1})
    assert more.calls - once.calls == Counter({"C len": 1})


async def test_neither_bytes_nor_work_tell_whether_a_number_is_known(
    desk: Desk, world: World, api: App
) -> None:
    people = crowd()
    await meet(desk, people)
    found = await ask(world, Caller(api, await desk.key()), people)
    shapes = found.shapes
    assert len(set.union(*shapes.values())) == 2, "one answer to all requests, one to all checks"
    assert len({frozenset(shape) for shape in shapes.values()}) == 1
    assert not more_work(found.requests)
    checks = more_work(found.checks)
    of_history = checks.pop(ELSEWHERE, {})
    assert sum(map(abs, of_history.values())) <= LINE_OF_HISTORY
    assert not any("Connection" in name or "Cursor" in name for name in of_history)
    assert not checks


@pytest.mark.parametrize("leak", ["a read", "a wait", "a longer wait"])
async def test_what_is_done_for_a_known_number_alone_is_seen(
    desk: Desk, world: World, api: App, leak: str
) -> None:
    people = crowd()
    await meet(desk, people)
    known = {f"+{one.value}" for one in people[KNOWN]}

    async def look(number: str) -> None:
        if leak == "a read" and number in known:
            await desk.services.ledger.head(BUSINESS)
        elif leak == "a wait" and number in known:
            await asyncio.sleep(0.001)
        elif leak == "a longer wait":
            await asyncio.sleep(0.002 if number in known else 0.001)

    found = await ask(world, Caller(leaking(api, look), await desk.key()), people)
    assert more_work(found.requests).keys() == {KNOWN}
