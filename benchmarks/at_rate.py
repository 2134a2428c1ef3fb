"""Load at a rate (an open loop), the same for every server: milliseconds count from when due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.generators.frames import Frames
from benchmarks.generators.load import Load, OpenLoop
from benchmarks.progress import Progress
from benchmarks.setup.machine import Running

CONNECTIONS = 64
_WARM_SECONDS_MAX = 2.0
_META_MEDIAN_MS = 250.0
_META_SLOW_MS = 1_000.0
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests a second, for so long, so many times."""

    per_second: float
    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AtRate:
    """What was counted: the figures of the rounds, and what each run asked, its warm-up first."""

    figures: dict[str, Any]
    asked: list[int]


def measure_at_rate(
    rate: Rate, server: Running, make: Callable[[int], Frames], progress: Progress
) -> AtRate:
    """Warm up, then ask; `make` writes at least so many requests. Medians of the rounds."""
    load = OpenLoop(rate.per_second, CONNECTIONS)
    progress.step("warming up")
    warm = min(rate.seconds, _WARM_SECONDS_MAX)
    first = load.run(server.address, make(_enough(rate, warm)), warm)
    loads, cpu = [], 0.0
    for number in range(rate.rounds):
        progress.step(f"round {number + 1}")
        frames = make(_enough(rate, rate.seconds))
        before = server.cpu_seconds()
        loads.append(load.run(server.address, frames, rate.seconds))
        cpu += server.cpu_seconds() - before
    answered = sum(one.answered for one in loads)
    figures = {
        "answered_per_second": round(answered / (rate.rounds * rate.seconds)),
        "cpu_us_per_request": round(cpu * _MICROSECONDS / max(1, answered), 1),
        "p50_ms": round(median(one.p50_ms for one in loads), 2),
        "p99_ms": round(median(one.p99_ms for one in loads), 2),
        "p50_ms_spread": [round(pick(one.p50_ms for one in loads), 2) for pick in (min, max)],
        "p99_ms_spread": [round(pick(one.p99_ms for one in loads), 2) for pick in (min, max)],
        "rounds_within_metas_bar": sum(meets_metas_bar(one) for one in loads),
        "errors": sum(one.errors for one in loads),
        "acknowledged": answered,
    }
    return AtRate(figures, [one.asked for one in (first, *loads)])


def meets_metas_bar(load: Load) -> bool:
    """Return whether half are answered in 250 ms, and fewer than one in a hundred takes a second.

    Source: developers.facebook.com/docs/whatsapp/cloud-api/webhooks (performance requirements).
    """
    is_quick = load.p50_ms <= _META_MEDIAN_MS and load.p99_ms < _META_SLOW_MS
    return is_quick and not load.errors


def _enough(rate: Rate, seconds: float) -> int:
    return int(rate.per_second * seconds) + CONNECTIONS
