"""Hear from Meta what time it is: the clock of this machine is held against it."""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.telemetry import HasTelemetry


def observe_clock(services: HasTelemetry, notices: Iterable[InboundEvent], now: Instant) -> None:
    """Tell when Meta said the newest of what came in now; what is older in it says nothing."""
    newest = Instant(0)
    for notice in notices:
        if notice.occurred_at is not None and notice.occurred_at > newest:
            newest = notice.occurred_at
    if newest:
        services.telemetry.delivered(newest, now)
