"""A table out of a file, whatever kind of file it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from askfirst.domain.bulk.import_row import RowReason


class Record(NamedTuple):
    """One row as text. `line` is where it begins, from 1. `trouble`: why it cannot be read."""

    line: int
    cells: tuple[str, ...]
    trouble: RowReason = RowReason.NONE
    is_recoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """How a file is written. `header_line` 0: it has no header, and columns are numbered.

    `sheets` are the sheets that hold a table, where it is a workbook with several; `others` those
    that are not read.
    """

    format: str
    header: tuple[str, ...]
    header_line: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
