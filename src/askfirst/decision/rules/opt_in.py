"""Rule 5: the opt-in of a message that needs one."""

from __future__ import annotations

from askfirst.decision.policy import Terms
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Pass, Rule
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.consent.stamp import Grant
from askfirst.domain.consent.standing import (
    Answer as ConsentAnswer,
)
from askfirst.domain.consent.standing import (
    EffectiveConsent,
    doubt_about,
    native_stop,
    view,
)
from askfirst.domain.values.purpose import SERVICE, Category
from askfirst.domain.values.timestamp import DAY, Instant, to_minute

_SPOKEN = {
    ConsentAnswer.WITHDRAWN: Reason.WITHDRAWN,
    ConsentAnswer.ERASED: Reason.WITHDRAWN,
    ConsentAnswer.REFUSED: Reason.REFUSED,
    ConsentAnswer.SUSPENDED: Reason.SUSPENDED,
    ConsentAnswer.UNASKED: Reason.NO_OPT_IN,
}
_IN_WORDS = {
    ConsentAnswer.GRANTED: "yes",
    ConsentAnswer.WITHDRAWN: "stopped",
    ConsentAnswer.ERASED: "stopped, and erased",
    ConsentAnswer.REFUSED: "no",
    ConsentAnswer.SUSPENDED: "suspended: the number may have a new owner",
    ConsentAnswer.UNASKED: "none",
}
_ASSURANCE_WORDS = {
    Assurance.ASSERTED: "your word for it",
    Assurance.SHOWN: "a question shown to them",
    Assurance.CONFIRMED: "a message or code from their number",
}
_PROOF_WORDS = {
    NumberProof.TYPED: "any number",
    NumberProof.VOUCHED: "a number you vouch for",
    NumberProof.PROVEN: "a proven number",
}
_OPTED_IN = Pass(Reason.OPTED_IN)


def _judge(case: Case) -> Answer:
    if case.purpose is SERVICE:
        return PASS
    reason = _objection(case)
    return Deny(reason) if reason else _OPTED_IN


def _objection(case: Case) -> Reason | None:
    facts, policy, request, purpose = case.facts, case.policy, case.request, case.purpose
    seen = view(facts.standing, purpose)
    answer = seen.answer
    if answer is not ConsentAnswer.GRANTED and answer is not ConsentAnswer.UNASKED:
        return _SPOKEN[answer]
    if facts.standing.native_stops and purpose.category is Category.MARKETING:
        sender = None if policy.native_stop_covers_business else request.sender or None
        if native_stop(facts.standing, sender):
            return Reason.NATIVE_STOPPED
    if answer is not ConsentAnswer.GRANTED:
        return Reason.NO_OPT_IN
    if facts.standing.doubt and doubt_about(facts.standing, purpose):
        return Reason.AWAITING_ANSWER
    terms = policy.terms(purpose.category, request.country)
    return _good_enough(case, seen, terms) or _idle(case, seen, terms)


def _idle(case: Case, seen: EffectiveConsent, terms: Terms) -> Reason | None:
    """Look at the last sign of the person: a yes, or a message to this sender."""
    days = terms.idle_days_max
    if not days:
        return None
    signs = [yes.mark.at for yes in seen.alive]
    last = max([*signs, case.facts.window_opened_at or Instant(0)])
    return Reason.OPT_IN_IDLE if case.now - last > days * DAY else None


def _good_enough(case: Case, seen: EffectiveConsent, terms: Terms) -> Reason | None:
    """Look at the newest yes that is sure enough of each name on the way: each has its own life.

    Where none has one, as nearly always, they are looked at together: this is every decision.
    """
    policy, purpose = case.policy, case.purpose
    if policy.topic_days.keys().isdisjoint(purpose.chain):
        return _sure_and_new(seen, terms, case.now)
    reason = _too_low(seen, terms)
    for name in purpose.chain:
        newest = _newest_yes(case, name, seen, terms)
        if newest is None:
            continue
        days = policy.life(name, terms)
        if not days or case.now - newest <= days * DAY:
            return None
        reason = Reason.OPT_IN_TOO_OLD
    return reason


def _sure_and_new(seen: EffectiveConsent, terms: Terms, now: Instant) -> Reason | None:
    sure = [yes.mark.at for yes in seen.alive if _is_sure(yes, terms)]
    if not sure:
        return _too_low(seen, terms)
    newest = max(sure)
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


def _newest_yes(case: Case, name: str, seen: EffectiveConsent, terms: Terms) -> Instant | None:
    """Find when a yes to just this purpose or topic was said last, among those that are alive."""
    scope = case.facts.standing.scopes.get(name)
    sure = (
        yes.mark.at
        for yes in (scope.yeses if scope else ())
        if _is_sure(yes, terms) and yes in seen.alive
    )
    return max(sure, default=None)


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if case.purpose is SERVICE:
        return (Fact("opt-in", "not needed for a free-form message"),)
    seen = view(case.facts.standing, case.purpose)
    answer = _IN_WORDS[seen.answer]
    if seen.since and seen.since.position:
        answer += f" since {to_minute(seen.since.at)}"
    looked = [Fact("their answer", answer)]
    newest = max(seen.alive, key=lambda yes: yes.mark, default=None)
    if newest is not None:
        looked.append(Fact("how sure", _sureness(newest.assurance, newest.number_proof)))
    if case.purpose.category is Category.MARKETING:
        looked += _stops(case)
    terms = case.policy.terms(case.purpose.category, case.request.country)
    days = case.policy.life(case.purpose.name, terms)
    age = f", {days} days old at most" if days else ""
    asks = _sureness(terms.assurance_min, terms.number_proof_min)
    looked.append(Fact("the policy asks for", f"{asks}{age}"))
    return tuple(looked)


def _stops(case: Case) -> list[Fact]:
    """Tell what else of theirs stands against marketing, where there is something."""
    sender = None if case.policy.native_stop_covers_business else case.request.sender or None
    stop = native_stop(case.facts.standing, sender)
    doubt = doubt_about(case.facts.standing, case.purpose)
    found = (("stopped in WhatsApp itself", stop), ("may have asked to stop", doubt))
    return [Fact(name, f"since {to_minute(mark.at)}") for name, mark in found if mark]


def _sureness(assurance: Assurance, proof: NumberProof) -> str:
    return f"{_ASSURANCE_WORDS[assurance]}, {_PROOF_WORDS[proof]}"


OPT_IN = Rule(
    number=5,
    name="opt-in",
    says="Not withdrawn, refused, suspended or natively stopped; granted for this purpose or its "
    "parent, surely and recently enough. Marketing also needs that no message of theirs that may "
    "be a stop waits for their answer.",
    judge=_judge,
    looks_at=_looks_at,
)
