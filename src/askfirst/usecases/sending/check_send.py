"""Answer whether a message may leave, without sending it. An answer is not a permit."""

from __future__ import annotations

from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision
from askfirst.decision.question import SendRequest
from askfirst.domain.values.alias import Alias
from askfirst.usecases.context.services import Services


async def check_send(services: Services, question: SendRequest) -> Decision:
    """Decide on fresh facts. When it fails: Unavailable is raised; the caller must not send."""
    facts = await services.gate.look(question)
    return decide(facts, services.policy, question, services.clock.now())


def country_of(services: Services, name: Alias) -> str:
    """Tell the recipient's country by the number, or else by the first letters of the BSUID."""
    return services.numbering.country(name.value) if name.is_number else name.value[:2]
