"""Do answers tell whether a number is known? Same bytes, and the same times as far as can be seen.

Asked in this process, so that no network hides what there might be to see: numbers that have said
yes, numbers that nobody knows, numbers that have said stop and get nothing, numbers that are not on
WhatsApp and get an SMS instead, in random turns.

The answers of one run are dealt into three hands, as if it had been done three times. Where there
is no difference, one of a hand's six comparisons looks worse than its share of P_HAND once in a
hundred times, so two hands of three do once in three thousand. All answers together show what is
too small for a hand; there the bar is P_ALL.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import random
import re
import time
from bisect import bisect_right
from collections.abc import Sequence

import pytest

from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.web.api.app import build_api
from askfirst.web.asgi import App, Message
from tests.promise.sizes import IS_FULL
from tests.support.builders import change, grant, sender
from tests.support.clocks import FakeClock
from tests.support.code_desk import refusal
from tests.support.notices import typed
from tests.support.services import ACCEPTED, World, build_world, code_templates_of
from tests.support.stores import Store
from tests.web.api.desk import Desk, make_desk

SAMPLE = 5_000 if IS_FULL else 400
HANDS, GOOD = 3, 2
"""So many hands are dealt, and so many have to show no difference."""
P_HAND, P_ALL = 0.01, 0.000_1
_VARIES = re.compile(rb'(cod_[0-9A-Z]{26}|[0-9]{4}-[0-9]{2}-[0-9T:.]+Z|"masked":"[^"]+")')
KNOWN, UNKNOWN, SUPPRESSED, ELSEWHERE = "known", "unknown", "suppressed", "not on WhatsApp"
OTHERS = (KNOWN, SUPPRESSED, ELSEWHERE)
COMPARISONS = 2 * len(OTHERS)
CROWDS = {
    KNOWN: ("49151", SAMPLE),
    UNKNOWN: ("49152", SAMPLE),
    SUPPRESSED: ("49153", SAMPLE // 2),
    ELSEWHERE: ("49154", SAMPLE // 2),
}
"""With what their numbers begin, and how many they are."""
NOT_ON_WHATSAPP = refusal(131026)
Times = dict[str, list[float]]


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
    assert ks_p(*same) > P_HAND
    assert ks_p(same[0], later) < P_HAND / COMPARISONS
    assert ks_p([1.0] * 50, [2.0] * 50) < 1e-9
    assert ks_p([1.0, 2.0], [1.0, 2.0]) == 1.0


class Timed:
    """Asks for codes and stops the time until the whole answer is out."""

    def __init__(self, api: App, key: str) -> None:
        self._api = api
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
        await self._api(scope, receive, send)
        return b"".join(got), ended - began


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock, code_rules=CodeRules(whatsapp_cost=0, sms_cost=0))


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = await make_desk(world)
    await world.services.directory.put_templates(code_templates_of(sender()))
    return desk


def crowd(kind: str) -> list[Alias]:
    """People of one kind, each in a block of numbers of their own."""
    first, count = CROWDS[kind]
    return [phone_alias(f"{first}{person:05d}0000") for person in range(count)]


async def meet(desk: Desk, people: dict[str, list[Alias]]) -> None:
    """Let the known say yes, and the suppressed say stop."""
    at = desk.clock.now()
    yeses = [grant(one, at=at, purposes=("authentication",)) for one in people[KNOWN]]
    for start in range(0, len(yeses), 200):
        await desk.services.ledger.commit(change(*yeses[start : start + 200], at=at))
    stops = [
        typed("STOP", aliases=(one,), source_id=f"s{one.value}", occurred_at=at)
        for one in people[SUPPRESSED]
    ]
    for start in range(0, len(stops), 200):
        some = stops[start : start + 200]
        await asyncio.gather(*(take_webhook(desk.services, [stop], b"") for stop in some))


async def times_of(
    world: World, timed: Timed, people: dict[str, list[Alias]]
) -> tuple[Times, Times, dict[str, set[bytes]]]:
    turns = [(kind, one) for kind, some in people.items() for one in some]
    random.Random(1).shuffle(turns)
    requests: Times = {kind: [] for kind in people}
    checks: Times = {kind: [] for kind in people}
    shapes: dict[str, set[bytes]] = {kind: set() for kind in people}
    gc.collect()
    gc.disable()
    try:
        for number, (kind, one) in enumerate(turns):
            if number % 1000 == 0:
                world.clock.advance(3_600)  # the limits of an hour are everybody's
            world.connections.reply = NOT_ON_WHATSAPP if kind is ELSEWHERE else ACCEPTED
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


def worst(requests: Times, checks: Times, hand: slice = slice(None)) -> float:
    """Compare the unknown with each of the others; gives the least likely of all."""
    return min(
        ks_p(times[UNKNOWN][hand], times[other][hand])
        for times in (requests, checks)
        for other in OTHERS
    )


def differs(requests: Times, checks: Times) -> bool:
    """Return whether there is a difference, in most hands or in all answers together."""
    hands = [worst(requests, checks, slice(first, None, HANDS)) for first in range(HANDS)]
    good = sum(one > P_HAND / COMPARISONS for one in hands)
    return good < GOOD or worst(requests, checks) <= P_ALL / COMPARISONS


@pytest.mark.parametrize(("kind", "shift", "is_seen"), [(ELSEWHERE, 5, True), (KNOWN, 0, False)])
def test_two_hands_of_three_have_to_be_alike(kind: str, shift: float, is_seen: bool) -> None:
    dice = random.Random(7)
    times = {one: [dice.gauss(100, 10) for _ in range(900)] for one in CROWDS}
    later = times | {kind: [x + shift for x in times[kind]]}
    assert differs(times, later) is is_seen
    assert differs(later, times) is is_seen


def test_one_bad_hand_may_be_chance() -> None:
    dice = random.Random(7)
    times = {one: [dice.gauss(100, 10) for _ in range(300)] for one in CROWDS}
    bad = [x + 9 * (place % HANDS == 0) for place, x in enumerate(times[KNOWN])]
    assert worst(times, times | {KNOWN: bad}, slice(0, None, HANDS)) < P_HAND / COMPARISONS
    assert not differs(times, times | {KNOWN: bad})


async def test_neither_bytes_nor_times_tell_whether_a_number_is_known(
    desk: Desk, world: World
) -> None:
    api = build_api(desk.services, desk.metrics)
    timed = Timed(api, await desk.key())
    people = {kind: crowd(kind) for kind in CROWDS}
    await meet(desk, people)
    requests, checks, shapes = await times_of(world, timed, people)
    assert len(set.union(*shapes.values())) == 2, "one answer to all requests, one to all checks"
    assert len({frozenset(shape) for shape in shapes.values()}) == 1
    assert not differs(requests, checks)
