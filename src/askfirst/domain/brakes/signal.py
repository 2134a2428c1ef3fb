"""What Meta, or an operator, says that sets a brake or lifts one: a brake of just what it names.

Sources: Meta, "Error codes", "Messaging limits", and the webhooks `account_update`,
`account_alerts`, `message_template_quality_update` and `phone_number_quality_update`. Where Meta
gives no end, a time is chosen after which a try tells: it is renewed where Meta still refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from askfirst.domain.brakes.brake import PROBATION, Cause, Colour, Hold
from askfirst.domain.brakes.subject import BrakeScope, Subject
from askfirst.domain.values.timestamp import DAY, HOUR, Instant


class Signal(NamedTuple):
    """A brake to be set, or, where `colour` is None, to be lifted whatever it holds.

    `until` None: by nobody but whoever says so. `by` and `reason` are an operator's.
    """

    subject: Subject
    cause: Cause
    colour: Colour | None
    holds: Hold = Hold.MARKETING
    until: Instant | None = None
    detail: str = ""
    by: str = ""
    reason: str = ""


class _Rule(NamedTuple):
    scope: BrakeScope
    cause: Cause
    colour: Colour
    holds: Hold
    span: int | None


BRAKING_CODES: Final = {
    131048: _Rule(BrakeScope.SENDER, Cause.SPAM_LIMIT, Colour.RED, Hold.MARKETING, PROBATION),
    131064: _Rule(BrakeScope.WABA, Cause.CLASSIFICATION, Colour.RESTRICTED, Hold.STARTED, DAY),
    368: _Rule(BrakeScope.WABA, Cause.POLICY_BLOCK, Colour.RESTRICTED, Hold.EVERYTHING, None),
    131031: _Rule(BrakeScope.WABA, Cause.ACCOUNT_LOCKED, Colour.RESTRICTED, Hold.EVERYTHING, None),
    131042: _Rule(BrakeScope.WABA, Cause.PAYMENT, Colour.RESTRICTED, Hold.EVERYTHING, HOUR),
}
"""Meta's error codes that tell of an account or a sender, and not of one message."""


def signals_of_codes(
    codes: Iterable[int], sender: str | None, waba: str | None, now: Instant
) -> tuple[Signal, ...]:
    """Read the error codes of a send; most tell of the message, and set no brake."""
    found = []
    for code in codes:
        rule = BRAKING_CODES.get(code)
        if rule is None:
            continue
        name = sender if rule.scope is BrakeScope.SENDER else waba
        if name:
            found.append(
                Signal(
                    Subject(rule.scope, name),
                    rule.cause,
                    rule.colour,
                    rule.holds,
                    Instant(now + rule.span) if rule.span else None,
                    f"Meta answered with error {code}",
                )
            )
    return tuple(found)


def quality_signal(subject: Subject, word: str) -> Signal | None:
    """Read Meta's rating of a sender or template; None where it says nothing of use.

    It lifts nothing by time: the next rating does.
    """
    match word.upper():
        case "YELLOW":
            colour = Colour.YELLOW
        case "RED":
            colour = Colour.RED
        case "GREEN":
            return Signal(subject, Cause.QUALITY, None, detail="Meta rates it GREEN")
        case _:
            return None
    return Signal(subject, Cause.QUALITY, colour, detail=f"Meta rates it {word.upper()}")


_RESTRICTIONS: Final = {
    "RESTRICTED_BIZ_INITIATED_MESSAGING": Hold.STARTED,
    "RESTRICTED_CUSTOMER_INITIATED_MESSAGING": Hold.REPLIES,
    "RESTRICTED_UTILITY_TEMPLATES": Hold.UTILITY,
    "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES": Hold.DIRECT_UTILITY,
}
"""Meta's `restriction_type`; those about calls and new numbers hold no message."""


def restriction_signal(waba: str, kind: str, until: Instant | None) -> Signal | None:
    """Read one restriction of an account; None where it is about no message."""
    holds = _RESTRICTIONS.get(kind)
    if holds is None:
        return None
    where = Subject(BrakeScope.WABA, waba)
    detail = f"Meta restricts the account: {kind}"
    return Signal(where, Cause.RESTRICTION, Colour.RESTRICTED, holds, until, detail)


def violation_signal(waba: str, kind: str, now: Instant) -> Signal:
    """Read Meta's notice of a violation: a warning, so marketing is halved for a time."""
    where, until = Subject(BrakeScope.WABA, waba), Instant(now + 7 * DAY)
    detail = f"Meta sees a violation: {kind or 'of no stated kind'}"
    return Signal(where, Cause.VIOLATION, Colour.YELLOW, until=until, detail=detail)


def disabled_signal(waba: str, state: str) -> Signal | None:
    """Read the state of a ban."""
    where = Subject(BrakeScope.WABA, waba)
    match state:
        case "DISABLE":
            return Signal(
                where,
                Cause.DISABLED,
                Colour.RESTRICTED,
                Hold.EVERYTHING,
                detail="Meta disabled the account",
            )
        case "SCHEDULE_FOR_DISABLE":
            detail = "Meta is about to disable the account"
            return Signal(where, Cause.DISABLED, Colour.RED, detail=detail)
        case "REINSTATE":
            return Signal(where, Cause.DISABLED, None, detail="Meta reinstated the account")
        case _:
            return None


def alert_signal(subject: Subject, severity: str, status: str, kind: str) -> Signal | None:
    """Read an alert: one that is critical halves marketing until Meta takes it back."""
    if status == "NONE":
        return Signal(subject, Cause.ALERT, None, detail=f"Meta took back its alert {kind}")
    if severity != "CRITICAL":
        return None
    return Signal(subject, Cause.ALERT, Colour.YELLOW, detail=f"Meta's alert: {kind}")
