"""A server that misbehaves on purpose, on a loopback port."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from askfirst.delivery.graph_client import graph_client
from askfirst.delivery.http_client import HttpClient
from askfirst.ports.sending.http_connection import Answer

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


@dataclass
class Upstream:
    """Answers every request with the next of its acts; the last one is repeated."""

    acts: list[Act]
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.heard.append(await _read_request(reader))
                act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                await act(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.ended += 1

    async def has_ended(self, connections: int) -> None:
        """Wait until so many connections are closed, on both sides."""
        async with asyncio.timeout(5):
            while self.ended < connections:
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)


Act = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return head + await reader.readexactly(length)


def says(*parts: bytes) -> Act:
    """Write the parts one by one, as separate packets."""

    async def act(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.002)

    return act


def says_and_closes(*parts: bytes) -> Act:
    async def act(writer: asyncio.StreamWriter) -> None:
        await says(*parts)(writer)
        writer.close()
        raise ConnectionError

    return act


async def hangs(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def resets(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise ConnectionError


@asynccontextmanager
async def upstream(*acts: Act, tls: ssl.SSLContext | None = None) -> AsyncIterator[Upstream]:
    up = Upstream(list(acts))
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(up.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    up.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield up
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def lines_to(
    url: str, *, connections_max: int = 2, connect_seconds: float = 1, answer_seconds: float = 1
) -> AsyncIterator[HttpClient]:
    lines = graph_client(
        url,
        connections_max=connections_max,
        connect_seconds=connect_seconds,
        answer_seconds=answer_seconds,
    )
    try:
        yield lines
    finally:
        await lines.close()


async def ask(lines: HttpClient, body: bytes = b'{"a":1}', target: str = "/v23.0/1/m") -> Answer:
    line = await lines.open()
    line.send("POST", target, {"content-type": "application/json"}, body)
    line.release()
    return await line.answer()
