"""What was decided, looked up afterwards: by id, by person and by campaign."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from askfirst.decision.countries.place import Calendar
from askfirst.decision.decision import CampaignReason, Verdict
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.gate import ArchivedDecision


class ReasonCount(NamedTuple):
    """How many sends of a campaign were decided so, and on how many known contacts they were."""

    verdict: Verdict
    reason: Reason
    decisions: int
    people: int


class DecisionArchive(Protocol):
    """What was decided, by id, by person and by campaign."""

    async def keep_policy(self, business_id: BusinessId, policy: Policy) -> None:
        """Keep the text of a policy under its fingerprint, durably; costs nothing the next time."""
        ...

    async def policy(
        self, business_id: BusinessId, fingerprint: str, calendar: Calendar | None
    ) -> Policy | None:
        """Return a policy that was kept, with the calendar of now.

        None where none of this fingerprint was kept, or this version of askfirst reads another
        policy out of its text: then it is not the one that was followed. So it is where clocks or
        holidays are other ones now.
        """
        ...

    async def find(
        self, business_id: BusinessId, decision_id: DecisionId
    ) -> ArchivedDecision | None:
        """Return one decision."""
        ...

    async def of_contact(
        self, business_id: BusinessId, contact_id: ContactId, after: str, limit: int
    ) -> tuple[ArchivedDecision, ...]:
        """Return decisions on a contact and on all merged into it, in the order of their ids."""
        ...

    async def of_campaign(
        self, label: CampaignReason, after: str, limit: int
    ) -> tuple[ArchivedDecision, ...]:
        """Return decisions under a label that have one reason, in the order of their ids."""
        ...

    async def count_campaign(
        self, business_id: BusinessId, campaign: str, since: Instant
    ) -> tuple[ReasonCount, ...]:
        """Count the decisions under a label by reason; no label of this name: none."""
        ...

    async def labels(
        self, business_id: BusinessId, since: Instant, after: str, limit: int
    ) -> tuple[str, ...]:
        """Return a page of the labels that sends had since a moment, in their order."""
        ...


class HasDecisionArchive(Protocol):
    """Whatever brings the archive along."""

    @property
    def decision_archive(self) -> DecisionArchive:
        """Decisions looked up afterwards."""
        ...
