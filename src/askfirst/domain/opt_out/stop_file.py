"""A file of stops: CSV as spreadsheets and other systems write it, read row by row.

Nothing in it is dropped in silence: what cannot be read is a row too, with its line and what is
wrong with it, and costs no other row. Columns are found by their names, in any order.
"""

from __future__ import annotations

import csv
import hashlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.errors import InvalidInput

COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "phone": frozenset({"phone", "number", "phone_number", "mobile"}),
    "wa_id": frozenset({"wa_id"}),
    "bsuid": frozenset({"bsuid"}),
    "scope": frozenset({"scope", "purpose", "purposes"}),
    "said_at": frozenset({"said_at"}),
    "note": frozenset({"note"}),
}
"""What a column holds, and the names that it may have."""
_WHO: Final = ("phone", "wa_id", "bsuid")
_SEPARATORS: Final = ",;\t|"
_SEPARATOR_LINE: Final = "sep="
_RECORD_LINES_MAX: Final = 50
"""A note may have line breaks; a quote that is never closed must not swallow the file."""
NOTE_CHARACTERS_MAX: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """One row, as it was written; `line` counts from 1. `trouble`: why it cannot be read."""

    line: int
    phone: str = ""
    wa_id: str = ""
    bsuid: str = ""
    scope: str = ""
    said_at: str = ""
    note: str = ""
    trouble: str = ""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Whom it is about: each column that names somebody, and what stands there."""
        found = (("phone", self.phone), ("wa_id", self.wa_id), ("bsuid", self.bsuid))
        return tuple((column, value) for column, value in found if value)


class StopFile:
    """A file whose columns are understood. `digest` names its bytes: the same file, the same."""

    def __init__(self, body: bytes) -> None:
        """Read the header.

        Raises:
            InvalidInput: there is no header, or it names nobody, or one thing twice.
        """
        self.digest = hashlib.sha256(body).hexdigest()
        self._lines = _decoded(body).splitlines(keepends=True)
        self._first = self._start()
        header = self._lines[self._first] if self._first < len(self._lines) else ""
        self._separator = max(_SEPARATORS, key=header.count)
        self._columns = _columns(header, self._separator)

    @property
    def lines(self) -> int:
        """How many lines follow the header: as many rows at most."""
        return max(0, len(self._lines) - self._first - 1)

    def rows(self) -> Iterator[StopRow]:
        """Read the rows, one after another; a blank line is none."""
        at = self._first + 1
        while at < len(self._lines):
            cells, used = self._record(at)
            if cells is None:
                yield StopRow(line=at + 1, trouble="has a quote that is out of place or not closed")
            elif any(cell.strip() for cell in cells):
                yield self._row(at + 1, cells)
            at += used

    def _start(self) -> int:
        """Find the header: blank lines and a spreadsheet's `sep=;` may stand before it."""
        for at, line in enumerate(self._lines):
            if line.strip() and not line.strip().lower().startswith(_SEPARATOR_LINE):
                return at
        return len(self._lines)

    def _record(self, at: int) -> tuple[list[str] | None, int]:
        """Read one record, and how many lines it took; one that is broken costs its first only."""
        lines = (self._lines[n] for n in range(at, min(at + _RECORD_LINES_MAX, len(self._lines))))
        reader = csv.reader(lines, delimiter=self._separator, strict=True)
        try:
            return next(reader), reader.line_num
        except (csv.Error, StopIteration):
            return None, 1

    def _row(self, line: int, cells: Sequence[str]) -> StopRow:
        found = {
            name: cells[place].strip()
            for name, place in self._columns.items()
            if place < len(cells)
        }
        if not any(found.get(name) for name in _WHO):
            return StopRow(line=line, trouble="names nobody: phone, wa_id or bsuid is needed")
        if len(found.get("note", "")) > NOTE_CHARACTERS_MAX:
            found["note"] = found["note"][:NOTE_CHARACTERS_MAX]
        return StopRow(line=line, **found)


def _decoded(body: bytes) -> str:
    """Decode by the mark at its start; without one it is UTF-8, or what Western PCs write."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace")
    try:
        return body.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _columns(header: str, separator: str) -> dict[str, int]:
    try:
        cells = next(csv.reader([header], delimiter=separator, strict=True), [])
    except csv.Error:
        cells = []
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = cell.strip().lower().replace(" ", "_").replace("-", "_")
        for column, names in COLUMNS.items():
            if name in names:
                if column in found:
                    raise InvalidInput("file", f"must have one column for {column}, not several")
                found[column] = place
    if not any(name in found for name in _WHO):
        raise InvalidInput(
            "file",
            "must begin with a line that names its columns, one of them "
            "phone, wa_id or bsuid; for example phone,scope,said_at,note",
        )
    return found
