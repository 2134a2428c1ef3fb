"""Named statements in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence

from askfirst.storage.rows import Row
from askfirst.storage.sqlite.writer import Work


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
        rows: list[Row] = []

        def work(connection: sqlite3.Connection) -> object:
            rows[:] = connection.execute(statement, parameters).fetchall()
            return rows

        await self._submit(work)
        return rows
