"""What a brake is on, and what a marketing message is counted under."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.values.errors import InvalidInput


class BrakeScope(StrEnum):
    """What kind of thing a brake is on.

    `method` is the way of the opt-in: surface and assurance, such as `signup.shown`. `list` is a
    run of up to 10,000 neighbouring imported opt-ins, named by the position it begins at.
    """

    BUSINESS = "business"
    WABA = "waba"
    SENDER = "sender"
    TEMPLATE = "template"
    CAMPAIGN = "campaign"
    METHOD = "method"
    LIST = "list"


NAME_MAX: Final = 600
"""A template's name of 512 characters, a slash and its language."""


class Subject(NamedTuple):
    """One thing that a brake can be on. `name` is empty for the whole business.

    A template is named by its name, or by its name, a slash and a language: then only that one.
    """

    scope: BrakeScope
    name: str = ""

    @property
    def key(self) -> str:
        """The subject as one text."""
        return f"{self.scope}:{self.name}"


WATCHED: Final = frozenset({BrakeScope.TEMPLATE, BrakeScope.METHOD, BrakeScope.LIST})
"""What is watched while it is new."""
JUDGED: Final = (
    BrakeScope.CAMPAIGN,
    BrakeScope.TEMPLATE,
    BrakeScope.LIST,
    BrakeScope.METHOD,
    BrakeScope.SENDER,
)
"""What is judged by what people do, the narrowest first."""
NARROW: Final = frozenset({BrakeScope.CAMPAIGN, BrakeScope.TEMPLATE, BrakeScope.LIST})


def check_subject(scope: BrakeScope, name: str) -> Subject:
    """Return a subject that an operator named; InvalidInput where it can be none."""
    if scope is BrakeScope.BUSINESS:
        if name:
            raise InvalidInput("subject", "must be empty for the whole business")
    elif not name or len(name) > NAME_MAX or not name.isprintable() or "\n" in name:
        raise InvalidInput("subject", f"must name one {scope.value}")
    return Subject(scope, name)


def read_subject(key: str) -> Subject:
    """Read a subject back from its key."""
    scope, _, name = key.partition(":")
    return Subject(BrakeScope(scope), name)
