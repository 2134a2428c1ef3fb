"""Tables in text: CSV and its kin, as spreadsheets and other systems write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO, Final

from askfirst.adapters.tables.text_lines import Line, TextLines
from askfirst.domain.bulk.import_row import RowReason
from askfirst.domain.bulk.import_settings import COLUMNS_MAX, ImportSettings
from askfirst.domain.bulk.table import Record, TableShape
from askfirst.domain.values.errors import InvalidInput

_DELIMITERS: Final = ",;\t|"
_NAMED_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_MARK: Final = "sep="
_RECORD_LINES_MAX: Final = 50
"""A note may have line breaks; a quote that is never closed must not swallow the file."""
_CELL_MAX: Final = 131_072
_QUOTED: Final = re.compile(r'"[^"]*"')
_NUMBER: Final = re.compile(r"[\s'\"=+(]*\d[\d\s().+\-/]{5,}(?:\D.*)?")
_TOO_WIDE: Final = f"must have {COLUMNS_MAX} columns at most"


class DelimitedTable:
    """See ports.bulk.tables.Table."""

    def __init__(self, file: BinaryIO, settings: ImportSettings, country: str) -> None:
        """Find the encoding, the delimiter and the header.

        Raises:
            InvalidInput: there is nothing in it, or it is too wide.
        """
        self._lines = TextLines(file, country, settings.encoding)
        before, first, marked = self._start()
        self._delimiter = (
            _NAMED_DELIMITERS.get(settings.delimiter) or marked or _delimiter_of(first)
        )
        self._body = before
        cells, lines = self._header()
        if len(cells) > COLUMNS_MAX:
            raise InvalidInput("file", _TOO_WIDE)
        is_named = not any(map(looks_like_number, cells))
        self._body = before + lines if is_named else before
        header = named_apart(cells) if is_named else tuple(map(str, range(1, len(cells) + 1)))
        self.shape = TableShape(
            format="csv",
            header=header,
            header_line=before + 1 if is_named else 0,
            encoding=self._lines.encoding,
            delimiter=self._delimiter,
        )

    def records(self) -> Iterator[Record]:
        lines = _Ahead(islice(enumerate(self._lines, start=1), self._body, None))
        delimiter = self._delimiter
        for number, line in lines:
            text = line.text
            if '"' in text or not line.is_whole:
                yield self._record(number, line, lines)
                continue
            text = text.rstrip("\r\n")
            cells = tuple(text.split(delimiter))
            trouble = RowReason.BAD_ROW if "\0" in text else RowReason.NONE
            if len(text) > _CELL_MAX and max(map(len, cells)) > _CELL_MAX:
                trouble = RowReason.CELL_TOO_LONG
            yield Record(number, cells if text.strip() else (), trouble, line.is_recoded)

    def _record(self, number: int, first: Line, lines: _Ahead) -> Record:
        """Read a record with quotes in it; one that is broken costs its first line only."""
        if not first.is_whole:
            return Record(number, (), RowReason.CELL_TOO_LONG)
        if "\0" in first.text:
            return Record(number, tuple(first.text.split(self._delimiter)), RowReason.BAD_ROW)
        taken = [first]
        while not _is_closed(taken) and len(taken) < _RECORD_LINES_MAX:
            following = lines.peek()
            if following is None or not following[1].is_whole or "\0" in following[1].text:
                break
            taken.append(lines.take()[1])
        texts = [one.text for one in taken]
        try:
            cells = next(csv.reader(texts, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            lines.give_back(len(taken) - 1)
            is_long = "limit" in str(error)
            trouble = RowReason.CELL_TOO_LONG if is_long else RowReason.BAD_ROW
            return Record(number, tuple(first.text.split(self._delimiter)), trouble)
        return Record(number, tuple(cells), is_recoded=any(one.is_recoded for one in taken))

    def _start(self) -> tuple[int, str, str]:
        """Find the first line that has something: how many stand before it, and their mark."""
        marked = ""
        for number, line in enumerate(self._lines):
            text = line.text.strip("\r\n")
            if not line.is_whole:
                raise InvalidInput("file", _TOO_WIDE)
            if text.lower().startswith(_MARK) and len(text) == len(_MARK) + 1:
                marked = text[-1]
            elif text.strip():
                return number, text, marked
        raise InvalidInput("file", "must hold a table: there is nothing in it")

    def _header(self) -> tuple[tuple[str, ...], int]:
        """Read the first record, and how many lines it takes."""
        first = next(self.records())
        if first.trouble:
            raise InvalidInput("file", "must begin with a line that names its columns")
        return first.cells, 1 + sum(cell.count("\n") for cell in first.cells)


class _Ahead:
    """Lines one after another, of which some can be looked at before, or given back."""

    def __init__(self, lines: Iterator[tuple[int, Line]]) -> None:
        self._lines = lines
        self._waiting: list[tuple[int, Line]] = []
        self._taken: list[tuple[int, Line]] = []

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        while True:
            self._taken = []
            found = self._waiting.pop(0) if self._waiting else next(self._lines, None)
            if found is None:
                return
            yield found

    def peek(self) -> tuple[int, Line] | None:
        if not self._waiting:
            following = next(self._lines, None)
            if following is None:
                return None
            self._waiting.append(following)
        return self._waiting[0]

    def take(self) -> tuple[int, Line]:
        found = self._waiting.pop(0)
        self._taken.append(found)
        return found

    def give_back(self, count: int) -> None:
        self._waiting = self._taken[len(self._taken) - count :] + self._waiting
        self._taken = []


def _is_closed(lines: Sequence[Line]) -> bool:
    return sum(line.text.count('"') for line in lines) % 2 == 0


def _delimiter_of(line: str) -> str:
    bare = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=bare.count)


def looks_like_number(cell: str) -> bool:
    """Whether a cell of a first line is a phone number, so that the line is a person and no header.

    A header may have digits, but not so many.
    """
    return bool(_NUMBER.fullmatch(cell)) and sum(char.isdecimal() for char in cell) >= 7  # noqa: PLR2004 - E.164


def named_apart(cells: Sequence[str]) -> tuple[str, ...]:
    """Give columns of one name names of their own."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = cell.strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
