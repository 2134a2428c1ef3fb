"""Commands about decisions: show one, list those on a person."""

from __future__ import annotations

from askfirst.decision.decision import CampaignReason
from askfirst.decision.reason import parse_reason
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import DecisionId, Prefix, parse_id
from askfirst.domain.values.timestamp import Instant, parse_rfc3339, to_rfc3339
from askfirst.usecases.contacts.read_contact import read_typed_person
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet
from askfirst.usecases.sending.show_decision import list_campaign, list_decisions, show_decision
from askfirst.usecases.sending.summarize_campaign import (
    CampaignSummary,
    summarize_campaign,
    summarize_campaigns,
)
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class ShowDecision(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give one decision, compared with what the ledger gives."""

    decision_id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        name = DecisionId(parse_id(Prefix.DECISION, self.decision_id, "decision"))
        sheet = await show_decision(services, business_id, name)
        if sheet is None:
            raise UnknownReference("decision", "there is no decision with this id")
        return decision_row(sheet)


class ListDecisions(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give the decisions on a person, or those of a campaign that have one reason; compared."""

    contact: str = ""
    campaign: str = ""
    reason: str = ""
    since: str = ""
    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        if self.campaign:
            label = CampaignReason(
                business_id=business_id,
                campaign=self.campaign,
                reason=parse_reason(self.reason, "reason"),
                since=_since(self.since),
            )
            sheets = await list_campaign(services, label, self.after, self.limit)
        else:
            person = read_typed_person(services, self.contact, "contact")
            sheets = await list_decisions(services, business_id, person, self.after, self.limit)
        return {"decisions": [decision_row(sheet) for sheet in sheets]}


class SumUpCampaign(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Count the decisions under a label, or under each label, by reason."""

    campaign: str = ""
    since: str = ""
    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        since = _since(self.since)
        head = {"since": to_rfc3339(since) if self.since else None}
        if self.campaign:
            found = await summarize_campaign(services, business_id, self.campaign, since)
            return head | _summary_row(found)
        labels = await summarize_campaigns(services, business_id, since, self.after, self.limit)
        return head | {"campaigns": list(map(_summary_row, labels))}


def _summary_row(found: CampaignSummary) -> Answer:
    return {
        "campaign": found.campaign,
        "decisions": found.decisions,
        "reasons": [
            {
                "verdict": one.counted.verdict.value,
                "code": one.counted.reason.value,
                "explanation": one.counted.reason.explanation,
                "remedy": one.counted.reason.remedy,
                "decisions": one.counted.decisions,
                "percent": one.permille / 10,
                "people": one.counted.people,
            }
            for one in found.shares
        ],
    }


def _since(given: str) -> Instant:
    return parse_rfc3339(given, "since") if given else Instant(0)


def decision_row(sheet: DecisionSheet) -> Answer:
    """Write a decision in the words of the REST API."""
    record, outcome = sheet.record, sheet.kept.outcome
    question, decision = record.question, record.decision
    return {
        "id": record.decision_id,
        "decided_at": to_rfc3339(record.decided_at),
        "contact": record.contact_id,
        "verdict": decision.verdict.value,
        "reasons": [
            {"code": reason.value, "explanation": reason.explanation} for reason in decision.reasons
        ],
        "rule": decision.rule,
        "purpose": decision.purpose,
        "position": decision.position,
        "policy": decision.policy_fingerprint,
        "basis": sheet.basis,
        "retry_at": _time(decision.retry_at),
        "sender": question.sender,
        "message_kind": question.kind.value,
        "template": question.template or None,
        "language": question.language or None,
        "country": question.country or None,
        "campaign": question.campaign or None,
        "outcome": {"left_at": _time(outcome.left_at), "status": outcome.status}
        if outcome
        else None,
        "again": {
            "matches": sheet.matches,
            "differences": [one._asdict() for one in sheet.differences],
            "incomparable": sheet.incomparable,
        },
    }


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None
