"""Rule 5 for notices: what they are worth, and what no policy can make of them."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import NoticeTerms, Policy
from askfirst.decision.policy_file import parse_policy
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.notice import NOTICE
from askfirst.decision.rules.rule import Case, Deny, Pass
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import fold
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from tests.properties.histories import arrange, event
from tests.support import builders
from tests.support.law import TIMELESS


def judged(purpose: str, policy: Policy, country: str = "GB") -> Any:
    told = event(EventKind.INFORMED, 5, purposes=(purpose,))
    facts = DecisionContext(position=Position(1), standing=fold(arrange([told])))
    question = builders.question(
        kind=MessageKind.PURPOSE, purpose=Purpose(purpose), country=country
    )
    return NOTICE.judge(Case(facts, policy, question, Purpose(purpose), Instant(6), facts.traffic))


def test_it_stands_in_for_a_yes_to_one_order() -> None:
    assert judged("utility.order", Policy()) == Pass(Reason.INFORMED)


@pytest.mark.parametrize("country", ["CO", "US", ""])
def test_it_does_not_where_the_country_asks_for_a_yes_or_is_not_known(country: str) -> None:
    assert judged("utility.order", Policy(), country) == Deny(Reason.NOTICE_NOT_ENOUGH)


@pytest.mark.parametrize("purpose", ["marketing", "authentication"])
def test_no_policy_makes_it_open_marketing(purpose: str) -> None:
    """Neither one that is written, nor one that is made past its checks."""
    with pytest.raises(InvalidInput, match="needs a yes"):
        Policy(notices=NoticeTerms(enough_for=frozenset({purpose})))
    policy = Policy()
    object.__setattr__(policy, "notices", NoticeTerms(enough_for=frozenset({purpose})))
    assert judged(purpose, policy) == Deny(Reason.NOTICE_NOT_ENOUGH)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("notices = true", "policy.notices"),
        ("[notices]\nenough = []", "policy.notices.enough"),
        ('[notices]\nenough_for = "utility"', "policy.notices.enough_for"),
        ('[notices]\nenough_for = ["marketing"]', "policy.notices.enough_for"),
        ('[notices]\nenough_for = ["utility.nothing"]', "policy.notices.enough_for"),
        ('[notices]\nnot_in = ["us"]', "policy.notices.not_in"),
    ],
)
def test_a_policy_that_is_not_understood_names_its_key(text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_policy(text, TIMELESS)
    assert refused.value.field == field


def test_a_file_changes_what_it_names() -> None:
    plain = Policy().notices
    found = parse_policy("[notices]\nenough_for = []", TIMELESS)
    assert found.notices == NoticeTerms(enough_for=frozenset(), not_in=plain.not_in)
    assert found.fingerprint != Policy().fingerprint
