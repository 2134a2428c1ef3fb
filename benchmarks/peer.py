"""`python -m benchmarks peer`: opt-ins of somebody new, here and at another consent server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from askfirst.domain.values.timestamp import Instant
from askfirst.usecases.context.services import Services
from benchmarks.generators.journeys import Journey, run_journeys
from benchmarks.measure import Round
from benchmarks.peers import c15t, ours
from benchmarks.progress import Progress
from benchmarks.setup.counting import count_rows
from benchmarks.setup.machine import Running
from benchmarks.setup.seeds import open_business
from benchmarks.setup.world import own_world, prepare, server

CONNECTIONS = 32
_WARM_SECONDS_MAX = 2.0
_MICROSECONDS = 1_000_000


def bench_peer(
    rounds: int, seconds: float, installed: c15t.Installed, progress: Progress
) -> dict[str, Any]:
    """Measure in turns, and count what either has kept."""
    with own_world(None) as (settings, folder):
        progress.step("opening a business")
        key, now = prepare(settings, _seed)
        with server(settings, folder) as here, c15t.peer_server(installed, folder) as there:
            askfirst = _Side("askfirst", here, ours.opt_ins(key))
            peer = _Side("c15t", there, c15t.opt_ins(now))
            for number in range(rounds + 1):
                for side in (peer, askfirst):
                    name = f"round {number}" if number else "warming up"
                    progress.step(f"{name}, {side.name}")
                    side.go(seconds if number else min(seconds, _WARM_SECONDS_MAX))
        progress.step("counting")
        rows = count_rows(settings)
        written = {
            askfirst.name: {name: rows[name] for name in ("granted", "contacts")},
            peer.name: dict(c15t.count_kept(folder)),
        }
    return {
        **_figures(askfirst.rounds[1:], peer.rounds[1:]),
        "peer": peer.name,
        "versions": dict(installed.versions),
        "requests_an_opt_in": {askfirst.name: ours.REQUESTS, peer.name: c15t.REQUESTS},
        "written": written,
        "verified": all(
            set(written[side.name].values()) == {side.asked} for side in (askfirst, peer)
        ),
    }


async def _seed(services: Services) -> tuple[str, Instant]:
    return await open_business(services), services.clock.now()


@dataclass
class _Side:
    """One of the two, and all its rounds; the first warms it up."""

    name: str
    running: Running
    journeys: Iterator[Journey]
    rounds: list[Round] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many opt-ins were begun, the warm-up's among them."""
        return sum(one.load.asked for one in self.rounds)

    def go(self, seconds: float) -> None:
        """Record opt-ins for some seconds."""
        before = self.running.cpu_seconds()
        load = run_journeys((self.running.address,), self.journeys, CONNECTIONS, seconds)
        cpu = self.running.cpu_seconds() - before
        self.rounds.append(
            Round(
                load=load,
                per_second=load.answered / seconds,
                cpu_us=cpu * _MICROSECONDS / max(1, load.answered),
            )
        )


def _figures(ours: list[Round], theirs: list[Round]) -> dict[str, Any]:
    """Return medians, and how many times the peer's speed, and cost, is of each pair of rounds."""
    pairs = list(zip(ours, theirs, strict=True))
    ratios = sorted(one.per_second / max(1, other.per_second) for one, other in pairs)
    costs = sorted(other.cpu_us / one.cpu_us for one, other in pairs if one.cpu_us)
    return {
        **_side_figures("", ours),
        **_side_figures("peer_", theirs),
        "ratio": round(median(ratios), 3),
        "spread": [round(ratios[0], 3), round(ratios[-1], 3)],
        "cpu_ratio": round(median(costs), 3) if costs else None,
        "cpu_spread": [round(costs[0], 3), round(costs[-1], 3)] if costs else None,
        "errors": sum(one.load.errors for one in (*ours, *theirs)),
    }


def _side_figures(prefix: str, rounds: list[Round]) -> dict[str, Any]:
    return {
        f"{prefix}opt_ins_per_second": round(median(one.per_second for one in rounds)),
        f"{prefix}cpu_us_per_opt_in": round(median(one.cpu_us for one in rounds), 1),
        f"{prefix}p50_ms": round(median(one.load.p50_ms for one in rounds), 2),
        f"{prefix}p99_ms": round(median(one.load.p99_ms for one in rounds), 2),
    }
