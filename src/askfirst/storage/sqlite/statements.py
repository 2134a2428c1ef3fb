"""Named statements in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Apart, Result, TransactionScript
from askfirst.storage.sqlite.writer import Work, run_script


class SqliteStatements:
    """See storage.statements.Statements."""

    def __init__(
        self,
        reading: sqlite3.Connection,
        sql: Mapping[str, str],
        submit: Callable[[Work], Awaitable[object]],
    ) -> None:
        self._read = reading.execute
        self._sql = sql
        self._submit = submit

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        return self._read(self._sql[name], parameters).fetchall()

    async def write(self, name: str, *parameters: object) -> Sequence[Row]:
        statement = self._sql[name]

        def work(connection: sqlite3.Connection) -> object:
            return connection.execute(statement, parameters).fetchall()

        return cast("Sequence[Row]", await self._submit(work))

    async def talk(
        self,
        business_id: str,  # noqa: ARG002 - one file holds all businesses
        begin: Callable[[], TransactionScript[Result]],
        apart: Apart | None = None,  # noqa: ARG002 - a statement is no round trip here
    ) -> Result:
        def work(connection: sqlite3.Connection) -> object:
            return run_script(connection, self._sql, begin())

        return cast("Result", await self._submit(work))
