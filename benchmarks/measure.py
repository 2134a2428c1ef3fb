"""Rounds: baseline, subject, baseline, subject …; what counts is their medians and ratios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.generators.frames import Frames
from benchmarks.generators.load import Generator, Load
from benchmarks.progress import Progress
from benchmarks.setup.machine import Running

_WARM_SECONDS_MAX = 2.0
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to measure."""

    rounds: int
    seconds: float
    connections: int
    generator: Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One run against one server."""

    load: Load
    per_second: float
    cpu_us: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All rounds. `asked` holds every run against the subject, its warm-up first."""

    subject: list[Round]
    baseline: list[Round]
    asked: list[int]
    answered: int

    def figures(self) -> dict[str, Any]:
        """Return what is reported: medians, and the ratio of each pair of rounds."""
        pairs = list(zip(self.subject, self.baseline, strict=True))
        ratios = sorted(one.per_second / max(1, other.per_second) for one, other in pairs)
        cpu_ratios = [other.cpu_us / one.cpu_us for one, other in pairs if one.cpu_us]
        return {
            "requests_per_second": round(median(one.per_second for one in self.subject)),
            "cpu_us_per_request": round(median(one.cpu_us for one in self.subject), 1),
            "p50_ms": round(median(one.load.p50_ms for one in self.subject), 2),
            "p99_ms": round(median(one.load.p99_ms for one in self.subject), 2),
            "errors": sum(one.load.errors for one in self.subject),
            "baseline_requests_per_second": round(median(one.per_second for one in self.baseline)),
            "baseline_cpu_us_per_request": round(median(one.cpu_us for one in self.baseline), 1),
            "baseline_errors": sum(one.load.errors for one in self.baseline),
            "ratio": round(median(ratios), 3),
            "spread": [round(ratios[0], 3), round(ratios[-1], 3)],
            "cpu_ratio": round(median(cpu_ratios), 3) if cpu_ratios else None,
            "cpu_in_baseline_requests": _in_requests(cpu_ratios),
        }


def _in_requests(cpu_ratios: list[float]) -> list[float] | None:
    """Tell how many requests of the baseline one costs: median, lowest and highest."""
    costs = sorted(1 / ratio for ratio in cpu_ratios if ratio)
    return [round(one, 1) for one in (median(costs), costs[0], costs[-1])] if costs else None


def measure(
    plan: Plan,
    subject: tuple[Running, Callable[[int], Frames]],
    baseline: tuple[Running, Frames],
    progress: Progress,
) -> Measured:
    """Warm both up, then take turns.

    `subject` makes its requests for each run: as many as it is told may be needed.
    """
    running, make = subject
    bare, frames = baseline
    warm = min(plan.seconds, _WARM_SECONDS_MAX)
    progress.step("warming up")
    fastest = _run(plan, bare, frames, warm).per_second
    first = _run(plan, running, make(_enough(plan, warm, fastest)), warm)
    subjects: list[Round] = []
    baselines: list[Round] = []
    for number in range(plan.rounds):
        progress.step(f"round {number + 1}, baseline")
        baselines.append(_run(plan, bare, frames, plan.seconds))
        fastest = max(fastest, baselines[-1].per_second)
        progress.step(f"round {number + 1}, askfirst")
        enough = make(_enough(plan, plan.seconds, fastest))
        subjects.append(_run(plan, running, enough, plan.seconds))
    loads = [first.load, *(one.load for one in subjects)]
    return Measured(
        subject=subjects,
        baseline=baselines,
        asked=[load.asked for load in loads],
        answered=sum(load.answered for load in loads),
    )


def _enough(plan: Plan, seconds: float, per_second: float) -> int:
    """As many as a server that does nothing could answer."""
    return int(per_second * seconds * 1.2) + 10 * plan.connections


def _run(plan: Plan, server: Running, frames: Frames, seconds: float) -> Round:
    before = server.cpu_seconds()
    load = plan.generator.run(server.address, frames, plan.connections, seconds)
    cpu = server.cpu_seconds() - before
    return Round(
        load=load,
        per_second=load.answered / seconds,
        cpu_us=cpu * _MICROSECONDS / max(1, load.answered),
    )
