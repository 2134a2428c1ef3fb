"""Answer whether a message may leave, without sending it. An answer is not a permit."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.decision import Decision
from askfirst.decision.question import SendRequest
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.sending.gate import HasGate
from askfirst.ports.sending.rules import HasPolicy, HasRules


class CheckSendNeeds(HasClock, HasGate, HasPolicy, HasRules, Protocol):
    """What this use case needs from the world."""


async def check_send(services: CheckSendNeeds, question: SendRequest) -> Decision:
    """Decide on fresh facts. When it fails: Unavailable is raised; the caller must not send."""
    facts = await services.gate.look(question)
    return services.rules.decide(facts, services.policy, question, services.clock.now())
