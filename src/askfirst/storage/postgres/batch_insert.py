"""Write a batch of rows by one statement, given column by column.

The statements take the business from its own row, so that a database that is sharded by business
runs them as one task. They would write nothing where that row is missing, and say nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.postgres.connection import Connection


class BusinessMissing(Unavailable):
    """A business has no row yet, so that nothing can be written beside it."""


async def insert_batch(
    connection: Connection,
    sql: Mapping[str, str],
    name: str,
    business_id: str,
    rows: Sequence[Sequence[Any]],
) -> None:
    """Write rows, which may be none.

    Raises:
        BusinessMissing: nothing was written, since the business has no row.
        Unavailable: some were not written, though the statement skips none.
    """
    if not rows:
        return
    statement = sql[name]
    columns = [list(column) for column in zip(*rows, strict=True)]
    status = await connection.execute(statement, business_id, *columns)
    if int(status.rpartition(" ")[2]) == len(rows):
        return
    if not await connection.fetch(sql["business"], business_id):
        raise BusinessMissing(f"{name} wrote nothing: the business has no row")
    if "DO NOTHING" not in statement:
        raise Unavailable(f"{name} did not write every row")
