"""`[template_checks]` of a policy file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from askfirst.decision.limits_file import check_table, refuse_unknown
from askfirst.decision.template_checks import CheckAction, TemplateChecks, wrong_action


def parse_template_checks(given: Any, plain: TemplateChecks) -> TemplateChecks:
    """Read `[template_checks]`; what it does not name stays as it is built in."""
    where = "policy.template_checks"
    table: Mapping[str, Any] = check_table(where, given, "[template_checks]")
    refuse_unknown(where, table, {each.name for each in fields(TemplateChecks)})
    told = {each.name: getattr(plain, each.name) for each in fields(TemplateChecks)}
    return TemplateChecks(**told | {name: _action(name, word) for name, word in table.items()})


def _action(name: str, word: Any) -> CheckAction:
    try:
        return CheckAction(word)
    except ValueError as error:
        raise wrong_action(name) from error
