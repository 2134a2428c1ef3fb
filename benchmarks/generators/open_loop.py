"""Load at a rate: requests fall due by the clock, whether or not those before were answered.

A generator that waits for an answer before it asks again asks less where the server is slow, and
so does not see how slow it is (coordinated omission). Here the time of a request counts from when
it fell due: what had to wait for a free connection waited for the server.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import cast

import httptools

from benchmarks.generators.frames import Frames, read_frames
from benchmarks.generators.loop_load import Tally

_TICK_SECONDS = 0.001
_DRAIN_SECONDS = 10.0
_BAD = 400


async def run_at_rate(
    place: tuple[str, int], frames: Frames, connections: int, rate: float, seconds: float
) -> Tally:
    """Ask so many times a second for some seconds, then wait for what is still to be answered."""
    loop = asyncio.get_running_loop()
    queue = _Queue(Tally(), read_frames(frames))
    lines = [_Line(queue) for _ in range(connections)]
    for line in lines:
        await loop.create_connection(lambda line=line: line, *place)  # type: ignore[misc]
    began, number = loop.time(), 0
    while (now := loop.time()) < began + seconds:
        while began + number / rate <= now:
            queue.add(began + number / rate)
            number += 1
        await asyncio.sleep(_TICK_SECONDS)
    await asyncio.wait({queue.drained()}, timeout=_DRAIN_SECONDS)
    for line in lines:
        line.close()
    return queue.tally


class _Queue:
    """What fell due, and the connections that are free."""

    def __init__(self, tally: Tally, requests: Iterator[bytes]) -> None:
        self.tally = tally
        self.free: list[_Line] = []
        self._requests = requests
        self._due: deque[float] = deque()
        self._drained: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_over = False

    def drained(self) -> asyncio.Future[None]:
        """Return what is done once everything that fell due was answered; no more falls due."""
        self._is_over = True
        self._look()
        return self._drained

    def answered(self, seconds: float, status: int) -> None:
        """Count an answer."""
        self.tally.seconds.append(seconds)
        self.tally.failed += status >= _BAD
        self._look()

    def _look(self) -> None:
        is_all = len(self.tally.seconds) == self.tally.asked
        if self._is_over and is_all and not self._drained.done():
            self._drained.set_result(None)

    def add(self, due: float) -> None:
        """Let one fall due."""
        self.tally.asked += 1
        self._due.append(due)
        if self.free:
            self.take(self.free.pop())

    def take(self, line: _Line) -> None:
        """Give a connection the oldest that waits, or let it rest."""
        if not self._due:
            self.free.append(line)
            return
        request = next(self._requests, None)
        if request is None:
            self.tally.ran_out = True
            return
        line.ask(request, self._due.popleft())


class _Line(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, queue: _Queue) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue = queue
        self._due = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own has no such base
        self._queue.take(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._queue.answered(self._loop.time() - self._due, self._parser.get_status_code())
        self._parser = httptools.HttpResponseParser(self)
        self._queue.take(self)

    def ask(self, request: bytes, due: float) -> None:
        """Send a request that fell due at a moment."""
        self._due = due
        if self._transport is not None:
            self._transport.write(request)

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.close()
