"""Tell figures of a span of days."""

from __future__ import annotations

from datetime import date
from typing import Final, Protocol

from askfirst.domain.stats.figures import KEPT_AFTER_DAYS
from askfirst.domain.stats.local_days import day_of
from askfirst.domain.stats.report import (
    AsOf,
    FiguresQuestion,
    FiguresReport,
    GroupBy,
    Step,
    tell_figures,
)
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.stats.statistics import Build, HasStatistics
from askfirst.usecases.stats.builds import answering_build
from askfirst.usecases.stats.business_days import BusinessDaysNeeds, days_of, zone_of

_SETTLED_DAYS: Final = KEPT_AFTER_DAYS + 1
"""Days after which the last yes of a day is thirty days old."""


class ReadFiguresNeeds(BusinessDaysNeeds, HasClock, HasLedger, HasStatistics, Protocol):
    """What this use case needs from the world."""


async def read_figures(
    services: ReadFiguresNeeds, business_id: BusinessId, question: FiguresQuestion
) -> FiguresReport:
    """Return the figures, exact up to the position that they name.

    Raises:
        InvalidInput: there would be more rows than can be told at once.
    """
    build = await answering_build(services, business_id)
    if build is None:
        return FiguresReport(rows=(), as_of=None)
    as_of = await _as_of(services, build)
    settled = days_of(services, build.zone).day(as_of.at) - _SETTLED_DAYS
    rows = tell_figures(
        question,
        await services.statistics.counts(build, question, settled),
        await services.statistics.opening(build, question),
        await services.statistics.shown(business_id, question),
    )
    return FiguresReport(rows=rows, as_of=as_of)


async def read_funnel(
    services: ReadFiguresNeeds, business_id: BusinessId, question: FiguresQuestion
) -> FiguresReport:
    """Return a row for each surface of a span: shown, answered, agreed, proven, messaged, kept."""
    funnel = FiguresQuestion(
        first=question.first,
        last=question.last,
        by=GroupBy.SURFACE,
        step=Step.SPAN,
        purpose=question.purpose,
    )
    return await read_figures(services, business_id, funnel)


async def _as_of(services: ReadFiguresNeeds, build: Build) -> AsOf:
    """Say what the counts rest on; where nothing is missing, they are as of now."""
    now = services.clock.now()
    head = await services.ledger.head(build.business_id)
    is_level = build.position >= head
    at = now if is_level else build.known_until
    return AsOf(position=build.position, head=head, at=Instant(at), zone=build.zone)


async def last_days(
    services: ReadFiguresNeeds, business_id: BusinessId, count: int
) -> tuple[date, date]:
    """Return the first and last of the newest days of a business, today included."""
    days = days_of(services, await zone_of(services, business_id))
    today = days.day(services.clock.now())
    return day_of(today - count + 1), day_of(today)
