"""Counters for Prometheus. Labels are closed lists: nothing about a person can get into one."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest

from askfirst.decision.decision import Decision


class Metrics:
    """What the process did since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "askfirst_requests", "Requests answered.", ["door", "status"], registry=self.registry
        )
        self._decisions = Counter(
            "askfirst_decisions",
            "Decisions made.",
            ["door", "verdict", "reason"],
            registry=self.registry,
        )
        self._events = Counter(
            "askfirst_events", "Events appended.", ["door"], registry=self.registry
        )

    def request(self, door: str, status: int) -> None:
        """Count one answered request."""
        self._requests.labels(door, str(status)).inc()

    def decision(self, door: str, decision: Decision) -> None:
        """Count one decision."""
        self._decisions.labels(door, decision.verdict.value, decision.reason.value).inc()

    def events(self, door: str, count: int) -> None:
        """Count events appended."""
        if count:
            self._events.labels(door).inc(count)

    def render(self) -> bytes:
        """Write Prometheus's text format."""
        return generate_latest(self.registry)
