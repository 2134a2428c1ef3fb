"""A lean HTTP client: one kept connection, one request at a time, exact stamps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

SECONDS_MAX = 12.0
_PAUSE_SECONDS = 0.1
"""After trouble: whoever asks again at once takes the processor from what is starting again."""
_TROUBLE = 500
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. `asked` is just before the first byte went, `answered` when the first came.

    Status 0: no whole answer came, so nobody knows what became of the request.
    """

    status: int
    head: bytes
    body: bytes
    asked: int
    answered: int

    def header(self, name: str) -> str:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.encode():
                return value.strip().decode()
        return ""


class _Exchange(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answered = 0
        self._asked = 0
        self._reply: asyncio.Future[Reply] | None = None
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        self._received.clear()
        self._reply = asyncio.get_running_loop().create_future()
        self._asked = time.monotonic_ns()
        self.transport.write(request)
        return self._reply

    def data_received(self, data: bytes) -> None:
        if not self._received:
            self._answered = time.monotonic_ns()
        self._received += data
        head, end, body = bytes(self._received).partition(_END_OF_HEAD)
        if end and len(body) >= _content_length(head) and self._reply and not self._reply.done():
            status = int(head.split(b" ", 2)[1])
            self._reply.set_result(
                Reply(
                    status=status,
                    head=head,
                    body=body,
                    asked=self._asked,
                    answered=self._answered,
                )
            )

    def connection_lost(self, _exc: Exception | None) -> None:
        self.is_lost = True
        if self._reply and not self._reply.done():
            self._reply.set_result(_unknown(self._asked))


class Wire:
    """A client of one server; a broken connection is made anew with the next request."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"host: 127.0.0.1\r\nauthorization: Bearer {token}"
        self._exchange: _Exchange | None = None

    async def get(self, path: str) -> Reply:
        """Read; what breaks or takes too long comes back with status 0."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, body: bytes, extra: str = "") -> Reply:
        """Ask in JSON; what breaks or takes too long comes back with status 0."""
        return await self._ask("POST", path, body, "content-type: application/json", extra)

    async def submit(self, path: str, form: Mapping[str, str], origin: str) -> Reply:
        """Send a form as a browser does from a page of this origin."""
        kind = "content-type: application/x-www-form-urlencoded"
        return await self._ask("POST", path, urlencode(form).encode(), kind, f"origin: {origin}")

    async def _ask(self, method: str, path: str, body: bytes, *extra: str) -> Reply:
        lines = (f"{method} {path} HTTP/1.1", self._head, f"content-length: {len(body)}", *extra)
        request = "\r\n".join(line for line in lines if line).encode() + _END_OF_HEAD + body
        started = time.monotonic_ns()
        try:
            async with asyncio.timeout(SECONDS_MAX):
                exchange = await self._connected()
                reply = await exchange.ask(request)
        except (OSError, TimeoutError):
            self.close()
            reply = _unknown(started)
        if not reply.status or reply.status >= _TROUBLE:
            await asyncio.sleep(_PAUSE_SECONDS)
        return reply

    def close(self) -> None:
        if self._exchange is not None:
            self._exchange.transport.abort()
            self._exchange = None

    async def _connected(self) -> _Exchange:
        if self._exchange is None or self._exchange.is_lost:
            loop = asyncio.get_running_loop()
            _, self._exchange = await loop.create_connection(_Exchange, "127.0.0.1", self._port)
        return self._exchange


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _unknown(asked: int) -> Reply:
    return Reply(status=0, head=b"", body=b"", asked=asked, answered=time.monotonic_ns())
