"""What happened to a request for a code, as a business's own server is told of it.

Nothing in it is about the person: no number, not even a masked one, no code, no address. All of it
follows from the lines of the history up to this one, so however often it is told, it says the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from askfirst.domain.codes.code import Channel, Code, StatusKind
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.timestamp import DAY, HOUR, SECOND, Instant

TOLD_FOR: Final = DAY
"""What nobody has taken for so long is not told any more; what came after it goes on."""
TELL_AGAIN_AFTER: Final = 5 * SECOND
TELL_AGAIN_AFTER_MAX: Final = HOUR

_STATES: Final = {StatusKind.APPROVED: "approved", StatusKind.CANCELLED: "cancelled"}


class EventFate(StrEnum):
    """What became of telling something."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEvent:
    """One line of a request's history. `number` says which code of the request it is about.

    `state` is that of the request once this had happened: waiting, approved or cancelled.
    """

    event_id: str
    business_id: BusinessId
    code_id: CodeId
    what: StatusKind
    channel: Channel
    number: int
    at: Instant
    reason: str
    purpose: str
    state: str
    reference: str = field(default="", repr=False)


def code_event(code: Code, place: int) -> CodeEvent:
    """Make the event of a line of the history, counted from 0.

    Lines are only ever added, so its place names it for good.
    """
    line = code.history[place]
    return CodeEvent(
        event_id=f"{code.code_id}:{place + 1}:{line.what.value}",
        business_id=code.business_id,
        code_id=code.code_id,
        what=line.what,
        channel=line.channel,
        number=line.number,
        at=line.at,
        reason=line.reason,
        purpose=code.purpose,
        state=_state_after(code, place),
        reference=code.reference,
    )


def wait_to_tell_again(age: int) -> int:
    """Return how long to wait after a failure: as long again as the event is old.

    So each wait is twice the one before; five seconds at least, an hour at most.
    """
    return min(max(age, TELL_AGAIN_AFTER), TELL_AGAIN_AFTER_MAX)


def _state_after(code: Code, place: int) -> str:
    ends = (_STATES[line.what] for line in code.history[: place + 1] if line.what in _STATES)
    return next(ends, "waiting")
