"""May this message leave? The rules, in order; the first that says no, speaks.

1. The recipient resolves to one contact, is well formed, and is not the sender itself.
2. The message kind is known. A template's category comes from the live registry; an unknown
   template is marketing. A question in the chat shows the words that its buttons name.
3. Sender and template are in service. One of askfirst's own for codes that is unknown is none.
   The ledger is not behind its head and fits together, or nothing but service messages leaves.
4. The recipient's country is reached; marketing is not sent where Meta withholds it.
5. Standing: not withdrawn, refused, suspended or natively stopped; granted for this purpose or
   its parent, surely and recently enough. A free-form message needs an open 24-hour window
   instead, and a stop of everything closes it until the customer writes something else.
6. Quiet hours (later).
7. Caps, pair rate, brake (later).
8. The closed list of exceptions, each declared and none inferred from timing: the one confirmation
   of a stop that askfirst itself sends, within five minutes; one code within ten minutes of the
   holder's wish for it, where the yes is not sure or new enough for rule 5.

When it fails: whoever calls treats an exception as a no.
"""

from __future__ import annotations

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import WINDOW, Policy, Terms
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.codes.code_template import is_code_template
from askfirst.domain.consent.standing import (
    EVERYTHING,
    Answer,
    EffectiveConsent,
    Grant,
    native_stop,
    view,
)
from askfirst.domain.consent.stop_confirmation import CONFIRMED_WITHIN, is_in_force
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.sender import SenderState, TemplateState
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import MARKETING, SERVICE, Category, Purpose
from askfirst.domain.values.timestamp import DAY, MINUTE, Instant

CODE_ASKED_WITHIN = 10 * MINUTE
"""How long after it was asked for a code may follow: no code lives longer (OWASP ASVS 5.0, 6.5.5).

Choosing WhatsApp for the code is the opt-in (Meta, "Authentication best practices"). A code is
how a number becomes sure: who asked for a sure number first would ask for the code before the code.
"""

_SPOKEN = {
    Answer.WITHDRAWN: Reason.WITHDRAWN,
    Answer.ERASED: Reason.WITHDRAWN,
    Answer.REFUSED: Reason.REFUSED,
    Answer.SUSPENDED: Reason.SUSPENDED,
    Answer.UNASKED: Reason.NO_OPT_IN,
}


_NEEDS_NO_YES = frozenset({MessageKind.FREE_FORM, MessageKind.STOP_CONFIRMATION})

_OUTDONE_BY_A_WISH = frozenset(
    {Reason.ASSURANCE_TOO_LOW, Reason.NUMBER_PROOF_TOO_LOW, Reason.OPT_IN_TOO_OLD}
)
"""A yes is there, and no no: only how sure or how old it is speaks against the message."""


def decide(facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant) -> Decision:
    """Decide one send. Pure: equal arguments, equal decision."""
    purpose = purpose_of(facts, policy, question)
    if reason := _recipient(facts, question):
        return _deny(facts, policy, purpose, 1, reason)
    if reason := _message(question):
        return _deny(facts, policy, purpose, 2, reason)
    if reason := _service(facts, question) or _ledger(facts, purpose):
        return _deny(facts, policy, purpose, 3, reason)
    if reason := _country(policy, purpose, question.country):
        return _deny(facts, policy, purpose, 4, reason)
    if purpose is SERVICE:
        needs = _confirmation if question.kind is MessageKind.STOP_CONFIRMATION else _free_form
        return needs(facts, policy, question, now)
    reason = _standing(facts, policy, purpose, question, now)
    if reason in _OUTDONE_BY_A_WISH and (wish := _wish_for_code(facts, purpose, now)):
        return _allow(facts, policy, purpose, 8, Reason.CODE_ASKED_FOR, wish)
    if reason:
        return _deny(facts, policy, purpose, 5, reason)
    return _allow(facts, policy, purpose, 5, Reason.OPTED_IN)


