"""Hooks in a server: when a message is handed to the kernel, and how a commit reaches the disk."""

from __future__ import annotations

import asyncio
import time
from typing import cast

from askfirst.delivery.connection import Connection
from askfirst.storage.sqlite.store import SqliteStore
from tests.promise.harness.journal import Journal
from tests.promise.harness.letters import read_message

_FULL = 2


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
            contact, key = read_message(body)
            self._journal.note("left", contact=contact, key=key, at=at)


def stamp_departures(journal: Journal) -> None:
    """From now on every connection to Meta that is made in this process is stamped."""
    connection_made = Connection.connection_made

    def stamped(self: Connection, transport: asyncio.BaseTransport) -> None:
        connection_made(self, transport)
        inner = cast("asyncio.Transport", transport)
        self._transport = cast("asyncio.Transport", _Stamped(inner, journal))

    Connection.connection_made = stamped  # type: ignore[method-assign]


def stamp_commits(journal: Journal) -> None:
    """From now on every commit to a SQLite file that a power cut could undo is noted.

    A kill leaves the system's memory as it is, so it cannot show what was not synchronised. What
    SQLite was told to do, on the very connection that commits, can (SQLite, "PRAGMA synchronous").
    """
    to_disk = SqliteStore._to_disk

    async def stamped(self: SqliteStore) -> None:
        (level,) = self._file.writing.execute("PRAGMA synchronous").fetchone()
        (mode,) = self._file.writing.execute("PRAGMA journal_mode").fetchone()
        if level < _FULL or mode != "wal":
            journal.note("unsynced")
        await to_disk(self)

    SqliteStore._to_disk = stamped  # type: ignore[method-assign]
