"""Says that strangers go over limits: each one as a count, a flood as a line a minute."""

from __future__ import annotations

from collections import Counter

import structlog

from askfirst.bootstrap.connections.limits import Limit
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.platform.clock import Clock
from askfirst.web.metrics import Metrics

_SETTINGS = {
    Limit.CONNECTIONS: "ASKFIRST_CONNECTIONS_MAX",
    Limit.CONNECTIONS_PER_ADDRESS: "ASKFIRST_CONNECTIONS_PER_ADDRESS",
    Limit.HEAD_TIME: "ASKFIRST_HEAD_SECONDS_MAX",
    Limit.HEAD_SIZE: "ASKFIRST_HEAD_BYTES_MAX",
    Limit.BODY_RATE: "ASKFIRST_BODY_BYTES_PER_SECOND_MIN",
    Limit.MEMORY: "ASKFIRST_WAITING_BYTES_MAX",
    Limit.MEMORY_PER_ADDRESS: "ASKFIRST_WAITING_BYTES_PER_ADDRESS",
}
_QUIET = frozenset({Limit.MALFORMED, Limit.HEAD_TIME})
"""Every scanner of the internet goes over these: they are counted, and nothing is to be done."""


class ConnectionTeller:
    """Called for every connection that went over a limit. Addresses are nowhere written."""

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self._counts: Counter[Limit] = Counter()
        self._told_at: dict[Limit, Instant] = {}

    def __call__(self, limit: Limit) -> None:
        self._metrics.connection_refused(limit.value)
        if limit in _QUIET:
            return
        self._counts[limit] += 1
        now = self._clock.now()
        if now - self._told_at.get(limit, Instant(-MINUTE)) < MINUTE:
            return
        self._told_at[limit] = now
        structlog.get_logger("askfirst").warning(
            "connections_refused",
            signal=limit.value,
            count=self._counts.pop(limit),
            setting=_SETTINGS.get(limit),
        )
