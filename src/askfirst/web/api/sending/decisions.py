"""Read decisions back, each compared with what the ledger gives."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Path, Query

from askfirst.decision.decision import CampaignReason
from askfirst.decision.reason import parse_reason
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, DecisionId, Prefix, parse_id
from askfirst.domain.values.timestamp import Instant, parse_rfc3339, to_rfc3339
from askfirst.usecases.contacts.read_contact import read_person
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet
from askfirst.usecases.sending.show_decision import list_campaign, list_decisions, show_decision
from askfirst.usecases.sending.summarize_campaign import (
    CampaignSummary,
    ReasonShare,
    summarize_campaign,
    summarize_campaigns,
)
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.api.sending.models import (
    CampaignAnswer,
    ComparisonAnswer,
    DecisionAnswer,
    DecisionPage,
    DecisionQuery,
    DecisionReason,
    DifferenceAnswer,
    LabelSummary,
    OutcomeAnswer,
    ReasonSummary,
    SummaryQuery,
)
from askfirst.web.problems import NotFound


async def get_decision(
    decision_id: Annotated[
        str,
        Path(
            alias="id",
            description="The `id` of the decision: the gateway gives it in "
            "the header `x-askfirst-decision`.",
            examples=["dec_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
        ),
    ],
    services: World,
    caller: Caller,
) -> DecisionAnswer:
    """Return one decision as it was written down, and make it once more to compare.

    The person's events are folded anew up to the position that it rests on, and judged by the
    policy of its fingerprint: `again.matches` says whether the same comes out.
    """
    name = DecisionId(parse_id(Prefix.DECISION, decision_id, "id"))
    sheet = await show_decision(services, caller.business_id, name)
    if sheet is None:
        raise NotFound("there is no decision with this id")
    return render_decision(sheet)


async def get_decisions(
    query: Annotated[DecisionQuery, Query()], services: World, caller: Caller
) -> DecisionPage:
    """Return decisions, the oldest first, each compared with the ledger.

    Either those on a person (`contact`): decisions on people who were merged into this one are
    included, and somebody who was erased is found by their contact id. Or those of a campaign that
    have one reason (`campaign` and `reason`): each number of the summary leads to people so.
    """
    after = read_cursor(query.after)
    if query.campaign:
        label = _label(caller.business_id, query)
        found = await list_campaign(services, label, after, query.limit + 1)
    else:
        found = await _of_person(services, caller.business_id, query, after)
    shown, more = cut(found, query.limit)
    return DecisionPage(
        data=[render_decision(sheet) for sheet in shown],
        next_cursor=write_cursor(shown[-1].record.decision_id) if more else None,
    )


async def get_summary(
    query: Annotated[SummaryQuery, Query()], services: World, caller: Caller
) -> CampaignAnswer:
    """Count the decisions under a label by reason: the parts sum to 100 %.

    A send gets its label from the header `X-Askfirst-Campaign` of the gateway. A label that no send
    had is answered with no decisions. Without `campaign`, each label is summed up by itself.
    """
    since = _since(query.since)
    if not query.campaign:
        return await _all_labels(query, services, caller.business_id)
    found = await summarize_campaign(services, caller.business_id, query.campaign, since)
    summary = _label_summary(found, query.since)
    return CampaignAnswer(
        campaign=found.campaign,
        since=to_rfc3339(since) if query.since else None,
        decisions=summary.decisions,
        reasons=summary.reasons,
        campaigns=[],
        next_cursor=None,
    )


async def _all_labels(
    query: SummaryQuery, services: Services, business_id: BusinessId
) -> CampaignAnswer:
    since, after = _since(query.since), read_cursor(query.after)
    found = await summarize_campaigns(services, business_id, since, after, query.limit + 1)
    shown, more = cut(found, query.limit)
    return CampaignAnswer(
        campaign=None,
        since=to_rfc3339(since) if query.since else None,
        decisions=sum(one.decisions for one in shown),
        reasons=[],
        campaigns=[_label_summary(one, query.since) for one in shown],
        next_cursor=write_cursor(shown[-1].campaign) if more else None,
    )


def _label_summary(summary: CampaignSummary, since: str) -> LabelSummary:
    return LabelSummary(
        campaign=summary.campaign,
        decisions=summary.decisions,
        reasons=[_reason_summary(summary.campaign, since, share) for share in summary.shares],
    )


def _reason_summary(campaign: str, since: str, share: ReasonShare) -> ReasonSummary:
    count = share.counted
    asked = {"campaign": campaign, "reason": count.reason.value}
    if since:
        asked["since"] = since
    return ReasonSummary(
        verdict=count.verdict,
        code=count.reason.value,
        explanation=count.reason.explanation,
        remedy=count.reason.remedy,
        decisions=count.decisions,
        percent=share.permille / 10,
        people=count.people,
        list=f"/v1/decisions?{urlencode(asked)}",
    )


def _label(business_id: BusinessId, query: DecisionQuery) -> CampaignReason:
    if query.contact:
        raise InvalidInput("contact", "must be left out where campaign is given")
    return CampaignReason(
        business_id=business_id,
        campaign=query.campaign,
        reason=parse_reason(query.reason, "reason"),
        since=_since(query.since),
    )


async def _of_person(
    services: Services, business_id: BusinessId, query: DecisionQuery, after: str
) -> tuple[DecisionSheet, ...]:
    for field in ("reason", "since"):
        if getattr(query, field):
            raise InvalidInput(field, "belongs to a campaign; leave it out")
    if not query.contact:
        raise InvalidInput("contact", "is required, or campaign with reason")
    person = read_person(services, query.contact, "contact")
    try:
        return await list_decisions(services, business_id, person, after, query.limit + 1)
    except UnknownReference as error:
        raise NotFound(error.message) from error


def _since(given: str) -> Instant:
    return parse_rfc3339(given, "since") if given else Instant(0)


def render_decision(sheet: DecisionSheet) -> DecisionAnswer:
    record, outcome = sheet.record, sheet.kept.outcome
    question, decision = record.question, record.decision
    return DecisionAnswer(
        id=record.decision_id,
        decided_at=to_rfc3339(record.decided_at),
        contact=record.contact_id,
        verdict=decision.verdict,
        reasons=[
            DecisionReason(code=reason.value, explanation=reason.explanation)
            for reason in decision.reasons
        ],
        rule=decision.rule,
        purpose=decision.purpose,
        position=decision.position,
        policy=decision.policy_fingerprint,
        basis=sheet.basis,
        retry_at=_time(decision.retry_at),
        sender=question.sender,
        message_kind=question.kind,
        template=question.template or None,
        language=question.language or None,
        country=question.country or None,
        campaign=question.campaign or None,
        outcome=OutcomeAnswer(left_at=_time(outcome.left_at), status=outcome.status)
        if outcome
        else None,
        again=_comparison(sheet),
    )


def _comparison(sheet: DecisionSheet) -> ComparisonAnswer:
    return ComparisonAnswer(
        matches=sheet.matches,
        differences=[
            DifferenceAnswer(part=one.part, stored=one.stored, derived=one.derived)
            for one in sheet.differences
        ],
        incomparable=sheet.incomparable,
    )


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/decisions",
        scope=ApiScope.CONTACTS_READ,
        function=get_decisions,
        summary="List decisions",
        answer=DecisionPage,
        problems={
            404: "Nobody with this number or id is known here.",
            422: "The number or id cannot be read, neither or both of `contact` and `campaign` "
            "are given, or another value is wrong.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/decisions/summary",
        scope=ApiScope.CONTACTS_READ,
        function=get_summary,
        summary="Sum up a campaign by reason",
        answer=CampaignAnswer,
        problems={422: "`campaign` is no label, or `since` no time."},
    ),
    ApiRoute(
        method="GET",
        path="/v1/decisions/{id}",
        scope=ApiScope.CONTACTS_READ,
        function=get_decision,
        summary="Get a decision",
        answer=DecisionAnswer,
        problems={
            404: "There is no decision with this id.",
            422: "The id is not one of this kind.",
        },
    ),
)
