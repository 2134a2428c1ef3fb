"""`python -m benchmarks import`: a file of people, from its first byte to its report.

The baseline is what the import has written, written bare: see `bare_rows`.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any, Final

from askfirst.bootstrap.server import settle
from askfirst.domain.bulk.import_job import ImportJob, ImportState
from askfirst.domain.bulk.import_settings import ImportMode, ImportSettings
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.timestamp import HOUR
from askfirst.usecases.bulk.imports.receive_import import begin_import, confirm_import, receive_file
from askfirst.usecases.bulk.imports.run_import import go_on_with_import
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.authenticate import create_key
from benchmarks.bare_rows import bare_seconds
from benchmarks.progress import Progress
from benchmarks.setup.seeds import BUSINESS
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 3
_PIECE: Final = 256 * 1024
_STRIDE: Final = 7919
_PEOPLE: Final = 10**8
_WORDS: Final = "I agree to offers from Acme on WhatsApp. I can stop at any time."
_AT: Final = "2026-01-31T09:00:00Z"
_HEADER: Final = "Phone,WhatsApp opt-in,Opted in at,Wording,How,Collected by\n"
_STOPPED_AT: Final = "2026-02-28T09:00:00Z"
YESES: Final = ImportSettings(purpose="marketing")
STOPS: Final = ImportSettings(mode=ImportMode.SUPPRESSION)


def bench_import(rows: int, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Import so many rows with evidence; every one must be stored."""
    with own_world(database_url) as (settings, folder):
        progress.step("writing the file")
        path = folder / "contacts.csv"
        write_people(path, range(rows))
        progress.step("importing")
        timed = prepare(settings, import_people(path))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        progress.step("the same rows, bare")
        bare = asyncio.run(bare_seconds(settings, rows))
    stored, seconds = timed["stored"], timed["prepare_s"] + timed["run_s"]
    return {
        "rows": rows,
        **{name: round(value, 2) for name, value in timed.items()},
        "rows_per_s": round(rows / seconds),
        "bare_s": round(bare, 2),
        "ratio_to_bare": round(bare / seconds, 4),
        "us_per_row": round(seconds / rows * 1_000_000, 1),
        "cpu_us_per_row": round(timed["cpu_s"] / rows * 1_000_000, 1),
        "peak_mb": peak,
        "verified": stored == rows,
    }


def write_people(path: Path, numbers: Iterable[int]) -> None:
    """Write a file of people who said yes, with evidence."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        file.writelines(map(_line, numbers))


def write_stops(path: Path, numbers: Iterable[int]) -> None:
    """Write a list of people who said no after that."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Phone,Stopped at\n")
        file.writelines(f"{phone_of(number)},{_STOPPED_AT}\n" for number in numbers)


def import_people(path: Path, settings: ImportSettings = YESES) -> Callable[[Services], Any]:
    """Return what imports such a file whole, and times it."""

    async def work(services: Services) -> dict[str, float]:
        await create_key(
            services, Business(business_id=BUSINESS, name="Bench"), "bench", frozenset()
        )
        settle()
        began, cpu = time.perf_counter(), time.process_time()
        job = await begin_import(services, BUSINESS, settings)
        job = await receive_file(services, job, pieces_of(path))
        job = await go_on_with_import(services, job, HOUR)
        ready = time.perf_counter()
        found = await services.imports.find(BUSINESS, job.import_id) or job
        hash_ = found.preview.hash if found.preview else ""
        job = await confirm_import(services, BUSINESS, job.import_id, hash_)
        while job.state is ImportState.RUNNING:
            job = await go_on_with_import(services, job, HOUR)
        done = time.perf_counter()
        return {
            "prepare_s": ready - began,
            "run_s": done - ready,
            "cpu_s": time.process_time() - cpu,
            "stored": _stored(job),
        }

    return work


def _stored(job: ImportJob) -> int:
    counts = job.summary.counts if job.summary else ()
    return sum(one.rows for one in counts if one.outcome == "yes_with_proof")


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """Read a file as it would come."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def phone_of(number: int) -> str:
    """Name one of many people; each number another, in no order."""
    return f"+4477{number * _STRIDE % _PEOPLE:08d}"


def _line(number: int) -> str:
    return f"{phone_of(number)},yes,{_AT},{_WORDS},web form,Web team\n"
