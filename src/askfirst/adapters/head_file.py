"""The head in a file: JSON, put in place whole and durably, shared by any number of processes.

A writer takes a lock beside the file, reads what others wrote since, and of each business keeps
what is newer. It syncs the file before it takes the old one's place, and the folder after that.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from askfirst.domain.transparency.ledger_check import Damage, DamageKind, Head
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.ports.transparency.head import Heads, HeadUnreadable, KeptHead

_FORMAT: Final = 1


class HeadFile:
    """See ports.head.HeadFile. Reading costs a look at the file's name while it does not change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, ...] = ()
        self._heads: Heads | None = None

    async def read(self) -> Heads | None:
        stamp = self._look()
        if stamp != self._stamp:
            self._heads = read_heads(self._path)
            self._stamp = stamp
        return self._heads

    async def keep(self, heads: Heads, *, replace: bool = False) -> None:
        await asyncio.to_thread(self._keep, heads, replace=replace)

    def _look(self) -> tuple[int, ...]:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return (0,)
        except OSError as error:
            raise HeadUnreadable(f"{self._path}: {error.strerror}") from error
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)

    def _keep(self, heads: Heads, *, replace: bool) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(self._path):
                there = None if replace else read_heads(self._path)
                if there is None or there.database == heads.database:
                    _write(self._path, merged(there, heads))
        except OSError as error:
            message = f"the head {self._path} cannot be written: {error.strerror}"
            raise UnsafeStorage(message) from error


def read_heads(path: Path) -> Heads | None:
    """Read the file; None where there is none. Raises HeadUnreadable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise HeadUnreadable(f"{path} was written by another askfirst")
        businesses = {
            BusinessId(name): _kept(BusinessId(name), row)
            for name, row in content["businesses"].items()
        }
        return Heads(database=str(content["database"]), businesses=businesses)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HeadUnreadable(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HeadUnreadable(f"{path} is not a file of heads") from error


def merged(there: Heads | None, heads: Heads) -> Heads:
    """Of each business take the newer head; between equals, what was found last."""
    businesses = dict(there.businesses) if there else {}
    for business_id, new in heads.businesses.items():
        old = businesses.get(business_id)
        if old is None or new.head.position >= old.head.position:
            businesses[business_id] = new
    return Heads(database=heads.database, businesses=businesses)


def _kept(business_id: BusinessId, row: dict[str, Any]) -> KeptHead:
    head = Head(
        Position(int(row["position"])),
        bytes.fromhex(row["leaf_hash"]),
        bytes.fromhex(row["history"]),
    )
    damages = tuple(
        Damage(kind=DamageKind(kind), business_id=business_id, first=first, last=last, what=what)
        for kind, first, last, what in row.get("damages", ())
    )
    return KeptHead(head=head, damages=damages)


def _row(kept: KeptHead) -> dict[str, Any]:
    row: dict[str, Any] = {
        "position": kept.head.position,
        "leaf_hash": kept.head.leaf_hash.hex(),
        "history": kept.head.history.hex(),
    }
    if kept.damages:
        row["damages"] = [(one.kind, one.first, one.last, one.what) for one in kept.damages]
    return row


def _write(path: Path, heads: Heads) -> None:
    rows = {name: _row(kept) for name, kept in sorted(heads.businesses.items())}
    content = {"format": _FORMAT, "database": heads.database, "businesses": rows}
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
