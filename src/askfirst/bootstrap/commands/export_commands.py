"""`askfirst export`: what is kept of a business, read beside a running server, into a file.

The file has its name only when it is whole: until then it is written beside, for its owner alone.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from askfirst import __version__
from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.commands.export_folder import (
    check_folder,
    drafted,
    held_folder,
    name_in,
    newest_in,
)
from askfirst.bootstrap.commands.export_wish import ExportReport, ExportWish
from askfirst.bootstrap.exports.parquet_export import Page, Pages, write_parquet
from askfirst.bootstrap.keyring_store import read_keyring
from askfirst.bootstrap.settings import Settings
from askfirst.domain.bulk.export import ExportKind, ExportOrder, ExportPage, FileFormat
from askfirst.domain.values.errors import InvalidInput, UnknownReference, UnsafeStorage
from askfirst.domain.values.ids import NOBODY, BusinessId, parse_business_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.ports.platform.clock import Clock
from askfirst.storage.bulk.exports import ExportReader, Fetch, StoredExports
from askfirst.storage.sqlite.reading import reading
from askfirst.usecases.bulk.exports.export_business import (
    ExportEnd,
    ExportPart,
    ExportStart,
    export_business,
)
from askfirst.web.exports.export_lines import encode_page, lines_of

Progress = Callable[[int, int], None]
"""Hears how many rows were read, and of how many; where nobody knows, of as many."""
Write = Callable[[BinaryIO], Awaitable[None]]
_MAPPED_BYTES: Final = 1 << 26
"""Of a SQLite file: an export goes through all of it once, and its memory is to stay small."""
STANDARD_OUTPUT: Final = Path("-")


@dataclass(frozen=True, slots=True)
class _Needs:
    """See usecases.bulk.exports.export_business.ExportNeeds."""

    exports: StoredExports
    clock: Clock


def export(settings: Settings, wish: ExportWish, progress: Progress) -> ExportReport:
    """Write an export; nothing is written to the database.

    Raises:
        AskfirstError: what went wrong, in one line; there is no file of the name then.
    """
    path = settings.sqlite_path
    if path is not None and not path.exists():
        raise InvalidInput("", f"there is no database at {path}")
    if wish.out and wish.out != STANDARD_OUTPUT and wish.out.exists():
        raise InvalidInput("out", f"{wish.out} is there already; name another file")
    if wish.format is FileFormat.PARQUET and wish.out == STANDARD_OUTPUT:
        raise InvalidInput("out", "must be a file: Parquet is not written to standard output")
    if wish.folder:
        check_folder(wish)
    gc.freeze()  # what is there by now stays: looking for waste in it takes a tenth of the time
    try:
        with held_folder(wish.folder):
            return asyncio.run(_export(settings, wish, progress))
    finally:
        gc.unfreeze()


async def _export(settings: Settings, wish: ExportWish, progress: Progress) -> ExportReport:
    async with _state(settings) as (reader, businesses):
        business_id = _business_of(wish.business, businesses)
        after = newest_in(wish.folder, business_id, wish.kind) if wish.folder else wish.after
        order = ExportOrder(
            business_id=business_id,
            kind=wish.kind,
            after=after,
            with_numbers=wish.with_numbers,
            with_evidence=wish.with_evidence,
        )
        needs = _Needs(StoredExports(partial(_held, reader)), SystemClock())
        report = ExportReport(business=order.business_id, kind=order.kind.value)
        parts = _watched(export_business(needs, order), report, wish, progress)
        async with aclosing(lines_of(parts, __version__)) as pages:
            header = await anext(pages)
            write = write_parquet if wish.format is FileFormat.PARQUET else _write_lines
            try:
                await _write(report, wish, partial(write, order, header, pages))
            except OSError as error:
                raise InvalidInput("out", f"cannot be written: {error.strerror}") from error
    return report


async def _watched(
    parts: AsyncGenerator[ExportPart, None],
    report: ExportReport,
    wish: ExportWish,
    progress: Progress,
) -> AsyncGenerator[ExportPart, None]:
    """Keep the report as the parts go by."""
    total = 0
    async with aclosing(parts):
        async for part in parts:
            match part:
                case ExportStart(order=order):
                    report.as_of = part.as_of
                    report.file = wish.out or _name_of(part, wish.format)
                    if order.kind is ExportKind.LEDGER:
                        total = part.as_of - int(order.after or 0)
                case ExportPage():
                    report.rows += len(part.rows)
                    progress(report.rows, max(total, report.rows))
                case ExportEnd():
                    report.next = part.after
            yield part


def _name_of(start: ExportStart, format_: FileFormat) -> Path:
    day = to_rfc3339(start.exported_at)[:10]
    return Path(f"{start.order.business_id}-{start.order.kind}-{day}-{start.as_of}.{format_}")


async def _write(report: ExportReport, wish: ExportWish, write: Write) -> None:
    """Write where it was asked for; a file has its name only when it is whole."""
    place = report.file or STANDARD_OUTPUT
    if wish.folder:
        draft = wish.folder / f"{report.business}-{report.kind}.part"
    elif place == STANDARD_OUTPUT:
        await write(sys.stdout.buffer)
        return
    else:
        draft = place.with_name(place.name + ".part")

    def name() -> Path | None:
        report.file = name_in(wish.folder, report, wish) if wish.folder else place
        return report.file

    with drafted(draft, name) as file:
        await write(file)


async def _write_lines(_: ExportOrder, header: Page, pages: Pages, file: BinaryIO) -> None:
    file.write(encode_page(header))
    async for page in pages:
        file.write(encode_page(page))
    file.flush()


def _business_of(given: str, there: list[str]) -> BusinessId:
    """Take the business that is named, or the only one there is."""
    if given and given not in there:
        raise UnknownReference("business", "no such business; askfirst keys create makes one")
    if not given and len(there) > 1:
        raise InvalidInput("business", "name one with --business: " + ", ".join(there))
    if not there:
        raise UnknownReference("business", "there is none yet; askfirst keys create makes one")
    return parse_business_id(given or there[0])


@asynccontextmanager
async def _held(reader: ExportReader) -> AsyncIterator[ExportReader]:
    yield reader


@asynccontextmanager
async def _state(settings: Settings) -> AsyncIterator[tuple[ExportReader, list[str]]]:
    """Hold one state of the database; gives its businesses as well."""
    keyring = read_keyring(settings.keyring_path)
    if keyring is None:
        raise UnsafeStorage(f"the keyring {settings.keyring_path} is missing")
    async with _statements(settings) as fetch:
        rows = await fetch("businesses")
        names = sorted(str(row[0]) for row in rows if row[0] != NOBODY)
        yield ExportReader(fetch, keyring), names


@asynccontextmanager
async def _statements(settings: Settings) -> AsyncIterator[Fetch]:
    path = settings.sqlite_path
    if path is not None:
        with reading(path, _MAPPED_BYTES) as statements:
            yield statements.fetch
        return
    from askfirst.storage.postgres.reading import reading as reading_postgres

    async with reading_postgres(settings.database_url) as found:
        yield found.fetch
