"""What an allowed message uses up: counted in the transaction that writes its decision down.

A lock that many share cannot count: two sends that hold it see the same number. One transaction
after the other can.
"""

from __future__ import annotations

import re

from askfirst.decision.reason import Reason
from askfirst.domain.value import Value
from askfirst.domain.values.timestamp import Instant

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


class Reservation(Value, frozen=True, kw_only=True):
    """One use of something of which there is only so much.

    `kind` says what is counted, `key` of whom or what, in visible ASCII, by ids and never by a
    number: at most `bound` decisions of a business hold a reservation under one kind and key.
    `ends_at` is when the count may be forgotten; `reason` is what is said where nothing is left.
    """

    kind: str
    key: str
    bound: int
    ends_at: Instant
    reason: Reason

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.kind) or not _KEY.fullmatch(self.key) or self.bound < 1:
            message = "a reservation has a kind, a key and a bound of at least 1"
            raise ValueError(message)


STOP_CONFIRMATION_ONCE = "stop_confirmation"
"""Kind of the one confirmation of a stop; the key is the stop's position."""
STOP_QUESTION_ONCE = "stop_question"
"""Kind of the one question about what may be a stop; the key is the position it began with."""
PREFERENCE_LINK_ONCE = "preference_link"
"""Kind of the one preference link of a day; the key is the contact and the day."""
HELD_ONCE = "held_message"
"""Kind of the one try at a held message; the key is its id."""
CODE_ONCE = "code"
"""Kind of the one code that answers a wish; the key is the wish's position."""
