"""An explanation tells what each rule looked at and said; a rule that is new needs nothing more."""

from __future__ import annotations

from typing import Any

from askfirst.decision.decide import RULES, decide
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import Deny, Fact, Rule, Wait
from askfirst.decision.telling.explain import explain
from askfirst.decision.telling.explanation import Explanation, RuleVerdict
from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from tests.properties.histories import RECORDED, arrange, event, stored
from tests.support.builders import free_form, question, sender

NOW = Instant(RECORDED + 1000)
_ONE = (ContactId("con_1"),)


def told(*events: Event, rules: tuple[Rule, ...] = RULES, **asked: Any) -> Explanation:
    """Explain a send to somebody of this history."""
    facts = DecisionContext(
        position=Position(len(events)),
        contacts=_ONE,
        standing=stored(arrange(events)),
        sender=sender(),
    )
    return explain(facts, Policy(), question(**asked), NOW, rules)


def verdicts(explanation: Explanation) -> dict[str, str]:
    return {one.rule.name: one.verdict.value for one in explanation.rules}


def facts(explanation: Explanation, rule: str) -> dict[str, str]:
    (account,) = (one for one in explanation.rules if one.rule.name == rule)
    return dict(account.facts)


YES = event(EventKind.GRANTED, 1)
CODE_YES = event(
    EventKind.GRANTED,
    1,
    purposes=("authentication",),
    assurance=Assurance.ASSERTED,
    surface=Surface.CODE,
)


def test_after_a_yes_the_opt_in_speaks_and_the_rest_pass() -> None:
    found = told(YES)
    assert found.decision.allowed
    assert verdicts(found)["opt-in"] == "spoke"
    assert verdicts(found)["pause"] == "passed"
    assert verdicts(found)["notice"] == "not_asked"
    assert facts(found, "opt-in") == {
        "their answer": "yes since 1970-01-01 00:00 UTC",
        "how sure": "a question shown to them, a number you vouch for",
        "the policy asks for": "a question shown to them, a number you vouch for, "
        "365 days old at most",
    }


def test_after_a_no_the_opt_in_speaks_and_nobody_is_asked_after_it() -> None:
    found = told(YES, event(EventKind.WITHDRAWN, 2))
    names = [one.rule.name for one in found.rules]
    spoke = names.index("opt-in")
    assert found.rules[spoke].verdict is RuleVerdict.SPOKE
    assert found.rules[spoke].reason is Reason.WITHDRAWN
    assert {one.verdict for one in found.rules[spoke + 1 :]} == {RuleVerdict.NOT_ASKED}
    assert {one.verdict for one in found.rules[:spoke]} == {RuleVerdict.PASSED}
    assert all(not one.facts for one in found.rules[spoke + 1 :])


def test_a_no_that_an_exception_lifts_gave_way() -> None:
    informed = event(EventKind.INFORMED, 1, purposes=("utility.order",))
    found = told(informed, purpose=Purpose("utility.order"))
    assert found.decision.reason is Reason.INFORMED
    assert (verdicts(found)["opt-in"], verdicts(found)["notice"]) == ("yielded", "spoke")
    assert [one.reason for one in found.rules if one.verdict is RuleVerdict.YIELDED] == [
        Reason.NO_OPT_IN
    ]


def test_a_no_in_the_words_of_an_exception_is_the_exceptions() -> None:
    informed = event(EventKind.INFORMED, 1)
    found = told(informed)
    assert found.decision.reason is Reason.NOTICE_NOT_ENOUGH
    assert (verdicts(found)["opt-in"], verdicts(found)["notice"]) == ("yielded", "spoke")


def test_an_exception_that_does_not_apply_passed() -> None:
    found = told()
    assert found.decision.reason is Reason.NO_OPT_IN
    assert (verdicts(found)["opt-in"], verdicts(found)["notice"]) == ("spoke", "passed")


def test_a_wait_says_until_when() -> None:
    until = Instant(NOW + 5)
    found = told(YES, event(EventKind.PAUSED, 2, choice=PauseUntil(until)))
    (spoke,) = (one for one in found.rules if one.verdict is RuleVerdict.SPOKE)
    assert (spoke.rule.name, spoke.retry_at) == ("pause", until)
    assert verdicts(found)["opt-in"] == "passed"


def test_other_stops_are_told_where_there_are_any() -> None:
    assert "stopped in WhatsApp itself" not in facts(told(YES), "opt-in")
    stopped = told(YES, event(EventKind.NATIVE_STOPPED, 2))
    assert facts(stopped, "opt-in")["stopped in WhatsApp itself"].startswith("since ")
    doubted = event(
        EventKind.DOUBTED, 2, number_proof=NumberProof.PROVEN, assurance=Assurance.CONFIRMED
    )
    assert facts(told(YES, doubted), "opt-in")["may have asked to stop"].startswith("since ")


def test_a_rule_that_is_new_is_explained_by_its_sentence_and_its_facts() -> None:
    full = Rule(
        number=7,
        name="moon",
        says="Nothing is sent at full moon.",
        judge=lambda case: Wait(Instant(case.now + 7), Reason.PAUSED_BY_PERSON),
        looks_at=lambda _: (Fact("moon", "full"),),
    )
    found = told(YES, rules=(*RULES, full))
    last = found.rules[-1]
    assert (last.rule.says, last.verdict) == (full.says, RuleVerdict.SPOKE)
    assert last.facts == (("moon", "full"),)
    assert (last.reason, last.retry_at) == (Reason.PAUSED_BY_PERSON, NOW + 7)


def test_two_rules_with_one_reason_do_not_both_speak() -> None:
    never = Rule(9, "never", "Nothing leaves.", lambda _: Deny(Reason.OPTED_IN), lambda _: ())
    found = told(YES, rules=(*RULES, never))
    assert [one.rule.name for one in found.rules if one.verdict is RuleVerdict.SPOKE] == ["never"]


def test_a_reply_names_when_they_last_wrote() -> None:
    asked = free_form()
    context = DecisionContext(
        position=Position(1), contacts=_ONE, sender=sender(), window_opened_at=Instant(NOW - 1)
    )
    found = explain(context, Policy(), asked, NOW)
    assert found.decision == decide(context, Policy(), asked, NOW)
    assert facts(found, "window")["they last wrote"].endswith("UTC")
    assert facts(found, "opt-in") == {"opt-in": "not needed for a free-form message"}


def test_facts_name_no_person() -> None:
    found = told(YES, CODE_YES, purpose=Purpose("authentication"))
    said = " ".join(fact.value for one in found.rules for fact in one.facts)
    assert "7700" not in said
