"""`python -m benchmarks webhooks`: durable, and every one acted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.settings import Settings
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.context.services import Services
from benchmarks.at_rate import Rate, measure_at_rate
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What comes in, and how many events the ledger has before."""

    mix: Mix
    ledger_events: int

    def author(self) -> Author:
        """Return who writes webhooks of this mix to people of that ledger, from now on."""
        return Author(
            phone_number_id=SENDER_ID,
            waba_id=WABA_ID,
            mix=self.mix,
            population=population_of(self.ledger_events),
            at=SystemClock().now() // SECOND,
        )


def bench_webhooks(
    plan: Plan, database_url: str | None, past: Past, progress: Progress
) -> dict[str, Any]:
    """Measure, and count what was done."""
    with own_world(database_url) as (settings, folder):
        before, made = _filled(settings, past, folder, progress)
        with server(settings, folder) as subject, bare(folder) as baseline:
            numbers = range(_FAR_AWAY, _FAR_AWAY + _BASELINE_FRAMES)
            frames = write_frames(folder / "cycle", webhooks(made.author, numbers), cycles=True)
            measured = measure(plan, (subject, made.fresh), (baseline, frames), progress)
        counted = _counted(settings, made, before, measured.asked, progress)
    return {
        **measured.figures(),
        **_told(past),
        "acknowledged": measured.answered,
        **counted,
        "baseline": "raw ASGI hello-world on the same uvicorn",
    }


def bench_webhooks_at_rate(
    rate: Rate, database_url: str | None, past: Past, progress: Progress
) -> dict[str, Any]:
    """Send at a rate, as Meta does; milliseconds count from when a webhook fell due."""
    with own_world(database_url) as (settings, folder):
        before, made = _filled(settings, past, folder, progress)
        with server(settings, folder) as subject:
            measured = measure_at_rate(rate, subject, made.fresh, progress)
        counted = _counted(settings, made, before, measured.asked, progress)
    return {**measured.figures, **_told(past), **counted}


def _filled(
    settings: Settings, past: Past, folder: Path, progress: Progress
) -> tuple[Mapping[str, int], Post]:
    """Fill the ledger; return the rows it has then, and who writes what comes in."""
    progress.step("filling the ledger")
    prepare(settings, lambda services: _seed(services, past.ledger_events))
    return count_rows(settings), Post(past.author(), folder)


def _counted(
    settings: Settings,
    made: Post,
    before: Mapping[str, int],
    asked: list[int],
    progress: Progress,
) -> dict[str, Any]:
    """Hold what the database shows to what was sent."""
    progress.step("counting")
    after = count_rows(settings, made.author.at * SECOND)
    done = _done(before, after)
    is_whole = done == _expected(made, asked) and after["events"] == after["newest"]
    return {"acted_on": done, "verified": is_whole}


def _told(past: Past) -> dict[str, Any]:
    return {"mix": past.mix.value, "ledger_events": past.ledger_events}


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
