"""Kills servers (and PostgreSQL itself) under load, and looks what is left of every promise.

    python -m tests.promise.kill --backend sqlite|postgres --cycles 50 [--plant NAME]

Ends with one JSON line. Exit code 1 where anything acknowledged was lost, doubled or torn.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass

from askfirst.bootstrap.keyring_store import read_keyring
from tests.promise.harness.audit import STATEMENTS, Account, Audit, audit
from tests.promise.harness.fleet import Fleet
from tests.promise.harness.houses import BACKENDS, House, house
from tests.promise.harness.journal import JournalReader
from tests.promise.harness.planted import PLANTS
from tests.promise.harness.processes import actor

_CALLERS, _CONNECTIONS = 2, 8
_NOBODY_LISTENS = 9  # the port of Meta: nothing is sent here
_UNDER_LOAD_SECONDS = (0.05, 0.6)
_SHARES = (4, 2, 4)
"""How often one server is killed, how often all, how often only the database."""
_LONG_SECONDS, _LONG_SHARE = 2.5, 0.15
"""After a crash of the database no stop is acknowledged for 2 s; some cycles outlast that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The line that a run ends with."""

    backend: str
    plant: str
    cycles: int
    killed: dict[str, int]
    audit: Audit
    seconds: float

    def line(self) -> str:
        table = asdict(self)
        return json.dumps(table | table.pop("audit"))


def kill(backend: str, cycles: int, *, plant: str = "", seed: int = 1) -> Result:
    """Run so many cycles of load, kill, restart, look; stops at the first that is not sound."""
    with house(backend) as home:
        started = time.monotonic()
        killed: dict[str, int] = {}
        reader, account, chance = JournalReader(home.journals), Account(), random.Random(seed)
        with Fleet(home, _NOBODY_LISTENS, plant) as fleet:
            with _callers(home, fleet.ports):
                found = _look(home, reader, account)
                while found.is_sound and sum(killed.values()) < cycles:
                    time.sleep(_under_load(home, chance))
                    victim = _kill_something(home, fleet, chance)
                    killed[victim] = killed.get(victim, 0) + 1
                    found = _look(home, reader, account)
            if found.is_sound:  # else it stands: a repetition may have healed it meanwhile
                found = _look(home, reader, account)
        seconds = round(time.monotonic() - started, 1)
    return Result(
        backend=backend,
        plant=plant,
        cycles=sum(killed.values()),
        killed=killed,
        audit=found,
        seconds=seconds,
    )


def _under_load(home: House, chance: random.Random) -> float:
    is_long = home.postgres is not None and chance.random() < _LONG_SHARE
    return _LONG_SECONDS if is_long else chance.uniform(*_UNDER_LOAD_SECONDS)


def _kill_something(home: House, fleet: Fleet, chance: random.Random) -> str:
    """Kill one server, all of them, the database, or everything; and bring it all back."""
    servers = [*range(home.server_count)]
    one = [chance.choice(servers)]
    victims = chance.choices((one, servers, []), _SHARES)[0] if home.postgres else one
    has_database = home.postgres is not None and (not victims or chance.random() < 1 / 3)
    fleet.kill(victims)
    if home.postgres and has_database:
        home.postgres.kill()
        home.postgres.restart()
    fleet.start(victims)
    names = [f"{len(victims)} server(s)"] if victims else []
    return " and ".join([*names, *(["database"] if has_database else [])])


def _look(home: House, reader: JournalReader, account: Account) -> Audit:
    """What the clients were told before must be there; what is there they must have tried."""
    keyring = read_keyring(home.settings.keyring_path)
    assert keyring is not None
    account.take(reader.fresh())
    done = frozenset(account.done)
    rows = home.read(*STATEMENTS)
    account.take(reader.fresh())
    return audit(account, done, rows, keyring.lookup)


@contextmanager
def _callers(home: House, ports: list[int]) -> Iterator[None]:
    with ExitStack() as stack:
        for number in range(_CALLERS):
            part = home.part(f"caller-{number}", ports, crowd=_CONNECTIONS, seed=number)
            stack.callback(actor("caller", part).end)
        yield


def main() -> int:
    """Parse, kill, print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.promise.kill")
    parser.add_argument("--backend", choices=BACKENDS, required=True)
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--plant", choices=sorted(PLANTS), default="")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    result = kill(given.backend, given.cycles, plant=given.plant, seed=given.seed)
    print(result.line())
    return 0 if result.audit.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
