"""Callers that show a token of Meta's in place of a key: Meta says whether it is one.

A token counts for the node that is called, and only if Meta shows that node to it. Whoever has
none such learns nothing here: not what is registered, nor who said yes.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Final, Protocol

from askfirst.domain.values.errors import NotAuthenticated, Unavailable
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.accounts import HasAccounts

REMEMBERED_FOR: Final = MINUTE
"""How long Meta's yes counts. A no is never remembered: a token may become good at any time."""
REMEMBERED_MAX: Final = 10_000
AT_ONCE: Final = 8
WAITING_MAX: Final = 64
"""Anybody can make us ask: a flood of made-up tokens must not use up the connections to Meta."""
TOKEN_LENGTH_MAX: Final = 1024


class MetaTokensNeeds(HasAccounts, HasClock, Protocol):
    """What this use case needs from the world."""


class MetaTokens:
    """Asks Meta, some at a time, and remembers whom it said yes to by a digest."""

    def __init__(self, services: MetaTokensNeeds) -> None:
        self._services = services
        self._good: dict[bytes, Instant] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def check(self, token: str, node: str) -> None:
        """Return where the token may read the node.

        Raises:
            NotAuthenticated: Meta says no.
            Unavailable: Meta does not answer, or too many ask at once.
        """
        if not token.isascii() or not token.isprintable() or len(token) > TOKEN_LENGTH_MAX:
            raise NotAuthenticated("is no token of Meta's")
        digest = hashlib.sha256(f"{node} {token}".encode()).digest()
        if self._is_good(digest):
            return
        if self._waiting >= WAITING_MAX:
            raise Unavailable("too many tokens are being checked")
        self._waiting += 1
        try:
            async with self._turns:
                if not self._is_good(digest):
                    await self._ask(token, node, digest)
        finally:
            self._waiting -= 1

    def _is_good(self, digest: bytes) -> bool:
        since = self._good.get(digest)
        return since is not None and 0 <= self._services.clock.now() - since < REMEMBERED_FOR

    async def _ask(self, token: str, node: str, digest: bytes) -> None:
        asked_at = self._services.clock.now()
        self._good.pop(digest, None)
        if await self._services.accounts.can_read(node, token) is not True:  # doubt means no
            raise NotAuthenticated("Meta does not show the node to this token")
        if len(self._good) >= REMEMBERED_MAX:
            self._good.clear()
        self._good[digest] = asked_at
