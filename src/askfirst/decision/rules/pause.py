"""Rule 5 for pauses: the person wants nothing of the kind before a moment that they chose."""

from __future__ import annotations

from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Fact, Rule, Wait
from askfirst.domain.consent.standing import paused_until
from askfirst.domain.values.purpose import SERVICE
from askfirst.domain.values.timestamp import to_minute


def _judge(case: Case) -> Answer:
    if not case.facts.standing.pauses or case.purpose is SERVICE:
        return PASS
    until = paused_until(case.facts.standing, case.purpose, case.now)
    return PASS if until is None else Wait(until, Reason.PAUSED_BY_PERSON)


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if case.purpose is SERVICE:
        return (Fact("paused until", "a reply does not wait for it"),)
    until = paused_until(case.facts.standing, case.purpose, case.now)
    return (Fact("paused until", "not paused" if until is None else to_minute(until)),)


PAUSE = Rule(
    number=5,
    name="pause",
    says="Not paused by the person. A pause waits until the moment that they chose, and no longer.",
    judge=_judge,
    looks_at=_looks_at,
)
