"""Keeps an eye on the write path: whether a STOP that comes now could be kept.

A probe goes the way of every write and is made durable like one. However many ask, there is one
at a time, and one a second at most. What it finds is said in the log, with what to do about it:
when it begins, once a minute while it lasts, and when it is over.
"""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

import structlog

from askfirst.domain.values.errors import AskfirstError, Unavailable
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.storage_trouble import StorageTrouble
from askfirst.web.metrics import Metrics

REST_SECONDS: Final = 1.0
"""How long what a probe found is taken to hold."""
PATIENCE_SECONDS: Final = 2.0
"""How long a write may wait for locks of others before that is trouble."""
_SAY_AGAIN_SECONDS: Final = 60.0


class Probed(Protocol):
    """What is watched."""

    async def ready(self) -> None:
        """Raise Unavailable or UnsafeStorage where nothing can be promised now."""
        ...

    async def probe(self) -> None:
        """Write something and make it durable; raise Unavailable where that cannot be."""
        ...


class WriteWatch:
    """Asks the store whether it writes, and says so where it does not."""

    def __init__(self, store: Probed, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._probe: asyncio.Task[AskfirstError | None] | None = None
        self._found: AskfirstError | None = None
        self._until = 0.0
        self._said: str | None = None
        self._say_again_at = 0.0

    async def look(self) -> AskfirstError | None:
        """Return what keeps the store from writing now; None where nothing does."""
        loop = asyncio.get_running_loop()
        if self._probe is None:
            if loop.time() < self._until:
                return self._found
            self._probe = asyncio.create_task(self._ask())
        probe = self._probe
        # The probe goes on, whoever loses patience: what it does is not cut off half-way.
        done, _ = await asyncio.wait({probe}, timeout=PATIENCE_SECONDS)
        found = probe.result() if done else _waiting()
        if self._probe is probe:
            self._found, self._until = found, loop.time() + REST_SECONDS
            self._probe = None if done else probe
            self._say(found, loop.time())
        return found

    async def find(self) -> tuple[Finding, ...]:
        """Return the same as a finding of a check-up."""
        error = await self.look()
        if error is None:
            summary = "The database reads and writes."
            return (Finding(check="database", severity=Severity.OK, summary=summary),)
        return (
            Finding(
                check="database",
                severity=Severity.PROBLEM,
                summary=f"No STOP can be kept: {error.message}.",
                remedy=_trouble(error).remedy,
            ),
        )

    async def close(self) -> None:
        """Give up a probe that is still waiting."""
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.wait({self._probe})

    async def _ask(self) -> AskfirstError | None:
        try:
            await self._store.ready()
            await self._store.probe()
        except AskfirstError as error:
            return error
        return None

    def _say(self, error: AskfirstError | None, now: float) -> None:
        log = structlog.get_logger("askfirst")
        if error is None:
            if self._said is not None:
                log.info("writes_again", signal=self._said)
            self._said = None
            return
        trouble = _trouble(error)
        self._metrics.storage_trouble(trouble.value)
        if self._said == trouble.value and now < self._say_again_at:
            return
        self._said, self._say_again_at = trouble.value, now + _SAY_AGAIN_SECONDS
        told = f"{error.message}. {trouble.remedy}"
        log.error("cannot_write", signal=trouble.value, error=told)


def remedy_of(error: AskfirstError) -> str:
    """Return what an operator should do about a store that is not ready."""
    return _trouble(error).remedy


def _trouble(error: AskfirstError) -> StorageTrouble:
    known = error.trouble if isinstance(error, Unavailable) else None
    return known or StorageTrouble.OTHER


def _waiting() -> Unavailable:
    trouble = StorageTrouble.LOCKED
    return Unavailable(f"the database cannot be written now: {trouble.words}", trouble=trouble)
