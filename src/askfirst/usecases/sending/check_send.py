"""Answer whether a message may leave, without sending it. An answer is not a permit."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.countries.place import Place
from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision
from askfirst.decision.question import SendRequest
from askfirst.domain.values.alias import Alias
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.sending.gate import HasGate
from askfirst.ports.sending.policy import HasPolicy


class CheckSendNeeds(HasClock, HasGate, HasNumbering, HasPolicy, Protocol):
    """What this use case needs from the world."""


async def check_send(services: CheckSendNeeds, question: SendRequest) -> Decision:
    """Decide on fresh facts. When it fails: Unavailable is raised; the caller must not send."""
    facts = await services.gate.look(question)
    return decide(facts, services.policy, question, services.clock.now())


def country_of(services: HasNumbering, name: Alias) -> str:
    """Tell the recipient's country by the number, or else by the first letters of the BSUID."""
    return services.numbering.country(name.value) if name.is_number else name.value[:2]


def place_of(services: HasNumbering, name: Alias) -> Place:
    """Tell where in the country the recipient may be."""
    digits = name.value if name.is_number else ""
    return services.numbering.place(digits, country_of(services, name))
