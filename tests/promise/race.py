"""Stops against sends for the same people, in separate processes.

    python -m tests.promise.race --backend sqlite|postgres --decisions 20000 [--plant NAME]
        [--trouble crashes|restarts] [--skew SECONDS]

Ends with one JSON line. Exit code 1 where a message left that must not have.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import TypeAlias

from tests.promise.harness.cast import PEOPLE
from tests.promise.harness.fleet import Fleet
from tests.promise.harness.history import Books, History, Judgement, compare, judge
from tests.promise.harness.houses import BACKENDS, House, house
from tests.promise.harness.journal import JournalReader
from tests.promise.harness.planted import PLANTS
from tests.promise.harness.processes import actor, listen, port_of

_SENDERS, _CONNECTIONS = 2, 12
_STOPPERS, _NEWCOMERS = 2, 4
_LOOK_SECONDS, _LOOK_FOR_PLANT_SECONDS = 2.0, 0.5
_BETWEEN_TROUBLES_SECONDS = 4.0
"""Longer than the two seconds in which no stop is acknowledged after a crash."""
_ENOUGH_STALE = 3
_STRAYS_NAMED = 5
_SETTLED_NS = 2_000_000_000
"""A yes is noted when it was answered: before that, a message after it looks stale."""

Trouble: TypeAlias = Callable[[House, Fleet], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The line that a run ends with. `unwritten`: how many of the stray ones have no decision.

    `strays` names the first few of them. `unconcluded`: messages whose decision is there, and no
    outcome. That one is written down later: it is lost with the transaction that it was part of.
    """

    backend: str
    plant: str
    decisions: int
    allowed: int
    denied: int
    stops: int
    raced: int
    stale: int
    stray: int
    strays: tuple[str, ...]
    unwritten: int
    unconcluded: int
    failed: int
    bound_95: float
    seconds: float


def race(
    backend: str,
    raced_min: int,
    *,
    plant: str = "",
    trouble: Trouble | None = None,
    skew_seconds: int = 0,
    seconds_max: float = 300,
) -> Result:
    """Race until so many decisions were raced; with a planted bug, until it has shown itself.

    `trouble` strikes every few seconds. `skew_seconds`: how far the clock of one server is ahead of
    everybody else's, Meta's among them.
    """
    with house(backend) as home:
        started = time.monotonic()
        history, reader = History(), JournalReader(home.journals)
        with _world(home, plant, skew_seconds) as fleet:
            while time.monotonic() < started + seconds_max:
                _wait_or_trouble(home, fleet, trouble, is_planted=bool(plant))
                history.take(reader.fresh())
                so_far = judge(history)
                if so_far.raced >= raced_min or (plant and _has_shown_itself(so_far)):
                    break
        history.take(reader.fresh())
        seconds = time.monotonic() - started
        judgement = judge(history)
        is_whole = not (plant or trouble)
        books = compare(history.admitted, *_written(home)) if is_whole else Books()
    return _result(backend, plant, judgement, books, seconds)


def _wait_or_trouble(
    home: House, fleet: Fleet, trouble: Trouble | None, *, is_planted: bool
) -> None:
    if trouble is None:
        time.sleep(_LOOK_FOR_PLANT_SECONDS if is_planted else _LOOK_SECONDS)
        return
    time.sleep(_BETWEEN_TROUBLES_SECONDS)
    trouble(home, fleet)


def crash_database(home: House, _: Fleet) -> None:
    """Kill PostgreSQL, and with it every lock."""
    if home.postgres:
        home.postgres.kill()
        home.postgres.restart()


def restart_server(home: House, fleet: Fleet) -> None:
    """Kill one server in the middle of everything, and start it again."""
    victim = [time.monotonic_ns() % home.server_count]
    fleet.kill(victim)
    fleet.start(victim)


TROUBLES: Mapping[str, Trouble] = {"crashes": crash_database, "restarts": restart_server}


def _has_shown_itself(so_far: Judgement) -> bool:
    settled = time.monotonic_ns() - _SETTLED_NS
    return sum(at < settled for at, _ in so_far.stale) >= _ENOUGH_STALE


@contextmanager
def _world(home: House, plant: str, skew_seconds: int) -> Iterator[Fleet]:
    """Meta, the servers, and the clients: all processes of their own, ended in turn."""
    with ExitStack() as stack:
        meta = stack.enter_context(listen())
        stack.callback(actor("upstream", home.part("upstream", []), meta).end)
        fleet = stack.enter_context(Fleet(home, port_of(meta), plant, skew_seconds=skew_seconds))
        for number in range(_STOPPERS):
            own = PEOPLE[number::_STOPPERS]
            part = home.part(f"stopper-{number}", fleet.ports, own, seed=number)
            stack.callback(actor("stopper", part).end)
        newcomers = home.part("newcomers", fleet.ports, crowd=_NEWCOMERS, seed=1)
        stack.callback(actor("newcomers", newcomers).end)
        for number in range(_SENDERS):
            part = home.part(
                f"sender-{number}", fleet.ports, PEOPLE, crowd=_CONNECTIONS, seed=number
            )
            stack.callback(actor("sender", part).end)
        yield fleet


def _written(home: House) -> tuple[set[str], set[str]]:
    """Read which decisions are there that let a message leave, and which say that it did."""
    allowed, left = home.read(
        "SELECT decision_id FROM decision WHERE verdict = 'allow'",
        "SELECT decision_id FROM outcome WHERE left_at > 0",
    )
    return {row[0] for row in allowed}, {row[0] for row in left}


def _result(backend: str, plant: str, judgement: Judgement, books: Books, seconds: float) -> Result:
    counts = {name: value for name, value in asdict(judgement).items() if isinstance(value, int)}
    strays = {*judgement.strays, *books.unwritten}
    return Result(
        backend=backend,
        plant=plant,
        stale=len(judgement.stale),
        stray=len(strays),
        strays=tuple(sorted(strays)[:_STRAYS_NAMED]),
        unwritten=len(books.unwritten),
        unconcluded=len(books.unconcluded),
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
    parser.add_argument("--trouble", choices=sorted(TROUBLES), help="kill it now and then")
    parser.add_argument(
        "--skew", type=int, default=0, help="one server's clock is ahead by so many"
    )
    parser.add_argument("--seconds", type=float, default=300, help="how long at most")
    given = parser.parse_args()
    result = race(
        given.backend,
        given.decisions,
        plant=given.plant,
        trouble=TROUBLES.get(given.trouble),
        skew_seconds=given.skew,
        seconds_max=given.seconds,
    )
    print(json.dumps(asdict(result)))
    return 1 if result.stale or result.stray else 0


if __name__ == "__main__":
    sys.exit(main())
