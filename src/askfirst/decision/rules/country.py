"""Rule 4: whether messages reach the recipient's country."""

from __future__ import annotations

from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule
from askfirst.domain.values.purpose import Category


def _judge(case: Case) -> Answer:
    country, policy = case.request.country, case.policy
    if country in policy.embargoed:
        return Deny(Reason.COUNTRY_EMBARGOED)
    if country in policy.marketing_withheld and case.purpose.category is Category.MARKETING:
        return Deny(Reason.MARKETING_WITHHELD)
    return PASS


def _looks_at(case: Case) -> tuple[Fact, ...]:
    return (Fact("country", case.request.country or "not known"),)


COUNTRY = Rule(
    number=4,
    name="country",
    says="The recipient's country is reached; marketing is not sent where Meta withholds it.",
    judge=_judge,
    looks_at=_looks_at,
)
