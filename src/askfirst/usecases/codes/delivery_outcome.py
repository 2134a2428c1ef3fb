"""What became of one attempt to bring a code to its number.

The type decides what follows: a code that was `Passed` on waits to be typed in; any failure is
followed by the next channel, and is given back its price where nothing can have been sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.decision.reason import Reason
from askfirst.usecases.sending.outbound.answers import RejectedByMeta


class Passed(StrEnum):
    """The message left; it counts as sent. Values as they stand in a request's history."""

    ACCEPTED = ""
    """Meta or the SMS provider took it; nothing is to be said of it."""
    UNKNOWN = "outcome_unknown"
    """Nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class RefusedByGate:
    """It was not sent: the gate, or the number's holder, wants no code to leave."""

    reason: Reason


class Failure(StrEnum):
    """A failure that has one cause. Values as they stand in a request's history."""

    NO_TOKEN = "no_token"  # noqa: S105 - a word for its absence
    """The sender is not registered, or has no token of Meta's."""
    NO_CONNECTION = "not_sent"
    """Meta could not be reached; nothing left."""
    UNAVAILABLE = "unavailable"
    """askfirst could not decide, or could not write down what it must."""
    SMS_NOT_SENT = "sms_not_sent"
    """The SMS provider did not take it."""
    REPORTED = "failed"
    """Meta took it and reported later, without an error code, that it failed."""
    NOT_DELIVERED = "not_delivered"
    """Nobody reported in time that it has arrived."""
    INTERRUPTED = "interrupted"
    """The process that was to send it ended before it wrote down that it had."""


DeliveryFailure = RefusedByGate | RejectedByMeta | Failure
DeliveryOutcome = Passed | DeliveryFailure


def recorded_reason(outcome: DeliveryOutcome) -> str:
    """Return the outcome as a request's history, REST answers and code events spell it."""
    match outcome:
        case RefusedByGate(reason):
            return reason.value
        case RejectedByMeta(code):
            return str(code)
        case Passed() | Failure():
            return outcome.value


def is_free(failure: DeliveryFailure) -> bool:
    """Return whether certainly nothing was sent: the gate's no, Meta's, or no line to Meta.

    Meta charges what it delivers. Of a number that wants no codes nothing is given back: what comes
    after an answer is to be the same work for it as for others.
    """
    match failure:
        case RefusedByGate(reason):
            return reason is not Reason.CODES_UNWANTED
        case RejectedByMeta(code):
            return code > 0
        case Failure.NO_TOKEN | Failure.NO_CONNECTION:
            return True
        case Failure.UNAVAILABLE | Failure.SMS_NOT_SENT | Failure.REPORTED:
            return False
        case Failure.NOT_DELIVERED | Failure.INTERRUPTED:
            return False
