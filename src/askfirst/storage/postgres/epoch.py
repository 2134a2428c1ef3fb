"""Which processes may write to PostgreSQL: those that know all that the database knows.

Any number of servers may run. One whose keyring lacks a key that wrote here would not find what
that key hashed, stops included; one of an older askfirst would write what a newer one cannot
trust. Each connection says what its process has, and each transaction that writes, or lets a
message leave, begins by asking whether that is still the newest (a fencing token), in one round
trip.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from askfirst.storage.platform.errors import NEWER_KEYRING, NEWER_SCHEMA, Superseded
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.sql_files import load_migrations
from askfirst.storage.postgres.connection import Connection

_BEGIN = "BEGIN; SELECT check_epoch()"  # together: one round trip


@dataclass(frozen=True, slots=True)
class PostgresEpoch:
    """What a process has: its newest key, and the schema that it was written for."""

    key_version: int
    key_fingerprint: str
    schema_version: int

    @classmethod
    def of(cls, keyring: Keyring) -> PostgresEpoch:
        """Tell the epoch of this process."""
        newest = load_migrations("askfirst.storage.postgres")[-1][0]
        return cls(keyring.current, keyring.fingerprints[keyring.current], newest)

    @property
    def settings(self) -> Mapping[str, str]:
        """What a connection is told when it is opened; `check_epoch` in the database reads it."""
        return {
            "askfirst.key_version": str(self.key_version),
            "askfirst.key_fingerprint": self.key_fingerprint,
            "askfirst.schema_version": str(self.schema_version),
        }

    def compare(self, row: Any) -> None:
        """Raise Superseded where the newest key or schema, the last of a row, is not known here."""
        key_version, schema_version = row[-2:]
        if key_version > self.key_version:
            raise Superseded(NEWER_KEYRING)
        if schema_version > self.schema_version:
            raise Superseded(NEWER_SCHEMA)


@asynccontextmanager
async def transaction(connection: Connection) -> AsyncIterator[None]:
    """Begin a transaction that may write or let something leave; refused where we are behind."""
    try:
        await connection.execute(_BEGIN)
        yield
    except Exception:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
        raise
    await connection.execute("COMMIT")
