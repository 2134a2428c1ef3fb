"""What SQLite's errors mean (https://www.sqlite.org/rescode.html)."""

from __future__ import annotations

import sqlite3

from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.storage_trouble import StorageTrouble

_PRIMARY = 0xFF
_TROUBLES = {
    sqlite3.SQLITE_FULL: StorageTrouble.DISK_FULL,
    sqlite3.SQLITE_READONLY: StorageTrouble.READ_ONLY,
    sqlite3.SQLITE_PERM: StorageTrouble.READ_ONLY,
    sqlite3.SQLITE_BUSY: StorageTrouble.LOCKED,
    sqlite3.SQLITE_LOCKED: StorageTrouble.LOCKED,
    sqlite3.SQLITE_CANTOPEN: StorageTrouble.UNREACHABLE,
    sqlite3.SQLITE_IOERR: StorageTrouble.DAMAGED,
    sqlite3.SQLITE_CORRUPT: StorageTrouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: StorageTrouble.DAMAGED,
}
_FOR_ALL = frozenset({StorageTrouble.LOCKED, StorageTrouble.READ_ONLY})


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another program holds the lock."""
    return _trouble(error) is StorageTrouble.LOCKED


def is_for_all(error: Exception) -> bool:
    """Return whether other writes would meet the same, so that none need be tried by itself."""
    return isinstance(error, Unavailable) and error.trouble in _FOR_ALL


def unavailable(error: sqlite3.Error, verb: str) -> Unavailable:
    """Return the error for callers; `verb` is what could not be done: read, written."""
    trouble = _trouble(error)
    made = Unavailable(f"the database cannot be {verb} now: {trouble.words}", trouble=trouble)
    made.__cause__ = error
    return made


def _trouble(error: sqlite3.Error) -> StorageTrouble:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return StorageTrouble.OTHER
    return _TROUBLES.get(code & _PRIMARY, StorageTrouble.OTHER)
