"""Commands about entry points: links, QR codes and posters with which customers start the chat."""

from __future__ import annotations

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Prefix, parse_id, parse_node_id
from askfirst.domain.values.locales import parse_locale
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.entry_points.manage_entries import (
    EntryOrder,
    end_entry,
    find_entry,
    link_of,
    list_entries,
    make_entry,
    page_of,
)
from askfirst.usecases.prompts.show_prompt import vocabulary_in
from askfirst.usecases.tenants.manage_profile import show_profile
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class CreateEntry(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Make an entry. `locale` empty: that of the business; `sender` empty: the first in service."""

    name: str
    text: str
    locale: str = ""
    prompt: str = "chat"
    sender: str = ""
    is_managed: bool = False

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        _, profile = await show_profile(services, business_id)
        order = EntryOrder(
            business_id=business_id,
            name=self.name,
            words=self.text,
            locale=self.locale or profile.locale,
            prompt_key=self.prompt,
            sender=PhoneNumberId(parse_node_id(self.sender, "sender")) if self.sender else None,
            is_managed=self.is_managed,
        )
        return await _row(services, await make_entry(services, order))


class ListEntries(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of the entries, ended ones included; `after` is the id of the last one seen."""

    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        after = parse_id(Prefix.ENTRY, self.after, "after") if self.after else ""
        found = await list_entries(services, business_id, after, self.limit)
        return {"entries": [await _row(services, entry) for entry in found]}


class EndEntry(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End an entry."""

    entry_id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        entry_id = parse_id(Prefix.ENTRY, self.entry_id, "entry_id")
        ended_at = await end_entry(services, business_id, entry_id)
        if ended_at is None:
            raise _unknown()
        return {"id": entry_id, "ended_at": to_rfc3339(ended_at)}


class DrawPoster(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Draw an entry's poster, in the language of its readers."""

    entry_id: str
    locale: str = ""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        entry = await _live(services, business_id, self.entry_id)
        wanted = parse_locale(self.locale, "locale") if self.locale else entry.locale
        locale, picture = await _draw(services, entry, wanted)
        page = f"{page_of(services, entry)}/poster"
        return {"id": entry.entry_id, "locale": locale, "page": page, "svg": picture}


async def _row(services: Services, entry: EntryPoint) -> Answer:
    return _entry_row(entry, await link_of(services, entry), page_of(services, entry))


async def _live(services: Services, business_id: BusinessId, text: str) -> EntryPoint:
    entry = await find_entry(services, business_id, parse_id(Prefix.ENTRY, text, "entry_id"))
    if entry is None or entry.ended_at is not None:
        raise _unknown()
    return entry


async def _draw(services: Services, entry: EntryPoint, wanted: str) -> tuple[str, str]:
    """Return the language that it is in, and the SVG. What draws is loaded where it is needed."""
    from askfirst.web.pages.poster import poster_svg  # noqa: PLC0415
    from askfirst.web.pages.reader import reader_in  # noqa: PLC0415

    reader = reader_in(wanted)
    business, profile = await show_profile(services, entry.business_id)
    link = await link_of(services, entry)
    return reader.locale, poster_svg(
        reader, vocabulary_in(services, reader.locale), business.name, link, profile.colour
    )


def _unknown() -> UnknownReference:
    return UnknownReference("entry_id", "no live entry of that id; askfirst entry list shows them")


def _entry_row(entry: EntryPoint, link: str, page: str) -> Answer:
    """An entry with its addresses."""
    return {
        "id": entry.entry_id,
        "name": entry.name,
        "code": entry.code,
        "text": entry.text,
        "locale": entry.locale,
        "prompt": entry.prompt_key,
        "sender": entry.sender,
        "link": link,
        "page": page,
        "arrivals": entry.arrivals,
        "created_at": to_rfc3339(entry.created_at),
        "ended_at": None if entry.ended_at is None else to_rfc3339(entry.ended_at),
    }
