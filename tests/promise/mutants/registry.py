"""Bugs in what the registry of templates says, and in what the gate makes of it."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_CHECKS = "tests/unit/decision/test_template_checks.py"

REGISTRY = (
    Mutant(
        name="the category of a template is what the request says",
        path="decision/decide.py",
        old="    return _BY_CATEGORY[facts.template.category]\n",
        new="    return question.purpose or _BY_CATEGORY[facts.template.category]\n",
        tests=(f"{_CHECKS}::test_what_the_request_calls_a_template_does_not_count",),
    ),
    Mutant(
        name="pause on change is forgotten",
        path="decision/rules/template_checks.py",
        old="        if case.policy.template_checks.refuses(flag):\n",
        new="        if flag is TemplateFlag.BECAME_MARKETING:\n"
        "            continue\n"
        "        if case.policy.template_checks.refuses(flag):\n",
        tests=(f"{_CHECKS}::test_a_template_that_became_marketing_rests_until_it_is_accepted",),
    ),
    Mutant(
        name="who accepted one change has accepted all",
        path="domain/tenants/sender.py",
        old="            and self.accepted_change != self.category_changed_at\n",
        new="            and self.accepted_change is None\n",
        tests=(f"{_CHECKS}::test_a_later_change_is_not_accepted",),
    ),
)
