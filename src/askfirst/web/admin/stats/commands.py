"""Commands about figures."""

from __future__ import annotations

from datetime import date, timedelta

from askfirst.domain.stats.report import (
    AsOf,
    FigureRow,
    FiguresQuestion,
    FiguresReport,
    GroupBy,
    Step,
    parse_day,
)
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.stats.read_figures import last_days, read_figures, read_funnel
from askfirst.usecases.stats.rebuild_figures import (
    Progress,
    begin_rebuild,
    catch_up,
    continue_rebuild,
)
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class ShowFigures(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give figures of a span, or the funnel of each surface; `first` and `last` may be empty."""

    first: str
    last: str
    by: GroupBy
    step: Step
    purpose: str
    is_funnel: bool

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        today = (await last_days(services, business_id, 1))[1]
        last = parse_day(self.last, "to") if self.last else today
        question = FiguresQuestion(
            first=parse_day(self.first, "from") if self.first else last - timedelta(days=29),
            last=last,
            by=self.by,
            step=self.step,
            purpose=self.purpose,
        )
        read = read_funnel if self.is_funnel else read_figures
        return _report(question.first, last, await read(services, business_id, question))


class CatchUp(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Follow the ledger for half a second, where no server does."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return _progress(await catch_up(services, business_id))


class RebuildFigures(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Begin a rebuild (`build` 0), or go on with one for half a second."""

    build: int = 0

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        if not self.build:
            return _progress(await begin_rebuild(services, business_id))
        return _progress(await continue_rebuild(services, business_id, self.build))


def _progress(progress: Progress) -> Answer:
    return {
        "build": progress.number,
        "position": progress.position,
        "head": progress.head,
        "is_done": progress.is_done,
    }


def _report(first: date, last: date, report: FiguresReport) -> Answer:
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "as_of": _as_of(report.as_of),
        "data": [_row(row) for row in report.rows],
    }


def _as_of(as_of: AsOf | None) -> Answer | None:
    if as_of is None:
        return None
    return {
        "position": as_of.position,
        "head": as_of.head,
        "at": to_rfc3339(as_of.at),
        "time_zone": as_of.zone,
    }


def _row(row: FigureRow) -> Answer:
    return {
        "begin": row.begin.isoformat(),
        "value": row.value or None,
        "opt_ins": row.opt_ins,
        "refusals": row.refusals,
        "stops": row.stops,
        "complaints": row.complaints,
        "gained": row.gained,
        "lost": row.lost,
        "reachable": row.reachable,
        "shown": row.shown,
        "answered": row.answered,
        "agreed": row.agreed,
        "proven": row.proven,
        "messaged": row.messaged,
        "settled": row.settled,
        "kept": row.kept,
    }
