"""Keep the entry points of a business: links and QR codes with which customers start the chat."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.entry_points.chat_code import ENTROPY_BYTES, entry_code
from askfirst.domain.entry_points.chat_link import chat_link
from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.prompts.prompt import CHAT_SURFACES
from askfirst.domain.tenants.sender import Sender, SenderState
from askfirst.domain.value import replace
from askfirst.domain.values.errors import AskfirstError, Conflict, Unavailable, UnknownReference
from askfirst.domain.values.ids import BusinessId, EntryId, PhoneNumberId
from askfirst.domain.values.locales import closest_locale, parse_locale
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.entry_points.entry_points import HasEntries, HasManagedLinks
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.usecases.prompts.show_prompt import ShowPromptNeeds, catalogue_of
from askfirst.usecases.tenants.read_senders import find_sender, list_senders


class ManageEntriesNeeds(ShowPromptNeeds, HasEntries, HasManagedLinks, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOrder:
    """An entry that is wanted. `sender` empty: the first that is in service.

    `is_managed` asks Meta for a link of its own (`wa.me/message/…`) besides the plain one.
    """

    business_id: BusinessId
    name: str
    words: str
    locale: str
    prompt_key: str = "chat"
    sender: PhoneNumberId | None = None
    is_managed: bool = False


async def make_entry(services: ManageEntriesNeeds, order: EntryOrder) -> EntryPoint:
    """Make an entry.

    Raises:
        InvalidInput: something about it is not valid.
        Conflict: the business has no sender in service.
        Unavailable: Meta did not make its link; nothing was kept.
    """
    sender = await sender_in_service(services, order.business_id, order.sender)
    entry = EntryPoint(
        entry_id=services.ids.entry(),
        business_id=order.business_id,
        code=entry_code(services.ids.entropy(ENTROPY_BYTES)),
        sender=sender.phone_number_id,
        name=order.name,
        prompt_key=order.prompt_key,
        locale=await _locale(services, order),
        words=order.words,
        created_at=services.clock.now(),
    )
    if order.is_managed:
        return await _make_managed(services, sender, entry)
    await services.entries.put(entry)
    return entry


async def _make_managed(
    services: ManageEntriesNeeds, sender: Sender, entry: EntryPoint
) -> EntryPoint:
    """Make Meta's link, then the entry; a link whose entry could not be kept does not stay."""
    token = await services.directory.token(entry.business_id, sender.phone_number_id)
    if token is None:
        raise Conflict("the sender has no access token of Meta's; give it one first")
    code, url = await services.managed_links.make(sender, token, entry.text)
    entry = replace(entry, managed_code=code, managed_url=url)
    try:
        await services.entries.put(entry)
    except AskfirstError:
        with suppress(Unavailable):
            await services.managed_links.drop(sender, token, code)
        raise
    return entry


async def list_entries(
    services: HasEntries, business_id: BusinessId, after: str, limit: int
) -> tuple[EntryPoint, ...]:
    """Return a page of entries in the order they were made."""
    return await services.entries.list(business_id, after, limit)


async def find_entry(
    services: HasEntries, business_id: BusinessId, entry_id: str
) -> EntryPoint | None:
    """Find an entry by its id."""
    return await services.entries.entry(business_id, EntryId(entry_id))


async def entry_by_code(
    services: HasEntries, business_id: BusinessId, code: str
) -> EntryPoint | None:
    """Find an entry by the code in its text; an ended one is not found."""
    entry = await services.entries.by_code(business_id, code)
    return entry if entry and entry.ended_at is None else None


async def end_entry(
    services: ManageEntriesNeeds, business_id: BusinessId, entry_id: str
) -> Instant | None:
    """End an entry, and Meta's link with it; return when, None where there was neither.

    The entry ends at once. A link that Meta keeps for now would use up the number's quota: end the
    entry again, until nothing is left.

    Raises:
        Unavailable: the entry has ended, but Meta did not delete its link.
    """
    name, now = EntryId(entry_id), services.clock.now()
    has_ended = await services.entries.end(business_id, name, now)
    entry = await services.entries.entry(business_id, name)
    was_linked = await _drop_link(services, entry) if entry and entry.managed_code else False
    return now if has_ended or was_linked else None


async def _drop_link(services: ManageEntriesNeeds, entry: EntryPoint) -> bool:
    """Delete Meta's link; without the sender or its token there is nobody to ask."""
    sender = await find_sender(services, entry.business_id, entry.sender)
    token = await services.directory.token(entry.business_id, entry.sender)
    if sender is None or token is None:
        return False
    return await services.managed_links.drop(sender, token, entry.managed_code)


async def link_of(services: ManageEntriesNeeds, entry: EntryPoint) -> str:
    """Return the link that opens the chat with the entry's text; Meta's own while it lives."""
    if entry.managed_url and entry.ended_at is None:
        return entry.managed_url
    sender = await find_sender(services, entry.business_id, entry.sender)
    if sender is None:
        raise UnknownReference("sender", "is no sender of this business any more")
    return chat_link(services.site.chat_url, PhoneNumber(sender.digits), entry.text)


def page_of(services: HasSite, entry: EntryPoint) -> str:
    """Return the address of the entry's landing page."""
    return f"{services.site.public_url}/p/{entry.business_id}/chat/{entry.code}"


async def sender_in_service(
    services: HasDirectory, business_id: BusinessId, wanted: PhoneNumberId | None
) -> Sender:
    """Find the sender that is wanted, or the first that is in service.

    Raises:
        UnknownReference: it is not one of this business.
        Conflict: there is none in service.
    """
    if wanted is not None:
        sender = await find_sender(services, business_id, wanted)
        if sender is None:
            raise UnknownReference("sender", "must be the phone number id of a sender of yours")
        return sender
    for sender in await list_senders(services, business_id):
        if sender.state is SenderState.ACTIVE:
            return sender
    raise Conflict("there is no sender in service; PUT /v1/senders/{phone_number_id} first")


async def _locale(services: ManageEntriesNeeds, order: EntryOrder) -> str:
    """The question must be one for the chat, and have words in the language of the entry."""
    prompt = (await catalogue_of(services, order.business_id)).prompt(order.prompt_key)
    if prompt.surface not in CHAT_SURFACES:
        raise UnknownReference("prompt", "must be a question that can be asked in the chat")
    found = closest_locale(parse_locale(order.locale, "locale"), prompt.wordings)
    if found is None:
        raise UnknownReference("locale", "must be one of " + ", ".join(sorted(prompt.wordings)))
    return found
