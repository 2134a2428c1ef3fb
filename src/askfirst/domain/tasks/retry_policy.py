"""When a task that failed is tried again, and when it is given up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import HOUR, SECOND, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Each wait is twice the one before, between `first` and `longest` (microseconds).

    After `attempts_max` attempts the task is dead; None: it never is.
    """

    attempts_max: int | None
    first: int = 5 * SECOND
    longest: int = HOUR

    def __post_init__(self) -> None:
        if self.attempts_max is not None and self.attempts_max < 1:
            raise InvalidInput("attempts_max", "must be 1 or more")
        if not 0 < self.first <= self.longest:
            raise InvalidInput("first", "must be above 0, and no longer than the longest wait")

    def is_used_up(self, attempts: int) -> bool:
        """Return whether no attempt may follow so many."""
        return self.attempts_max is not None and attempts >= self.attempts_max

    def retry_at(self, attempts: int, now: Instant, share: float = 1.0) -> Instant:
        """Return when to try again after so many attempts, 1 or more.

        `share`, from 0 to 1, is where in the second half of the wait: tasks that failed together
        are then not tried again together.
        """
        doublings = min(attempts - 1, self.longest.bit_length())
        wait = min(self.first << doublings, self.longest)
        return Instant(now + wait // 2 + round((wait - wait // 2) * share))


def share_of(*names: str | int) -> float:
    """Spread names evenly from 0 to 1: the same names, the same share."""
    digest = hashlib.blake2b("\n".join(map(str, names)).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 0xFFFF_FFFF
