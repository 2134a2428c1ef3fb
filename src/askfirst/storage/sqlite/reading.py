"""A SQLite file read beside the server that holds it: nothing is locked, nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from askfirst.decision.question import SendRequest
from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.storage.bulk.exports import ExportReader
from askfirst.storage.bulk.snapshots import FactsSnapshot
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.sql_files import load_migrations, load_statements
from askfirst.storage.platform.statements import Apart, Result, TransactionScript
from askfirst.storage.sending.decision_rows import FACTS_COLUMNS, FactsRow
from askfirst.storage.sqlite.connection import connect
from askfirst.storage.sqlite.trouble import unavailable

_CACHE_KIB = 65_536
_MAPPED_BYTES = 1 << 32


class SqliteReading:
    """See storage.statements.Statements; what would write is refused."""

    def __init__(self, connection: sqlite3.Connection, sql: Mapping[str, str]) -> None:
        self.sql = sql
        self._read = connection.execute

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        return self._rows(name, *parameters)

    async def write(self, name: str, *_: object) -> Sequence[Row]:
        raise UnsafeStorage(f"{name} would write to a database that is only read")

    async def talk(
        self,
        business_id: str,  # noqa: ARG002 - the port's
        begin: Callable[[], TransactionScript[Result]],  # noqa: ARG002 - the port's
        apart: Apart | None = None,  # noqa: ARG002 - the port's
    ) -> Result:
        raise UnsafeStorage("this would write to a database that is only read")

    def bounds(self, business_id: BusinessId, contacts: int) -> list[ContactId]:
        """Return every so many contacts a name: where parts end that can be checked apart."""
        rows = self._rows("audit_bounds", business_id, contacts)
        return [ContactId(str(row[0])) for row in rows]

    def _rows(self, name: str, *parameters: object) -> list[tuple[object, ...]]:
        try:
            return self._read(self.sql[name], parameters).fetchall()
        except sqlite3.Error as error:
            raise Unavailable("the database cannot be read now") from error


@contextmanager
def reading(path: Path, mapped_bytes: int = _MAPPED_BYTES) -> Iterator[SqliteReading]:
    """Open a file for reading, in one state of it while the block runs.

    Of the file so much is mapped, which counts as the process's memory while it is looked at.

    Raises:
        Unavailable: it cannot be read.
        UnsafeStorage: its schema is not that of this askfirst.
    """
    try:
        # Not `mode=ro`: a reader of a write-ahead log has to take part in its index.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    except sqlite3.Error as error:
        raise Unavailable(f"the database {path} cannot be opened") from error
    with closing(connection):
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA busy_timeout = 5000")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute(f"PRAGMA mmap_size = {mapped_bytes}")
            connection.execute("BEGIN")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise Unavailable(f"the database {path} cannot be read") from error
        if version != load_migrations("askfirst.storage.sqlite")[-1][0]:
            raise UnsafeStorage("the database is of another askfirst; start the server once before")
        yield SqliteReading(connection, load_statements("askfirst.storage.sqlite"))


class SqliteSnapshots:
    """See ports.bulk.screens.Screens. Until its end the log keeps what is written meanwhile."""

    def __init__(self, path: Path, sql: Mapping[str, str], keyring: Keyring) -> None:
        self._path = path
        self._sql = sql
        self._keyring = keyring

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FactsSnapshot]:
        async with self._state() as state:
            yield FactsSnapshot(state.fetch, state.facts, self._keyring)

    @asynccontextmanager
    async def open_export(self) -> AsyncIterator[ExportReader]:
        """Open it for an export."""
        async with self._state() as state:
            yield ExportReader(state.fetch, self._keyring)

    @asynccontextmanager
    async def _state(self) -> AsyncIterator[_FileState]:
        try:
            with closing(connect(self._path)) as connection:
                connection.execute("PRAGMA query_only = ON")
                connection.execute("BEGIN")
                connection.execute("SELECT 1 FROM business LIMIT 1").fetchone()  # the state of now
                yield _FileState(connection, self._sql)
        except sqlite3.Error as error:
            raise unavailable(error, "read") from error


class _FileState:
    def __init__(self, connection: sqlite3.Connection, sql: Mapping[str, str]) -> None:
        self._run = connection.execute
        self._sql = sql

    async def fetch(self, name: str, *parameters: object) -> Sequence[tuple[Any, ...]]:
        return self._run(self._sql[name], parameters).fetchall()

    async def facts(self, question: SendRequest, lookups: Sequence[bytes]) -> Sequence[FactsRow]:
        sender, sql = question.sender, self._sql["facts"]
        asked = (sender, question.template, question.language)
        rows = (
            self._run(sql, (*asked, lookup, sender, question.business_id)).fetchone()
            for lookup in lookups
        )
        return [FactsRow._make(row[:FACTS_COLUMNS]) for row in rows if row is not None]
