"""Send whoever asks for it in the chat the link to their own preference page, once a day.

It is a reply in the window that their message opened, so it needs no opt-in and passes the same
gate as everything. That it leaves once a day is counted there, in the transaction of its decision.
Everybody is answered alike, whether or not they ever said anything.
"""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.stop_confirmation import ConfirmationFate
from askfirst.domain.inbound.link_wish import link_text
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.locales import language_of
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.codes.composer import HasComposer, Letter
from askfirst.ports.inbound.link_tasks import LinkWish, wish_of
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.sending.http_connection import NotSent
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.consent.manage_links import ManageLinksNeeds, link_of_today
from askfirst.usecases.contacts.read_number import country_of_alias
from askfirst.usecases.opt_out.reply_locale import ReplyLocaleNeeds, reply_locale
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta, RejectedByMeta
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.own_messages import SendsOwnMessages
from askfirst.usecases.sending.outbound.own_sender import own_sender

SENT_AGAIN_AFTER: Final = MINUTE
"""When one that could not leave is tried again, until the window closes."""
_UNSEEN: Final = "…"
"""In place of the link, where the message is written down: whoever has it is let in."""


class SendLinkNeeds(
    ManageLinksNeeds,
    ReplyLocaleNeeds,
    SendsOwnMessages,
    HasCatalogue,
    HasTelemetry,
    HasComposer,
    HasDirectory,
    Protocol,
):
    """What this use case needs from the world."""


async def send_link(services: SendLinkNeeds, leased: LeasedTask) -> None:
    """Send the link of a task of `Queue.LINKS`.

    Raises:
        RetryLater: nothing left; it is tried again while the window is open.
    """
    business_id, wish = leased.task.business_id, wish_of(leased.task)
    contact_id = await services.ledger.find(business_id, wish.contact_id)
    names = await services.ledger.names(business_id, contact_id) if contact_id else ()
    if contact_id is None or not names:  # erased meanwhile
        return
    try:
        fate, reason = await _send(services, business_id, wish, contact_id, names[0])
    except (Unavailable, NotSent):
        fate, reason = ConfirmationFate.POSTPONED, ""
    services.telemetry.preference_link(business_id, fate, reason)
    if fate is ConfirmationFate.POSTPONED:
        raise RetryLater(Instant(services.clock.now() + SENT_AGAIN_AFTER))


async def _send(
    services: SendLinkNeeds,
    business_id: BusinessId,
    wish: LinkWish,
    contact_id: ContactId,
    alias: Alias,
) -> tuple[ConfirmationFate, str]:
    """Send it through the gate; return what became of it, and why.

    Raises:
        Unavailable, NotSent: it did not leave.
    """
    sender = await own_sender(services, business_id, wish.sender)
    if sender is None:
        return ConfirmationFate.REFUSED, "no_token"
    question = SendRequest(
        business_id=business_id,
        sender=wish.sender,
        recipients=(alias,),
        kind=MessageKind.PREFERENCE_LINK,
        country=country_of_alias(services, alias),
    )
    address = await link_of_today(services, business_id, contact_id)
    letter = await _letter(services, wish, sender, alias, address)
    outcome = await services.send_own_message(question, letter)
    match outcome:
        case AcceptedByMeta():
            return ConfirmationFate.SENT, ""
        case UnknownOutcome():
            return ConfirmationFate.LOST, ""
        case RejectedByMeta():
            return ConfirmationFate.FAILED, str(outcome.code)
        case Refused():
            return ConfirmationFate.REFUSED, outcome.decision.reason.value


async def _letter(
    services: SendLinkNeeds,
    wish: LinkWish,
    sender: tuple[Sender, str],
    alias: Alias,
    address: str,
) -> Letter:
    business_id = sender[0].business_id
    heard = tuple(dict.fromkeys(map(language_of, wish.locales)))
    locale = await reply_locale(services, business_id, alias, heard, wish.locales)
    business = await name_of(services, business_id)
    text, kept = (
        link_text(services.catalogue, locale, business, shown) for shown in (address, _UNSEEN)
    )
    return services.composer.preference_link(*sender, alias, text, kept)
