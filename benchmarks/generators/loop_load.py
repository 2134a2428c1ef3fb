"""Load from an event loop, where wrk is not installed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import httptools

from benchmarks.generators.frames import Frames, read_frames

_DRAIN_SECONDS = 10.0
_BAD = 400


@dataclass(slots=True)
class Tally:
    """What the connections have counted together."""

    asked: int = 0
    failed: int = 0
    ran_out: bool = False
    seconds: list[float] = field(default_factory=list)


async def run_load(host: str, port: int, frames: Frames, connections: int, seconds: float) -> Tally:
    """Ask for some seconds, then wait for what is still to be answered."""
    loop = asyncio.get_running_loop()
    tally, requests = Tally(), read_frames(frames)
    deadline = loop.time() + seconds
    lines = [_Connection(tally, requests, deadline) for _ in range(connections)]
    for line in lines:
        await loop.create_connection(lambda line=line: line, host, port)  # type: ignore[misc]
    await asyncio.wait([line.ended for line in lines], timeout=seconds + _DRAIN_SECONDS)
    return tally


class _Connection(asyncio.Protocol):
    """Asks, waits for the whole answer, asks again."""

    def __init__(self, tally: Tally, requests: Iterator[bytes], deadline: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._tally = tally
        self._requests = requests
        self._deadline = deadline
        self._asked_at = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self.ended: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own has no such base
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._tally.seconds.append(self._loop.time() - self._asked_at)
        self._tally.failed += self._parser.get_status_code() >= _BAD
        self._parser = httptools.HttpResponseParser(self)
        self._ask()

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def _ask(self) -> None:
        self._asked_at = self._loop.time()
        request = None
        if self._asked_at < self._deadline:
            request = next(self._requests, None)
            self._tally.ran_out |= request is None
        if request is None or self._transport is None:
            self._end()
            return
        self._tally.asked += 1
        self._transport.write(request)

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.close()
