"""Rule 3: whether something is amiss with the template, or with a campaign's reply."""

from __future__ import annotations

from typing import Final

from askfirst.decision.facts import flags_of_send
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule
from askfirst.domain.tenants.template_content import TemplateFlag

_REASONS: Final = {
    TemplateFlag.BECAME_MARKETING: Reason.TEMPLATE_BECAME_MARKETING,
    TemplateFlag.WITHOUT_STOP: Reason.TEMPLATE_WITHOUT_STOP,
    TemplateFlag.UTILITY_LIKE_AD: Reason.TEMPLATE_READS_LIKE_AD,
    TemplateFlag.REPLY_LIKE_AD: Reason.REPLY_READS_LIKE_AD,
}


def _judge(case: Case) -> Answer:
    for flag in flags_of_send(case.facts, case.request):
        if case.policy.template_checks.refuses(flag):
            return Deny(_REASONS[flag])
    return PASS


def _looks_at(case: Case) -> tuple[Fact, ...]:
    checks, template = case.policy.template_checks, case.facts.template
    looked = []
    if template is not None and template.previous_category is not None:
        looked.append(Fact("category before", template.previous_category.value))
    for flag in flags_of_send(case.facts, case.request):
        done = getattr(checks, flag.value).value
        looked.append(Fact(f"{flag.value.replace('_', ' ')} ({done})", flag.says))
    return tuple(looked) or (Fact("something amiss", "nothing found"),)


TEMPLATE_CHECKS = Rule(
    number=3,
    name="template checks",
    says="A template that Meta moved to marketing was accepted as that. What is amiss with others "
    "(a marketing template without a stop; a utility template, or a campaign's reply, that reads "
    "like an ad) is flagged or refused, as the policy says.",
    judge=_judge,
    looks_at=_looks_at,
)
