"""Load that goes a person's way: several requests, each after the answer to the one before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from askfirst.domain.values.errors import Unavailable
from benchmarks.generators.load import Load, told_to_end

_DRAIN_SECONDS = 10.0


class Line:
    """One connection, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, request: bytes) -> tuple[int, Any]:
        """Return the status and the JSON of the answer, {} where it is none.

        An answer has to say how long it is.
        """
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        status, content = int(lines[0].split(b" ")[1]), await self._reader.readexactly(length)
        try:
            return status, json.loads(content)
        except ValueError:
            return status, {}

    def close(self) -> None:
        self._writer.close()


Journey = Callable[[Sequence[Line]], Awaitable[bool]]
"""What one person does, on a line to each address; tells whether every answer was good."""


@dataclass(slots=True)
class _Tally:
    """What all of them have done together."""

    asked: int = 0
    failed: int = 0
    ran_out: bool = False
    seconds: list[float] = field(default_factory=list)


def run_journeys(
    addresses: Sequence[str], journeys: Iterator[Journey], connections: int, seconds: float
) -> Load:
    """Let so many go at once for some seconds; Unavailable where a server ceases to answer."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            tally = runner.run(_all(addresses, journeys, connections, seconds))
        except (OSError, EOFError) as error:
            raise Unavailable("a server has ceased to answer") from error
    return told_to_end(tally.asked, tally.failed, tally.seconds, ran_out=tally.ran_out)


async def _all(
    addresses: Sequence[str], journeys: Iterator[Journey], connections: int, seconds: float
) -> _Tally:
    tally = _Tally()
    deadline = asyncio.get_running_loop().time() + seconds
    async with asyncio.timeout(seconds + _DRAIN_SECONDS):
        going = [_one_by_one(tally, addresses, journeys, deadline) for _ in range(connections)]
        await asyncio.gather(*going)
    return tally


async def _one_by_one(
    tally: _Tally, addresses: Sequence[str], journeys: Iterator[Journey], deadline: float
) -> None:
    loop = asyncio.get_running_loop()
    with ExitStack() as opened:
        lines = [await _open(address) for address in addresses]
        for line in lines:
            opened.callback(line.close)
        while (began := loop.time()) < deadline:
            journey = next(journeys, None)
            if journey is None:
                tally.ran_out = True
                break
            tally.asked += 1
            is_good = await journey(lines)
            tally.failed += not is_good
            tally.seconds.append(loop.time() - began)


async def _open(address: str) -> Line:
    place = urlsplit(address)
    return Line(*await asyncio.open_connection(place.hostname, place.port))
