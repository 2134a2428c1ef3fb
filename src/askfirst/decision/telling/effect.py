"""What a person's answer amounts to: may messages be sent now, and if not, what would change that.

Nothing is decided here: each question is put to `objection`, that is to the rules of `decide`, of
the standing as it is, and as it would be after one more act.
"""

from __future__ import annotations

from typing import Final

from askfirst.decision.decide import objection
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.telling.remedy import Effect, Remedy
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import NOTHING_SAID, step
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, EventId, Position
from askfirst.domain.values.timestamp import SECOND, Instant

_ACTS: Final = {
    Remedy.VOUCH: (EventKind.CONFIRMED, Assurance.ASSERTED, NumberProof.VOUCHED),
    Remedy.ASK: (EventKind.GRANTED, Assurance.SHOWN, NumberProof.VOUCHED),
    Remedy.CONFIRM_IN_WHATSAPP: (EventKind.GRANTED, Assurance.CONFIRMED, NumberProof.PROVEN),
    Remedy.RESUME_IN_WHATSAPP: (EventKind.NATIVE_RESUMED, Assurance.CONFIRMED, NumberProof.PROVEN),
}
_TOO_UNSURE: Final = frozenset({Reason.ASSURANCE_TOO_LOW, Reason.NUMBER_PROOF_TOO_LOW})


def effect_of(
    facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> Effect:
    """Return what holds for the question's purpose, and which acts would help.

    Each remedy alone would be enough; where none is, each of them ends what is named as the reason.
    """
    purpose = question.purpose
    if purpose is None:
        message = "an effect is that on one purpose"
        raise ValueError(message)
    reason = objection(facts, policy, question, now)
    if reason is None:
        return Effect(purpose=purpose, reason=None)
    after = {remedy: _after(remedy, facts, policy, question, now) for remedy in Remedy}
    enough = tuple(remedy for remedy, left in after.items() if left is None)
    helpful = tuple(remedy for remedy, left in after.items() if left is not reason)
    return Effect(purpose=purpose, reason=reason, remedies=enough or helpful)


def is_proof_needed(event: Event, policy: Policy, question: SendRequest, now: Instant) -> bool:
    """Return whether policy asks for more than this event alone: it says nothing of its contact.

    So it may be told to whoever typed the number.
    """
    facts = DecisionContext(position=event.position, standing=step(NOTHING_SAID, event))
    return objection(facts, policy, question, now) in _TOO_UNSURE


def _after(
    remedy: Remedy, facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> Reason | None:
    """Return what would still speak against it after the act, a moment from now."""
    kind, assurance, proof = _ACTS[remedy]
    soon = Instant(now + SECOND)
    act = Event(
        event_id=EventId(""),
        business_id=question.business_id,
        contact_id=ContactId(""),
        position=Position(facts.standing.through + 1),
        kind=kind,
        occurred_at=soon,
        recorded_at=soon,
        source=Source.API,
        surface=Surface.API,
        purposes=(question.purpose.name,) if question.purpose else (),
        assurance=assurance,
        number_proof=proof,
    )
    standing = step(facts.standing, act)
    return objection(replace(facts, standing=standing), policy, question, soon)
