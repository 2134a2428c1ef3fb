"""The system's clock, followed wherever it goes, and watched while it does."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from askfirst.domain.values.timestamp import Instant

JUMP_NANOSECONDS = 1_000_000_000
"""What clocks are set by at once; a clock that is put right little by little moves far less."""

_MICROSECONDS = 1_000
_BRACKET_NANOSECONDS = 50_000_000
_TRIES = 10


_since_boot = partial(time.clock_gettime_ns, time.CLOCK_BOOTTIME)
"""Nanoseconds since the machine began, sleep included."""


def _unheard(_: int) -> None:
    """Nobody is told."""


class SystemClock:
    """Wall time, and a steady time that cannot be set.

    Nothing of a wrong time is kept: once the clock is put right, `now` is right. Each look compares
    the two, so that no stamp is given by a clock that jumped without `on_jump` hearing of it: by
    how many microseconds it went ahead (or back, below zero).
    """

    def __init__(
        self,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = _since_boot,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = self._measured()
        self.on_jump: Callable[[int], None] = _unheard

    def now(self) -> Instant:
        """Return the present moment, UTC."""
        wall = self._wall()
        moved = wall - self._steady() - self._offset
        if not -JUMP_NANOSECONDS < moved < JUMP_NANOSECONDS:
            self._look_again()
        else:
            self._offset += moved
        return Instant(wall // _MICROSECONDS)

    def steady(self) -> int:
        """Return microseconds that only ever go on."""
        return self._steady() // _MICROSECONDS

    def _look_again(self) -> None:
        """Tell a jump from a process that was held up between its two looks."""
        offset = self._measured()
        moved, self._offset = offset - self._offset, offset
        if abs(moved) >= JUMP_NANOSECONDS:
            self.on_jump(moved // _MICROSECONDS)

    def _measured(self) -> int:
        """Measure wall against steady, as closely as the machine lets us."""
        offsets = []
        for _ in range(_TRIES):
            before = self._steady()
            wall = self._wall()
            lasted = self._steady() - before
            offsets.append((lasted, wall - before))
            if lasted < _BRACKET_NANOSECONDS:
                break
        return min(offsets)[1]
