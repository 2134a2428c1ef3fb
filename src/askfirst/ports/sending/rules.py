"""The rules of the gate, as a use case asks them.

They are pure, and there is one book of them (`decision.gate_rules`). A use case that decides is
handed it: who reads one follows a single call, and not every rule that there is.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.decision import Decision
from askfirst.decision.facts import Circumstances, DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.traffic import Counting
from askfirst.domain.consent.standing import Standing
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import Instant


class Rules(Protocol):
    """The rules, asked in their order. When one fails it is raised, and that is a no."""

    def decide(
        self, facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant, /
    ) -> Decision:
        """Decide one send; equal arguments, equal decision."""
        ...

    def decide_and_count(
        self, facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant, /
    ) -> tuple[Decision, Counting | None]:
        """Decide as `decide` does; with an allow goes how it is counted, and judged where it is."""
        ...

    def objection(
        self, facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant, /
    ) -> Reason | None:
        """Return what speaks against every message of the question's purpose, whoever sends it."""
        ...

    def decide_again(
        self,
        kept: Circumstances,
        standings: dict[ContactId, Standing],
        policy: Policy,
        question: SendRequest,
        now: Instant,
        /,
    ) -> Decision:
        """Make a decision once more, with standings that were folded anew."""
        ...


class HasRules(Protocol):
    """Whatever brings the rules of the gate along."""

    @property
    def rules(self) -> Rules:
        """The rules of the gate."""
        ...


class HasPolicy(Protocol):
    """Whatever brings the policy along."""

    @property
    def policy(self) -> Policy:
        """The policy."""
        ...
