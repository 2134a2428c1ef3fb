"""Tell what is in force after an answer: what the gate would say now, and what would change it.

This is for the business. Whoever typed a number may only be told what policy says of such an answer
(`needs_proof`): the rest would tell a stranger what the number's holder has said before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.telling.remedy import Effect
from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.sending.effects import HasEffectRules
from askfirst.ports.sending.gate import HasGate
from askfirst.ports.sending.rules import HasPolicy
from askfirst.usecases.contacts.read_number import country_of_alias

_ANY_SENDER = PhoneNumberId("")


class TellEffectNeeds(HasClock, HasEffectRules, HasGate, HasNumbering, HasPolicy, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an answer amounts to. `effects` is empty where it could not be read just now."""

    effects: tuple[Effect, ...]
    is_proof_needed: bool

    @property
    def is_effective(self) -> bool:
        """Whether messages of every purpose of the answer may be sent; doubt means no."""
        return bool(self.effects) and all(effect.is_effective for effect in self.effects)


async def tell_effect(services: TellEffectNeeds, event: Event, alias: Alias) -> Told:
    """Return what holds for the purposes of an event, read anew after it was written.

    The event stands, whatever happens here: what cannot be read is left out.
    """
    try:
        effects = [
            await _effect(services, event.business_id, alias, purpose)
            for purpose in _purposes(event)
        ]
    except Unavailable:
        effects = []
    return Told(effects=tuple(effects), is_proof_needed=needs_proof(services, event, alias))


def needs_proof(services: TellEffectNeeds, event: Event, alias: Alias) -> bool:
    """Return whether policy asks for more than this yes, whatever else is known of its contact."""
    if event.kind is not EventKind.GRANTED:
        return False
    rules, policy, now = services.rules, services.policy, services.clock.now()
    questions = (_question(services, event.business_id, alias, each) for each in _purposes(event))
    return any(rules.is_proof_needed(event, policy, each, now) for each in questions)


async def _effect(
    services: TellEffectNeeds, business_id: BusinessId, alias: Alias, purpose: Purpose
) -> Effect:
    question = _question(services, business_id, alias, purpose)
    facts = await services.gate.look(question)
    return services.rules.effect_of(facts, services.policy, question, services.clock.now())


def _question(
    services: HasNumbering, business_id: BusinessId, alias: Alias, purpose: Purpose
) -> SendRequest:
    return SendRequest(
        business_id=business_id,
        sender=_ANY_SENDER,
        recipients=(alias,),
        kind=MessageKind.PURPOSE,
        purpose=purpose,
        country=country_of_alias(services, alias),
    )


def _purposes(event: Event) -> tuple[Purpose, ...]:
    """An act about everything is about each built-in purpose."""
    names = event.purposes or sorted(purpose.value for purpose in CONSENTED)
    return tuple(Purpose(name) for name in names)
