"""What the policy makes of what is amiss with a template, or with a campaign's reply."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

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


def _check(name: str, action: CheckAction) -> None:
    if action not in _allowed(name):
        raise wrong_action(name)


def _allowed(name: str) -> tuple[CheckAction, ...]:
    stops = CheckAction.PAUSE if name == _PAUSABLE else CheckAction.REFUSE
    return (CheckAction.WARN, stops)


def wrong_action(name: str) -> InvalidInput:
    """Return the error that says which actions a flag may have."""
    return InvalidInput(f"policy.template_checks.{name}", "must be " + " or ".join(_allowed(name)))
