"""Answer a customer who started the chat: with the question, once, then silence.

Their message opened the 24-hour window, and is no yes. Whoever has answered this question before,
in either way, is not asked again; the tap on a button is what counts.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.standing import EVERYTHING, Answer, view
from askfirst.domain.entry_points.arrival import Arrival
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import Purpose
from askfirst.ports.codes.composer import HasComposer
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.entry_points.entry_points import HasEntries
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.usecases.contacts.read_number import country_of_alias
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.show_prompt import ShowPromptNeeds, fill_prompt
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta
from askfirst.usecases.sending.outbound.own_messages import SendsOwnMessages
from askfirst.usecases.sending.outbound.own_sender import own_sender

_UNANSWERED = frozenset({Answer.UNASKED, Answer.SUSPENDED})


class AskInChatNeeds(
    SendsOwnMessages,
    ShowPromptNeeds,
    HasComposer,
    HasEntries,
    HasLedger,
    HasNumbering,
    Protocol,
):
    """What this use case needs from the world."""


async def ask_in_chat(services: AskInChatNeeds, arrival: Arrival) -> bool:
    """Send the entry's question; False where it was asked or answered before, or may not leave.

    Raises:
        Unavailable, NotSent: it did not leave; it is not tried again, for nobody is asked twice.
    """
    entry = arrival.entry
    business_id = entry.business_id
    sender = await own_sender(services, business_id, entry.sender)
    if sender is None:
        return False
    filling = Filling(business=await name_of(services, business_id))
    filled = await fill_prompt(services, business_id, entry.prompt_key, entry.locale, filling)
    if not await _is_open(services, business_id, arrival, filled):
        return False
    now = services.clock.now()
    if not await services.entries.ask_once(business_id, arrival.contact_id, entry.prompt_key, now):
        return False
    question = SendRequest(
        business_id=business_id,
        sender=entry.sender,
        recipients=(arrival.alias,),
        kind=MessageKind.FREE_FORM,
        country=country_of_alias(services, arrival.alias),
    )
    letter = services.composer.question(*sender, arrival.alias, filled)
    outcome = await services.send_own_message(question, letter)
    is_sent = isinstance(outcome, AcceptedByMeta)
    if is_sent:
        services.shown_prompts.note(business_id, filled.version)
    return is_sent


async def _is_open(
    services: HasLedger, business_id: BusinessId, arrival: Arrival, filled: FilledPrompt
) -> bool:
    """Return whether nobody has answered yet; whoever stopped everything is left in peace, too."""
    standing = await services.ledger.standing(business_id, arrival.contact_id)
    everything = standing.scopes.get(EVERYTHING)
    if everything and everything.no:
        return False
    answers = (view(standing, Purpose(name)).answer for name in filled.version.purposes)
    return all(answer in _UNANSWERED for answer in answers)
