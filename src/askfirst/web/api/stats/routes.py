"""Figures: what people said, and whom may be written to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.stats.report import AsOf, FigureRow, FiguresQuestion, GroupBy, Step, parse_day
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.stats.read_figures import last_days, read_figures, read_funnel
from askfirst.web.api.platform.models import Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World

DAYS_DEFAULT: Final = 30
_DAY_LETTERS: Final = 10


class SpanQuery(BaseModel):
    """Which days, and which purpose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str = Field(
        "",
        alias="from",
        max_length=_DAY_LETTERS,
        description="The first day. Default: 29 days before the last.",
        examples=["2026-01-01"],
    )
    last: str = Field(
        "",
        alias="to",
        max_length=_DAY_LETTERS,
        description="The last day, which belongs to the span. Default: today.",
        examples=["2026-01-31"],
    )
    purpose: str = Field(
        "",
        max_length=64,
        description="Only what is about this purpose, its topics included, or about this topic. "
        "Default: everything, each act and person once.",
        examples=["marketing"],
    )


class FiguresQuery(SpanQuery):
    """Which figures."""

    by: GroupBy = Field(GroupBy.NOTHING, description="What to group by.")
    step: Step = Field(
        Step.DAY,
        description="How long the stretches of time are. Weeks begin on Monday; `span` is one "
        "stretch, the whole span.",
    )


class AsOfAnswer(Told):
    """What the figures rest on."""

    position: int = Field(description="Every event up to this ledger position is counted, exactly.")
    head: int = Field(
        description="The newest ledger position: where it is equal, nothing is missing."
    )
    at: Time = Field(description="The time that the figures are of.")
    time_zone: str = Field(
        description="The time zone of the days: that of your country where it has one only, or UTC."
    )


class StageAnswer(Told):
    """How far people came, counted once each, by the day of their first yes (or answer)."""

    shown: int = Field(description="How often questions were shown.")
    answered: int = Field(description="People who answered, yes or no.")
    agreed: int = Field(description="People who said yes.")
    proven: int = Field(description="Of those who said yes: whose number is proven.")
    messaged: int = Field(description="Of those who said yes: to whom a message left since.")
    settled: int = Field(description="Of those who said yes: whose yes is thirty days old.")
    kept: int = Field(description="Of these: who could still be written to thirty days after it.")


class FigureAnswer(StageAnswer):
    """The figures of one value in one stretch of time."""

    begin: str = Field(description="The first day of the stretch.", examples=["2026-01-05"])
    value: str | None = Field(
        description="The purpose, surface, entry point, prompt version, language or country; `*` "
        "for all purposes. `other`: languages or countries with fewer than five acts. Null: none "
        "is known."
    )
    opt_ins: int = Field(description="How often somebody said yes.")
    refusals: int = Field(description="How often somebody said no when asked.")
    stops: int = Field(description="How often somebody stopped what they had agreed to.")
    complaints: int = Field(description="How often somebody complained in the chat.")
    gained: int = Field(description="People who can be written to since then.")
    lost: int = Field(description="People who can be written to no more since then.")
    reachable: int = Field(description="People who can be written to at the end of the stretch.")


class FunnelAnswer(StageAnswer):
    """How far people came who were asked at one surface."""

    surface: str = Field(description="Where they were asked.", examples=["signup"])


class FiguresAnswer(Told):
    """Figures in the order of time and value."""

    first_day: str = Field(description="The first day.", examples=["2026-01-01"])
    last_day: str = Field(description="The last day.", examples=["2026-01-31"])
    as_of: AsOfAnswer | None = Field(description="What they rest on. Null: nothing is counted yet.")
    data: list[FigureAnswer] = Field(description="The figures.")


class FunnelsAnswer(Told):
    """The funnel of each surface."""

    first_day: str = Field(description="The first day.", examples=["2026-01-01"])
    last_day: str = Field(description="The last day.", examples=["2026-01-31"])
    as_of: AsOfAnswer | None = Field(description="What they rest on. Null: nothing is counted yet.")
    data: list[FunnelAnswer] = Field(description="The surfaces.")


async def get_stats(
    query: Annotated[FiguresQuery, Query()], services: World, caller: Caller
) -> FiguresAnswer:
    """Count opt-ins, stops, complaints and whom you may write to, by day and by what you choose.

    An act counts on the day on which it was said; what comes late corrects that day.
    """
    first, last = await _span(services, caller.business_id, query)
    question = FiguresQuestion(
        first=first, last=last, by=query.by, step=query.step, purpose=query.purpose
    )
    report = await read_figures(services, caller.business_id, question)
    return FiguresAnswer(
        **_frame(question, report.as_of), data=[_figures(row) for row in report.rows]
    )


async def get_funnel(
    query: Annotated[SpanQuery, Query()], services: World, caller: Caller
) -> FunnelsAnswer:
    """See for each surface how many people were asked, agreed, and still agree a month later."""
    first, last = await _span(services, caller.business_id, query)
    question = FiguresQuestion(first=first, last=last, purpose=query.purpose)
    report = await read_funnel(services, caller.business_id, question)
    surfaces = [FunnelAnswer(surface=row.value, **_stages(row)) for row in report.rows]
    return FunnelsAnswer(**_frame(question, report.as_of), data=surfaces)


async def _span(services: Services, business_id: BusinessId, query: SpanQuery) -> tuple[date, date]:
    newest = (await last_days(services, business_id, 1))[1]
    last = parse_day(query.last, "to") if query.last else newest
    usual = last - timedelta(days=DAYS_DEFAULT - 1)
    return parse_day(query.first, "from") if query.first else usual, last


def _frame(question: FiguresQuestion, as_of: AsOf | None) -> dict[str, Any]:
    rests_on = None
    if as_of is not None:
        rests_on = AsOfAnswer(
            position=as_of.position,
            head=as_of.head,
            at=to_rfc3339(as_of.at),
            time_zone=as_of.zone,
        )
    first, last = question.first.isoformat(), question.last.isoformat()
    return {"first_day": first, "last_day": last, "as_of": rests_on}


def _stages(row: FigureRow) -> dict[str, int]:
    return {
        "shown": row.shown,
        "answered": row.answered,
        "agreed": row.agreed,
        "proven": row.proven,
        "messaged": row.messaged,
        "settled": row.settled,
        "kept": row.kept,
    }


def _figures(row: FigureRow) -> FigureAnswer:
    return FigureAnswer(
        begin=row.begin.isoformat(),
        value=row.value or None,
        opt_ins=row.opt_ins,
        refusals=row.refusals,
        stops=row.stops,
        complaints=row.complaints,
        gained=row.gained,
        lost=row.lost,
        reachable=row.reachable,
        **_stages(row),
    )


_NOT_UNDERSTOOD: Final = {422: "A parameter is not understood, or asks for too much at once."}

ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/stats",
        scope=ApiScope.STATS_READ,
        function=get_stats,
        summary="Read figures",
        answer=FiguresAnswer,
        problems=_NOT_UNDERSTOOD,
    ),
    ApiRoute(
        method="GET",
        path="/v1/stats/funnel",
        scope=ApiScope.STATS_READ,
        function=get_funnel,
        summary="Read the funnel of each surface",
        answer=FunnelsAnswer,
        problems=_NOT_UNDERSTOOD,
    ),
)
