"""A lean HTTP/1.1 client for one server: the Graph API, or the operator's own.

A kept client library costs more than the whole decision (see docs/decisions), and none lets
the caller look at the clock right before the first byte. This one does little: no redirects,
no retries, no cookies, no compression. A request is one buffer, because its first byte must be
with the kernel when `send` returns.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from askfirst.delivery.answer_reader import ANSWER_BYTES_MAX
from askfirst.delivery.connection import Connection
from askfirst.delivery.pool import Pool
from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown

CONNECTIONS_MAX: Final = 256
CONNECT_SECONDS_MAX: Final = 5.0
ANSWER_SECONDS_MAX: Final = 30.0
UPLOAD_BYTES_PER_SECOND_MIN: Final = 256 * 1024
"""A large upload gets more time: its answer cannot come before its last byte."""
_QUEUED_PER_CONNECTION = 16

_TARGET = re.compile(r"/[!-~]*", re.ASCII)
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
_OURS = frozenset(
    {"connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade"}
)
_BODILESS = frozenset({"GET", "HEAD", "DELETE"})
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host that may be called; OSError where there is none."""

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """How a server is met that is somebody else's.

    `resolve` gives the IP addresses that may be called; without it, the machine's resolver does. A
    connection goes to the very address that it gave, and the certificate must be the host's.
    """

    resolve: Resolve | None = None
    answer_bytes_max: int = ANSWER_BYTES_MAX


_TRUSTING: Final = Caution()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAddress:
    """Where a server is; `prefix` stands before each target."""

    host: str
    port: int
    tls: bool
    authority: str
    prefix: str = ""

    def path_of(self, target: str) -> str:
        """Return the path of a target at the server."""
        return self.prefix + target

    def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """Write a whole request; NotSent where it would not be exactly the one that was meant."""
        path = self.path_of(target)
        if not _TARGET.fullmatch(path):
            raise NotSent("the target is not a path")
        head = [f"{method} {path} HTTP/1.1\r\nhost: {self.authority}\r\n"]
        for name, value in headers.items():
            if name in _OURS or not _VALUE.fullmatch(value):
                raise NotSent(f"the header {name} cannot be sent")
            head.append(f"{name}: {value}\r\n")
        if body or method not in _BODILESS:
            head.append(f"content-length: {len(body)}\r\n")
        head.append("accept-encoding: identity\r\n\r\n")  # the body is relayed as it comes
        return "".join(head).encode("latin-1") + body


def parse_address(url: str, setting: str) -> HttpAddress:
    """Read `https://host:port/path`, without the path; `setting` says where the URL was written.

    Raises:
        InvalidInput: it is not the URL of a server; the error's field is the setting.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise InvalidInput(setting, "must be an http or https URL") from error
    if not parts.hostname or parts.username:
        raise InvalidInput(setting, "must name a host, and no user")
    return HttpAddress(
        host=parts.hostname, port=port, tls=parts.scheme == "https", authority=parts.netloc
    )


class HttpClient:
    """Connections to one server."""

    def __init__(
        self,
        address: HttpAddress,
        *,
        connections_max: int = CONNECTIONS_MAX,
        connect_seconds: float = CONNECT_SECONDS_MAX,
        answer_seconds: float = ANSWER_SECONDS_MAX,
        tls: ssl.SSLContext | None = None,
        caution: Caution = _TRUSTING,
    ) -> None:
        self._address = address
        self._answer_seconds = answer_seconds
        self._resolve = caution.resolve
        self._tls = (tls or _context()) if address.tls else None
        self._pool = Pool(
            self._dial,
            size=connections_max,
            seconds_max=connect_seconds,
            queue_max=connections_max * _QUEUED_PER_CONNECTION,
            answer_bytes_max=caution.answer_bytes_max,
        )

    async def open(self) -> HttpLine:
        connection = await self._pool.take()
        return HttpLine(self._address, self._pool, connection, self._answer_seconds)

    async def close(self) -> None:
        await self._pool.close()

    async def _dial(self, make: Callable[[], Connection]) -> Connection:
        loop = asyncio.get_running_loop()
        address = self._address
        if self._resolve is None:
            hosts: Sequence[str] = (address.host,)
        else:
            hosts = await self._resolve(address.host, address.port)
        name = address.host if self._tls else None  # whose certificate it must be
        for tried, host in enumerate(hosts, 1):
            try:
                _, connection = await loop.create_connection(
                    make, host, address.port, ssl=self._tls, server_hostname=name
                )
            except OSError:
                if tried == len(hosts):
                    raise
            else:
                return connection
        raise OSError("the host has no address")


class HttpLine:
    """A connection lent for one request."""

    __slots__ = ("_address", "_answer", "_connection", "_pool", "_seconds")

    def __init__(
        self, address: HttpAddress, pool: Pool, connection: Connection, seconds: float
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
