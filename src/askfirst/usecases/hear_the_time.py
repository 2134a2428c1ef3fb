"""Hear from Meta what time it is: the clock of this machine is held against it."""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.domain.instant import Instant
from askfirst.usecases.route_notices import Share
from askfirst.usecases.services import Services


def hear_the_time(services: Services, shares: Iterable[Share], now: Instant) -> None:
    """Tell when Meta said the newest of what came in now; what is older in it says nothing."""
    newest = 0
    for share in shares:
        for notice in share.notices:
            newest = max(newest, notice.occurred_at or 0)
    if newest:
        services.signals.delivered(Instant(newest), now)
