"""The caps of laws: they hold beside those of the policy, and are explained by their article."""

from __future__ import annotations

from datetime import date

from askfirst.decision.countries.country_book import CountryBook
from askfirst.decision.countries.country_rules import (
    Basis,
    CapsRule,
    Confidence,
    CountryRules,
    Ground,
    Source,
)
from askfirst.decision.countries.legal_caps import legal_caps
from askfirst.decision.countries.own_hours import OwnHours
from askfirst.decision.countries.place import Place
from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.limits import Caps
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.telling.explain import explain
from askfirst.decision.traffic import SentMessage, Traffic
from askfirst.domain.consent.event import EventKind
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from tests.properties.histories import RECORDED, arrange, event, stored
from tests.support.builders import question, sender
from tests.support.law import TIMELESS

NOW = Instant(RECORDED + 1000)
WITHOUT_CAPS = Policy(caps=Caps(limits={}), law=TIMELESS, marketing_withheld=frozenset())


def book(caps: CapsRule, **changes: object) -> CountryBook:
    rules = CountryRules(
        name="Nowhere", checked_on=date(2026, 11, 28), sources={"law": Source("Law")}, caps=caps
    )
    return CountryBook(rules={"ZZ": replace(rules, **changes)})  # type: ignore[arg-type]


def made_for(basis: Basis) -> CapsRule:
    return CapsRule("Art. 1", 1, 0, Ground(basis, Confidence.LOW, ("law",)))


def sent(*hours_ago: int, policy: Policy = WITHOUT_CAPS, country: str, area: str = "") -> Decision:
    return decide(*asked(*hours_ago, policy=policy, country=country, area=area))


def asked(
    *hours_ago: int, policy: Policy, country: str, area: str = ""
) -> tuple[DecisionContext, Policy, SendRequest, Instant]:
    """Ask whether one more offer may leave, after those of so many hours ago."""
    facts = DecisionContext(
        position=Position(1),
        contacts=(ContactId("con_1"),),
        standing=stored(arrange([event(EventKind.GRANTED, 1)])),
        sender=sender(),
        traffic=Traffic(
            sent=tuple(SentMessage(Instant(NOW - ago * HOUR), "marketing") for ago in hours_ago)
        ),
    )
    place = Place(areas=(area,) if area else ())
    request = question(purpose=Purpose("marketing"), country=country, place=place)
    return facts, policy, request, NOW


def test_no_policy_widens_the_caps_of_a_law() -> None:
    decision = sent(3, country="CO")
    assert (decision.verdict, decision.reason) == (Verdict.WAIT, Reason.FREQUENCY_LAW)
    assert decision.retry_at == NOW - 3 * HOUR + DAY


def test_the_answer_names_the_article_and_how_sure_that_is() -> None:
    said = "Colombia, Ley 2300 of 2023, Art. 3 and 5 (confidence medium): 1 in a day at most."
    assert sent(3, country="CO").said == said
    by_caution = sent(1, 2, 3, country="VN").said
    assert "confidence high; made for text messages, followed by caution" in by_caution


def test_the_facts_tell_how_much_of_a_legal_cap_is_used() -> None:
    (account,) = (
        one
        for one in explain(*asked(30, 50, policy=WITHOUT_CAPS, country="AE")).rules
        if one.rule.name == "frequency cap"
    )
    law = "United Arab Emirates, Cabinet Resolution 56 of 2024 (confidence medium)"
    assert account.facts == (
        (f"marketing sent in a day, by the law: {law}", "0 of 1"),
        (f"marketing sent in 7 days, by the law: {law}", "2 of 2"),
    )


def test_a_state_has_caps_of_its_own_and_another_has_none() -> None:
    assert sent(1, 2, 3, country="US", area="US-FL").reason is Reason.FREQUENCY_LAW
    assert sent(1, 2, country="US", area="US-FL").allowed
    assert sent(1, 2, 3, country="US", area="US-CA").allowed


def test_where_the_state_is_not_known_the_caps_of_all_hold() -> None:
    areas = [cap.area for cap in legal_caps(TIMELESS, "US", (), calls=True)]
    assert areas == ["US-FL", "US-MD", "US-OK"]
    assert sent(1, 2, 3, country="US").reason is Reason.FREQUENCY_LAW


def test_members_of_a_union_keep_its_caps_beside_their_own() -> None:
    rule = made_for(Basis.MESSAGES)
    law = book(rule, members=frozenset({"FR"}))
    own = replace(law.rules["ZZ"], members=frozenset(), caps=rule._replace(day=0, week=2))
    found = legal_caps(CountryBook(rules={**law.rules, "FR": own}), "FR", (), calls=True)
    assert [(cap.cap.count, cap.cap.days) for cap in found] == [(2, 7), (1, 1)]


def test_caps_for_calls_hold_unless_the_policy_says_otherwise() -> None:
    law = book(made_for(Basis.CALLS))
    follows = replace(WITHOUT_CAPS, law=law)
    assert sent(3, policy=follows, country="ZZ").reason is Reason.FREQUENCY_LAW
    ignores = replace(follows, hours=OwnHours(follows_calls_rules=False))
    assert sent(3, policy=ignores, country="ZZ").allowed


def test_every_rule_tells_what_it_looked_at_of_every_message() -> None:
    for purpose in ("marketing", "utility", "authentication"):
        facts, policy, request, now = asked(policy=WITHOUT_CAPS, country="CO")
        request = replace(request, purpose=Purpose(purpose))
        for account in explain(facts, policy, request, now).rules:
            assert account.verdict == "not_asked" or account.facts, account.rule.name
