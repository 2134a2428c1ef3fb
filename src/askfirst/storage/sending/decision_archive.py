"""The archive of decisions, for either backend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from askfirst.decision.countries.place import Calendar
from askfirst.decision.decision import CampaignReason, Verdict
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import read_kept_policy
from askfirst.decision.reason import Reason
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.decision_archive import ReasonCount
from askfirst.ports.sending.gate import ArchivedDecision, Outcome
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements
from askfirst.storage.sending.decision_rows import row_decision

_POLICIES_MAX: Final = 16
"""How many are remembered: a text of 30 KB is read once, not once a decision."""


class StoredDecisionArchive:
    """See ports.decision_archive.DecisionArchive."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._kept: set[tuple[BusinessId, str]] = set()
        self._read: dict[tuple[BusinessId, str], Policy] = {}

    async def keep_policy(self, business_id: BusinessId, policy: Policy) -> None:
        place = (business_id, policy.fingerprint)
        if place not in self._kept:
            await self._statements.write("keep_policy", *place, policy.canonical)
            self._kept.add(place)

    async def policy(
        self, business_id: BusinessId, fingerprint: str, calendar: Calendar | None
    ) -> Policy | None:
        place = (business_id, fingerprint)
        if place not in self._read:
            policy = await self._policy(business_id, fingerprint, calendar)
            if policy is None:
                return None
            if len(self._read) >= _POLICIES_MAX:
                self._read.clear()
            self._read[place] = policy
        return self._read[place]

    async def _policy(
        self, business_id: BusinessId, fingerprint: str, calendar: Calendar | None
    ) -> Policy | None:
        rows = await self._statements.fetch("kept_policy", business_id, fingerprint)
        if not rows:
            return None
        try:
            policy = read_kept_policy(rows[0][0], calendar)
        except InvalidInput:
            return None
        return policy if policy.fingerprint == fingerprint else None

    async def find(
        self, business_id: BusinessId, decision_id: DecisionId
    ) -> ArchivedDecision | None:
        rows = await self._statements.fetch("one_decision", business_id, decision_id)
        return await self._archived(rows[0]) if rows else None

    async def of_contact(
        self, business_id: BusinessId, contact_id: ContactId, after: str, limit: int
    ) -> tuple[ArchivedDecision, ...]:
        found: list[Row] = []
        for person in await self._statements.fetch("person", business_id, contact_id):
            page = (business_id, person[0], after, limit)
            found += await self._statements.fetch("decisions_of_contact", *page)
        found.sort(key=lambda row: row[1])
        return tuple([await self._archived(row) for row in found[:limit]])

    async def of_campaign(
        self, label: CampaignReason, after: str, limit: int
    ) -> tuple[ArchivedDecision, ...]:
        place = (label.business_id, label.campaign, label.reason.value, label.since)
        rows = await self._statements.fetch("decisions_of_campaign", *place, after, limit)
        return tuple([await self._archived(row) for row in rows])

    async def count_campaign(
        self, business_id: BusinessId, campaign: str, since: Instant
    ) -> tuple[ReasonCount, ...]:
        rows = await self._campaign(business_id, campaign, since)
        return tuple(
            ReasonCount(Verdict(verdict), Reason(reason), decisions, people)
            for verdict, reason, decisions, people in rows
        )

    async def _campaign(
        self, business_id: BusinessId, campaign: str, since: Instant
    ) -> Sequence[Row]:
        """Since ever it was counted before; since another moment, each decision is looked at."""
        if since > 0:
            return await self._statements.fetch("campaign_summary", business_id, campaign, since)
        return await self._statements.fetch("campaign_counted", business_id, campaign)

    async def labels(
        self, business_id: BusinessId, since: Instant, after: str, limit: int
    ) -> tuple[str, ...]:
        if since > 0:
            rows = await self._statements.fetch("labels", business_id, after, since, limit)
        else:
            rows = await self._statements.fetch("labels_ever", business_id, after, limit)
        return tuple(row[0] for row in rows)

    async def _archived(self, row: Row) -> ArchivedDecision:
        record = row_decision(row)
        business_id, decision_id = record.question.business_id, record.decision_id
        rows = await self._statements.fetch("outcome_of", business_id, decision_id)
        if not rows:
            return ArchivedDecision(record=record, outcome=None)
        left_at, status = rows[0]
        outcome = Outcome(
            business_id=business_id,
            decision_id=decision_id,
            left_at=Instant(left_at) if left_at else None,
            status=status,
        )
        return ArchivedDecision(record=record, outcome=outcome)
