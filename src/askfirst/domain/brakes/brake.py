"""A brake: a hold on what a business sends, with its cause and its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.brakes.subject import Subject
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BrakeChangeId, BrakeId, BusinessId
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, Instant

PROBATION: Final = DAY
"""How long red holds before it eases to yellow, and yellow before it is looked at again."""
WATCHED_SENDS: Final = 200
"""How many marketing messages something new may send before people had time to answer."""
WATCH_REST: Final = HOUR
"""How long it then rests at least. Meta decides on paced templates within an hour (p99)."""
WATCH_REST_MAX: Final = DAY
WATCH_DELIVERED_MIN: Final = 100
"""How many must be known to have arrived before the rest may end early."""
REASON_MAX: Final = 500
_NAME_MAX: Final = 100


class Colour(StrEnum):
    """How hard a brake holds. `yellow` lets half of the people have marketing each day."""

    YELLOW = "yellow"
    RED = "red"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """The harder, the higher."""
        return _RANKS[self]


_RANKS: Final = {Colour.YELLOW: 1, Colour.RED: 2, Colour.RESTRICTED: 3}


class Hold(StrEnum):
    """Which messages a brake is about, and no others.

    `started`: all but replies in the 24-hour window. `replies`: only those.
    """

    MARKETING = "marketing"
    EVERYTHING = "everything"
    STARTED = "started"
    REPLIES = "replies"
    UTILITY = "utility"
    DIRECT_UTILITY = "direct_utility"


class Cause(StrEnum):
    """Why there is a brake: what people do, newness, what Meta says, or somebody's hand."""

    STOPS = "stops"
    NATIVE_STOPS = "native_stops"
    COMPLAINTS = "complaints"
    BLOCKS = "blocks"
    READS = "reads"
    NEW = "new"
    QUALITY = "quality"
    ALERT = "alert"
    VIOLATION = "violation"
    RESTRICTION = "restriction"
    DISABLED = "disabled"
    SPAM_LIMIT = "spam_limit"
    CLASSIFICATION = "classification"
    POLICY_BLOCK = "policy_block"
    ACCOUNT_LOCKED = "account_locked"
    PAYMENT = "payment"
    HAND = "hand"

    @property
    def is_counted(self) -> bool:
        """Whether it was counted from what people do."""
        return self in _COUNTED


_COUNTED: Final = frozenset(
    {Cause.STOPS, Cause.NATIVE_STOPS, Cause.COMPLAINTS, Cause.BLOCKS, Cause.READS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """A brake that is on, or was.

    `lifts_at` None: it does not lift by time. `detail` is what it rests on, in words without a
    person; `set_by` and `reason` are an operator's. There is one of each subject, cause and hold.
    """

    business_id: BusinessId
    brake_id: BrakeId
    subject: Subject
    holds: Hold
    colour: Colour
    cause: Cause
    since: Instant
    lifts_at: Instant | None = None
    detail: str = ""
    set_by: str = ""
    reason: str = ""
    lifted_at: Instant | None = None

    def __post_init__(self) -> None:
        if self.colour is Colour.YELLOW and self.holds is not Hold.MARKETING:
            raise InvalidInput("holds", "must be marketing where the colour is yellow")

    def colour_at(self, now: Instant) -> Colour | None:
        """Return how hard it holds at a moment; None: not any more.

        What people do is judged anew before red lets everything through, so it eases to yellow.
        """
        if self.lifts_at is None or now < self.lifts_at:
            return self.colour
        if self.cause.is_counted:
            return Colour.YELLOW
        return None

    def retry_at(self, now: Instant) -> Instant | None:
        """Return when it makes sense to ask again; None: nobody knows."""
        if self.cause is Cause.NEW:
            first = Instant(self.since + WATCH_REST)
            soon = first if now < first else Instant(now + 15 * MINUTE)
            return min(soon, self.lifts_at) if self.lifts_at else soon
        return self.lifts_at


class BrakeStep(StrEnum):
    """What happened to a brake."""

    SET = "set"
    RAISED = "raised"
    EASED = "eased"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrakeChange:
    """One thing that happened to a brake, which is as it was right after it.

    `by` is an operator's name, empty where a rule did it; `reason` is theirs or the rule's.
    """

    change_id: BrakeChangeId
    brake: Brake
    step: BrakeStep
    at: Instant
    by: str = ""
    reason: str = ""


def check_operator(name: str) -> str:
    """Refuse the name of an operator that names nobody: a refusal tells it."""
    if not name.strip() or len(name) > _NAME_MAX or not name.isprintable():
        raise InvalidInput("by", f"must be 1 to {_NAME_MAX} printable characters")
    return name.strip()


def check_reason(reason: str) -> str:
    """Refuse a reason that says nothing, or too much."""
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise InvalidInput("reason", f"must be 1 to {REASON_MAX} printable characters")
    return reason.strip()
