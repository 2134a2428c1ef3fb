"""What a code of Meta's means, and what comes next: for the message, and for whom it went to.

Every door reads this one table: the answer to a send, a status that comes later, a message of
askfirst's own. The page docs/reference/meta-errors.md is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import Instant


class Next(StrEnum):
    """What may be done with the message."""

    RETRY = "retry"
    """Send it again soon; each wait longer than the one before."""
    DEFER = "defer"
    """Send it again, and not before a time."""
    NEVER = "never"
    """Do not send it again: the answer would be the same."""
    CORRECT = "correct"
    """Change the message or the set-up first: as it is, nobody gets it."""
    PARK = "park"
    """Let all of the kind rest until what stands against it is lifted."""


class AnswerSubject(StrEnum):
    """What an answer is about."""

    MESSAGE = "message"
    PERSON = "person"
    PAIR = "pair"
    TEMPLATE = "template"
    SENDER = "sender"
    ACCOUNT = "account"
    APP = "app"


class Effect(StrEnum):
    """What the gate knows from then on; each is a fact that one of its rules looks at."""

    NOTHING = "nothing"
    NATIVE_STOP = "native_stop"
    """The person stopped marketing with WhatsApp's own switch."""
    SUSPENSION = "suspension"
    """The number may have a new owner: every yes rests."""
    UNREACHABLE = "unreachable"
    """A day counts on which the number could not be reached. It is no stop."""
    DEFERRAL = "deferral"
    """Meta brings the person no marketing for a time."""
    HOLD_OUT = "hold_out"
    """The person is in an experiment of Meta's, and gets no marketing outside windows."""
    SLOW_PAIR = "slow_pair"
    """The sender's next message to this person waits."""
    SLOW_SENDER = "slow_sender"
    """The sender's next message waits."""
    TEMPLATE_PAUSED = "template_paused"
    """The registry has the template as paused, until Meta says otherwise."""
    TEMPLATE_DISABLED = "template_disabled"
    """The registry has the template as out of service."""
    BRAKE = "brake"
    """A brake holds what the code names, for as long as its cause says (`domain.brakes.signal`)."""


_TIMED = frozenset({Effect.DEFERRAL, Effect.HOLD_OUT, Effect.SLOW_PAIR, Effect.SLOW_SENDER})
CODE_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaAnswer:
    """One row. `wait` and `spread` are microseconds.

    `wait` is how long what `effect` says holds; up to `spread` is added, differently for each
    person, so that those who were put off together do not come back together.
    `is_surely_lost`: nobody got the message, on any device, so its place in caps is given back.
    `does` says what askfirst does, in one sentence; `source` is the page of Meta's, or whose choice
    it is.
    """

    code: int
    means: str
    subject: AnswerSubject
    next: Next
    does: str
    source: str
    effect: Effect = Effect.NOTHING
    wait: int = 0
    spread: int = 0
    is_surely_lost: bool = False

    def until(self, at: Instant, share: float) -> Instant:
        """Return until when the effect holds; `share`, from 0 to 1, spreads people."""
        return Instant(at + self.wait + round(self.spread * share))

    def __post_init__(self) -> None:
        if not 0 <= self.code <= CODE_MAX:
            raise InvalidInput("code", "must be the code of an error of Meta's")
        if (self.effect in _TIMED) != (self.wait > 0) or self.spread < 0:
            raise InvalidInput(
                "wait", "must be given for what holds for a time, and for nothing else"
            )
        if not (self.means and self.does and self.source):
            raise InvalidInput("means", "must be said, and what is done, and where it is written")
