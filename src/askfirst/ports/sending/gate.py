"""The gate's look at the world: fresh, from the primary, and under a lock while a send leaves.

A stop and a send for the same contact never overlap: `hold` keeps a shared lock on the
contacts until the caller leaves the block, and `Ledger.commit` returns for a stop only after
every hold that may have seen the older state has ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from askfirst.decision.countries.place import Calendar
from askfirst.decision.decision import CampaignReason, Decision, Verdict
from askfirst.decision.facts import Circumstances, DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.traffic import Counting
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.domain.values.timestamp import SECOND, Instant

PERMIT_LIFE = 2 * SECOND
"""How long an allow may be used, by a clock that nobody can set; looked at as the last act."""


class Lease(Protocol):
    """Facts under the shared lock."""

    @property
    def facts(self) -> DecisionContext:
        """What is known, read after the lock was taken."""
        ...

    def alive(self) -> bool:
        """Return whether the lock is still known to be held. Asked right before the first byte."""
        ...


class Gate(Protocol):
    """Fresh facts for a question. When it fails: Unavailable is raised, which means no."""

    async def look(self, question: SendRequest) -> DecisionContext:
        """Read the facts once, without a lock: an answer for a human or a filter, not a permit."""
        ...

    def hold(self, question: SendRequest) -> AbstractAsyncContextManager[Lease]:
        """Take the shared lock, then read the facts; the lock is held inside the block."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """The row that every admitted or refused send leaves.

    `circumstances` None: it was decided before they were kept.
    `counting` is how an allowed one is counted, and judged once more where that is done.
    """

    decision_id: DecisionId
    decided_at: Instant
    question: SendRequest
    contact_id: ContactId | None
    decision: Decision
    body: bytes
    circumstances: Circumstances | None = None
    counting: Counting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an admitted send: HTTP status of Meta's answer, or 0 where none is known.

    `left_at` is the moment just before the first byte was handed to the kernel; None: nothing left.
    `gives_back`: the contact who surely did not get it, and among whose messages it is not counted
    any more. `is_marketing`: what becomes of it is counted, so it is found by its id.
    """

    business_id: BusinessId
    decision_id: DecisionId
    left_at: Instant | None
    status: int
    message_id: str = ""
    gives_back: ContactId | None = None
    is_marketing: bool = False


class DecisionLog(Protocol):
    """Where decisions and their outcomes are written down."""

    async def record(self, record: DecisionRecord) -> Decision | None:
        """Write the row, count it and make its reservations, in one transaction.

        It is durable when it returns, which is before an allowed message leaves. Returns the no
        that speaks where something is used up by now: nothing was written then, nothing was
        counted or reserved, and the message must not leave.
        """
        ...

    def conclude(self, outcome: Outcome) -> Awaitable[object]:
        """Write what became of it, soon; await the result only to be sure that it is durable.

        A decision without an outcome is one whose outcome is unknown, so a crash in between
        says the truth. Raises Unavailable where it cannot be taken.
        """
        ...

    async def give_back(
        self, business_id: BusinessId, message: Sequence[bytes]
    ) -> DecisionId | None:
        """Give back the place of a message that surely reached nobody; durable when it returns.

        `message` are the hashes of its id (`ports.sending.lost_messages`). Returns by which
        decision it left. None: no outcome names it; it may yet be written, or it left elsewhere.
        Twice is once.
        """
        ...

    async def decisions(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[DecisionRecord, ...]:
        """Return decisions in the order of their ids, without bodies (`body` is empty)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedDecision:
    """A decision as it was written down, without recipients and body, and what became of it.

    `outcome` None: it was refused, or what became of it is not known.
    """

    record: DecisionRecord
    outcome: Outcome | None


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


class HasGate(Protocol):
    """Whatever brings the gate along."""

    @property
    def gate(self) -> Gate:
        """The gate."""
        ...


class HasDecisions(Protocol):
    """Whatever brings the log of decisions along."""

    @property
    def decisions(self) -> DecisionLog:
        """The log of decisions."""
        ...


class HasDecisionArchive(Protocol):
    """Whatever brings the archive along."""

    @property
    def decision_archive(self) -> DecisionArchive:
        """Decisions looked up afterwards."""
        ...
