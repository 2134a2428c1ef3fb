"""Files as tables, the words of tables, and what the rows of one file say of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from askfirst.domain.bulk.import_row import ImportRow
from askfirst.domain.bulk.import_settings import ImportSettings
from askfirst.domain.bulk.import_words import ImportWords
from askfirst.domain.bulk.table import Record, TableShape
from askfirst.domain.bulk.verdict import InFile


class Table(Protocol):
    """A file that is understood as a table. It is read in order, as often as one likes."""

    @property
    def shape(self) -> TableShape:
        """How it is written."""
        ...

    def records(self) -> Iterator[Record]:
        """Read its rows; what cannot be read is a record, too. Memory does not grow with them."""
        ...


class SourceFile(Protocol):
    """A file that was put together again out of its parts; gone when it is closed."""

    def write(self, content: bytes) -> object:
        """Add a part."""
        ...

    def open_table(self, settings: ImportSettings, words: ImportWords, country: str) -> Table:
        """Understand it as a table.

        Raises:
            InvalidInput: it is none that can be read; what would be right is said.
        """
        ...


class FileFacts(Protocol):
    """What the rows of one file say of each other, however many they are."""

    def learn(self, rows: Sequence[ImportRow]) -> None:
        """Take in rows, in their order."""
        ...

    def of(self, rows: Sequence[ImportRow]) -> list[InFile]:
        """Return what the others say, once all are taken in; rows are asked for in their order."""
        ...


class RowFile(Protocol):
    """Rows as they were read, kept on this machine until they are wanted once more."""

    def put(self, rows: Sequence[ImportRow]) -> None:
        """Add a part."""
        ...

    def parts(self) -> Iterator[tuple[ImportRow, ...]]:
        """Return the parts, in their order."""
        ...


class Tables(Protocol):
    """The reader of files."""

    @property
    def words(self) -> ImportWords:
        """The words of tables."""
        ...

    def source_file(self) -> AbstractContextManager[SourceFile]:
        """Open a place for a file, on this machine and without a name."""
        ...

    def row_file(self) -> AbstractContextManager[RowFile]:
        """Open a place for rows, without a name; gone when it is closed."""
        ...

    def file_facts(self) -> AbstractContextManager[FileFacts]:
        """Open a place for what rows say of each other."""
        ...


class HasTables(Protocol):
    """Whatever brings the reader of files along."""

    @property
    def tables(self) -> Tables:
        """The reader of files."""
        ...
