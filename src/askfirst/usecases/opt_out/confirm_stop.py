"""Confirm stops that were said in the chat, and ask after what may be one: once for each.

Both are in askfirst's own words.

A stop never depends on it: the webhook is acknowledged before, and what fails here is counted, said
and never made up for in a way that could send twice. The right to send is used up at the gate, in
the transaction of its decision, before the first byte leaves.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.stop_confirmation import (
    ASKED_WITHIN,
    CONFIRMED_AGAIN_AFTER,
    CONFIRMED_WITHIN,
    ConfirmationFate,
    UnconfirmedStop,
    confirmation_text,
    stop_question,
)
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.domain.values.ids import Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.composer import HasComposer, Letter
from askfirst.ports.opt_out.stop_confirmations import HasStopConfirmations
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.sending.http_connection import NotSent
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import ConfirmsStops
from askfirst.usecases.contacts.read_number import country_of_alias
from askfirst.usecases.opt_out.reply_locale import ReplyLocaleNeeds, reply_locale
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta, RejectedByMeta
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.own_messages import SendsOwnMessages
from askfirst.usecases.sending.outbound.own_sender import own_sender


class ConfirmStopsNeeds(
    SendsOwnMessages,
    ReplyLocaleNeeds,
    HasCatalogue,
    HasTelemetry,
    HasStopConfirmations,
    ConfirmsStops,
    HasComposer,
    HasDirectory,
    HasClock,
    Protocol,
):
    """What this use case needs from the world."""


class Outcome(NamedTuple):
    """What became of one message, and why: a reason of the gate's, or Meta's error code."""

    fate: ConfirmationFate
    reason: str = ""


async def confirm_stop(services: ConfirmStopsNeeds, leased: LeasedTask) -> None:
    """Confirm the stop of a task of `Queue.STOPS`, or ask whether it is one, and forget it.

    Where stops are not confirmed any more, it is forgotten without a word.

    Raises:
        RetryLater: nothing left; it is tried again while there is time.
    """
    business_id, position = leased.task.business_id, Position(int(leased.task.task_id))
    stop = await services.stop_confirmations.find(business_id, position)
    if stop is None:
        return
    if services.confirms_stops:
        fate, reason = await _confirm(services, stop)
        tell = (
            services.telemetry.stop_question
            if stop.is_doubt
            else services.telemetry.stop_confirmation
        )
        tell(stop.business_id, fate, reason)
        if fate is ConfirmationFate.POSTPONED:
            raise RetryLater(Instant(services.clock.now() + CONFIRMED_AGAIN_AFTER))
    await services.stop_confirmations.settle(stop)


async def _confirm(services: ConfirmStopsNeeds, stop: UnconfirmedStop) -> Outcome:
    if services.clock.now() - stop.said_at >= _life(stop):
        return Outcome(ConfirmationFate.EXPIRED)
    try:
        return await _send(services, stop)
    except InvalidInput as error:
        return Outcome(ConfirmationFate.UNNAMED, error.message)
    except (Unavailable, NotSent):
        return Outcome(ConfirmationFate.POSTPONED)


async def _send(services: ConfirmStopsNeeds, stop: UnconfirmedStop) -> Outcome:
    """Send it through the gate, as everything.

    Raises:
        InvalidInput: the business's name cannot stand in it.
        Unavailable, NotSent: it did not leave.
    """
    sender = await own_sender(services, stop.business_id, stop.sender)
    if sender is None:
        return Outcome(ConfirmationFate.REFUSED, "no_token")
    country = country_of_alias(services, stop.alias)
    written = services.catalogue.vocabularies
    locale = await reply_locale(services, stop.business_id, stop.alias, stop.languages, written)
    business = await name_of(services, stop.business_id)
    question = SendRequest(
        business_id=stop.business_id,
        sender=stop.sender,
        recipients=(stop.alias,),
        kind=MessageKind.STOP_QUESTION if stop.is_doubt else MessageKind.STOP_CONFIRMATION,
        country=country,
        stopped=() if stop.is_doubt else stop.purposes,
        doubt=stop.position if stop.is_doubt else 0,
    )
    letter = _letter(services, stop, sender, locale, business)
    outcome = await services.send_own_message(question, letter)
    match outcome:
        case AcceptedByMeta():
            return Outcome(ConfirmationFate.SENT)
        case UnknownOutcome():
            return Outcome(ConfirmationFate.LOST)
        case RejectedByMeta():
            return Outcome(ConfirmationFate.FAILED, str(outcome.code))
        case Refused():
            return Outcome(ConfirmationFate.REFUSED, outcome.decision.reason.value)


def _life(stop: UnconfirmedStop) -> int:
    return ASKED_WITHIN if stop.is_doubt else CONFIRMED_WITHIN


def _letter(
    services: ConfirmStopsNeeds,
    stop: UnconfirmedStop,
    sender: tuple[Sender, str],
    locale: str,
    business: str,
) -> Letter:
    """Write what is sent.

    Raises:
        InvalidInput: the business's name cannot stand in it.
    """
    if stop.is_doubt:
        asked = stop_question(services.catalogue, locale, business, stop.position)
        return services.composer.stop_question(*sender, stop.alias, asked)
    text = confirmation_text(services.catalogue, locale, business, stop.purposes)
    return services.composer.stop_confirmation(*sender, stop.alias, text)
