"""May this message leave? The rules are asked in order; the first that says no, speaks.

When it fails: whoever calls treats an exception as a no.
"""

from __future__ import annotations

from typing import Final

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import Reservation
from askfirst.decision.rules.country import COUNTRY
from askfirst.decision.rules.held import HELD
from askfirst.decision.rules.limits.brakes import BRAKES, counted_subjects
from askfirst.decision.rules.limits.caps import FREQUENCY_CAP
from askfirst.decision.rules.limits.duplicate import DUPLICATE
from askfirst.decision.rules.limits.meta_limits import (
    MESSAGING_LIMIT,
    PAIR_RATE,
    THROUGHPUT,
    is_outside,
)
from askfirst.decision.rules.limits.obstacles import META_DEFERRAL, REACHABLE
from askfirst.decision.rules.message import MESSAGE
from askfirst.decision.rules.notice import NOTICE
from askfirst.decision.rules.opt_in import OPT_IN
from askfirst.decision.rules.own_messages.code_asked_for import CODE_ASKED_FOR
from askfirst.decision.rules.own_messages.preference_link import PREFERENCE_LINK
from askfirst.decision.rules.own_messages.stop_confirmation import STOP_CONFIRMATION
from askfirst.decision.rules.own_messages.stop_question import STOP_QUESTION
from askfirst.decision.rules.pause import PAUSE
from askfirst.decision.rules.quiet_hours import QUIET_HOURS
from askfirst.decision.rules.recipient import RECIPIENT
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Pass, Rule, Wait
from askfirst.decision.rules.service import SERVICE_STATE
from askfirst.decision.rules.template_checks import TEMPLATE_CHECKS
from askfirst.decision.rules.window import SERVICE_WINDOW
from askfirst.decision.traffic import Counting, Traffic, Uses
from askfirst.domain.value import replace
from askfirst.domain.values.purpose import MARKETING, SERVICE, Category, Purpose
from askfirst.domain.values.timestamp import Instant

RULES: Final = (
    RECIPIENT,
    MESSAGE,
    SERVICE_STATE,
    TEMPLATE_CHECKS,
    COUNTRY,
    OPT_IN,
    NOTICE,
    PAUSE,
    SERVICE_WINDOW,
    PREFERENCE_LINK,
    QUIET_HOURS,
    REACHABLE,
    META_DEFERRAL,
    BRAKES,
    DUPLICATE,
    FREQUENCY_CAP,
    MESSAGING_LIMIT,
    PAIR_RATE,
    THROUGHPUT,
    HELD,
    STOP_CONFIRMATION,
    STOP_QUESTION,
    CODE_ASKED_FOR,
)
"""The rules of the gate, in the order in which they are asked, and in which they are documented."""


