"""What the policy makes of what is amiss with a template, or with a campaign's reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from askfirst.decision.limits_file import check_table, refuse_unknown
from askfirst.domain.tenants.template_content import TemplateFlag
from askfirst.domain.values.errors import InvalidInput


class CheckAction(StrEnum):
    """What follows.

    `warn`: the message leaves, and it is told. `refuse`: it does not leave. `pause`: nothing is
    made from the template until an operator accepts what Meta did.
    """

    WARN = "warn"
    REFUSE = "refuse"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChecks:
    """What is done about each flag.

    A template that Meta moves to marketing is paused: it was written as a message that people wait
    for, and who would get it as an offer, at an offer's price, is for somebody to decide. The
    others are told and no more: Meta asks for no stop button, a typed stop counts without one, and
    how words read is a judgment that may be wrong; a gate that refused by it would hold up the
    campaigns of a business on the day it comes to askfirst.
    """

    became_marketing: CheckAction = CheckAction.PAUSE
    without_stop: CheckAction = CheckAction.WARN
    utility_like_ad: CheckAction = CheckAction.WARN
    reply_like_ad: CheckAction = CheckAction.WARN

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name))

    def refuses(self, flag: TemplateFlag) -> bool:
        """Return whether a message with this flag stays here."""
        action: CheckAction = getattr(self, flag.value)
        return action is not CheckAction.WARN


_PAUSABLE: Final = TemplateFlag.BECAME_MARKETING.value


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
        raise _wrong(name) from error


def _check(name: str, action: CheckAction) -> None:
    if action not in _allowed(name):
        raise _wrong(name)


def _allowed(name: str) -> tuple[CheckAction, ...]:
    stops = CheckAction.PAUSE if name == _PAUSABLE else CheckAction.REFUSE
    return (CheckAction.WARN, stops)


def _wrong(name: str) -> InvalidInput:
    return InvalidInput(f"policy.template_checks.{name}", "must be " + " or ".join(_allowed(name)))
