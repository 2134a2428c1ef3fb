"""What the rules of the gate say of an answer: what is in force now, and what would change it."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.telling.remedy import Effect
from askfirst.domain.consent.event import Event
from askfirst.domain.values.timestamp import Instant


class EffectRules(Protocol):
    """The rules, asked of standings rather than of sends; pure."""

    def effect_of(
        self, facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant, /
    ) -> Effect:
        """Return what holds for the question's purpose, and which acts would help."""
        ...

    def is_proof_needed(
        self, event: Event, policy: Policy, question: SendRequest, now: Instant, /
    ) -> bool:
        """Return whether policy asks for more than this event alone."""
        ...


class HasEffectRules(Protocol):
    """Whatever brings along the rules that tell effects."""

    @property
    def rules(self) -> EffectRules:
        """The rules of the gate, asked of standings."""
        ...
