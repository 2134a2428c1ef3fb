"""Counters that all processes share, for either backend."""

from __future__ import annotations

from askfirst.domain.ids import BusinessId
from askfirst.domain.instant import Instant
from askfirst.storage.keyring import Keyring
from askfirst.storage.statements import Statements


class StoredLimits:
    """See ports.limits.Limits. One atomic statement counts and refuses."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def take(
        self,
        business_id: BusinessId,
        policy: str,
        subject: str,
        most: int,
        window: int,
        now: Instant,
    ) -> bool:
        if most <= 0:
            return False
        starts_at = now - now % window
        lookup = self._keyring.lookup(f"limit:{policy}:{subject}")
        row = (business_id, policy, lookup, starts_at, starts_at + window, most)
        return bool(await self._statements.write("take_limit", *row))

    async def sweep(self, business_id: BusinessId, before: Instant) -> None:
        """Forget stretches that ended before a moment."""
        await self._statements.write("sweep_limits", business_id, before)
