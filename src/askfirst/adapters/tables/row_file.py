"""Rows that were read once, kept beside their file until all of them are known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

import msgspec

from askfirst.domain.bulk.import_row import ImportRow

_SIZE: Final = 8
_ENCODER: Final = msgspec.msgpack.Encoder()
_ROWS: Final = msgspec.msgpack.Decoder(tuple[ImportRow, ...])


@contextmanager
def open_row_file() -> Iterator[PackedRows]:
    """Open a file that has no name, so that nobody else can open it and nothing stays of it."""
    with tempfile.TemporaryFile() as file:
        yield PackedRows(file)


class PackedRows:
    """See ports.bulk.tables.RowFile."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def put(self, rows: Sequence[ImportRow]) -> None:
        packed = _ENCODER.encode(rows)
        self._file.write(len(packed).to_bytes(_SIZE, "big"))
        self._file.write(packed)

    def parts(self) -> Iterator[tuple[ImportRow, ...]]:
        self._file.seek(0)
        while size := self._file.read(_SIZE):
            yield _ROWS.decode(self._file.read(int.from_bytes(size, "big")))
