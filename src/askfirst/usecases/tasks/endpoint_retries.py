"""When a server of somebody else's that did not take something is tried again.

Waits grow from seconds to an hour; a server that asks to be left alone is, for an hour at most:
whoever asks for a week would not be told for a week of what they asked to be told at once.
"""

from __future__ import annotations

from typing import Final

from askfirst.domain.tasks.retry_policy import RetryPolicy, share_of
from askfirst.domain.values.timestamp import HOUR, SECOND, Instant
from askfirst.ports.events.subscriptions import EndpointRefused

RETRY_AFTER_MAX: Final = HOUR
_RETRIES: Final = RetryPolicy(attempts_max=None)


def tried_again_at(refused: EndpointRefused, attempts: int, now: Instant, name: str) -> Instant:
    """Return when to try again after so many attempts; names that failed together are spread."""
    asked = min((refused.retry_after or 0) * SECOND, RETRY_AFTER_MAX)
    return max(_RETRIES.retry_at(attempts, now, share_of(name, attempts)), Instant(now + asked))
