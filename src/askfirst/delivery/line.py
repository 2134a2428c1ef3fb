"""The way out to the Graph API: a lean HTTP/1.1 client.

A kept client library costs more than the whole decision (see docs/decisions), and none lets
the caller look at the clock right before the first byte. This one does little: no redirects,
no retries, no cookies, no compression.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from typing import Final

from askfirst.delivery.address import GraphAddress, parse_base_url
from askfirst.delivery.connection import Connection
from askfirst.delivery.pool import Pool
from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown

CONNECTIONS_MAX: Final = 256
CONNECT_SECONDS_MAX: Final = 5.0
ANSWER_SECONDS_MAX: Final = 30.0
UPLOAD_BYTES_PER_SECOND_MIN: Final = 256 * 1024
"""A large upload gets more time: its answer cannot come before its last byte."""
_QUEUED_PER_CONNECTION = 16


class LinesToGraph:
    """Connections to one Graph API."""

    def __init__(
        self,
        base_url: str,
        *,
        connections_max: int = CONNECTIONS_MAX,
        connect_seconds: float = CONNECT_SECONDS_MAX,
        answer_seconds: float = ANSWER_SECONDS_MAX,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._address = parse_base_url(base_url)
        self._answer_seconds = answer_seconds
        self._tls = (tls or _context()) if self._address.tls else None
        self._pool = Pool(
            self._dial,
            size=connections_max,
            seconds_max=connect_seconds,
            queue_max=connections_max * _QUEUED_PER_CONNECTION,
        )

    async def open(self) -> LineToGraph:
        connection = await self._pool.take()
        return LineToGraph(self._address, self._pool, connection, self._answer_seconds)

    async def close(self) -> None:
        await self._pool.close()

    async def _dial(self, make: Callable[[], Connection]) -> Connection:
        loop = asyncio.get_running_loop()
        address = self._address
        _, connection = await loop.create_connection(
            make, address.host, address.port, ssl=self._tls
        )
        return connection


class LineToGraph:
    """A connection lent for one request."""

    __slots__ = ("_address", "_answer", "_connection", "_pool", "_seconds")

    def __init__(
        self, address: GraphAddress, pool: Pool, connection: Connection, seconds: float
    ) -> None:
        self._address = address
        self._pool = pool
        self._connection: Connection | None = connection
        self._seconds = seconds
        self._answer: asyncio.Future[Answer | None] | None = None

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        if self._connection is None:
            raise NotSent("the line was used or given back")
        request = self._address.request(method, target, headers, body)
        seconds = self._seconds + len(body) / UPLOAD_BYTES_PER_SECOND_MIN
        self._answer = self._connection.ask(request, seconds)
        self._connection = None  # it goes back by itself, once the answer is whole

    def release(self) -> None:
        if self._connection is not None:
            self._pool.give(self._connection)
            self._connection = None

    async def answer(self) -> Answer:
        if self._answer is None:
            raise OutcomeUnknown("nothing was asked on this line")
        answer = await self._answer
        if answer is None:
            raise OutcomeUnknown("no whole answer came back")
        return answer


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
