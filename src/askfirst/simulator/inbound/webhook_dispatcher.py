"""Bringing webhooks to the receiver: signed, in order for each person, again on failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from askfirst.simulator.inbound.webhooks import headers_of

Deliver = Callable[[bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body with its headers to the receiver and gives the HTTP status."""

Sleep = Callable[[float], Awaitable[object]]

RETRY_SECONDS = (0.05, 0.2, 0.8)
"""Meta retries for seven days; a developer does not."""

_OK = range(200, 300)


class Courier:
    """Takes bodies to one receiver; without one, webhooks go nowhere."""

    def __init__(
        self, *, deliver: Deliver | None, app_secret: bytes, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.deliver = deliver
        self._app_secret = app_secret
        self._sleep = sleep
        self._queues: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._tasks: set[asyncio.Task[int]] = set()

    async def bring(self, person: str, body: bytes) -> int:
        """Deliver after everything older for this person; give the last status, 0 for none."""
        if self.deliver is None:
            return 0
        queue = self._queues.setdefault(person, asyncio.Lock())
        self._waiting[person] = self._waiting.get(person, 0) + 1
        try:
            async with queue:
                return await self._try(self.deliver, body)
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person], self._queues[person]

    def send(self, delivery: Coroutine[Any, Any, int]) -> None:
        """Let a task run on its own."""
        task = asyncio.get_running_loop().create_task(delivery)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _try(self, deliver: Deliver, body: bytes) -> int:
        headers = headers_of(body, self._app_secret)
        status = await _attempt(deliver, body, headers)
        for seconds in RETRY_SECONDS:
            if status in _OK:
                break
            await self._sleep(seconds)
            status = await _attempt(deliver, body, headers)
        return status


async def _attempt(deliver: Deliver, body: bytes, headers: Mapping[str, str]) -> int:
    try:
        return await deliver(body, headers)
    except Exception:  # noqa: BLE001  # a receiver that is down must not take the simulator along
        return 0
