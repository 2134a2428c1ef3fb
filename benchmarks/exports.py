"""`python -m benchmarks export`: everything that an import has written, into files.

The baseline is the same columns of the ledger, read page by page and written as bare JSON arrays.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

import asyncpg
import msgspec

from askfirst.bootstrap.commands.export_commands import export
from askfirst.bootstrap.commands.export_wish import ExportWish
from askfirst.bootstrap.settings import Settings
from askfirst.domain.bulk.export import ExportKind
from askfirst.storage.platform.sql_files import load_statements
from askfirst.storage.sqlite.reading import reading
from benchmarks.imports import import_people, write_people
from benchmarks.progress import Progress
from benchmarks.setup.seeds import BUSINESS
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 7
_PAGE: Final = 1_000
_WISHES: Final = {
    "ledger": ExportWish(BUSINESS, ExportKind.LEDGER),
    "ledger_with_evidence": ExportWish(BUSINESS, ExportKind.LEDGER, with_evidence=True),
    "contacts": ExportWish(BUSINESS, ExportKind.CONTACTS),
    "contacts_with_numbers": ExportWish(BUSINESS, ExportKind.CONTACTS, with_numbers=True),
    "suppressions": ExportWish(BUSINESS, ExportKind.SUPPRESSIONS),
}
Fetch = Callable[..., Awaitable[Sequence[Any]]]


def bench_export(rows: int, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Export so many people, each with one event and its evidence."""
    with own_world(database_url) as (settings, folder):
        progress.step("importing people")
        people = folder / "people.csv"
        write_people(people, range(rows))
        prepare(settings, import_people(people))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told: dict[str, Any] = {}
        is_whole = True
        for name, wish in _WISHES.items():
            progress.step(name)
            began, cpu = time.perf_counter(), time.process_time()
            report = export(settings, wish._replace(out=folder / name), lambda _, __: None)
            took, used = time.perf_counter() - began, time.process_time() - cpu
            told[f"{name}_rows_per_s"] = round(rows / took)
            told[f"{name}_cpu_us_per_row"] = round(used / rows * 1_000_000, 1)
            is_whole &= report.rows == (0 if wish.kind is ExportKind.SUPPRESSIONS else rows)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        progress.step("the ledger, bare")
        bare = rows / asyncio.run(_bare_seconds(settings, folder / "bare"))
    return {
        "rows": rows,
        **told,
        "bare_rows_per_s": round(bare),
        "ratio_to_bare": round(told["ledger_rows_per_s"] / bare, 3),
        "memory_grew_by_mb": peak - before,
        "verified": is_whole,
    }


async def _bare_seconds(settings: Settings, out: Path) -> float:
    path = settings.sqlite_path
    if path is not None:
        with reading(path) as statements:
            return await _copied(statements.fetch, out)
    sql = load_statements("askfirst.storage.postgres")
    connection = await asyncpg.connect(settings.database_url)
    try:
        return await _copied(lambda name, *row: connection.fetch(sql[name], *row), out)
    finally:
        await connection.close()


async def _copied(fetch: Fetch, out: Path) -> float:
    encode = msgspec.json.Encoder().encode_lines
    began, after = time.perf_counter(), 0
    with out.open("wb") as file:
        while rows := await fetch("export_events", BUSINESS, after, _PAGE):
            file.write(encode([tuple(row) for row in rows]))
            after = rows[-1][0]
    return time.perf_counter() - began
