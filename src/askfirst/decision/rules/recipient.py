"""Rule 1: whom the message goes to."""

from __future__ import annotations

from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule


def _judge(case: Case) -> Answer:
    facts, recipients = case.facts, case.request.recipients
    if not recipients:
        return Deny(Reason.RECIPIENT_INVALID)
    if len(facts.contacts) > 1 or (len(recipients) > 1 and facts.strangers):
        return Deny(Reason.RECIPIENT_CONFLICT)
    if facts.sender is not None:
        own = facts.sender.digits
        for name in recipients:
            if name.value == own:  # a BSUID has letters: only a number can be equal
                return Deny(Reason.RECIPIENT_IS_SENDER)
    return PASS


def _looks_at(case: Case) -> tuple[Fact, ...]:
    return (
        Fact("names given", str(len(case.request.recipients))),
        Fact("contacts found", str(len(case.facts.contacts))),
    )


RECIPIENT = Rule(
    number=1,
    name="recipient",
    says="The recipient resolves to one contact, is well formed, and is not the sender itself.",
    judge=_judge,
    looks_at=_looks_at,
)
