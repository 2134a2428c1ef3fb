"""How rules are asked one after the other."""

from __future__ import annotations

import pytest

from askfirst.decision.decide import RULES, RuleBook
from askfirst.decision.decision import Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Pass, Rule, Wait
from askfirst.decision.traffic import NO_TRAFFIC
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import MARKETING
from tests.support import builders
from tests.support.clocks import NOON, at

CASE = Case(
    DecisionContext(position=Position(9)),
    Policy(),
    builders.question(),
    MARKETING,
    NOON,
    NO_TRAFFIC,
)
OPTED_IN = Pass(Reason.OPTED_IN)
TOO_OLD = Deny(Reason.OPT_IN_TOO_OLD)


def rule(number: int, answer: Answer, *lifts: Reason) -> Rule:
    return Rule(number, f"rule {number}", "", lambda _: answer, lambda _: (), frozenset(lifts))


def exception(answer: Answer) -> Rule:
    return rule(8, answer, Reason.OPT_IN_TOO_OLD)


def test_the_first_that_says_no_speaks() -> None:
    rules = rule(1, PASS), rule(2, Deny(Reason.REFUSED)), rule(3, Deny(Reason.WITHDRAWN))
    decision = RuleBook(rules).judge(CASE)
    assert (decision.verdict, decision.rule) == (Verdict.DENY, 2)
    assert decision.reasons == (Reason.REFUSED,)


def test_a_rule_may_say_wait() -> None:
    later = Wait(at(60), Reason.WINDOW_CLOSED)
    decision = RuleBook((rule(5, OPTED_IN), rule(6, later))).judge(CASE)
    assert (decision.verdict, decision.retry_at) == (Verdict.WAIT, at(60))
    assert (decision.rule, decision.reason) == (6, Reason.WINDOW_CLOSED)
    assert not decision.allowed


def test_what_the_message_rests_on_is_the_reason_though_later_rules_pass() -> None:
    decision = RuleBook((rule(5, OPTED_IN), rule(6, PASS), rule(7, Pass()))).judge(CASE)
    assert decision.allowed
    assert (decision.rule, decision.reason) == (5, Reason.OPTED_IN)


def test_without_a_basis_nothing_leaves() -> None:
    with pytest.raises(RuntimeError):
        RuleBook((rule(1, PASS), rule(2, Pass()))).judge(CASE)


def test_an_exception_stands_in_the_place_of_the_no_that_it_names() -> None:
    rules = rule(5, TOO_OLD), exception(Pass(Reason.CODE_ASKED_FOR))
    decision = RuleBook(rules).judge(CASE)
    assert decision.allowed
    assert (decision.rule, decision.reason) == (8, Reason.CODE_ASKED_FOR)


def test_an_exception_stands_in_the_place_of_no_other_no() -> None:
    rules = rule(5, Deny(Reason.WITHDRAWN)), exception(Pass(Reason.CODE_ASKED_FOR))
    assert RuleBook(rules).judge(CASE).reason is Reason.WITHDRAWN


def test_an_exception_that_does_not_apply_leaves_the_no_as_it_is() -> None:
    decision = RuleBook((rule(5, TOO_OLD), exception(PASS))).judge(CASE)
    assert (decision.rule, decision.reason) == (5, Reason.OPT_IN_TOO_OLD)


def test_an_exception_from_one_rule_is_none_from_the_next() -> None:
    later = rule(7, Deny(Reason.PERMIT_EXPIRED))
    rules = rule(5, TOO_OLD), later, exception(Pass(Reason.CODE_ASKED_FOR))
    decision = RuleBook(rules).judge(CASE)
    assert (decision.rule, decision.reason) == (7, Reason.PERMIT_EXPIRED)


def test_an_exception_is_asked_for_nothing_where_no_rule_says_no() -> None:
    rules = rule(5, OPTED_IN), exception(Deny(Reason.REFUSED))
    assert RuleBook(rules).judge(CASE).reason is Reason.OPTED_IN


def test_of_several_exceptions_the_first_that_speaks_counts() -> None:
    answers = (PASS, Deny(Reason.NOTICE_NOT_ENOUGH), Pass(Reason.CODE_ASKED_FOR))
    exceptions = tuple(exception(answer) for answer in answers)
    decision = RuleBook((rule(5, TOO_OLD), *exceptions)).judge(CASE)
    assert (decision.allowed, decision.reason) == (False, Reason.NOTICE_NOT_ENOUGH)


def test_the_numbers_of_the_rules_rise_and_each_has_its_own_name() -> None:
    numbers = [one.number for one in RULES]
    assert numbers == sorted(numbers)
    assert len({one.name for one in RULES}) == len(RULES)
