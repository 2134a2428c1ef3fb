"""Tables whose cells have types: workbooks (.xlsx) and Parquet.

Of a workbook the kept results of cells are read, and no formula is ever worked out. How large it
becomes is known before it is unpacked, and bounded.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

import python_calamine

from askfirst.adapters.tables.cell_errors import cell_errors
from askfirst.adapters.tables.delimited import looks_like_number, named_apart
from askfirst.adapters.tables.polars_extra import load_polars
from askfirst.domain.bulk.columns import role_of
from askfirst.domain.bulk.import_settings import COLUMNS_MAX, ImportSettings, Role
from askfirst.domain.bulk.import_words import ImportWords, plain
from askfirst.domain.bulk.table import Record, TableShape
from askfirst.domain.values.errors import InvalidInput

UNPACKED_MAX: Final = 256 * 1024 * 1024
"""Bytes, all parts together. A larger workbook is to be saved as CSV."""
_RATIO_MAX: Final = 200
_BATCH: Final = 10_000
_TITLES_MAX: Final = 20
"""A table may have titles above it."""
_WHO: Final = frozenset({Role.PHONE, Role.WA_ID, Role.BSUID})


class WorkbookTable:
    """See ports.bulk.tables.Table."""

    def __init__(self, file: BinaryIO, settings: ImportSettings, words: ImportWords) -> None:
        """Find the sheet and its header.

        Raises:
            InvalidInput: it is damaged, too large, or has no such sheet.
        """
        _check_size(file)
        book = _open(file)
        names: Sequence[str] = book.sheet_names
        tables = [name for name in names if _header_row(_top(book, name), words) is not None]
        if settings.sheet and settings.sheet not in names:
            raise InvalidInput("sheet", "must be the name of a sheet of the workbook")
        sheet = settings.sheet or (tables or list(names))[0]
        self._sheet = book.get_sheet_by_name(sheet)
        self._errors = cell_errors(file, sheet)
        top = _top(book, sheet)
        at = _header_row(top, words)
        is_named = at is not None or not any(map(looks_like_number, top[0] if top else ()))
        self._first = (at or 0) + 1 if is_named else 0
        cells = top[at or 0] if top else ()
        if len(cells) > COLUMNS_MAX:
            raise InvalidInput("file", f"must have {COLUMNS_MAX} columns at most")
        header = named_apart(cells) if is_named else tuple(map(str, range(1, len(cells) + 1)))
        self.shape = TableShape(
            format="xlsx",
            header=header,
            header_line=self._first,
            sheet=sheet,
            sheets=tuple(tables),
            others=tuple(name for name in names if name != sheet),
        )

    def records(self) -> Iterator[Record]:
        for number, row in enumerate(_rows(self._sheet), start=1):
            wrong = self._errors.get(number - 1)
            cells = _with_errors(row, wrong) if wrong else row
            if number > self._first and any(cells):
                yield Record(number, cells)


def _with_errors(row: tuple[str, ...], wrong: Mapping[int, str]) -> tuple[str, ...]:
    """Put errors where the reader gives nothing."""
    return tuple(wrong.get(at, cell) for at, cell in enumerate(row))


def _check_size(file: BinaryIO) -> None:
    """Look at how large the parts say that they are: a zip that lies is cut off by its reader."""
    try:
        file.seek(0)
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InvalidInput("file", "must be a workbook that is whole") from error
    unpacked = sum(part.file_size for part in parts)
    is_bomb = any(part.file_size > _RATIO_MAX * max(part.compress_size, 1024) for part in parts)
    if unpacked > UNPACKED_MAX or is_bomb:
        raise InvalidInput(
            "file", "must be a workbook of 256 MB at most, unpacked; save a larger one as CSV"
        )


def _open(file: BinaryIO) -> Any:
    file.seek(0)
    try:
        return python_calamine.CalamineWorkbook.from_filelike(file)
    except Exception as error:  # what it raises has no common class
        raise InvalidInput("file", "must be a workbook that is whole (.xlsx)") from error


def _rows(sheet: Any) -> Iterator[tuple[str, ...]]:
    try:
        found = sheet.to_python(skip_empty_area=False)
    except Exception as error:
        raise InvalidInput("file", "must be a workbook that is whole (.xlsx)") from error
    for row in found:
        yield tuple(map(cell_text, row))


def _top(book: Any, name: str) -> list[tuple[str, ...]]:
    sheet = book.get_sheet_by_name(name)
    return [row for row, _ in zip(_rows(sheet), range(_TITLES_MAX), strict=False)]


def _header_row(top: Sequence[Sequence[str]], words: ImportWords) -> int | None:
    """Find the row that names a column of numbers, and is no person itself."""
    for at, row in enumerate(top):
        filled = [cell for cell in row if cell.strip()]
        is_person = any(map(looks_like_number, filled))
        names_number = any(role_of(plain(cell), words) in _WHO for cell in filled)
        if len(filled) > 1 and names_number and not is_person:
            return at
    return None


class ParquetTable:
    """See ports.bulk.tables.Table. A line is the number of a row, from 1."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the names of its columns.

        Raises:
            InvalidInput: it is damaged or too wide.
        """
        self._polars = load_polars("file", "must be CSV or JSON lines")
        self._file = file
        file.seek(0)
        try:
            names = tuple(self._polars.read_parquet_schema(file))
        except Exception as error:  # what it raises has no common class
            raise InvalidInput("file", "must be a Parquet file that is whole") from error
        if len(names) > COLUMNS_MAX:
            raise InvalidInput("file", f"must have {COLUMNS_MAX} columns at most")
        self.shape = TableShape(format="parquet", header=names, header_line=0)

    def records(self) -> Iterator[Record]:
        self._file.seek(0)
        number = 0
        try:
            frame = self._polars.scan_parquet(self._file)
            for batch in frame.collect_batches(chunk_size=_BATCH, maintain_order=True):
                for row in batch.iter_rows():
                    number += 1
                    yield Record(number, tuple(map(cell_text, row)))
        except self._polars.exceptions.PolarsError as error:
            raise InvalidInput("file", "must be a Parquet file that is whole") from error


def cell_text(value: Any) -> str:
    """Write a cell as it would stand in a file of text: all digits, the year first."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case dt.datetime():
            is_day = value.tzinfo is None and value.time() == dt.time()
            return value.date().isoformat() if is_day else value.isoformat()
        case _:
            return str(value)
