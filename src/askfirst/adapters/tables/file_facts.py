"""What the rows of one file say of each other: on disk where they are many, in order.

People are known here by a hash with a key that is thrown away, so that nothing that was written
tells who they were. Most names stand in one row only, and nothing is written of those: of a row
whose names stand nowhere else, the others say nothing.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from askfirst.domain.bulk.cell_times import EARLIEST
from askfirst.domain.bulk.import_row import NO_PROOF, ImportRow, Said
from askfirst.domain.bulk.verdict import ALONE, InFile
from askfirst.domain.values.alias import Alias

_ZEROS: Final = "00000"
_KEY: Final = 12
"""Bytes of a hash."""
_SHARED: Final = 2
_MARKS: Final = 1 << 27
"""Bits that tell apart names; two names with one bit cost a look, and nothing else."""
_MADE: Final = """
CREATE TABLE person (key BLOB PRIMARY KEY, no_at INTEGER, no_line INTEGER, rows INTEGER,
  yes_at INTEGER NOT NULL DEFAULT 0, proven_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE said (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_NO: Final = """
INSERT INTO person (key, no_at, no_line, rows) VALUES (?1, ?2, ?3, 0)
ON CONFLICT (key) DO UPDATE SET no_at = min(coalesce(no_at, ?2), ?2),
  no_line = min(coalesce(no_line, ?3), ?3)
"""
_SHARE: Final = """
INSERT INTO person (key, rows) VALUES (?1, 1) ON CONFLICT (key) DO UPDATE SET rows = rows + 1
"""


_REPEATED: Final = """
WITH RECURSIVE place (number) AS (
  SELECT 0 WHERE ?2 > 0 UNION ALL SELECT number + 1 FROM place WHERE number + 1 < ?2)
SELECT key FROM place CROSS JOIN said WHERE key = substr(?1, 1 + 12 * number, 12)
"""
_PEOPLE: Final = """
WITH RECURSIVE place (number) AS (
  SELECT 0 WHERE ?2 > 0 UNION ALL SELECT number + 1 FROM place WHERE number + 1 < ?2)
SELECT key, no_at, no_line, rows, yes_at, proven_at FROM place CROSS JOIN person
WHERE key = substr(?1, 1 + 12 * number, 12)
"""
"""?1 are ?2 hashes, one behind the other."""
_YES: Final = """
INSERT INTO person (key, rows, yes_at, proven_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (key) DO UPDATE SET yes_at = excluded.yes_at, proven_at = excluded.proven_at
"""


@dataclass(slots=True)
class _Person:
    """What is known of one person by now."""

    no_at: int | None
    no_line: int | None
    rows: int
    yes_at: int
    proven_at: int
    is_changed: bool = False

    def say(self, row: ImportRow, *, rounded: bool) -> InFile:
        """Set a yes against it; one that stands is known from now on."""
        at = row.said_at or EARLIEST
        is_later = self.no_at is not None and self.no_at < at
        is_below = self.no_line is not None and self.no_line < row.line
        said = self.proven_at if row.has_proof else max(self.yes_at, self.proven_at)
        if said >= at or is_later or is_below or rounded:
            return InFile(repeats=said >= at, no_before=is_later or is_below, rounded=rounded)
        self.is_changed = True
        if row.has_proof:
            self.proven_at = max(self.proven_at, at)
        else:
            self.yes_at = max(self.yes_at, at)
        return ALONE


@contextmanager
def open_file_facts() -> Iterator[SqliteFileFacts]:
    """Open a place that is gone when the block ends."""
    connection = sqlite3.connect("", isolation_level=None)
    try:
        connection.executescript(_MADE)
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("BEGIN")
        # Memory that nobody wrote to yet costs nothing, unlike a bytearray's.
        with mmap.mmap(-1, _MARKS // 8) as once, mmap.mmap(-1, _MARKS // 8) as again:
            yield SqliteFileFacts(connection, os.urandom(32), once, again)
    finally:
        connection.close()


class SqliteFileFacts:
    """See ports.bulk.tables.FileFacts."""

    def __init__(
        self, connection: sqlite3.Connection, secret: bytes, once: mmap.mmap, again: mmap.mmap
    ) -> None:
        self._run = connection.execute
        self._many = connection.executemany
        self._keyed = hashlib.blake2b(key=secret, digest_size=_KEY)
        self._once, self._again = once, again

    def learn(self, rows: Sequence[ImportRow]) -> None:
        noes, shared = [], []
        for row in rows:
            if not row.is_open:
                continue
            for alias in row.aliases:
                self._mark(alias)
                if row.said is Said.NO:
                    noes.append((self._key(alias), row.said_at or EARLIEST, row.line))
                elif alias.value.endswith(_ZEROS):
                    shared.append((self._key(alias),))
        self._many(_NO, noes)
        self._many(_SHARE, shared)

    def of(self, rows: Sequence[ImportRow]) -> list[InFile]:
        met = [row for row in rows if row.is_open and self._is_met_again(row)]
        if not met:
            return [ALONE] * len(rows)
        told = {row.line: others for row, others in zip(met, self._of_met(met), strict=True)}
        return [told.get(row.line, ALONE) for row in rows]

    def _mark(self, alias: Alias) -> None:
        """Note that a name stands in the file, or does so again."""
        place, bit = _mark_of(alias)
        if self._once[place] & bit:
            self._again[place] |= bit
        else:
            self._once[place] |= bit

    def _is_met_again(self, row: ImportRow) -> bool:
        """Whether a name of the row stands in the file more than once, or may."""
        for alias in row.aliases:
            place, bit = _mark_of(alias)
            if self._again[place] & bit:
                return True
        return False

    def _of_met(self, rows: Sequence[ImportRow]) -> list[InFile]:
        """Say it of open rows. All that a part asks of the disk is asked at once."""
        said = {row.line: self._key_of(row) for row in rows}
        people = {row.line: self._key(row.aliases[0]) for row in rows if row.said is not Said.NO}
        repeated = {found[0] for found in self._read(_REPEATED, list(said.values()))}
        known = {
            key: _Person(*told) for key, *told in self._read(_PEOPLE, list(set(people.values())))
        }
        told = [
            self._of(row, said[row.line], people.get(row.line, b""), repeated, known)
            for row in rows
        ]
        self._many("INSERT OR IGNORE INTO said VALUES (?1)", [(key,) for key in said.values()])
        changed = [
            (key, one.rows, one.yes_at, one.proven_at)
            for key, one in known.items()
            if one.is_changed
        ]
        self._many(_YES, changed)
        return told

    @staticmethod
    def _of(
        row: ImportRow,
        said: bytes,
        key: bytes,
        repeated: set[bytes],
        known: dict[bytes, _Person],
    ) -> InFile:
        """Look at what was said before it in time, or stands before it in the file."""
        is_repeated = said in repeated
        repeated.add(said)
        person = known.get(key)
        rounded = person is not None and person.rows >= _SHARED
        if is_repeated:
            is_zeros = row.said is not Said.NO and row.aliases[0].value.endswith(_ZEROS)
            return InFile(repeats=True, rounded=rounded and is_zeros)
        if row.said is not Said.YES:
            return ALONE
        if person is None:
            person = known[key] = _Person(None, None, 0, 0, 0)
        return person.say(row, rounded=rounded)

    def _read(self, statement: str, keys: Sequence[bytes]) -> list[tuple[Any, ...]]:
        return self._run(statement, (b"".join(keys), len(keys))).fetchall()

    def _key(self, alias: Alias) -> bytes:
        return self._hash(alias.key)

    def _key_of(self, row: ImportRow) -> bytes:
        proof = row.proof if row.has_proof else NO_PROOF
        names = "\n".join([alias.key for alias in row.aliases])  # no key has a line break in it
        return self._hash(f"{names}\n{row.said_at}\n{_said(row.said, row.purposes, proof)}")

    def _hash(self, text: str) -> bytes:
        own = self._keyed.copy()
        own.update(text.encode())
        return own.digest()


def _mark_of(alias: Alias) -> tuple[int, int]:
    """Return the place of a name's bit. Python's hash has a key of the process's own."""
    mark = hash(alias.key) & (_MARKS - 1)
    return mark >> 3, 1 << (mark & 7)


@lru_cache(maxsize=1024)
def _said(said: Said, purposes: tuple[str, ...], proof: tuple[str, str, str]) -> str:
    """Name what most rows of a file share."""
    return repr((said, purposes, proof))
