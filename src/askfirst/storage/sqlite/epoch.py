"""The fencing token of a SQLite file: whoever opened it last may write, and nobody else.

The lock on the file keeps other processes out wherever the kernel can see them. What it cannot see
(another machine on the same disk, a container with a lock of its own, a file that was put in
place of the one that is open) is found by this number, inside the transaction it would spoil.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from askfirst.domain.values.errors import UnsafeStorage
from askfirst.storage.platform.errors import Superseded
from askfirst.storage.sqlite.file_lock import Inode, inode_at

_TAKE = "UPDATE server_epoch SET epoch = epoch + 1, place = ? RETURNING epoch"
_NEWEST = "SELECT epoch FROM server_epoch"
_PLACE = "SELECT place FROM server_epoch"
_HAS_PLACE = "SELECT count(*) FROM sqlite_master WHERE name = 'server_epoch'"

TAKEN_OVER = (
    "another process has opened this database since: nothing is written or decided any more; "
    "stop one of the two servers"
)
MOVED = (
    "the database file was moved or replaced while it was open: nothing is written or decided any "
    "more; start this server again"
)


class SqliteEpoch:
    """The number that this process took."""

    def __init__(self, path: Path, inode: Inode, number: int) -> None:
        self._path = path
        self._inode = inode
        self._number = number

    @classmethod
    def take(cls, connection: sqlite3.Connection, path: Path, inode: Inode) -> SqliteEpoch:
        """Take the next number: every process that took one before is fenced off from now on.

        It is copied from the log to the file, so that it is found under every name of the file.
        """
        (number,) = connection.execute(_TAKE, (str(path),)).fetchone()
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return cls(path, inode, number)

    def check(self, connection: sqlite3.Connection) -> None:
        """Raise Superseded where this process may not write any more. Inside the transaction."""
        (newest,) = connection.execute(_NEWEST).fetchone()
        self.compare(newest)
        if inode_at(self._path) != self._inode:
            raise Superseded(MOVED)

    def compare(self, newest: int) -> None:
        """Raise Superseded where the number that was read is not the own one."""
        if newest != self._number:
            raise Superseded(TAKEN_OVER)

    def holds(self, connection: sqlite3.Connection) -> bool:
        """Return whether this process may still act, right now."""
        try:
            return bool(connection.execute(_NEWEST).fetchone()[0] == self._number)
        except sqlite3.Error:
            return False


def check_place(connection: sqlite3.Connection, path: Path, inode: Inode) -> None:
    """Refuse a second name of a file whose newest writes lie beside its first one.

    SQLite's log is called after the name by which the database was opened. Under another hard link
    it would not be found, and what it holds would be lost.
    """
    if not connection.execute(_HAS_PLACE).fetchone()[0]:
        return
    (text,) = connection.execute(_PLACE).fetchone()
    place = Path(text)
    log = place.with_name(place.name + "-wal") if text else None
    if log is None or place == path or inode_at(place) != inode:
        return
    if log.exists() and log.stat().st_size:
        raise UnsafeStorage(f"the newest writes lie in {log}; open the database as {place} once")
