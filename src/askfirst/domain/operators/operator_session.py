"""A session: an operator at one browser, from signing in until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.ids import BusinessId, OperatorId, SessionId
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, Instant

IDLE_LIFE: Final = 1 * HOUR
"""A browser that somebody walked away from is nobody's after this."""
WHOLE_LIFE: Final = 12 * HOUR
"""Whoever works longer signs in again: a working day (NIST SP 800-63B, 2.2.3, AAL2)."""
SESSION_KEPT: Final = 30 * DAY
"""For so long after its last use a session can be looked at, so that a stranger's is found."""
SEEN_EVERY: Final = MINUTE
"""How exactly it is known when a session was last used: not every look is a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSession:
    """One of them, without its secret: only a hash of that is kept.

    `address` and `browser` are as the request told them, for whoever looks through their sessions.
    """

    session_id: SessionId
    business_id: BusinessId
    operator_id: OperatorId
    created_at: Instant
    seen_at: Instant
    ended_at: Instant | None = None
    address: str = ""
    browser: str = ""

    @property
    def ends_at(self) -> Instant:
        """When it ends by itself, if it is not used again."""
        return Instant(min(self.created_at + WHOLE_LIFE, self.seen_at + IDLE_LIFE))

    def is_live(self, now: Instant) -> bool:
        """Whether it counts. A clock that was set back before its beginning ends it, too."""
        return self.ended_at is None and self.created_at <= now < self.ends_at
