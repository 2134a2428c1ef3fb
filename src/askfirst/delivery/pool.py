"""A bounded number of connections, kept alive between requests, newest first."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from askfirst.delivery.answer_reader import ANSWER_BYTES_MAX
from askfirst.delivery.connection import Connection
from askfirst.ports.sending.http_connection import NotSent

IDLE_SECONDS_MAX: Final = 60.0
"""Balancers drop quiet connections after about a minute, some without telling."""
RESTED_SECONDS: Final = 1.0
"""Servers close connections that rested, so after this long the kernel is asked for a close
that the loop has not seen. Not before: each question gives up the interpreter lock."""
CLOSE_SECONDS_MAX: Final = 1.0

Dial = Callable[[Callable[[], Connection]], Awaitable[Connection]]
"""Opens a connection made by the given factory; raises OSError where it cannot."""


class Pool:
    """Hands out ready connections.

    At most `size` exist at once, idle and opening ones included. Whoever finds none waits in
    line for up to `seconds_max`; the line is as long as `queue_max`.
    """

    def __init__(
        self,
        dial: Dial,
        *,
        size: int,
        seconds_max: float,
        queue_max: int,
        answer_bytes_max: int = ANSWER_BYTES_MAX,
    ) -> None:
        self._dial = dial
        self._free = size
        self._seconds_max = seconds_max
        self._answer_bytes_max = answer_bytes_max
        self._queue_max = queue_max
        self._idle: deque[Connection] = deque()
        self._live: set[Connection] = set()
        self._queue: deque[asyncio.Future[Connection | None]] = deque()
        self._emptied = asyncio.Event()
        self._emptied.set()
        self._is_closed = False

    async def take(self) -> Connection:
        """Return a connection that is ready; NotSent where none can be had in time."""
        if self._is_closed:
            raise NotSent("the lines are closed")
        if connection := self._wake():
            return connection
        if self._free:
            self._free -= 1
            return await self._connect()
        return await self._wait() or await self._connect()

    def give(self, connection: Connection) -> None:
        """Take a connection back that may serve again."""
        if not connection.is_open():
            return  # its place is free again once it is lost
        if self._is_closed:
            connection.abort()
        elif not self._hand_over(connection):
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)

    async def close(self) -> None:
        """Close every connection and wait, shortly, until they are gone."""
        self._is_closed = True
        while self._hand_over(None):
            pass
        for connection in tuple(self._live):
            connection.abort()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS_MAX):
                await self._emptied.wait()

    def _wake(self) -> Connection | None:
        """Take the idle connection that served last; drop those that are too old or dead."""
        now = asyncio.get_running_loop().time()
        while self._idle and self._idle[0].idle_since < now - IDLE_SECONDS_MAX:
            self._idle.popleft().abort()
        while self._idle:
            connection = self._idle.pop()
            is_rested = connection.idle_since < now - RESTED_SECONDS
            if connection.is_quiet() if is_rested else connection.is_open():
                return connection
            connection.abort()
        return None

    async def _connect(self) -> Connection:
        """Use up a free place; it is free again when the connection is lost or never comes."""
        if self._is_closed:
            raise NotSent("the lines are closed")
        connection: Connection | None = None
        try:
            async with asyncio.timeout(self._seconds_max):
                connection = await self._dial(self._make)
        except (OSError, TimeoutError) as error:
            raise NotSent(f"cannot connect: {type(error).__name__}") from error
        finally:
            if connection is None or connection.is_lost:
                self._free_place()
            else:
                self._live.add(connection)
                self._emptied.clear()
        if connection.is_lost:
            raise NotSent("the connection was closed at once")
        if self._is_closed:
            connection.abort()
            raise NotSent("the lines are closed")
        return connection

    def _make(self) -> Connection:
        return Connection(self.give, self._lost, answer_bytes_max=self._answer_bytes_max)

    async def _wait(self) -> Connection | None:
        """Stand in line for a connection, or for a free place (None)."""
        if len(self._queue) >= self._queue_max:
            raise NotSent("too many messages wait for a connection")
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(self._seconds_max):
                return await turn
        except BaseException as error:
            self._leave_queue(turn)
            if isinstance(error, TimeoutError):
                raise NotSent("no connection became free in time") from error
            raise

    def _leave_queue(self, turn: asyncio.Future[Connection | None]) -> None:
        """Pass on what was handed over in the very moment of giving up."""
        if not turn.done() or turn.cancelled():
            if turn in self._queue:
                self._queue.remove(turn)
        elif connection := turn.result():
            self.give(connection)
        else:
            self._free_place()

    def _lost(self, connection: Connection) -> None:
        if connection in self._live:
            self._live.remove(connection)
            if connection in self._idle:
                self._idle.remove(connection)
            if not self._live:
                self._emptied.set()
            self._free_place()

    def _free_place(self) -> None:
        if not self._hand_over(None):
            self._free += 1

    def _hand_over(self, connection: Connection | None) -> bool:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False
