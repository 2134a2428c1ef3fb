"""Answer as `check_send` does, and say what each rule of the gate looked at and said."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.telling.explanation import Explanation
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.sending.gate import HasGate
from askfirst.ports.sending.rules import HasPolicy


class ExplainingRules(Protocol):
    """The rules of the gate, asked for all that each of them says; pure."""

    def explain(
        self, facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant, /
    ) -> Explanation:
        """Decide as for a send, and say what each rule answered."""
        ...


class ExplainSendNeeds(HasClock, HasGate, HasPolicy, Protocol):
    """What this use case needs from the world."""

    @property
    def rules(self) -> ExplainingRules:
        """The rules of the gate."""
        ...


async def explain_send(services: ExplainSendNeeds, question: SendRequest) -> Explanation:
    """Explain on fresh facts. When it fails: Unavailable is raised; the caller must not send."""
    facts = await services.gate.look(question)
    return services.rules.explain(facts, services.policy, question, services.clock.now())
