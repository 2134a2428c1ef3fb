"""Load that does what a customer does: ask for a code, look at the phone, type it in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks.generators.frames import Frames, post, read_frames
from benchmarks.generators.load import Load, LoopLoad, told_to_end

_CREATED, _OK = 201, 200
_DRAIN_SECONDS = 10.0


@dataclass(slots=True)
class _Tally:
    """What the customers have done together."""

    asked: int = 0
    failed: int = 0
    ran_out: bool = False
    seconds: list[float] = field(default_factory=list)


class PairLoad:
    """Pairs against the server, plain requests against the baseline."""

    name = "asyncio"

    def __init__(self, key: str, server: str, phones: str) -> None:
        self._key = key
        self._server = server
        self._phones = phones

    def run(self, address: str, frames: Frames, connections: int, seconds: float) -> Load:
        if address != self._server:
            return LoopLoad().run(address, frames, connections, seconds)
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            tally = runner.run(self._pairs(read_frames(frames), connections, seconds))
        return told_to_end(tally.asked, tally.failed, tally.seconds, ran_out=tally.ran_out)

    async def _pairs(self, requests: Iterator[bytes], connections: int, seconds: float) -> _Tally:
        tally, loop = _Tally(), asyncio.get_running_loop()
        deadline = loop.time() + seconds
        customers = [self._customer(tally, requests, deadline) for _ in range(connections)]
        async with asyncio.timeout(seconds + _DRAIN_SECONDS):
            await asyncio.gather(*customers)
        return tally

    async def _customer(self, tally: _Tally, requests: Iterator[bytes], deadline: float) -> None:
        loop = asyncio.get_running_loop()
        server, phone = await _open(self._server), await _open(self._phones)
        while (began := loop.time()) < deadline:
            request = next(requests, None)
            if request is None:
                tally.ran_out = True
                break
            tally.asked += 1
            approved = await self._pair(server, phone, request)
            tally.failed += not approved
            tally.seconds.append(loop.time() - began)
        server.close()
        phone.close()

    async def _pair(self, server: _Line, phone: _Line, request: bytes) -> bool:
        status, asked = await server.ask(request)
        if status != _CREATED:
            return False
        to = json.loads(request.partition(b"\r\n\r\n")[2])["to"].removeprefix("+")
        _, sent = await phone.ask(f"GET /code/{to} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        typed = json.dumps({"code": sent["code"]}).encode()
        status, judged = await server.ask(post(f"/v1/codes/{asked['id']}/check", headers, typed))
        return status == _OK and judged["result"] == "approved"


class _Line:
    """One connection, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, request: bytes) -> tuple[int, Any]:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        return int(lines[0].split(b" ")[1]), json.loads(await self._reader.readexactly(length))

    def close(self) -> None:
        self._writer.close()


async def _open(address: str) -> _Line:
    place = urlsplit(address)
    return _Line(*await asyncio.open_connection(place.hostname, place.port))
