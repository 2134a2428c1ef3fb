"""The answer of the gate, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.decision.question import check_campaign
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import Reservation
from askfirst.domain.value import Value, replace
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import Instant

COUNTED: Final = 7
"""The number of the rules that rest on what was sent before: on counts, not on the ledger."""


class Verdict(StrEnum):
    """Allow, deny, or wait until a time."""

    ALLOW = "allow"
    DENY = "deny"
    WAIT = "wait"


class Decision(Value, frozen=True):
    """A verdict with its reasons, the ledger position and the policy that it rests on.

    `said` is what stands behind the reason, in words, where that has a name: a brake. It is told,
    and not kept.
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
    said: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the message may leave now."""
        return self.verdict is Verdict.ALLOW

    @property
    def reason(self) -> Reason:
        """The reason that spoke first."""
        return self.reasons[0]

    def denied(self, reason: Reason) -> Decision:
        """Return the no in the place of this decision."""
        return replace(
            self, verdict=Verdict.DENY, reasons=(reason,), retry_at=None, reservations=(), said=""
        )

    def waiting(self, reason: Reason, until: Instant, said: str) -> Decision:
        """Return the wait in the place of this decision, by a rule that counts."""
        return replace(
            self,
            verdict=Verdict.WAIT,
            reasons=(reason,),
            rule=COUNTED,
            retry_at=until,
            reservations=(),
            said=said,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReason:
    """Which decisions are meant: those under one label that have one reason, since a moment."""

    business_id: BusinessId
    campaign: str
    reason: Reason
    since: Instant = Instant(0)  # noqa: RUF009 - a NewType call is the value itself

    def __post_init__(self) -> None:
        check_campaign(self.campaign, "campaign")
