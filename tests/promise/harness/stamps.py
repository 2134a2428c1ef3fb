"""The hook just before the write: notes the moment at which a message is handed to the kernel."""

from __future__ import annotations

import asyncio
import json
import time
from typing import cast

from askfirst.delivery.connection import Connection
from tests.promise.harness.journal import Journal


class _Stamped:
    """A transport whose writes are stamped; everything else is the transport's own."""

    def __init__(self, transport: asyncio.Transport, journal: Journal) -> None:
        self._transport = transport
        self._journal = journal

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        at = time.monotonic_ns()
        self._transport.write(data)
        head, _, body = data.partition(b"\r\n\r\n")
        if head.startswith(b"POST"):
            message = json.loads(body)
            contact, key = message["to"].removeprefix("+"), message["biz_opaque_callback_data"]
            self._journal.note("left", contact=contact, key=key, at=at)


def stamp_departures(journal: Journal) -> None:
    """From now on every connection to Meta that is made in this process is stamped."""
    connection_made = Connection.connection_made

    def stamped(self: Connection, transport: asyncio.BaseTransport) -> None:
        connection_made(self, transport)
        inner = cast("asyncio.Transport", transport)
        self._transport = cast("asyncio.Transport", _Stamped(inner, journal))

    Connection.connection_made = stamped  # type: ignore[method-assign]
