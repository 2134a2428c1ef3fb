"""Hear from Meta what time it is: the clock of this machine is held against it."""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.domain.instant import Instant
from askfirst.usecases.route_notices import Share
from askfirst.usecases.services import Services


def hear_the_time(services: Services, shares: Iterable[Share], now: Instant) -> None:
    """Tell when Meta said the newest of what came in now; what is older in it says nothing."""
    told = [notice.occurred_at for share in shares for notice in share.notices]
    if stamps := [moment for moment in told if moment is not None]:
        services.signals.delivered(max(stamps), now)
