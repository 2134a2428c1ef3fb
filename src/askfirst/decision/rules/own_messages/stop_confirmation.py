"""Rule 8 for a stop's confirmation: it waits, it holds, and Meta's window is open."""

from __future__ import annotations

from askfirst.decision.policy import WINDOW
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import STOP_CONFIRMATION_ONCE, Reservation
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Pass, Rule
from askfirst.domain.consent.stop_confirmation import CONFIRMED_WITHIN, is_in_force
from askfirst.domain.values.timestamp import Instant, to_minute


def _judge(case: Case) -> Answer:
    if case.request.kind is not MessageKind.STOP_CONFIRMATION:
        return PASS
    facts, now = case.facts, case.now
    stop, said_at = facts.stop_to_confirm, facts.stop_said_at
    if stop <= facts.confirmed_stop or now - said_at >= CONFIRMED_WITHIN:
        return Deny(Reason.NO_STOP_TO_CONFIRM)
    if not is_in_force(facts.standing, case.request.stopped):
        return Deny(Reason.NO_STOP_TO_CONFIRM)
    suspended = facts.standing.suspended
    if suspended and suspended.at >= said_at:
        return Deny(Reason.SUSPENDED)
    opened = facts.window_opened_at
    if opened is None or now - opened >= WINDOW:
        return Deny(Reason.WINDOW_CLOSED)
    once = Reservation(
        kind=STOP_CONFIRMATION_ONCE,
        key=str(stop),
        bound=1,
        ends_at=Instant(said_at + CONFIRMED_WITHIN),
        reason=Reason.NO_STOP_TO_CONFIRM,
    )
    return Pass(Reason.STOP_CONFIRMATION, (once,))


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if case.request.kind is not MessageKind.STOP_CONFIRMATION:
        return (Fact("stop confirmation", "not what this message is"),)
    facts = case.facts
    said = to_minute(facts.stop_said_at) if facts.stop_to_confirm else "none"
    is_confirmed = 0 < facts.stop_to_confirm <= facts.confirmed_stop
    return (
        Fact("newest stop in the chat", said),
        Fact("confirmed before", "yes" if is_confirmed else "no"),
    )


STOP_CONFIRMATION = Rule(
    number=8,
    name="stop confirmation",
    says="A stop that was said in the chat is confirmed once, by askfirst itself, within five "
    "minutes, while it is in force and the 24-hour window is open.",
    judge=_judge,
    looks_at=_looks_at,
)
