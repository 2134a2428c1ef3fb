"""The system's clock, made safe to compare: it never goes back."""

from __future__ import annotations

import time
from collections.abc import Callable

from askfirst.domain.instant import Instant

_NANOSECONDS = 1_000
_SLOWER = 100


class SystemClock:
    """Wall time in microseconds.

    Where the wall clock is set back, time goes on one hundredth slower until the wall has caught
    up. A clock that jumped back would keep a permit alive for longer than its two seconds, and
    one that stood still for ever.
    """

    def __init__(
        self,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._last = wall()
        self._last_steady = steady()

    def now(self) -> Instant:
        """Give the present moment, UTC."""
        wall, steady = self._wall(), self._steady()
        elapsed = steady - self._last_steady
        if wall >= self._last:
            self._last = wall
        else:
            self._last = max(wall, self._last + elapsed - elapsed // _SLOWER)
        self._last_steady = steady
        return Instant(self._last // _NANOSECONDS)
