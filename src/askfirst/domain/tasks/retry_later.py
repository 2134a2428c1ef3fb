"""How a handler says that its work is to be tried again."""

from __future__ import annotations

from askfirst.domain.values.timestamp import Instant


class RetryLater(Exception):
    """Raised by a handler: the work failed as it may, and is to be tried again at `at`."""

    def __init__(self, at: Instant) -> None:
        super().__init__()
        self.at = at
