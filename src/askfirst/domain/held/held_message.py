"""A held message: one that a client handed over, because it may leave only later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from askfirst.domain.consent.event import EventKind
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    DecisionId,
    HeldId,
    PhoneNumberId,
    Position,
)
from askfirst.domain.values.timestamp import DAY, Instant, parse_rfc3339

HELD_FOR: Final = DAY
"""How long a message is held where its client names no latest moment."""
HELD_FOR_MAX: Final = 7 * DAY
"""The latest moment that a client may name: what is older than that is news to nobody."""
_AS_USUAL: Final = "true"


class HeldState(StrEnum):
    """Where a held message is. All but the first two are ends, and final."""

    HELD = "held"
    LEAVING = "leaving"
    """It was allowed and is on its way out; what becomes of it is not written down yet."""
    SENT = "sent"
    """Meta took it."""
    REFUSED = "refused"
    """Decided anew, it may not leave."""
    FAILED = "failed"
    """Meta did not take it."""
    UNKNOWN = "unknown"
    """It was allowed, and nobody knows what became of it. It is not sent again."""
    EXPIRED = "expired"
    """Its latest moment came before it might leave."""
    STOPPED = "stopped"
    """The person said no while it was held."""
    CANCELLED = "cancelled"
    """The business took it back."""


OPEN: Final = frozenset({HeldState.HELD, HeldState.LEAVING})
ENDING: Final = frozenset(
    {
        EventKind.WITHDRAWN,
        EventKind.REFUSED,
        EventKind.NATIVE_STOPPED,
        EventKind.SUSPENDED,
        EventKind.ERASED,
    }
)
"""What ends the held messages of a person for good, whatever they say afterwards.

A pause and a limit only let them wait longer. What may be a stop is asked about: until it is
answered the message is refused.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """What is known of a held message beside its content.

    `reason` is what it waits for (the code of a reason of the gate's), or what ended it: such a
    code, or that of Meta's error. `position` is the place in the ledger of the decision that let it
    wait; `decision_id` names that decision, or the one that sent it. `message_id` is Meta's, sealed
    where it is kept, because it tells the number.
    """

    business_id: BusinessId
    held_id: HeldId
    contact_id: ContactId
    sender: PhoneNumberId
    purpose: str
    campaign: str
    state: HeldState
    reason: str
    decision_id: DecisionId
    position: Position
    held_at: Instant
    due_at: Instant
    expires_at: Instant
    ended_at: Instant | None = None
    message_id: str = ""

    def __post_init__(self) -> None:
        if not self.held_at < self.expires_at <= self.held_at + HELD_FOR_MAX:
            raise InvalidInput("expires_at", "must be within seven days of handing it over")
        if (self.ended_at is None) is not (self.state in OPEN):
            raise InvalidInput("ended_at", "must be given for a message that has ended, only")


def read_hold(header: str | None, field: str, now: Instant) -> Instant | Literal[0]:
    """Read until when a message may be held: `true`, or a latest moment as RFC 3339 has it.

    0: it is not to be held.

    Raises:
        InvalidInput: neither, or a moment that is past, or more than seven days away.
    """
    if not header or header.lower() == "false":
        return 0
    if header.lower() == _AS_USUAL:
        return Instant(now + HELD_FOR)
    latest = parse_rfc3339(header, field)
    if not now < latest <= now + HELD_FOR_MAX:
        raise InvalidInput(field, "must be true, or a moment within the next seven days")
    return latest
