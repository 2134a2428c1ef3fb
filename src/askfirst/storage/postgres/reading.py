"""A PostgreSQL database read in one state of it, beside the servers that use it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from askfirst.decision.question import SendRequest
from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.storage.bulk.exports import ExportReader
from askfirst.storage.bulk.snapshots import FactsSnapshot
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.sql_files import load_migrations, load_statements
from askfirst.storage.platform.statements import Apart, Result, TransactionScript
from askfirst.storage.postgres.connection import TROUBLE, Connection, connect
from askfirst.storage.sending.decision_rows import FACTS_COLUMNS, FactsRow

_PATIENT: Final = "SET idle_in_transaction_session_timeout = '5min'"
"""Between two looks answers are written elsewhere."""


class PostgresReading:
    """See storage.statements.Statements; what would write is refused."""

    def __init__(self, connection: Connection, sql: Mapping[str, str]) -> None:
        self._connection = connection
        self._sql = sql

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        try:
            return await self._connection.fetch(self._sql[name], *parameters)
        except TROUBLE as error:
            raise Unavailable("the database cannot be read now") from error

    async def write(self, name: str, *_: object) -> Sequence[Row]:
        raise UnsafeStorage(f"{name} would write to a database that is only read")

    async def talk(
        self,
        business_id: str,  # noqa: ARG002 - the port's
        begin: Callable[[], TransactionScript[Result]],  # noqa: ARG002 - the port's
        apart: Apart | None = None,  # noqa: ARG002 - the port's
    ) -> Result:
        raise UnsafeStorage("this would write to a database that is only read")


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[PostgresReading]:
    """Connect for reading, in one state of the database while the block runs.

    Raises:
        Unavailable: it cannot be reached.
        UnsafeStorage: its schema is not that of this askfirst.
    """
    connection = await connect(url, {})
    try:
        version = await _version(connection)
        if version != load_migrations("askfirst.storage.postgres")[-1][0]:
            raise UnsafeStorage("the database is of another askfirst; start a server once before")
        # A pause between two pages is no sign of trouble here: the reader may be a slow terminal.
        await connection.execute("SET idle_in_transaction_session_timeout = 0")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield PostgresReading(connection, load_statements("askfirst.storage.postgres"))
    finally:
        await connection.close()


async def _version(connection: Connection) -> int:
    try:
        found = await connection.fetchval("SELECT max(version) FROM schema_version")
    except TROUBLE as error:
        raise UnsafeStorage("this is no database of askfirst's") from error
    return int(found or 0)


class PostgresSnapshots:
    """See ports.bulk.screens.Screens."""

    def __init__(self, url: str, sql: Mapping[str, str], keyring: Keyring) -> None:
        self._url = url
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
    async def _state(self) -> AsyncIterator[_DatabaseState]:
        connection = await connect(self._url, {})
        try:
            await connection.execute(_PATIENT)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield _DatabaseState(connection, self._sql)
        finally:
            await connection.close()


class _DatabaseState:
    def __init__(self, connection: Connection, sql: Mapping[str, str]) -> None:
        self._connection = connection
        self._sql = sql

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        try:
            return await self._connection.fetch(self._sql[name], *parameters)
        except TROUBLE as error:
            raise Unavailable("the database cannot be read now") from error

    async def facts(self, question: SendRequest, lookups: Sequence[bytes]) -> Sequence[FactsRow]:
        count = len(lookups)
        columns = (question.sender, question.template, question.language)
        rows = await self.fetch(
            "facts",
            question.business_id,
            list(range(count)),
            *([value] * count for value in columns),
            list(lookups),
        )
        return [FactsRow._make(row[:FACTS_COLUMNS]) for row in rows]
