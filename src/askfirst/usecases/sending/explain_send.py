"""Answer as `check_send` does, and say what each rule of the gate looked at and said."""

from __future__ import annotations

from askfirst.decision.explain import Explanation, explain
from askfirst.decision.question import SendRequest
from askfirst.usecases.sending.check_send import CheckSendNeeds


async def explain_send(services: CheckSendNeeds, question: SendRequest) -> Explanation:
    """Explain on fresh facts. When it fails: Unavailable is raised; the caller must not send."""
    facts = await services.gate.look(question)
    return explain(facts, services.policy, question, services.clock.now())
