"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime

from askfirst.domain.instant import Instant, from_datetime

START = from_datetime(datetime(2026, 3, 1, 9, 0, tzinfo=UTC))


class FakeClock:
    """The time of day, as a test wants it."""

    def __init__(self, now: Instant = START) -> None:
        self._now = now

    def now(self) -> Instant:
        return self._now

    def set(self, now: Instant) -> None:
        self._now = now

    def advance(self, microseconds: int) -> None:
        self._now = Instant(self._now + microseconds)
