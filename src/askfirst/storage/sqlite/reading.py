"""A SQLite file read beside the server that holds it: nothing is locked, nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.sql_files import load_migrations, load_statements
from askfirst.storage.platform.statements import Result, TransactionScript

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
def reading(path: Path) -> Iterator[SqliteReading]:
    """Open a file for reading, in one state of it while the block runs.

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
            connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
            connection.execute("BEGIN")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise Unavailable(f"the database {path} cannot be read") from error
        if version != load_migrations("askfirst.storage.sqlite")[-1][0]:
            raise UnsafeStorage("the database is of another askfirst; start the server once before")
        yield SqliteReading(connection, load_statements("askfirst.storage.sqlite"))
