"""The gate's look at the world: fresh, from the primary, and under a lock while a send leaves.

A stop and a send for the same contact never overlap: `hold` keeps a shared lock on the
contacts until the caller leaves the block, and `Ledger.commit` returns for a stop only after
every hold that may have seen the older state has ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from askfirst.decision.decision import Decision
from askfirst.decision.facts import Circumstances, DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.decision.traffic import Counting
from askfirst.domain.value import Value
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


class DecisionRecord(Value, frozen=True, kw_only=True):
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


class Outcome(Value, frozen=True, kw_only=True):
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
