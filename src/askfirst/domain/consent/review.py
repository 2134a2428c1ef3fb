"""What a person has to look at of what was written in the chat: complaints, wishes to be erased."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.opt_out.reading import About
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant

REASON_MAX: Final = 500


class ReviewOutcome(StrEnum):
    """What an operator did about it. It changes no opt-in: that is done by itself.

    There is none for an erasure, which takes the review along.
    """

    KEPT = "kept"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One message to look at. `position` is that of its event, and its id; the text is not here.

    `outcome`, `closed_at` and `reason` are set once an operator has closed it.
    """

    business_id: BusinessId
    position: Position
    contact_id: ContactId
    about: About
    said_at: Instant
    outcome: ReviewOutcome | None = None
    closed_at: Instant | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many wait, and since when the oldest does."""

    count: int
    since: Instant


def check_reason(reason: str) -> str:
    """Refuse a reason that says nothing, or too much."""
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise InvalidInput("reason", f"must be 1 to {REASON_MAX} printable characters")
    return reason
