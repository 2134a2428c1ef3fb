"""A SQLite file that this process holds: locked, migrated, and with the epoch that it took."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sqlite.connection import connect, migrate, register_keys
from askfirst.storage.sqlite.epoch import SqliteEpoch, check_place
from askfirst.storage.sqlite.file_lock import locked


@dataclass(frozen=True, slots=True)
class OpenFile:
    """One connection to write, one to read."""

    writing: sqlite3.Connection
    reading: sqlite3.Connection
    epoch: SqliteEpoch

    def register(self, keyring: Keyring) -> None:
        """Tell the database of a keyring; whoever had the file before is fenced off already."""
        register_keys(self.writing, keyring)


@contextmanager
def open_file(path: Path, keyring: Keyring) -> Iterator[OpenFile]:
    """Hold a file, bring it up to date and take its next epoch; the lock is let go of last.

    Raises:
        StorageInUse: another process holds it.
        KeyMissing: the keyring lacks a key that wrote here.
        UnsafeStorage: its settings or schema would break the promise.
    """
    path = path.resolve()  # as SQLite does, so that its log lies beside the file itself
    with (
        locked(path) as inode,
        closing(connect(path)) as writing,
        closing(connect(path)) as reading,
    ):
        check_place(writing, path, inode)
        migrate(writing)
        register_keys(writing, keyring)
        yield OpenFile(writing, reading, SqliteEpoch.take(writing, path, inode))
