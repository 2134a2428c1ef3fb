"""Files of any kind as tables: the kind is told by what stands in them, never by their names."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import BinaryIO, Final, cast

from askfirst.adapters.tables.delimited import DelimitedTable
from askfirst.adapters.tables.file_facts import SqliteFileFacts, open_file_facts
from askfirst.adapters.tables.json_lines import JsonLinesTable
from askfirst.adapters.tables.row_file import PackedRows, open_row_file
from askfirst.adapters.tables.typed_tables import ParquetTable, WorkbookTable
from askfirst.adapters.tables.word_files import built_in_words
from askfirst.domain.bulk.import_settings import ImportSettings
from askfirst.domain.bulk.import_words import ImportWords
from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.bulk.tables import Table

_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_GZIP: Final = b"\x1f\x8b"


class FileTables:
    """See ports.bulk.tables.Tables."""

    @cached_property
    def words(self) -> ImportWords:
        """The words that come with askfirst, loaded when somebody needs them."""
        return built_in_words()

    def source_file(self) -> AbstractContextManager[PlainFile]:
        return open_source()

    def row_file(self) -> AbstractContextManager[PackedRows]:
        return open_row_file()

    def file_facts(self) -> AbstractContextManager[SqliteFileFacts]:
        return open_file_facts()


class PlainFile:
    """See ports.bulk.tables.SourceFile."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, content: bytes) -> int:
        return self._file.write(content)

    def open_table(self, settings: ImportSettings, words: ImportWords, country: str) -> Table:
        self._file.seek(0)
        start = self._file.read(64)
        if start.startswith(_ZIP):
            return WorkbookTable(self._file, settings, words)
        if start.startswith(_PARQUET):
            return ParquetTable(self._file)
        if start.startswith(_OLD_WORKBOOK):
            raise InvalidInput(
                "file", "must be saved as .xlsx or CSV: it is a workbook of before 2007"
            )
        if start.startswith(_GZIP):
            raise InvalidInput("file", "must be unpacked first")
        if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            return JsonLinesTable(self._file, country)
        return DelimitedTable(self._file, settings, country)


@contextmanager
def open_source() -> Iterator[PlainFile]:
    """Open a file that has no name, so that nobody else can open it and nothing stays of it."""
    with tempfile.TemporaryFile() as file:
        yield PlainFile(cast("BinaryIO", file))
