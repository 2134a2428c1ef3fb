"""What became of a message that Meta did not answer."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.decision.decision import Decision
from askfirst.domain.values.ids import ContactId, DecisionId
from askfirst.domain.values.timestamp import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The message did not leave."""

    decision_id: DecisionId
    decision: Decision
    decided_at: Instant
    contact_id: ContactId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownOutcome:
    """The message left, and nobody knows what became of it."""

    decision_id: DecisionId
    decision: Decision
