"""An export as a Parquet file: the lines' own fields, as columns with types."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import IO, TypeAlias

from askfirst.adapters.tables.parquet_writer import ParquetWriter
from askfirst.domain.bulk.export import ExportOrder
from askfirst.web.exports.export_columns import columns_of, header_of, page_of
from askfirst.web.exports.export_lines import EndLine, Line

Page: TypeAlias = Sequence[Line]
Pages: TypeAlias = AsyncGenerator[Page, None]


async def write_parquet(order: ExportOrder, header: Page, pages: Pages, file: IO[bytes]) -> None:
    """Write pages as they are read: a thread writes, and asks this loop for one after another.

    Raises:
        InvalidInput: polars is not installed.
    """
    writer, loop = ParquetWriter(columns_of(order)), asyncio.get_running_loop()

    def read() -> Iterator[bytes]:
        while page := asyncio.run_coroutine_threadsafe(_next(pages), loop).result():
            yield page_of(page, order)

    await asyncio.to_thread(writer.write, file, read(), header_of(header[0]))
    file.flush()


async def _next(pages: Pages) -> Page:
    """Return the next page of rows; none where there are no more."""
    page = await anext(pages, ())
    return () if page and isinstance(page[0], EndLine) else page
