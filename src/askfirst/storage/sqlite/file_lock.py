"""One process for one SQLite file: a lock on the file's inode, whatever name it was opened by.

flock(2) on a descriptor that SQLite never sees. On Linux it is independent of the record locks that
SQLite takes, with one trap: a process that closes any descriptor of a file gives up all its
record locks on it (fcntl(2)). So this one is closed after SQLite's own, and a file that
this process holds already is never opened a second time.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from askfirst.domain.values.errors import UnsafeStorage
from askfirst.storage.platform.errors import StorageInUse

_PRIVATE = stat.S_IRUSR | stat.S_IWUSR
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BESIDE = ("", "-wal", "-shm", "-journal")
_TRIES = 5


class Inode(NamedTuple):
    """A file, whatever it is called."""

    device: int
    number: int


_held: set[Inode] = set()
"""What this process holds: a lock of the process, so known to all of it."""


@contextmanager
def locked(path: Path) -> Iterator[Inode]:
    """Hold a file, made where it is missing, and make it private; gives its inode.

    Raises:
        StorageInUse: another process holds it, or this one does.
        UnsafeStorage: it cannot be opened, locked or made private.
    """
    inode, descriptor = _take(path)
    _held.add(inode)
    try:
        make_private(path)
        yield inode
    finally:
        _held.discard(inode)
        os.close(descriptor)


def inode_at(path: Path) -> Inode | None:
    """Return which file has this name now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Inode(found.st_dev, found.st_ino)


def make_private(path: Path) -> None:
    """Take from others every right to the database and to what SQLite keeps beside it.

    SQLite gives what it makes later (its log, its index) the mode of the database itself.
    """
    for suffix in _BESIDE:
        file = path.with_name(path.name + suffix)
        try:
            if file.stat().st_mode & _OTHERS:
                file.chmod(_PRIVATE)
        except FileNotFoundError:
            continue
        except OSError as error:
            message = f"others may read {file}, and it cannot be changed; run: chmod 600 {file}"
            raise UnsafeStorage(message) from error


def _take(path: Path) -> tuple[Inode, int]:
    """Open and lock; once more where the name has come to mean another file in the meantime."""
    for _ in range(_TRIES):
        if inode_at(path) in _held:
            raise StorageInUse(f"this process serves {path.name} already")
        descriptor = _open(path)
        try:
            _lock(descriptor, path)
            found = os.fstat(descriptor)
            inode = Inode(found.st_dev, found.st_ino)
            if inode_at(path) == inode:
                return inode, descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    raise UnsafeStorage(f"{path} is replaced again and again by another file")


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise UnsafeStorage(f"{path} cannot be opened: {error.strerror}") from error


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StorageInUse(f"another process serves {path.name}") from error
    except OSError as error:
        message = f"the file system of {path} has no locks: {error.strerror}; use a local disk"
        raise UnsafeStorage(message) from error
