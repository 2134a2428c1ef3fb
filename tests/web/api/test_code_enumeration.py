"""Do answers tell whether a number is known? Same bytes, and the same times as far as can be seen.

Asked in this process, so that no network hides what there might be to see: numbers that have said
yes, numbers that nobody knows, numbers that have said stop and get nothing, in random turns.
"""

from __future__ import annotations

import gc
import json
import math
import random
import re
import time
from bisect import bisect_right
from collections.abc import Sequence

import pytest

from askfirst.domain.alias import Alias, phone_alias
from askfirst.domain.code_limits import CodeRules
from askfirst.usecases.take_webhook import take_webhook
from askfirst.web.api.app import build_api
from askfirst.web.api.codes_door import CodesDoor
from askfirst.web.asgi import Message
from tests.promise.sizes import IS_FULL
from tests.support.builders import change, grant, sender
from tests.support.clocks import FakeClock
from tests.support.notices import typed
from tests.support.services import World, build_world, code_templates_of
from tests.support.stores import Store
from tests.web.api.desk import Desk, make_desk

SAMPLE = 5_000 if IS_FULL else 400
ATTEMPTS = 3
"""Equal distributions fail at p = 0.01 once in a hundred times; a difference fails again."""
P_MIN = 0.01
_VARIES = re.compile(rb'(cod_[0-9A-Z]{26}|[0-9]{4}-[0-9]{2}-[0-9T:.]+Z|"masked":"[^"]+")')
KNOWN, UNKNOWN, SUPPRESSED = "known", "unknown", "suppressed"


def ks_p(one: Sequence[float], other: Sequence[float]) -> float:
    """Two-sample Kolmogorov-Smirnov: how likely such a difference is where there is none.

    Source: Press et al., "Numerical Recipes", 14.3: the asymptotic distribution of the statistic.
    """
    first, second = sorted(one), sorted(other)
    places = first + second
    distance = max(
        abs(bisect_right(first, x) / len(first) - bisect_right(second, x) / len(second))
        for x in places
    )
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    scaled = (size + 0.12 + 0.11 / size) * distance
    if scaled < 0.2:  # the series converges slowly there, and the answer is 1
        return 1.0
    terms = ((-1.0) ** (k - 1) * math.exp(-2 * k * k * scaled * scaled) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))


def test_the_measure_sees_a_difference_and_none_where_there_is_none() -> None:
    dice = random.Random(7)
    same = [[dice.gauss(100, 10) for _ in range(500)] for _ in range(2)]
    later = [x + 3 for x in same[1]]
    assert ks_p(*same) > P_MIN
    assert ks_p(same[0], later) < P_MIN
    assert ks_p([1.0] * 50, [2.0] * 50) < 1e-9
    assert ks_p([1.0, 2.0], [1.0, 2.0]) == 1.0


class Timed:
    """Asks for codes and stops the time until the whole answer is out."""

    def __init__(self, door: CodesDoor, key: str) -> None:
        self._door = door
        self._headers = [
            (b"authorization", f"Bearer {key}".encode()),
            (b"content-type", b"application/json"),
        ]

    async def post(self, path: str, content: dict[str, str]) -> tuple[bytes, float]:
        body = json.dumps(content).encode()
        got: list[bytes] = []
        ended = 0.0

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                got.append(str(message["status"]).encode() + repr(message["headers"]).encode())
                return
            got.append(message["body"])
            ended = time.perf_counter()

        scope = {"type": "http", "method": "POST", "path": path, "headers": self._headers}
        began = time.perf_counter()
        await self._door(scope, receive, send)
        return b"".join(got), ended - began


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock, code_rules=CodeRules(whatsapp_cost=0, sms_cost=0))


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = await make_desk(world)
    await world.services.directory.put_templates(code_templates_of(sender()))
    return desk


def crowd(kind: str, attempt: int) -> list[Alias]:
    """People of one kind, each in a block of numbers of their own."""
    first = {KNOWN: "49151", UNKNOWN: "49152", SUPPRESSED: "49153"}[kind]
    return [phone_alias(f"{first}{attempt}{person:05d}0000") for person in range(SAMPLE)]


async def meet(desk: Desk, people: dict[str, list[Alias]]) -> None:
    """Let the known say yes, and the suppressed say stop."""
    at = desk.clock.now()
    yeses = [grant(one, at=at, purposes=("authentication",)) for one in people[KNOWN]]
    for start in range(0, len(yeses), 200):
        await desk.services.ledger.commit(change(*yeses[start : start + 200], at=at))
    for number, one in enumerate(people[SUPPRESSED]):
        stop = typed("STOP", aliases=(one,), source_id=f"s{one.value}{number}", occurred_at=at)
        await take_webhook(desk.services, [stop], b"")


async def times_of(
    desk: Desk, timed: Timed, people: dict[str, list[Alias]]
) -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, set[bytes]]]:
    turns = [(kind, one) for kind, some in people.items() for one in some]
    random.Random(1).shuffle(turns)
    requests: dict[str, list[float]] = {kind: [] for kind in people}
    checks: dict[str, list[float]] = {kind: [] for kind in people}
    shapes: dict[str, set[bytes]] = {kind: set() for kind in people}
    gc.collect()
    gc.disable()
    try:
        for number, (kind, one) in enumerate(turns):
            if number % 1000 == 0:
                desk.clock.advance(
                    3_600
                )  # the limits of an hour, which are everybody's, begin anew
            body = {"to": f"+{one.value}", "channel": "whatsapp,sms"}
            asked, seconds = await timed.post("/v1/codes", body)
            requests[kind].append(seconds)
            code_id = json.loads(asked[asked.index(b"{") :])["id"]
            shapes[kind].add(_VARIES.sub(b"", asked))
            if number % 2:
                continue  # a business may fail ten thousand times a day
            path = f"/v1/codes/{code_id}/check"
            judged, seconds = await timed.post(path, {"code": "00000000"})
            checks[kind].append(seconds)
            shapes[kind].add(_VARIES.sub(b"", judged))
    finally:
        gc.enable()
    return requests, checks, shapes


async def test_neither_bytes_nor_times_tell_whether_a_number_is_known(desk: Desk) -> None:
    api = build_api(desk.services, desk.metrics)
    timed = Timed(CodesDoor(desk.services, desk.metrics, api), await desk.key())
    seen: list[dict[str, float]] = []
    for attempt in range(ATTEMPTS):
        desk.clock.advance(86_400)
        people = {kind: crowd(kind, attempt) for kind in (KNOWN, UNKNOWN, SUPPRESSED)}
        await meet(desk, people)
        requests, checks, shapes = await times_of(desk, timed, people)
        assert len(set.union(*shapes.values())) == 2, (
            "one answer to all requests, one to all checks"
        )
        assert len({frozenset(shape) for shape in shapes.values()}) == 1
        seen.append(
            {
                f"{what} {other}": ks_p(times[UNKNOWN], times[other])
                for what, times in (("request", requests), ("check", checks))
                for other in (KNOWN, SUPPRESSED)
            }
        )
        if min(seen[-1].values()) > P_MIN:
            return
    pytest.fail(f"the times differ each time: {seen}")
