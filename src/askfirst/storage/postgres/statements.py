"""Named statements in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from askfirst.storage.postgres.lane import Lane
from askfirst.storage.rows import Row


class PostgresStatements:
    """See storage.statements.Statements. Each statement is a transaction of its own."""

    def __init__(self, lane: Lane, sql: Mapping[str, str]) -> None:
        self._lane = lane
        self._sql = sql

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        statement = self._sql[name]
        return await self._lane.run(lambda connection: connection.fetch(statement, *parameters))

    write = fetch
