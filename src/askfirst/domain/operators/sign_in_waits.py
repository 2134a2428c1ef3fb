"""How long to wait after so many tries to sign in that led nowhere.

A try is counted before the password is looked at, so a thousand at once are a thousand. The wait
doubles: at the longest one, a guesser has fewer than a hundred tries a day for one operator
(NIST SP 800-63B, 3.2.2, allows a hundred in all before somebody has to be proven anew).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.values.timestamp import DAY, MINUTE, SECOND, Instant


class SignInSubject(StrEnum):
    """Whose tries are counted."""

    OPERATOR = "operator"
    ADDRESS = "address"


_FREE: Final = {SignInSubject.OPERATOR: 5, SignInSubject.ADDRESS: 20}
"""Tries before the first wait: people mistype; an office shares one address."""
_FIRST: Final = 5 * SECOND
_LONGEST: Final = 30 * MINUTE
_NEVER: Final = Instant(0)
FORGOTTEN_AFTER: Final = DAY
"""Without a try for so long, the count begins anew."""


@dataclass(frozen=True, slots=True)
class SignInTries:
    """The tries of one subject that led nowhere, and when the next one is looked at."""

    count: int = 0
    last_at: Instant = _NEVER
    opens_at: Instant = _NEVER

    def is_open(self, now: Instant) -> bool:
        """Whether a try would be looked at. A clock that was set back locks nobody out."""
        return now >= self.opens_at or now < self.last_at - _LONGEST

    def counted(self, subject: SignInSubject, now: Instant) -> SignInTries:
        """Count one more."""
        before = 0 if now - self.last_at > FORGOTTEN_AFTER else self.count
        count = before + 1
        return SignInTries(count, now, Instant(now + wait_after(subject, count)))


def wait_after(subject: SignInSubject, count: int) -> int:
    """Return how long to wait after so many tries, in microseconds."""
    over = count - _FREE[subject]
    if over < 0:
        return 0
    return min(_FIRST << min(over, 20), _LONGEST)
