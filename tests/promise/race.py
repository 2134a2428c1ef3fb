"""Stops against sends for the same people, in separate processes.

    python -m tests.promise.race --backend sqlite|postgres --decisions 20000 [--plant NAME]
        [--crashes]

Ends with one JSON line. Exit code 1 where a message left that must not have.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass

from tests.promise.harness.fleet import Fleet
from tests.promise.harness.history import History, Judgement, judge
from tests.promise.harness.houses import BACKENDS, House, house
from tests.promise.harness.journal import JournalReader
from tests.promise.harness.planted import PLANTS
from tests.promise.harness.processes import actor, listen, port_of

_PEOPLE = 12
_SENDERS, _CONNECTIONS = 2, 12
_STOPPERS = 2
_LOOK_SECONDS, _LOOK_FOR_PLANT_SECONDS = 2.0, 0.5
_BETWEEN_CRASHES_SECONDS = 4.0
"""Longer than the two seconds in which no stop is acknowledged after a crash."""
_ENOUGH_STALE = 3
_SETTLED_NS = 2_000_000_000
"""A yes is noted when it was answered: before that, a message after it looks stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The line that a run ends with."""

    backend: str
    plant: str
    decisions: int
    allowed: int
    denied: int
    stops: int
    raced: int
    stale: int
    stray: int
    failed: int
    bound_95: float
    seconds: float


def race(
    backend: str,
    raced_min: int,
    *,
    plant: str = "",
    crashes: bool = False,
    seconds_max: float = 300,
) -> Result:
    """Race until so many decisions were raced; with a planted bug, until it has shown itself.

    With `crashes`, PostgreSQL is killed every few seconds, and with it every lock.
    """
    with house(backend) as home:
        started = time.monotonic()
        pause = _BETWEEN_CRASHES_SECONDS if crashes else _LOOK_SECONDS
        pause = _LOOK_FOR_PLANT_SECONDS if plant else pause
        looks = _looks(home, pause, started + seconds_max, crashes=crashes)
        history = _play(home, raced_min, plant, looks)
        seconds = time.monotonic() - started
        judgement = judge(history)
        is_whole = not (plant or crashes)
        strays = {*judgement.strays, *(_unwritten(home, history) if is_whole else ())}
    return _result(backend, plant, judgement, len(strays), seconds)


def _play(home: House, raced_min: int, plant: str, looks: Iterator[None]) -> History:
    history, reader = History(), JournalReader(home.journals)
    with _world(home, plant):
        for _ in looks:
            history.take(reader.fresh())
            so_far = judge(history)
            if so_far.raced >= raced_min or (plant and _has_shown_itself(so_far)):
                break
    history.take(reader.fresh())
    return history


def _looks(home: House, pause: float, deadline: float, *, crashes: bool) -> Iterator[None]:
    """Say when to look at what has happened so far."""
    while time.monotonic() < deadline:
        time.sleep(pause)
        if crashes and home.postgres:
            home.postgres.kill()
            home.postgres.restart()
        yield


def _has_shown_itself(so_far: Judgement) -> bool:
    settled = time.monotonic_ns() - _SETTLED_NS
    return sum(at < settled for at, _ in so_far.stale) >= _ENOUGH_STALE


@contextmanager
def _world(home: House, plant: str) -> Iterator[None]:
    """Meta, the servers, and the clients: all processes of their own, ended in turn."""
    people = [f"44770090{number:04d}" for number in range(_PEOPLE)]
    with ExitStack() as stack:
        meta = stack.enter_context(listen())
        stack.callback(actor("upstream", home.part("upstream", []), meta).end)
        fleet = stack.enter_context(Fleet(home, port_of(meta), plant))
        for number in range(_STOPPERS):
            own = people[number::_STOPPERS]
            part = home.part(f"stopper-{number}", fleet.ports, own, seed=number)
            stack.callback(actor("stopper", part).end)
        for number in range(_SENDERS):
            part = home.part(
                f"sender-{number}", fleet.ports, people, crowd=_CONNECTIONS, seed=number
            )
            stack.callback(actor("sender", part).end)
        yield


def _unwritten(home: House, history: History) -> set[str]:
    """Messages that left without the row that every admitted send leaves before it goes."""
    (rows,) = home.read(
        "SELECT d.decision_id FROM decision d JOIN outcome o ON o.business_id = d.business_id "
        "AND o.decision_id = d.decision_id WHERE d.verdict = 'allow' AND o.left_at > 0"
    )
    written = {row[0] for row in rows}
    return {key for key, decision in history.admitted.items() if decision not in written}


def _result(backend: str, plant: str, judgement: Judgement, strays: int, seconds: float) -> Result:
    counts = {name: value for name, value in asdict(judgement).items() if isinstance(value, int)}
    return Result(
        backend=backend,
        plant=plant,
        stale=len(judgement.stale),
        stray=strays,
        bound_95=round(3 / max(1, judgement.raced), 7),
        seconds=round(seconds, 1),
        **counts,
    )


def main() -> int:
    """Parse, race, print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.promise.race")
    parser.add_argument("--backend", choices=BACKENDS, required=True)
    parser.add_argument("--decisions", type=int, default=20_000, help="raced ones to wait for")
    parser.add_argument("--plant", choices=sorted(PLANTS), default="")
    parser.add_argument("--crashes", action="store_true", help="kill PostgreSQL now and then")
    parser.add_argument("--seconds", type=float, default=300, help="how long at most")
    given = parser.parse_args()
    result = race(
        given.backend,
        given.decisions,
        plant=given.plant,
        crashes=given.crashes,
        seconds_max=given.seconds,
    )
    print(json.dumps(asdict(result)))
    return 1 if result.stale or result.stray else 0


if __name__ == "__main__":
    sys.exit(main())
