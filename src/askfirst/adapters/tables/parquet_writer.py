"""Rows as a Parquet file, written while they come: memory holds a group of them, whatever comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import IO, Any, Final, TypeAlias

from askfirst.adapters.tables.polars_extra import load_polars

ColumnType: TypeAlias = "str | list[ColumnType] | Mapping[str, ColumnType]"
"""`text`, `time` (RFC 3339 in UTC), `count`; a list has one type in it, a mapping fields."""
_GROUP_ROWS: Final = 50_000
_PAGES: Final = 20
"""Read together: to make columns of a few rows costs as much as of many."""
_TIME: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"


class ParquetWriter:
    """Writes files of columns of the same types."""

    def __init__(self, columns: Mapping[str, ColumnType]) -> None:
        """Take the columns by their names.

        Raises:
            InvalidInput: polars is not installed.
        """
        self._polars = load_polars("format", "must be jsonl")
        self._read = {name: self._type(one, time="text") for name, one in columns.items()}
        self._schema = {name: self._type(one, time="time") for name, one in columns.items()}
        self._columns = [
            self._timed(one, self._polars.col(name)).alias(name) for name, one in columns.items()
        ]

    def write(self, file: IO[bytes], pages: Iterable[bytes], told: Mapping[str, str]) -> None:
        """Write pages of rows that come as JSON lines; it blocks its thread.

        `told` goes into the file's own metadata.
        """
        from polars.io.plugins import register_io_source

        def read(
            _columns: list[str] | None,
            _predicate: Any,
            _limit: int | None,
            _size: int | None,
        ) -> Iterator[Any]:
            for piece in _joined(pages):
                rows = self._polars.read_ndjson(piece, schema=self._read)
                yield rows.select(self._columns)

        frame = register_io_source(read, schema=self._schema)
        frame.sink_parquet(file, row_group_size=_GROUP_ROWS, metadata=dict(told))

    def _type(self, column: ColumnType, *, time: str) -> Any:
        pl = self._polars
        if isinstance(column, list):
            return pl.List(self._type(column[0], time=time))
        if isinstance(column, Mapping):
            return pl.Struct({name: self._type(one, time=time) for name, one in column.items()})
        simple = {"text": pl.String(), "count": pl.Int64(), "time": pl.Datetime("us", "UTC")}
        return simple[time if column == "time" else column]

    def _timed(self, column: ColumnType, found: Any) -> Any:
        """Make times of texts, however deep they stand."""
        pl = self._polars
        if isinstance(column, list):
            return found.list.eval(self._timed(column[0], pl.element()))
        if isinstance(column, Mapping):
            fields = [self._timed(one, pl.field(name)).alias(name) for name, one in column.items()]
            return found.struct.with_fields(fields)
        if column == "time":
            return found.str.to_datetime(_TIME, time_unit="us", time_zone="UTC")
        return found


def _joined(pages: Iterable[bytes]) -> Iterator[BytesIO]:
    waiting = iter(pages)
    while piece := b"".join(islice(waiting, _PAGES)):
        yield BytesIO(piece)
