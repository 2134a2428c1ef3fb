"""`python -m benchmarks stats`: figures read from counts of ten million events, and followed.

The counts are made as ten million events over three years would leave them: sixty countries, forty
prompt versions, twenty-six languages, twenty entry points, eight purposes and topics, every day.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.stats.figures import FIGURES, FORMAT, Cell, Counts, Dimension, Figure
from askfirst.domain.stats.local_days import day_number
from askfirst.domain.stats.report import FiguresQuestion, GroupBy, Step
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from askfirst.ports.stats.statistics import Build, Move
from askfirst.usecases.context.services import Services
from askfirst.usecases.stats.follow_ledger import begin_build, follow_stretch
from askfirst.usecases.stats.read_figures import read_figures
from askfirst.usecases.tenants.authenticate import create_key
from benchmarks.progress import Progress
from benchmarks.setup.seeds import BUSINESS
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 3
EVENTS: Final = 10_000_000
_DAYS: Final = 3 * 365
_LAST: Final = date(2026, 1, 31)
_PURPOSES: Final = (
    *("*", "authentication", "utility", "utility.orders"),
    *("marketing", "marketing.offers", "marketing.news", "marketing.events"),
)
_VALUES: Final = {
    Dimension.TOTAL: 1,
    Dimension.SURFACE: 12,
    Dimension.ENTRY_POINT: 20,
    Dimension.PROMPT: 40,
    Dimension.LOCALE: 26,
    Dimension.COUNTRY: 60,
}
_DAYS_AT_ONCE: Final = 5
_STRETCH: Final = 400
_PER_BATCH: Final = 500
_ASKED: Final = {
    "days": (GroupBy.NOTHING, Step.DAY, 30),
    "purposes": (GroupBy.PURPOSE, Step.SPAN, 365),
    "funnel": (GroupBy.SURFACE, Step.SPAN, 90),
    "prompts_by_week": (GroupBy.PROMPT, Step.WEEK, 365),
    "countries_by_month": (GroupBy.COUNTRY, Step.MONTH, 365),
    "countries_three_years": (GroupBy.COUNTRY, Step.MONTH, _DAYS),
}


def bench_stats(
    followed: int, rounds: int, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Read figures of ten million events; follow so many events of a ledger."""
    with own_world(database_url) as (settings, _):
        return prepare(settings, _measuring(followed, rounds, progress))


def _measuring(followed: int, rounds: int, progress: Progress) -> Callable[[Services], Any]:
    async def work(services: Services) -> dict[str, Any]:
        await create_key(
            services, Business(business_id=BUSINESS, name="Bench"), "bench", frozenset()
        )
        progress.step("counts of ten million events")
        rows = await _fill(services)
        progress.step("reading")
        asked = {name: await _read(services, name, rounds) for name in _ASKED}
        progress.step("following the ledger")
        figures = await _follow(services, followed)
        slowest = max(one["p95_ms"] for one in asked.values())
        return {
            "counted_events": EVENTS,
            "rows": rows,
            "queries": asked,
            "slowest_p95_ms": slowest,
            **figures,
        }

    return work


async def _fill(services: Services) -> int:
    build = Build(
        business_id=BUSINESS,
        number=1,
        position=Position(0),
        sends_through=Instant(0),
        known_until=Instant(0),
        zone="UTC",
        format=FORMAT,
        is_live=True,
    )
    await services.statistics.begin(build)
    rows, each = 0, EVENTS // _DAYS
    for number, counts in enumerate(_days(each)):
        rows += len(counts)
        move = Move(Position(number + 1), Instant(0), Instant(0), counts, {}, ())
        at = Build(**{**_parts(build), "position": Position(number)})
        await services.statistics.move(at, move)
    return rows


def _parts(build: Build) -> dict[str, Any]:
    return {name: getattr(build, name) for name in Build.__slots__}


def _days(each: int) -> Iterator[Counts]:
    last = day_number(_LAST)
    for first in range(last - _DAYS + 1, last + 1, _DAYS_AT_ONCE):
        counts: Counts = {}
        for day in range(first, min(first + _DAYS_AT_ONCE, last + 1)):
            for dimension, values in _VALUES.items():
                for purpose in _PURPOSES:
                    for value in range(values):
                        numbers = [each // values // 4] * FIGURES
                        numbers[Figure.GAINED] = each // values // 2
                        counts[Cell(dimension, purpose, f"{value:02d}", day)] = numbers
        yield counts


async def _read(services: Services, name: str, rounds: int) -> dict[str, float]:
    by, step, days = _ASKED[name]
    purpose = "*" if by is GroupBy.PURPOSE else "marketing"
    question = FiguresQuestion(
        first=_LAST - timedelta(days=days - 1), last=_LAST, by=by, step=step, purpose=purpose
    )
    took, worked, told = [], [], 0
    for _ in range(rounds):
        began, cpu = time.perf_counter(), time.process_time()
        told = len((await read_figures(services, BUSINESS, question)).rows)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    return {
        "rows": told,
        "p50_ms": round(statistics.median(took), 2),
        "p95_ms": round(sorted(took)[int(len(took) * 0.95)], 2),
        "cpu_ms": round(statistics.median(worked), 2),
    }


async def _follow(services: Services, events: int) -> dict[str, Any]:
    for first in range(0, events, _PER_BATCH):
        acts = tuple(_yes(number) for number in range(first, min(first + _PER_BATCH, events)))
        at = services.clock.now()
        items = (WriteEntry(acts=acts),)
        await services.ledger.commit(WriteBatch(business_id=BUSINESS, recorded_at=at, items=items))
    builds = await services.statistics.builds(BUSINESS)
    build, is_level = await begin_build(services, BUSINESS, builds, "UTC"), False
    began, worked = time.perf_counter(), time.process_time()
    while not is_level:
        build, is_level = await follow_stretch(services, build, _STRETCH)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    return {
        "followed_events": build.position,
        "followed_per_s": round(build.position / took),
        "cpu_us_per_event": round(worked / build.position * 1e6, 1),
        "verified": build.position == events,
    }


def _yes(number: int) -> Statement:
    return Statement(
        aliases=(phone_alias(f"4477{number:08d}"),),
        kind=EventKind.GRANTED,
        occurred_at=Instant(1_769_000_000_000_000 + number),
        source=Source.API,
        surface=Surface.SIGNUP,
        number_proof=NumberProof.VOUCHED,
        purposes=("marketing",),
        assurance=Assurance.SHOWN,
    )
