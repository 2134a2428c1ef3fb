"""What the gate makes of what is amiss with a template, or with a campaign's reply."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import parse_policy, read_kept_policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.telling.explain import explain
from askfirst.decision.template_checks import CheckAction, TemplateChecks
from askfirst.domain.tenants.sender import Reading, Template
from askfirst.domain.tenants.template_content import TemplateFlag
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import UTILITY, Category
from tests.support.builders import ANA, BUSINESS, SENDER, sender, template
from tests.support.clocks import NOON, at
from tests.support.law import TIMELESS

POLICY = Policy(law=TIMELESS)
STRICT = Policy(
    law=TIMELESS,
    template_checks=TemplateChecks(
        without_stop=CheckAction.REFUSE,
        utility_like_ad=CheckAction.REFUSE,
        reply_like_ad=CheckAction.REFUSE,
    ),
)
MOVED: dict[str, Any] = {"previous_category": Category.UTILITY, "category_changed_at": at(5)}
ADVERTISES = Reading(has_stop=False, is_advertising=True)


def asked(known: Template | None, policy: Policy = POLICY, **parts: object) -> Decision:
    return decide(facts(known), policy, question(**parts), NOON)


def facts(known: Template | None) -> DecisionContext:
    return DecisionContext(
        position=Position(1), sender=sender(), template=known, window_opened_at=NOON
    )


def question(**parts: object) -> SendRequest:
    given: dict[str, object] = {"kind": MessageKind.TEMPLATE, "template": "offer"}
    given |= {"language": "en", "business_id": BUSINESS, "sender": SENDER}
    given |= {"recipients": (ANA,), "country": "GB"}
    return SendRequest(**(given | parts))  # type: ignore[arg-type]


def test_what_the_request_calls_a_template_does_not_count() -> None:
    decision = asked(template(), purpose=UTILITY)
    assert decision.purpose == "marketing"


def test_a_template_that_became_marketing_rests_until_it_is_accepted() -> None:
    assert asked(template(**MOVED)).reason is Reason.TEMPLATE_BECAME_MARKETING
    accepted = template(**MOVED, accepted_change=at(5))
    assert asked(accepted).reason is Reason.NO_OPT_IN


def test_a_later_change_is_not_accepted() -> None:
    again = template(**MOVED | {"category_changed_at": at(9)}, accepted_change=at(5))
    assert asked(again).reason is Reason.TEMPLATE_BECAME_MARKETING


@pytest.mark.parametrize(
    "known",
    [
        template(),
        template(previous_category=Category.UTILITY),
        template(**MOVED | {"previous_category": Category.MARKETING}),
        template(**MOVED, category=Category.UTILITY),
    ],
)
def test_only_a_change_to_marketing_that_was_seen_pauses(known: Template) -> None:
    assert asked(known).reason is Reason.NO_OPT_IN


def test_what_the_policy_refuses_is_refused_and_by_default_it_warns() -> None:
    cases = {
        Reason.TEMPLATE_WITHOUT_STOP: template(reading=ADVERTISES),
        Reason.TEMPLATE_READS_LIKE_AD: template(category=Category.UTILITY, reading=ADVERTISES),
    }
    for reason, known in cases.items():
        assert asked(known, STRICT).reason is reason
        assert asked(known).reason is Reason.NO_OPT_IN


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"campaign": "spring", "reads_like_ad": True}, Reason.REPLY_READS_LIKE_AD),
        ({"campaign": "", "reads_like_ad": True}, Reason.NO_OPT_IN),
        ({"campaign": "spring", "reads_like_ad": False}, Reason.NO_OPT_IN),
    ],
)
def test_a_reply_is_looked_at_in_a_campaign_only(parts: dict[str, object], reason: Reason) -> None:
    reply = {"kind": MessageKind.FREE_FORM, "template": "", "language": ""}
    decision = asked(None, STRICT, **reply | parts)
    assert (decision.reason is reason) == (reason is Reason.REPLY_READS_LIKE_AD)


def test_an_explanation_says_what_is_amiss_and_what_is_done_about_it() -> None:
    told = explain(facts(template(**MOVED, reading=ADVERTISES)), POLICY, question(), NOON)
    (account,) = (one for one in told.rules if one.rule.name == "template checks")
    assert dict(account.facts) == {
        "category before": "utility",
        "became marketing (pause)": TemplateFlag.BECAME_MARKETING.says,
        "without stop (warn)": TemplateFlag.WITHOUT_STOP.says,
    }


def test_the_policy_file_says_what_is_done_and_is_kept() -> None:
    policy = parse_policy('[template_checks]\nwithout_stop = "refuse"\n', TIMELESS)
    assert policy.template_checks == TemplateChecks(without_stop=CheckAction.REFUSE)
    kept = read_kept_policy(policy.canonical, None)
    assert kept.template_checks == policy.template_checks


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ('without_stop = "pause"', "warn or refuse"),
        ('became_marketing = "refuse"', "warn or pause"),
        ("without_stop = true", "warn or refuse"),
        ('without_stop = "off"', "warn or refuse"),
    ],
)
def test_a_word_that_is_none_is_refused_by_the_name_of_its_key(line: str, right: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_policy(f"[template_checks]\n{line}\n", TIMELESS)
    assert refused.value.field == "policy.template_checks." + line.split(" ", maxsplit=1)[0]
    assert refused.value.message == f"must be {right}"


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput):
        parse_policy('[template_checks]\nwithout_a_stop = "warn"\n', TIMELESS)
