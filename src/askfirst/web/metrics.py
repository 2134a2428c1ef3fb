"""Counters for Prometheus. Labels are closed lists: nothing about a person can get into one.

Counting is a dictionary's business here; Prometheus's own counters take a lock and microseconds
on every request. They are put into its families only when somebody asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from askfirst.decision.decision import Decision


class Metrics(Collector):
    """What the process did since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(self)
        self._requests: Counter[tuple[str, ...]] = Counter()
        self._decisions: Counter[tuple[str, ...]] = Counter()
        self._events: Counter[tuple[str, ...]] = Counter()

    def request(self, door: str, status: int) -> None:
        """Count one answered request."""
        self._requests[door, str(status)] += 1

    def decision(self, door: str, decision: Decision) -> None:
        """Count one decision."""
        self._decisions[door, decision.verdict, decision.reasons[0]] += 1

    def events(self, door: str, count: int) -> None:
        """Count events appended."""
        if count:
            self._events[door,] += count

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Give the families as they stand."""
        yield _family("askfirst_requests", "Requests answered.", self._requests, "door", "status")
        about = ("door", "verdict", "reason")
        yield _family("askfirst_decisions", "Decisions made.", self._decisions, *about)
        yield _family("askfirst_events", "Events appended.", self._events, "door")

    def render(self) -> bytes:
        """Write Prometheus's text format."""
        return generate_latest(self.registry)


def _family(
    name: str, told: str, counts: Counter[tuple[str, ...]], *labels: str
) -> CounterMetricFamily:
    family = CounterMetricFamily(name, told, labels=labels)
    for values, count in sorted(counts.items()):
        family.add_metric([str(value) for value in values], count)
    return family