def objection(
    facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> Reason | None:
    """Return what speaks against every message of the question's purpose, whoever sends it.

    Rules 4 and 5: what `decide` would say of a sender and a template that are in service.
    """
    purpose = purpose_of(facts, policy, question)
    reason = _country(policy, purpose, question.country)
    return reason or _standing(facts, policy, purpose, question, now)


def purpose_of(facts: DecisionContext, policy: Policy, question: SendRequest) -> Purpose:
    """Tell what the message is for: what the registry knows counts, not what the caller hopes."""
    if question.kind in _NEEDS_NO_YES:
        return SERVICE
    if question.kind is MessageKind.TEMPLATE:
        return _template_purpose(facts, policy, question.template)
    return question.purpose or MARKETING


def _template_purpose(facts: DecisionContext, policy: Policy, name: str) -> Purpose:
    if facts.template is None:
        return MARKETING
    topic = policy.templates.get(name)
    if topic is not None and topic.category is facts.template.category:
        return topic
    return _BY_CATEGORY[facts.template.category]


_BY_CATEGORY = {category: Purpose(category.value) for category in Category}
_BY_CATEGORY[Category.SERVICE] = MARKETING  # no template is a service message: doubt means no


def _recipient(facts: DecisionContext, question: SendRequest) -> Reason | None:
    if not question.recipients:
        return Reason.RECIPIENT_INVALID
    if len(facts.contacts) > 1 or (len(question.recipients) > 1 and facts.strangers):
        return Reason.RECIPIENT_CONFLICT
    if facts.sender is not None:
        own = facts.sender.digits
        for name in question.recipients:
            if name.value == own:  # a BSUID has letters: only a number can be equal
                return Reason.RECIPIENT_IS_SENDER
    return None


def _message(question: SendRequest) -> Reason | None:
    if question.kind is MessageKind.UNKNOWN:
        return Reason.MESSAGE_UNKNOWN
    return Reason.QUESTION_ALTERED if question.is_altered else None


def _service(facts: DecisionContext, question: SendRequest) -> Reason | None:
    if facts.sender is None:
        return Reason.SENDER_UNKNOWN
    if facts.sender.state is not SenderState.ACTIVE:
        return Reason.SENDER_OUT_OF_SERVICE
    if facts.template is not None and facts.template.state is not TemplateState.IN_SERVICE:
        return Reason.TEMPLATE_OUT_OF_SERVICE
    if facts.template is None and is_code_template(question.template):
        return Reason.TEMPLATE_MISSING
    return None


def _ledger(facts: DecisionContext, purpose: Purpose) -> Reason | None:
    """Hold what rests on a yes where the no that ended it may be missing."""
    if facts.ledger is LedgerState.SOUND or purpose is SERVICE:
        return None
    return Reason.LEDGER_BEHIND if facts.ledger is LedgerState.BEHIND else Reason.LEDGER_ALTERED


def _country(policy: Policy, purpose: Purpose, country: str) -> Reason | None:
    if country in policy.embargoed:
        return Reason.COUNTRY_EMBARGOED
    if country in policy.marketing_withheld and purpose.category is Category.MARKETING:
        return Reason.MARKETING_WITHHELD
    return None


def _standing(
    facts: DecisionContext, policy: Policy, purpose: Purpose, question: SendRequest, now: Instant
) -> Reason | None:
    seen = view(facts.standing, purpose)
    category = purpose.category
    if seen.answer is not Answer.GRANTED and seen.answer is not Answer.UNASKED:
        return _SPOKEN[seen.answer]
    if category is Category.MARKETING and facts.standing.native_stops:
        sender = None if policy.native_stop_covers_business else question.sender or None
        if native_stop(facts.standing, sender):
            return Reason.NATIVE_STOPPED
    if seen.answer is not Answer.GRANTED:
        return Reason.NO_OPT_IN
    return _good_enough(facts, policy, purpose, seen, question, now)


def _good_enough(
    facts: DecisionContext,
    policy: Policy,
    purpose: Purpose,
    seen: EffectiveConsent,
    question: SendRequest,
    now: Instant,
) -> Reason | None:
    """Look at the newest yes that is sure enough of each name on the way: each has its own life.

    Where none has one, as nearly always, they are looked at together: this is every decision.
    """
    terms = policy.terms(purpose.category, question.country)
    if policy.topic_days.keys().isdisjoint(purpose.chain):
        return _sure_and_new(seen, terms, now)
    reason = _too_low(seen, terms)
    for name in purpose.chain:
        newest = _newest_yes(facts, name, seen, terms)
        if newest is None:
            continue
        days = policy.life(name, terms)
        if not days or now - newest <= days * DAY:
            return None
        reason = Reason.OPT_IN_TOO_OLD
    return reason


def _sure_and_new(seen: EffectiveConsent, terms: Terms, now: Instant) -> Reason | None:
    newest = max((yes.mark.at for yes in seen.alive if _is_sure(yes, terms)), default=None)
    if newest is None:
        return _too_low(seen, terms)
    if terms.age_days_max and now - newest > terms.age_days_max * DAY:
        return Reason.OPT_IN_TOO_OLD
    return None


def _is_sure(yes: Grant, terms: Terms) -> bool:
    return yes.assurance >= terms.assurance_min and yes.number_proof >= terms.number_proof_min


def _too_low(seen: EffectiveConsent, terms: Terms) -> Reason:
    """Name what is missing; one yes must be sure in both ways."""
    if any(yes.assurance >= terms.assurance_min for yes in seen.alive):
        return Reason.NUMBER_PROOF_TOO_LOW
    return Reason.ASSURANCE_TOO_LOW


def _newest_yes(
    facts: DecisionContext, name: str, seen: EffectiveConsent, terms: Terms
) -> Instant | None:
    """Find when a yes to just this purpose or topic was said last, among those that are alive."""
    scope = facts.standing.scopes.get(name)
    sure = (
        yes.mark.at
        for yes in (scope.yeses if scope else ())
        if _is_sure(yes, terms) and yes in seen.alive
    )
    return max(sure, default=None)


def _wish_for_code(facts: DecisionContext, purpose: Purpose, now: Instant) -> Position | None:
    """Find the wish that this code would answer; a claimed one never got past a no (rule 5)."""
    if purpose.category is not Category.AUTHENTICATION or facts.template is None:
        return None
    wish = max(view(facts.standing, purpose).alive, key=lambda yes: yes.mark)
    asked = wish.mark
    if wish.surface is not Surface.CODE or now - asked.at >= CODE_ASKED_WITHIN:
        return None
    return Position(asked.position) if facts.answered_code < asked.position else None


def _free_form(facts: DecisionContext, policy: Policy, _: SendRequest, now: Instant) -> Decision:
    """Rule 5 for free-form messages: an open window, which a stop of everything closes."""
    opened = facts.window_opened_at
    if opened is None or now - opened >= WINDOW:
        return _deny(facts, policy, SERVICE, 5, Reason.WINDOW_CLOSED)
    suspended = facts.standing.suspended
    if suspended and suspended.at >= opened:
        return _deny(facts, policy, SERVICE, 5, Reason.SUSPENDED)
    scope = facts.standing.scopes.get(EVERYTHING)
    stop = scope.no if scope else None
    if stop is None or stop.at < opened:
        return _allow(facts, policy, SERVICE, 5, Reason.WINDOW_OPEN)
    return _deny(facts, policy, SERVICE, 5, Reason.WITHDRAWN)


def _confirmation(
    facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> Decision:
    """Rule 8 for a stop's confirmation: it waits, it holds, and Meta's window is open."""
    stop, said_at = facts.stop_to_confirm, facts.stop_said_at
    if stop <= facts.confirmed_stop or now - said_at >= CONFIRMED_WITHIN:
        return _deny(facts, policy, SERVICE, 8, Reason.NO_STOP_TO_CONFIRM)
    if not is_in_force(facts.standing, question.stopped):
        return _deny(facts, policy, SERVICE, 8, Reason.NO_STOP_TO_CONFIRM)
    suspended = facts.standing.suspended
    if suspended and suspended.at >= said_at:
        return _deny(facts, policy, SERVICE, 8, Reason.SUSPENDED)
    opened = facts.window_opened_at
    if opened is None or now - opened >= WINDOW:
        return _deny(facts, policy, SERVICE, 8, Reason.WINDOW_CLOSED)
    return _allow(facts, policy, SERVICE, 8, Reason.STOP_CONFIRMATION, stop)


def _deny(
    facts: DecisionContext, policy: Policy, purpose: Purpose, rule: int, reason: Reason
) -> Decision:
    return Decision(
        verdict=Verdict.DENY,
        reasons=(reason,),
        rule=rule,
        purpose=purpose.name,
        position=facts.position,
        policy_fingerprint=policy.fingerprint,
    )


def _allow(
    facts: DecisionContext,
    policy: Policy,
    purpose: Purpose,
    rule: int,
    reason: Reason,
    exception_for: Position | None = None,
) -> Decision:
    return Decision(
        verdict=Verdict.ALLOW,
        reasons=(reason,),
        rule=rule,
        purpose=purpose.name,
        position=facts.position,
        policy_fingerprint=policy.fingerprint,
        exception_for=exception_for,
    )
