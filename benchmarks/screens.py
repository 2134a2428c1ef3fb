"""`python -m benchmarks screen`: a list, of which half is known, through the rules of the gate.

The baseline knows no rules: polars reads the same file and joins it to a table of the same people.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from askfirst.bootstrap.server import settle
from askfirst.domain.bulk.screen_job import ScreenSettings, ScreenState
from askfirst.domain.tenants.sender import Sender, SenderState
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.usecases.bulk.screens.run_screen import go_on_with_screen
from askfirst.usecases.bulk.screens.start_screen import begin_screen, receive_list
from askfirst.usecases.context.services import Services
from benchmarks.imports import import_people, phone_of, pieces_of, write_people
from benchmarks.progress import Progress
from benchmarks.setup.seeds import BUSINESS
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 4
_SENDER: Final = "200000000000001"


def bench_screen(rows: int, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Screen so many rows; every second person said yes, with evidence."""
    with own_world(database_url) as (settings, folder):
        progress.step("writing the files")
        people, path = folder / "people.csv", folder / "list.csv"
        write_people(people, range(0, rows, 2))
        with path.open("w", encoding="utf-8") as file:
            file.write("Phone\n")
            file.writelines(f"{phone_of(number)}\n" for number in range(rows))
        progress.step("importing the half of them")
        prepare(settings, import_people(people))
        progress.step("screening")
        timed = prepare(settings, _screening(path))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        progress.step("the same list, joined by polars")
        joined, bare = _joined(path, people)
    return {
        "rows": rows,
        "seconds": round(timed["seconds"], 2),
        "rows_per_s": round(rows / timed["seconds"]),
        "cpu_us_per_row": round(timed["cpu"] / rows * 1_000_000, 1),
        "join_s": round(bare, 3),
        "ratio_to_join": round(bare / timed["seconds"], 5),
        "peak_mb": peak,
        "answers": timed["answers"],
        "verified": timed["rows"] == rows and timed["known"] == joined,
    }


def _screening(path: Path) -> Callable[[Services], Any]:
    async def work(services: Services) -> dict[str, Any]:
        sender = Sender(
            business_id=BUSINESS,
            phone_number_id=PhoneNumberId(_SENDER),
            waba_id=WabaId("100000000000001"),
            digits="15550100001",
            name="Bench",
            state=SenderState.ACTIVE,
        )
        await services.directory.put_sender(sender, None, services.clock.now())
        asked = ScreenSettings(sender=_SENDER, purpose="marketing")
        settle()
        began, cpu = time.perf_counter(), time.process_time()
        job = await begin_screen(services, BUSINESS, asked)
        job = await go_on_with_screen(services, await receive_list(services, job, pieces_of(path)))
        took, used = time.perf_counter() - began, time.process_time() - cpu
        counts = Counter({f"{one.verdict} {one.reason}": one.rows for one in job.counts})
        strangers = counts["deny no_opt_in"]
        return {
            "seconds": took,
            "cpu": used,
            "rows": sum(counts.values()) if job.state is ScreenState.DONE else 0,
            "known": job.rows - strangers,
            "answers": dict(counts),
        }

    return work


def _joined(path: Path, people: Path) -> tuple[int, float]:
    """Join the list to the people, and count those that are in both."""
    known = pl.read_csv(people, columns=["Phone"], infer_schema=False).with_columns(said=pl.lit(1))
    began = time.perf_counter()
    listed = pl.read_csv(path, infer_schema=False)
    found = listed.join(known, on="Phone", how="left").select(pl.col("said").sum()).item()
    return int(found), time.perf_counter() - began