class RuleBook:
    """Rules that are asked one after the other; exceptions where a rule gives what they lift."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._asked = tuple(rule for rule in rules if not rule.lifts)
        self._of_traffic = tuple(rule for rule in self._asked if rule.is_of_traffic)
        self._exceptions = {
            reason: tuple(rule for rule in rules if reason in rule.lifts) for reason in Reason
        }

    def judge(self, case: Case) -> Decision:
        """Walk the rules. A message without a basis is a fault of the rules, and raised."""
        number, basis = 0, None
        reservations: tuple[Reservation, ...] = ()
        for rule in self._asked:
            answer = rule.judge(case)
            if answer is PASS:
                continue
            speaks = rule
            if isinstance(answer, Deny) and self._exceptions[answer.reason]:
                speaks, answer = self._lifted(case, rule, answer)
            if not isinstance(answer, Pass):
                return _refused(case, speaks, answer)
            if answer.basis:
                number, basis = speaks.number, answer.basis
            reservations += answer.reservations
        if basis is None:
            message = "no rule names what the message rests on"
            raise RuntimeError(message)
        return Decision(
            verdict=Verdict.ALLOW,
            reasons=(basis,),
            rule=number,
            purpose=case.purpose.name,
            position=case.facts.position,
            policy_fingerprint=case.policy.fingerprint,
            reservations=reservations,
        )

    def judge_again(self, case: Case, allowed: Decision) -> Decision:
        """Judge a case that was allowed and of which nothing but the traffic is new.

        The other rules look at what they looked at before, and say what they said. Where one that
        looks at traffic has anything to say, all are walked, so that it is said as ever.
        """
        for rule in self._of_traffic:
            if rule.judge(case) is not PASS:
                return self.judge(case)
        return allowed

    def _lifted(self, case: Case, rule: Rule, denied: Deny) -> tuple[Rule, Answer]:
        for exception in self._exceptions[denied.reason]:
            answer = exception.judge(case)
            if answer is not PASS:
                return exception, answer
        return rule, denied


_RULE_BOOK: Final = RuleBook(RULES)
_OBJECTIONS: Final = RuleBook((COUNTRY, OPT_IN, NOTICE, PAUSE))


def decide(facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant) -> Decision:
    """Decide one send. Pure: equal arguments, equal decision."""
    return _RULE_BOOK.judge(case_of(facts, policy, question, now))


def decide_and_count(
    facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> tuple[Decision, Counting | None]:
    """Decide as `decide` does; with an allow goes how it is counted, and judged where it is."""
    case = case_of(facts, policy, question, now)
    decision = _RULE_BOOK.judge(case)
    if not decision.allowed:
        return decision, None

    def judge(traffic: Traffic) -> Decision:
        """Others hold the contact's lock, too: what was sent is known where it is counted."""
        if case.traffic.nearby:
            traffic = traffic._replace(nearby=case.traffic.nearby)
        fresh = replace(case, traffic=traffic)
        return _RULE_BOOK.judge_again(fresh, decision)

    return decision, Counting(_uses_of(case), judge)


def objection(
    facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> Reason | None:
    """Return what speaks against every message of the question's purpose, whoever sends it.

    Rules 4 and 5: what `decide` would say of a sender and a template that are in service.
    """
    decision = _OBJECTIONS.judge(case_of(facts, policy, question, now))
    return None if decision.allowed else decision.reason


def _uses_of(case: Case) -> Uses:
    """Return what a message is counted as, if it leaves."""
    policy, kind = case.policy, case.request.kind
    is_own, is_reply = kind is MessageKind.STOP_CONFIRMATION, case.purpose is SERVICE
    return Uses(
        is_kept=not is_own
        and (
            not is_reply
            or policy.caps.counts_replies
            or bool(policy.duplicates.span(Category.SERVICE))
        ),
        is_outside=is_outside(case),
        pair=policy.pace.pair,
        sender=policy.pace.sender,
        is_limited=case.traffic.people.limit is not None,
        counted_under=counted_subjects(case),
    )


def case_of(facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant) -> Case:
    """Put together what the rules look at."""
    purpose = purpose_of(facts, policy, question)
    return Case(facts, policy, question, purpose, now, facts.traffic)


_NEEDS_NO_YES: Final = frozenset(
    {
        MessageKind.FREE_FORM,
        MessageKind.STOP_CONFIRMATION,
        MessageKind.STOP_QUESTION,
        MessageKind.PREFERENCE_LINK,
    }
)


def purpose_of(facts: DecisionContext, policy: Policy, question: SendRequest) -> Purpose:
    """Return what the message is for: what the registry knows counts, not what the caller hopes."""
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


_BY_CATEGORY: Final = {category: Purpose(category.value) for category in Category}
_BY_CATEGORY[Category.SERVICE] = MARKETING  # no template is a service message: doubt means no


def _refused(case: Case, rule: Rule, answer: Deny | Wait) -> Decision:
    return Decision(
        verdict=Verdict.WAIT if isinstance(answer, Wait) else Verdict.DENY,
        reasons=(answer.reason,),
        rule=rule.number,
        purpose=case.purpose.name,
        position=case.facts.position,
        policy_fingerprint=case.policy.fingerprint,
        retry_at=answer.until if isinstance(answer, Wait) else None,
        said=answer.said,
    )
