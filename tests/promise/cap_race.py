"""Many offers at once to the same person, in separate processes: no more may leave than the cap.

    python -m tests.promise.cap_race --backend sqlite|postgres --people 300 [--cap 2]
        [--plant NAME] [--trouble restarts]

Meta refuses one message in three, which gives its place back. Ends with one JSON line. Exit code 1
where somebody got more than the cap.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from tests.promise.harness.fleet import Fleet
from tests.promise.harness.houses import BACKENDS, house
from tests.promise.harness.journal import JournalReader
from tests.promise.harness.planted import PLANTS
from tests.promise.harness.processes import actor, listen, port_of
from tests.promise.race import restart_server

_POLICY = """
[caps.marketing]
day = {cap}
week = 0
month = 0
[duplicates]
marketing = 0
[pace]
pair_seconds = 0
messages_per_second = 0
"""
_SHOPS, _OFFERS = 2, 12
_REFUSES_ONE_IN = 3
_LOOK_SECONDS, _BETWEEN_TROUBLES_SECONDS = 0.5, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CapResult:
    """The line that a run ends with.

    `people` were offered something to the end, `offers` is how often; `taken` of these were taken
    by Meta. `over`: people who got more than the cap; `full`: who got all that it allows.
    """

    backend: str
    plant: str
    cap: int
    people: int
    offers: int
    taken: int
    over: int
    full: int
    seconds: float


def cap_race(
    backend: str,
    people: int,
    *,
    cap: int = 1,
    plant: str = "",
    restarts: bool = False,
    seconds_max: float = 240,
) -> CapResult:
    """Race until so many people had their offers; with a planted bug, until somebody got more."""
    with house(backend, _POLICY.format(cap=cap)) as home:
        started, struck = time.monotonic(), time.monotonic()
        taken, offers = Counter[str](), Counter[str]()
        finished = set[str]()
        reader = JournalReader(home.journals)

        def read() -> int:
            for record in reader.fresh():
                match record["what"]:
                    case "arrived":
                        taken[record["contact"]] += record["taken"]
                    case "offered":
                        offers[record["contact"]] += 1
                    case "finished":
                        finished.add(record["contact"])
            return sum(count > cap for count in taken.values())

        with ExitStack() as stack:
            meta = stack.enter_context(listen())
            part = home.part("upstream", [], crowd=_REFUSES_ONE_IN + 1)
            stack.callback(actor("upstream", part, meta).end)
            fleet = stack.enter_context(Fleet(home, port_of(meta), plant))
            for number in range(_SHOPS):
                part = home.part(f"shop-{number}", fleet.ports, crowd=_OFFERS, seed=number)
                stack.callback(actor("shop", part).end)
            while time.monotonic() < started + seconds_max:
                time.sleep(_LOOK_SECONDS)
                over = read()
                if len(finished) >= people or (plant and over):
                    break
                if restarts and time.monotonic() > struck + _BETWEEN_TROUBLES_SECONDS:
                    restart_server(home, fleet)
                    struck = time.monotonic()
        over = read()
    return CapResult(
        backend=backend,
        plant=plant,
        cap=cap,
        people=len(finished),
        offers=sum(offers.values()),
        taken=sum(taken.values()),
        over=over,
        full=sum(taken[contact] == cap for contact in finished),
        seconds=round(time.monotonic() - started, 1),
    )


def main() -> int:
    """Parse, race, print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.promise.cap_race")
    parser.add_argument("--backend", choices=BACKENDS, required=True)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--cap", type=int, default=1)
    parser.add_argument("--plant", choices=sorted(PLANTS), default="")
    parser.add_argument("--trouble", choices=("restarts",), help="kill a server now and then")
    parser.add_argument("--seconds", type=float, default=240, help="how long at most")
    given = parser.parse_args()
    result = cap_race(
        given.backend,
        given.people,
        cap=given.cap,
        plant=given.plant,
        restarts=bool(given.trouble),
        seconds_max=given.seconds,
    )
    print(json.dumps(asdict(result)))
    return 1 if result.over else 0


if __name__ == "__main__":
    sys.exit(main())
