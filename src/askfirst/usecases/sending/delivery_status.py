"""What Meta says of a message's fate, as acts: by webhook, or at once in the answer to the send.

A delivery never makes an opt-in. That somebody has stopped offers, or may be somebody else by now,
counts the same by whichever way it comes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.inbound.inbound_event import DeliveryReported
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.sending.meta_answer import Effect, MetaAnswer
from askfirst.domain.sending.meta_answers import answer_of
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    Command,
    Deferred,
    MessageLost,
    PairSlowed,
    Reached,
    SenderSlowed,
    Statement,
    TemplateObserved,
    Unreachable,
)

_SAID: Final = (
    (Effect.NATIVE_STOP, EventKind.NATIVE_STOPPED, (MARKETING.name,)),
    (Effect.SUSPENSION, EventKind.SUSPENDED, ()),
)
_TEACHING: Final = (Statement, Unreachable, Deferred)
"""What makes known together all names that it has."""
TEMPLATE_STATES: Final = {
    Effect.TEMPLATE_PAUSED: TemplateState.PAUSED,
    Effect.TEMPLATE_DISABLED: TemplateState.OUT_OF_SERVICE,
}
FAILED: Final = "failed"
ARRIVED: Final = frozenset({"delivered", "read", "played"})
"""Meta's words for a message on the person's device; "sent" is not among them."""


def acts_of_report(
    notice: DeliveryReported, at: Instant, *, is_acquainted: bool = False
) -> tuple[Command, ...]:
    """Read a status: the most frequent of all webhooks, which mostly says nothing new.

    `is_acquainted`: its names are known together already. Any of them finds the person then.
    """
    acts: tuple[Command, ...] = ()
    if notice.codes:
        sender = notice.phone_number_id
        acts = acts_of_codes(notice.codes, notice.aliases, at, sender=sender, source=Source.WEBHOOK)
        acts += _lost(notice, at)
    if not (is_acquainted or any(isinstance(act, _TEACHING) for act in acts)):
        acts += acquaintance(notice.aliases, at)
    return acts


def _lost(notice: DeliveryReported, at: Instant) -> tuple[Command, ...]:
    """Tell that the message surely reached nobody. Of others that failed, somebody may have it."""
    lost = [code for code in notice.codes if answer_of(code).is_surely_lost]
    if notice.status != FAILED or not lost or not notice.message_id:
        return ()
    return (MessageLost(message_id=notice.message_id, code=lost[0], at=at),)


def reached(notice: DeliveryReported, at: Instant) -> tuple[Reached, ...]:
    """Return whom a message has reached, by any of the names."""
    if notice.status in ARRIVED and notice.aliases:
        return (Reached(alias=notice.aliases[0], at=at),)
    return ()


def acts_of_codes(
    codes: Collection[int],
    aliases: tuple[Alias, ...],
    at: Instant,
    *,
    sender: PhoneNumberId | None,
    source: Source,
) -> tuple[Command, ...]:
    """Read Meta's error codes, by the table: what follows for the person, the pair, the sender."""
    answers = [answer_of(code) for code in dict.fromkeys(codes)]
    effects = {answer.effect for answer in answers}
    acts: list[Command] = [
        Statement(
            aliases=aliases,
            kind=kind,
            occurred_at=at,
            source=source,
            surface=Surface.CHAT,
            purposes=purposes,
            assurance=Assurance.CONFIRMED,
            number_proof=NumberProof.PROVEN,
            sender=sender or "",
        )
        for effect, kind, purposes in _SAID
        if effect in effects
    ]
    acts += [act for answer in answers if (act := _fact(answer, aliases, at, sender))]
    return tuple(acts)


def _fact(
    answer: MetaAnswer, aliases: tuple[Alias, ...], at: Instant, sender: PhoneNumberId | None
) -> Command | None:
    """Return what an answer lets the gate know, where that is no event of the ledger."""
    match answer.effect:
        case Effect.UNREACHABLE:
            return Unreachable(aliases=aliases, at=at)
        case Effect.DEFERRAL | Effect.HOLD_OUT:
            return Deferred(aliases=aliases, at=at, code=answer.code)
        case Effect.SLOW_PAIR if sender:
            return PairSlowed(aliases=aliases, sender=sender, until=answer.until(at, 0))
        case Effect.SLOW_SENDER if sender:
            return SenderSlowed(sender=sender, until=answer.until(at, 0))
        case _:
            return None


def acquaintance(aliases: tuple[Alias, ...], at: Instant) -> tuple[Command, ...]:
    """Take the names that Meta signed together as one person's; one alone teaches nothing."""
    if len(aliases) < 2:  # noqa: PLR2004 - a pair
        return ()
    return (AliasesLinked(aliases=aliases, at=at, source=Source.WEBHOOK),)


def template_seen(
    codes: tuple[int, ...], waba_id: WabaId | None, template: str, language: str, at: Instant
) -> TemplateObserved | None:
    """Return what the failure of a message tells of its template; None: nothing."""
    effects = [answer_of(code).effect for code in codes]
    state = next((TEMPLATE_STATES[effect] for effect in effects if effect in TEMPLATE_STATES), None)
    if state is None or waba_id is None or not template:
        return None
    return TemplateObserved(
        waba_id=waba_id,
        name=template,
        language=language,
        state=state,
        category=None,
        at=at,
    )
