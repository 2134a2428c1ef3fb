"""`python -m benchmarks webhooks`: durable, and every one acted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askfirst.adapters.clock import SystemClock
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.context.services import Services
from benchmarks.generators.frames import Frames, write_frames
from benchmarks.measure import Plan, measure
from benchmarks.progress import Progress
from benchmarks.setup.counting import count_rows
from benchmarks.setup.people import loaded
from benchmarks.setup.seeds import (
    SENDER_ID,
    WABA_ID,
    fill_ledger,
    open_business,
    population_of,
)
from benchmarks.setup.webhook_bodies import Author, Kind, Mix, kind_of, webhooks
from benchmarks.setup.world import bare, own_world, prepare, server

CONNECTIONS = 64
_BASELINE_FRAMES = 20_000
_FAR_AWAY = 10**12


@dataclass(slots=True)
class Post:
    """Writes files of webhooks, and remembers which numbers each of them holds."""

    author: Author
    folder: Path
    starts: list[int] = field(default_factory=list)
    next_number: int = 0

    def fresh(self, count: int) -> Frames:
        """Write webhooks that were never sent, in place of the ones before."""
        numbers = range(self.next_number, self.next_number + count)
        self.starts.append(self.next_number)
        self.next_number += count
        path = self.folder / "webhooks"
        return write_frames(path, webhooks(self.author, numbers), cycles=False)


def bench_webhooks(
    plan: Plan, database_url: str | None, mix: Mix, ledger_events: int, progress: Progress
) -> dict[str, Any]:
    """Measure, and count what was done."""
    with own_world(database_url) as (settings, folder):
        progress.step("filling the ledger")
        prepare(settings, lambda services: _seed(services, ledger_events))
        before = count_rows(settings)
        author = Author(
            phone_number_id=SENDER_ID,
            waba_id=WABA_ID,
            mix=mix,
            population=population_of(ledger_events),
            at=SystemClock().now() // SECOND,
        )
        post = Post(author, folder)
        with server(settings, folder) as subject, bare(folder) as baseline:
            numbers = range(_FAR_AWAY, _FAR_AWAY + _BASELINE_FRAMES)
            cycle = write_frames(folder / "cycle", webhooks(author, numbers), cycles=True)
            measured = measure(plan, (subject, post.fresh), (baseline, cycle), progress)
        progress.step("counting")
        after = count_rows(settings, author.at * SECOND)
    done, expected = _done(before, after), _expected(post, measured.asked)
    return {
        **measured.figures(),
        "mix": mix.value,
        "ledger_events": ledger_events,
        "acknowledged": measured.answered,
        "acted_on": done,
        "verified": done == expected and after["events"] == after["newest"],
        "baseline": "raw ASGI hello-world on the same uvicorn",
    }


async def _seed(services: Services, ledger_events: int) -> None:
    await open_business(services)
    await fill_ledger(services, ledger_events)


def _expected(post: Post, asked: list[int]) -> dict[str, int]:
    """Return what must have been done: the numbers of each file asked, and their kinds."""
    kinds = dict.fromkeys(Kind, 0)
    writers: set[int] = set()
    for start, count in zip(post.starts, asked, strict=True):
        for number in range(start, start + count):
            kind = kind_of(number, post.author.mix)
            kinds[kind] += 1
            if kind is not Kind.STATUS:
                writers.add(loaded(number, post.author.population))
    return {
        "webhooks": sum(kinds.values()),
        "messages": kinds[Kind.TEXT] + kinds[Kind.STOP],
        "stops": kinds[Kind.STOP],
        "windows": len(writers),
        "new_contacts": 0,
    }


def _done(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return what the database shows of it."""
    return {
        "webhooks": after["webhooks"] - before["webhooks"],
        "messages": after["seen"] - before["seen"],
        "stops": after["stops"] - before["stops"],
        "windows": after["moved_openings"],
        "new_contacts": after["contacts"] - before["contacts"],
    }
