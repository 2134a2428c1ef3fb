"""What is known of this machine's clock: whether it jumped, and how it differs from Meta's.

A wrong clock voids no stop: a no ends every yes of a lower position, whatever the stamps say. But
it gives wrong stamps to the record, wrong quiet hours, and windows that Meta does not see open.
So it is said, and the server goes on: one that took no more stops would be worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND, Instant

AHEAD: Final = 30 * SECOND
"""Deliveries take seconds: where none of many came sooner than this, the clock is ahead."""
BEHIND: Final = 5 * SECOND
"""Meta tells whole seconds, rounded down: what it says lies in the past of a right clock."""
DELIVERIES: Final = 5
"""How many deliveries say something about the clock, and not about one that was late."""
SPAN: Final = 5 * MINUTE
"""The least difference is that of this stretch and the one before."""
REMEMBERED: Final = HOUR
"""How long a jump is told of once the clock is right again."""

_SET_CLOCK = "run NTP (timedatectl status) and look at the clock of the host"


@dataclass(slots=True)
class _Stretch:
    """The deliveries of a while: how many, and the least difference among them."""

    began: int
    count: int = 0
    least: int = 0


def _span(microseconds: int) -> str:
    """Say a span as people do, in its largest unit."""
    size = abs(microseconds)
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if size >= 2 * unit:
            return f"{size / unit:.0f} {name}"
    return f"{size / SECOND:.0f} seconds"


class ClockWatch:
    """Collects what is heard of the clock; `steady` are its microseconds."""

    def __init__(self, steady: Callable[[], int]) -> None:
        self._steady = steady
        self._moved = 0
        self._last_jump: tuple[int, int] | None = None
        self._stretches: list[_Stretch] = []

    def jumped(self, by: int) -> None:
        """The clock was set, or jumped, by so many microseconds (below zero: back)."""
        self._moved += by
        self._last_jump = (self._steady(), by)
        self._stretches.clear()  # what was compared before is void

    def delivered(self, said_at: Instant, received_at: Instant) -> None:
        """A delivery came in, whose newest time stamp of Meta's is `said_at`."""
        now = self._steady()
        if not self._stretches or now - self._stretches[-1].began >= SPAN:
            self._stretches = [*self._stretches[-1:], _Stretch(now)]
        stretch, difference = self._stretches[-1], received_at - said_at
        if not stretch.count or difference < stretch.least:
            stretch.least = difference
        stretch.count += 1
        if self._moved and self._is_enough and -BEHIND <= self._least <= AHEAD:
            self._moved = 0

    @property
    def seconds_from_meta(self) -> float | None:
        """Seconds from Meta's stamps to our receiving them, the least; None before any came.

        Below zero: our clock is behind. Far above: it is ahead, or deliveries are late.
        """
        return self._least / SECOND if self._stretches else None

    @property
    def is_trusted(self) -> bool:
        """Whether the clock goes as it did at the start, or was confirmed since it jumped."""
        return abs(self._moved) < SECOND

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the clock; nothing where nothing is known to be."""
        found = (self._jump(), self._to_meta())
        return tuple(finding for finding in found if finding is not None)

    def _jump(self) -> Finding | None:
        if self._last_jump is None:
            return None
        at, by = self._last_jump
        if self.is_trusted and self._steady() - at >= REMEMBERED:
            return None
        way = f"{_span(by)} {'ahead' if by > 0 else 'back'}"
        since = "and is right again" if self.is_trusted else "and nothing has confirmed it since"
        return Finding(
            check="clock_jumped",
            severity=Severity.WARNING,
            summary=f"The clock of this server jumped {way} {since}. "
            "Time stamps from the time between are wrong; stops count all the same.",
            remedy=_SET_CLOCK,
        )

    def _to_meta(self) -> Finding | None:
        if not self._stretches:
            return None
        if self._least < -BEHIND:
            how = f"The clock of this server is {_span(self._least)} behind Meta's."
        elif self._is_enough and self._least > AHEAD:
            how = (
                f"The clock of this server is up to {_span(self._least)} ahead of Meta's, "
                "or all webhooks are that late."
            )
        else:
            return None
        return Finding(
            check="clock_differs",
            severity=Severity.WARNING,
            summary=how,
            remedy=_SET_CLOCK,
        )

    @property
    def _least(self) -> int:
        return min(stretch.least for stretch in self._stretches)

    @property
    def _is_enough(self) -> bool:
        return sum(stretch.count for stretch in self._stretches) >= DELIVERIES
