"""Fetches files from Meta's servers of files, a piece at a time.

Meta names the address of a file in its answer, and it wants Meta's token. Whoever could make us
call another address would be given the token: so only hosts go that an operator named, and
Graph's own, by https (or as Graph is called); redirects are not followed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from askfirst.delivery.http_client import HttpAddress
from askfirst.domain.events.endpoint import is_public
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown
from askfirst.ports.sending.media_files import FILE_BYTES_MAX, AddressNotMetas, MediaFile

AT_ONCE: Final = 64
CONNECT_SECONDS_MAX: Final = 5.0
SILENT_SECONDS_MAX: Final = 30.0
"""How long a server may send nothing before it is given up."""
_PIECE: Final = 256 * 1024
_HEAD_BYTES_MAX: Final = 64 * 1024
_DIGITS_MAX: Final = 15
_FINAL: Final = 200
_PORTS: Final = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host; OSError where there is none."""


class MediaFilesAtMeta:
    """See ports.sending.media_files.MediaFiles. `graph` is called as it is written there."""

    def __init__(
        self,
        graph: HttpAddress,
        hosts: Iterable[str],
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._graph = graph
        self._hosts = frozenset(host.lower() for host in hosts)
        self._resolve = resolve or _resolved
        self._tls = tls
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def fetch(self, address: str, token: str, byte_range: str) -> AsyncIterator[MediaFile]:
        server, target = self._read(address)
        headers = {"authorization": f"Bearer {token}", "user-agent": "askfirst"}
        if byte_range:
            headers["range"] = byte_range
        request = server.request("GET", target, headers, b"")
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                await self._turns.acquire()
        except TimeoutError as error:
            raise NotSent("too many files are on their way") from error
        try:
            reader, writer = await self._dial(server)
            try:
                writer.write(request)
                yield await _Incoming(reader).head()
            finally:
                writer.transport.abort()
        finally:
            self._turns.release()

    def _read(self, address: str) -> tuple[HttpAddress, str]:
        try:
            parts = urlsplit(address)
            port, host = parts.port, (parts.hostname or "").lower()
        except ValueError as error:
            raise AddressNotMetas from error
        graph = self._graph
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        is_tls = parts.scheme == "https"
        usual = _PORTS.get(parts.scheme)
        if "@" in parts.netloc or usual is None:
            raise AddressNotMetas
        port = port or usual
        is_graphs = (host, port, is_tls) == (graph.host, graph.port, graph.tls)
        if not is_graphs and not (is_tls and port == usual and host in self._hosts):
            raise AddressNotMetas
        server = HttpAddress(host=host, port=port, tls=is_tls, authority=parts.netloc)
        return server, target

    async def _dial(self, server: HttpAddress) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the very address that was looked at; Graph is where the operator says."""
        tls = (self._tls or ssl.create_default_context()) if server.tls else None
        name = server.host if tls else None
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                hosts: Sequence[str] = (server.host,)
                if server.host != self._graph.host:
                    hosts = await self._resolve(server.host, server.port)
                    if not hosts or not all(map(is_public, hosts)):
                        raise NotSent("the host is not on the public internet")
                return await asyncio.open_connection(
                    hosts[0], server.port, ssl=tls, server_hostname=name, limit=_PIECE
                )
        except (OSError, TimeoutError) as error:
            raise NotSent(f"cannot connect: {type(error).__name__}") from error


class _Incoming:
    """Reads one answer off a connection: its head first, then its body as it comes."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._parser = HttpResponseParser(self)
        self._headers: dict[bytes, str] = {}
        self._pieces: list[bytes] = []
        self._has_head = self._is_whole = False

    async def head(self) -> MediaFile:
        size = 0
        while not self._has_head:
            size += await self._more()
            if size > _HEAD_BYTES_MAX and not self._has_head:
                raise OutcomeUnknown("the head of the answer is too large")
        length = self._headers.get(b"content-length", "")
        is_known = length.isascii() and length.isdigit() and len(length) <= _DIGITS_MAX
        return MediaFile(
            status=self._parser.get_status_code(),
            content_type=self._headers.get(b"content-type", ""),
            length=int(length) if is_known else None,
            content_range=self._headers.get(b"content-range", ""),
            parts=self._parts(int(length) if is_known else None),
        )

    async def _parts(self, length: int | None) -> AsyncIterator[bytes]:
        rest = FILE_BYTES_MAX if length is None else length
        while True:
            pieces, self._pieces = self._pieces, []
            for piece in pieces:
                rest -= len(piece)
                if rest < 0:
                    raise OutcomeUnknown("the file is larger than it was said to be")
                yield piece
            if self._is_whole:
                break
            await self._more()
        if length is not None and rest:
            raise OutcomeUnknown("the file is smaller than it was said to be")

    async def _more(self) -> int:
        """Take what has come; OutcomeUnknown where nothing more will, and something should."""
        try:
            async with asyncio.timeout(SILENT_SECONDS_MAX):
                data = await self._reader.read(_PIECE)
            if data:
                self._parser.feed_data(data)
        except (OSError, TimeoutError, HttpParserError, HttpParserUpgrade) as error:
            raise OutcomeUnknown("the answer broke off") from error
        if not data:
            if not self._has_head or self._has_end():
                raise OutcomeUnknown("the connection closed before the end")
            self._is_whole = True  # an answer of no stated length ends with the connection
        return len(data)

    def _has_end(self) -> bool:
        return b"content-length" in self._headers or b"transfer-encoding" in self._headers

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._has_head = self._parser.get_status_code() >= _FINAL
        if not self._has_head:
            self._headers.clear()  # 100 and 103 only announce the answer

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        self._is_whole = self._has_head


async def _resolved(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
