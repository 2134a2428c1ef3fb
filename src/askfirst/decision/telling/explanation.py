"""What each rule of the gate looked at and said, beside the decision that came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from askfirst.decision.decision import Decision
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import Fact, Rule
from askfirst.domain.values.timestamp import Instant


class RuleVerdict(StrEnum):
    """What one rule had to say."""

    PASSED = "passed"
    """Nothing speaks against the message here; of an exception: it does not apply."""
    SPOKE = "spoke"
    """Its reason is that of the decision."""
    YIELDED = "yielded"
    """It said no, and an exception spoke in its place."""
    NOT_ASKED = "not_asked"
    """A rule before it spoke, or it is an exception to something that nobody said."""


class RuleAccount(NamedTuple):
    """One rule in the order of the rules; of one that was not asked there are no facts.

    `reason` is what it said, whether the decision follows it or not; `retry_at` goes with a wait.
    """

    rule: Rule
    verdict: RuleVerdict
    facts: tuple[Fact, ...] = ()
    reason: Reason | None = None
    retry_at: Instant | None = None


class Explanation(NamedTuple):
    """The decision, and the whole chain of rules that led to it."""

    decision: Decision
    rules: tuple[RuleAccount, ...]
