"""Tell what is in force after an answer: what the gate would say now, and what would change it.

This is for the business. Whoever typed a number may only be told what policy says of such an answer
(`needs_proof`): the rest would tell a stranger what the number's holder has said before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.telling.remedy import Effect
from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Committed
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.sending.effects import EffectRules, HasEffectRules
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


async def tell_effect(services: TellEffectNeeds, committed: Committed, alias: Alias) -> Told:
    """Return what holds for the purposes of an event, as of its commit or later.

    What its transaction left in force is told with it, or else read anew: the rules that are asked
    look at nothing else of a person. The event stands, whatever happens here: what cannot be read
    is left out.
    """
    event = committed.events[0]
    questions = _questions(services, event, alias)
    try:
        effects = [await _effect(services, committed, question) for question in questions]
    except Unavailable:
        effects = []
    return Told(effects=tuple(effects), is_proof_needed=_needs_proof(services, event, questions))


def needs_proof(services: TellEffectNeeds, event: Event, alias: Alias) -> bool:
    """Return whether policy asks for more than this yes, whatever else is known of its contact."""
    return _needs_proof(services, event, _questions(services, event, alias))


def _needs_proof(
    services: TellEffectNeeds, event: Event, questions: tuple[SendRequest, ...]
) -> bool:
    if event.kind is not EventKind.GRANTED:
        return False
    policy, now = services.policy, services.clock.now()
    for question in questions:
        known = (event.surface, event.source, event.purposes, event.assurance, event.number_proof)
        sort = (policy.fingerprint, question.purpose, question.country, *known)
        if _is_proof_needed(_Yes(sort, services.rules, event, policy, question, now)):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Yes:
    """A yes, and all that policy looks at to tell whether it is sure enough.

    Time is not among it: a yes that is too old is too old, however sure it is.
    """

    sort: tuple[object, ...]
    rules: EffectRules
    event: Event = field(compare=False)
    policy: Policy = field(compare=False)
    question: SendRequest = field(compare=False)
    now: Instant = field(compare=False)


@lru_cache(maxsize=4_096)
def _is_proof_needed(yes: _Yes) -> bool:
    return yes.rules.is_proof_needed(yes.event, yes.policy, yes.question, yes.now)


async def _effect(services: TellEffectNeeds, committed: Committed, question: SendRequest) -> Effect:
    if committed.standing is None:
        facts = await services.gate.look(question)
    else:
        position = committed.events[0].position
        facts = DecisionContext(position=position, standing=committed.standing)
    return services.rules.effect_of(facts, services.policy, question, services.clock.now())


def _questions(services: HasNumbering, event: Event, alias: Alias) -> tuple[SendRequest, ...]:
    country = country_of_alias(services, alias)
    return tuple(
        SendRequest(
            business_id=event.business_id,
            sender=_ANY_SENDER,
            recipients=(alias,),
            kind=MessageKind.PURPOSE,
            purpose=purpose,
            country=country,
        )
        for purpose in _purposes(event)
    )


def _purposes(event: Event) -> tuple[Purpose, ...]:
    """An act about everything is about each built-in purpose."""
    names = event.purposes or sorted(purpose.value for purpose in CONSENTED)
    return tuple(Purpose(name) for name in names)
