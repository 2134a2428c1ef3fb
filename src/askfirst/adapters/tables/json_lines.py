"""JSON lines: an object a line, as APIs give them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, Final

import msgspec

from askfirst.adapters.tables.text_lines import Line, TextLines
from askfirst.domain.bulk.import_row import RowReason
from askfirst.domain.bulk.import_settings import COLUMNS_MAX
from askfirst.domain.bulk.table import Record, TableShape
from askfirst.domain.values.errors import InvalidInput

_SAMPLED: Final = 2000
_DEPTH_MAX: Final = 6
_DECODER: Final = msgspec.json.Decoder(dict[str, Any])


class JsonLinesTable:
    """See ports.bulk.tables.Table. Objects within objects are columns, their names with dots."""

    def __init__(self, file: BinaryIO, country: str) -> None:
        """Collect the names that the first objects have.

        Raises:
            InvalidInput: no line is an object, or there are too many names.
        """
        self._lines = TextLines(file, country)
        names: dict[str, None] = {}
        for line in islice(self._lines, _SAMPLED):
            found = _decoded(line)
            names.update(dict.fromkeys(_flat(found) if found else ()))
            if len(names) > COLUMNS_MAX:
                raise InvalidInput("file", f"must have {COLUMNS_MAX} names at most")
        if not names:
            raise InvalidInput("file", "must have a JSON object in each line")
        self._names = tuple(names)
        self.shape = TableShape(
            format="jsonl", header=self._names, header_line=0, encoding=self._lines.encoding
        )

    def records(self) -> Iterator[Record]:
        for number, line in enumerate(self._lines, start=1):
            if not line.text.strip():
                continue
            found = _decoded(line)
            if found is None:
                trouble = RowReason.BAD_ROW if line.is_whole else RowReason.CELL_TOO_LONG
                yield Record(number, (), trouble)
                continue
            flat = _flat(found)
            yield Record(number, tuple(flat.get(name, "") for name in self._names))


def _decoded(line: Line) -> dict[str, Any] | None:
    try:
        return _DECODER.decode(line.text) if line.is_whole else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _flat(value: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < _DEPTH_MAX:
            flat |= _flat(inner, f"{before}{name}.", depth + 1)
        else:
            flat[before + name] = _text(inner)
    return flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return msgspec.json.encode(value).decode()
