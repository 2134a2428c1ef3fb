"""The rows of a list that is screened: of each only whom it names.

Most name one person by a number as the world writes it, and say nothing else that counts. Those are
told at a look; each other is read as a row of an import is, which is what makes it the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from askfirst.domain.bulk.import_row import RowReason
from askfirst.domain.bulk.import_settings import Role
from askfirst.domain.bulk.table import Record
from askfirst.ports.bulk.screens import ListRow
from askfirst.usecases.bulk.imports.read_file_number import PLAIN
from askfirst.usecases.bulk.imports.read_rows import RowContext, RowReader


class ListReader:
    """Reads the rows of a list one after another."""

    def __init__(self, context: RowContext) -> None:
        self._in_full = RowReader(context).read
        self._home = context.numbering.home
        self._header = context.layout.header
        self._width = len(context.layout.header)
        self._column = _only_column(context)

    def read(self, records: Sequence[Record]) -> list[ListRow]:
        """Read rows, in their order."""
        column, width, home = self._column, self._width, self._home
        is_plain, header = PLAIN.fullmatch, self._header
        found = []
        for record in records:
            cells = record.cells
            if column is not None and len(cells) == width and not record.trouble:
                first, text = cells[0], cells[column]
                if (
                    first[-1:].isdigit()  # no totals, and nothing blank
                    and first.strip() not in header
                    and is_plain(text)
                    and (place := home(text[1:])) is not None
                ):
                    found.append(ListRow(text[1:], place))
                    continue
            found.append(self._read(record))
        return found

    def _read(self, record: Record) -> ListRow:
        row = self._in_full(record)
        if row.aliases and row.is_open:
            return ListRow(row.aliases[0])
        return ListRow(None, reason=row.reason or RowReason.NO_NUMBER)


def _only_column(context: RowContext) -> int | None:
    """Return the one column that names people; None where others have a say."""
    layout = context.layout
    if len(layout.phones) != 1 or layout.places.keys() & {Role.WA_ID, Role.BSUID}:
        return None
    return layout.phones[0].index
