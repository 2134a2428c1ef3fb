"""Bringing webhooks to the receiver: signed, in order for each person, again on failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from askfirst.simulator.inbound.webhooks import headers_of

Deliver = Callable[[bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body with its headers to the receiver and gives the HTTP status."""


class Web(Protocol):
    """Servers that accounts name for their webhooks."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post a body and give the HTTP status."""
        ...

    async def get(self, url: str, parameters: Mapping[str, str]) -> tuple[int, bytes]:
        """Ask for a page; gives the status and what it says."""
        ...


@dataclass(frozen=True, slots=True)
class Callback:
    """Where an account's webhooks go in place of the app's own address."""

    uri: str
    verify_token: str


Sleep = Callable[[float], Awaitable[object]]

RETRY_SECONDS = (0.05, 0.2, 0.8)
"""Meta retries for seven days; a developer does not."""

_OK = range(200, 300)


class Courier:
    """Takes bodies to the app's receiver, or where an account wants them; else nowhere.

    `callbacks` are by account; `silent` are accounts whose webhooks the app does not want.
    """

    def __init__(
        self,
        *,
        deliver: Deliver | None,
        app_secret: bytes,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.deliver = deliver
        self.web: Web | None = None
        self.callbacks: dict[str, Callback] = {}
        self.silent: set[str] = set()
        self._app_secret = app_secret
        self._sleep = sleep
        self._queues: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._tasks: set[asyncio.Task[int]] = set()

    async def bring(self, person: str, body: bytes) -> int:
        """Deliver after everything older for this person; give the last status, 0 for none."""
        deliver = self._way_of(body)
        if deliver is None:
            return 0
        queue = self._queues.setdefault(person, asyncio.Lock())
        self._waiting[person] = self._waiting.get(person, 0) + 1
        try:
            async with queue:
                return await self._try(deliver, body)
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person], self._queues[person]

    @property
    def is_listened_to(self) -> bool:
        """Whether there is anybody to tell."""
        return self.deliver is not None or bool(self.callbacks)

    async def shake_hands(self, callback: Callback, challenge: str) -> bool:
        """Ask an address whether it is the one that knows the word, as Meta asks."""
        if self.web is None:
            return False
        asked = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": callback.verify_token,
        }
        try:
            status, said = await self.web.get(callback.uri, asked)
        except Exception:  # noqa: BLE001  # whatever keeps the server from answering
            return False
        return status in _OK and said.strip() == challenge.encode()

    def _way_of(self, body: bytes) -> Deliver | None:
        """Return the way to whoever gets what is told of an account."""
        if not self.callbacks and not self.silent:
            return self.deliver
        account = json.loads(body)["entry"][0]["id"]
        if account in self.silent:
            return None
        callback, web = self.callbacks.get(account), self.web
        if callback is None or web is None:
            return self.deliver
        return lambda content, headers: web.post(callback.uri, content, headers)

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
