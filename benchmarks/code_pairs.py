"""Load that does what a customer does: ask for a code, look at the phone, type it in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from benchmarks.generators.frames import Frames, post, read_frames
from benchmarks.generators.journeys import Line, run_journeys
from benchmarks.generators.load import Load, LoopLoad

_CREATED, _OK = 201, 200


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
        pairs = (partial(self._pair, request) for request in read_frames(frames))
        return run_journeys((self._server, self._phones), pairs, connections, seconds)

    async def _pair(self, request: bytes, lines: Sequence[Line]) -> bool:
        server, phone = lines
        status, asked = await server.ask(request)
        if status != _CREATED:
            return False
        to = json.loads(request.partition(b"\r\n\r\n")[2])["to"].removeprefix("+")
        _, sent = await phone.ask(f"GET /code/{to} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        typed = json.dumps({"code": sent["code"]}).encode()
        status, judged = await server.ask(post(f"/v1/codes/{asked['id']}/check", headers, typed))
        return status == _OK and judged["result"] == "approved"
