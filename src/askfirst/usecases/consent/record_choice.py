"""Record what a person chose besides yes and no: a pause until a moment, how often at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.choice import Choice, PauseUntil, check_pause
from askfirst.domain.consent.event import EventKind, NumberProof, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import MARKETING, Purpose
from askfirst.ports.consent.change import Committed, Statement, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.sending.asking_policy import HasAskingPolicy


class RecordChoiceNeeds(HasClock, HasLedger, HasAskingPolicy, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceOrder:
    """A choice as it comes in. `purposes` are what a pause is of; how often is of all marketing.

    `choice` None: as often as the business writes, whatever was chosen before. `source` is a form
    where the person chose on their own page; what a business reports only ever restricts.
    """

    business_id: BusinessId
    alias: Alias
    choice: Choice | None
    purposes: tuple[Purpose, ...] = ()
    surface: Surface
    source: Source


async def record_choice(services: RecordChoiceNeeds, order: ChoiceOrder) -> Committed:
    """Append the choice; when it returns, no message that it keeps back can leave.

    Raises:
        InvalidInput: the pause names nothing, or no moment that can be; or how often at most is
            none of what the business offers.
        Unavailable: nothing can be acknowledged now.
    """
    now = services.clock.now()
    purposes = order.purposes
    if isinstance(order.choice, PauseUntil):
        check_pause(purposes, order.choice.until, now)
    else:
        _check_frequency(services, order.choice)
        purposes = (MARKETING,)
    statement = Statement(
        aliases=(order.alias,),
        kind=EventKind.PAUSED if isinstance(order.choice, PauseUntil) else EventKind.LIMITED,
        occurred_at=now,
        source=order.source,
        surface=order.surface,
        number_proof=NumberProof.VOUCHED,
        purposes=tuple(purpose.name for purpose in purposes),
        choice=order.choice,
    )
    change = WriteBatch(
        business_id=order.business_id, recorded_at=now, items=(WriteEntry(acts=(statement,)),)
    )
    return await services.ledger.commit(change)


def _check_frequency(services: HasAskingPolicy, chosen: Frequency | None) -> None:
    offered = services.policy.frequencies
    if chosen is None or chosen in offered:
        return
    if not offered:
        raise InvalidInput("at_most", "is not offered; declare frequencies in the policy")
    told = ", ".join(f"{one.count} in {one.days} days" for one in offered)
    raise InvalidInput("at_most", f"must be one of those that the policy offers: {told}")
