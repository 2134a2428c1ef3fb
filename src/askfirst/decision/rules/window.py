"""Rule 5 for free-form messages: an open 24-hour window instead of an opt-in."""

from __future__ import annotations

from askfirst.decision.policy import WINDOW
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Pass, Rule
from askfirst.domain.consent.standing import EVERYTHING
from askfirst.domain.values.purpose import SERVICE
from askfirst.domain.values.timestamp import to_minute


def _judge(case: Case) -> Answer:
    if case.purpose is not SERVICE or case.request.kind is MessageKind.STOP_CONFIRMATION:
        return PASS
    facts = case.facts
    opened = facts.window_opened_at
    if opened is None or case.now - opened >= WINDOW:
        return Deny(Reason.WINDOW_CLOSED)
    suspended = facts.standing.suspended
    if suspended and suspended.at >= opened:
        return Deny(Reason.SUSPENDED)
    scope = facts.standing.scopes.get(EVERYTHING)
    stop = scope.no if scope else None
    if stop is None or stop.at < opened:
        return Pass(Reason.WINDOW_OPEN)
    return Deny(Reason.WITHDRAWN)


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if case.purpose is not SERVICE:
        return (Fact("24-hour window", "not needed: this message needs an opt-in"),)
    opened = case.facts.window_opened_at
    return (Fact("they last wrote", "never" if opened is None else to_minute(opened)),)


SERVICE_WINDOW = Rule(
    number=5,
    name="window",
    says="A free-form message needs an open 24-hour window instead of an opt-in, and a stop of "
    "everything closes it until the customer writes something else.",
    judge=_judge,
    looks_at=_looks_at,
)
