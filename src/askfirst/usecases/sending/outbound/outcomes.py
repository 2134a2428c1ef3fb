"""What became of a message that Meta did not answer."""

from __future__ import annotations

from askfirst.decision.decision import Decision
from askfirst.domain.value import Value
from askfirst.domain.values.ids import ContactId, DecisionId
from askfirst.domain.values.timestamp import Instant


class Refused(Value, frozen=True, kw_only=True):
    """The message did not leave."""

    decision_id: DecisionId
    decision: Decision
    decided_at: Instant
    contact_id: ContactId | None = None


class UnknownOutcome(Value, frozen=True, kw_only=True):
    """The message left, and nobody knows what became of it."""

    decision_id: DecisionId
    decision: Decision
