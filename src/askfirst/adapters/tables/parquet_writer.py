"""Rows as a Parquet file, written while they come: memory holds a group of them, whatever comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import IO, Any, Final, TypeAlias

from askfirst.adapters.tables.polars_extra import load_polars

ColumnType: TypeAlias = "str | list[ColumnType] | Mapping[str, ColumnType]"
"""`text`, `time` (RFC 3339 in UTC), `count`; a list has one type in it, a mapping fields."""
Rows: TypeAlias = Sequence[Mapping[str, Any]]
_Convert: TypeAlias = Callable[[Any], Any]
_GROUP_ROWS: Final = 50_000


class ParquetWriter:
    """Writes files of columns of the same types."""

    def __init__(self, columns: Mapping[str, ColumnType]) -> None:
        """Take the columns by their names.

        Raises:
            InvalidInput: polars is not installed.
        """
        self._polars = load_polars("format", "must be jsonl")
        self._schema = {name: self._type(one) for name, one in columns.items()}
        converts = {name: _convert(one) for name, one in columns.items()}
        self._converts = {name: one for name, one in converts.items() if one is not None}

    def write(self, file: IO[bytes], pages: Iterable[Rows], told: Mapping[str, str]) -> None:
        """Write pages of rows, and `told` into the file's own metadata; it blocks its thread."""
        from polars.io.plugins import register_io_source

        def read(
            _columns: list[str] | None,
            _predicate: Any,
            _limit: int | None,
            _size: int | None,
        ) -> Iterator[Any]:
            yield from map(self._frame, pages)

        frame = register_io_source(read, schema=self._schema)
        frame.sink_parquet(file, row_group_size=_GROUP_ROWS, metadata=dict(told))

    def _frame(self, rows: Rows) -> Any:
        columns = {name: [row.get(name) for row in rows] for name in self._schema}
        for name, convert in self._converts.items():
            columns[name] = [convert(one) for one in columns[name]]
        return self._polars.DataFrame(columns, schema=self._schema)

    def _type(self, column: ColumnType) -> Any:
        pl = self._polars
        if isinstance(column, list):
            return pl.List(self._type(column[0]))
        if isinstance(column, Mapping):
            return pl.Struct({name: self._type(one) for name, one in column.items()})
        simple = {"text": pl.String(), "count": pl.Int64(), "time": pl.Datetime("us", "UTC")}
        return simple[column]


def _convert(column: ColumnType) -> _Convert | None:
    """Return what makes a value of such a column; None where it is one already."""
    if isinstance(column, list):
        inner = _convert(column[0])
        return partial(_list, inner) if inner else None
    if isinstance(column, Mapping):
        fields = {name: _convert(one) for name, one in column.items()}
        return partial(_fields, {name: one for name, one in fields.items() if one is not None})
    return _time if column == "time" else None


def _list(convert: _Convert, values: Sequence[Any] | None) -> list[Any] | None:
    return None if values is None else [convert(one) for one in values]


def _fields(converts: Mapping[str, _Convert], value: Mapping[str, Any] | None) -> Any:
    if value is None:
        return None
    return {**value, **{name: convert(value.get(name)) for name, convert in converts.items()}}


@lru_cache(maxsize=4096)
def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
