"""The answer of the gate, as a value."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from askfirst.decision.reason import Reason
from askfirst.decision.reservation import Reservation
from askfirst.domain.values.ids import Position
from askfirst.domain.values.timestamp import Instant


class Verdict(StrEnum):
    """Allow, deny, or wait until a time."""

    ALLOW = "allow"
    DENY = "deny"
    WAIT = "wait"


class Decision(NamedTuple):
    """A verdict with its reasons, the ledger position and the policy that it rests on.

    `rule` is the number of the rule that spoke (see `decide`). `reservations` are what an allowed
    message uses up: all of them are made when the decision is written down, or it is not written.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    rule: int
    purpose: str
    position: Position
    policy_fingerprint: str
    retry_at: Instant | None = None
    reservations: tuple[Reservation, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the message may leave now."""
        return self.verdict is Verdict.ALLOW

    @property
    def reason(self) -> Reason:
        """The reason that spoke first."""
        return self.reasons[0]
