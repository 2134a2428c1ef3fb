"""Why a campaign did not reach everybody: reasons first, then people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.decision.decision import CampaignReason, Verdict
from askfirst.decision.reason import Reason
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import Instant
from askfirst.usecases.sending.show_decision import list_campaign
from askfirst.usecases.sending.summarize_campaign import list_campaigns, summarize_campaign
from askfirst.web.console.desk import Desk

_PAGE: Final = 50
_ALWAYS: Final = Instant(0)


async def show_not_sent(desk: Desk) -> Response:
    """The reasons of a campaign, with counts that add up; a reason leads to its people."""
    asked = desk.request.query_params
    label, reason = asked.get("campaign", "").strip(), asked.get("reason", "")
    if not label:
        return await _campaigns(desk, asked.get("after", ""))
    try:
        if reason:
            return await _people(desk, label, reason, asked.get("after", ""))
        summary = await summarize_campaign(desk.services, desk.business_id, label, _ALWAYS)
    except InvalidInput as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return desk.page("not_sent.html", status, label=label, summary=None, error=error)
    sent = sum(
        share.counted.decisions
        for share in summary.shares
        if share.counted.verdict is Verdict.ALLOW
    )
    return desk.page("not_sent.html", label=label, summary=summary, sent=sent)


async def _campaigns(desk: Desk, after: str) -> Response:
    """Every label there is, to choose from."""
    found = await list_campaigns(desk.services, desk.business_id, after, _PAGE)
    more = found[-1] if len(found) == _PAGE else ""
    return desk.page("not_sent.html", label="", summary=None, campaigns=found, more=more)


async def _people(desk: Desk, label: str, code: str, after: str) -> Response:
    try:
        reason = Reason(code)
    except ValueError as error:
        raise InvalidInput("reason", "must be the code of a reason") from error
    wanted = CampaignReason(
        business_id=desk.business_id, campaign=label, reason=reason, since=_ALWAYS
    )
    sheets = await list_campaign(desk.services, wanted, after, _PAGE)
    more = sheets[-1].record.decision_id if len(sheets) == _PAGE else ""
    return desk.page("not_sent_people.html", label=label, reason=reason, sheets=sheets, more=more)
