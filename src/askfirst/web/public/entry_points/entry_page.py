"""Where an entry leads: its page with a link and a QR code, and the code as a picture."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.values.errors import UnknownReference
from askfirst.usecases.entry_points.manage_entries import entry_by_code, link_of
from askfirst.web.public.entry_points.chat_card import chat_card
from askfirst.web.public.entry_points.qr import qr_png, qr_svg
from askfirst.web.public.pages.missing import missing
from askfirst.web.public.pages.reader import reader_of
from askfirst.web.public.pages.request_context import Visit


async def find_entry(visit: Visit) -> tuple[EntryPoint, str] | None:
    """Find the entry of the address, with the link into the chat; None where it has ended."""
    code = visit.request.path_params["code"]
    entry = await entry_by_code(visit.services, visit.business.business_id, code)
    if entry is None:
        return None
    try:
        return entry, await link_of(visit.services, entry)
    except UnknownReference:  # its sender is gone
        return None


async def show_entry(visit: Visit) -> Response:
    """Show the way into the chat. Who only looks has neither written nor agreed to anything."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    entry, link = found
    visit = replace(visit, reader=reader_of(visit.request, entry.locale))
    place = f"{visit.home}/chat/{entry.code}"
    return visit.page("entry.html", card=chat_card(visit, link), place=place)


async def get_qr_svg(visit: Visit) -> Response:
    """Give the code as a picture that stays sharp."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    words = visit.reader.words
    title = words.plain("entry.title", business=visit.business.name)
    picture = qr_svg(found[1], title=title, description=words.plain("qr.alt"))
    return Response(picture, media_type="image/svg+xml")


async def get_qr_png(visit: Visit) -> Response:
    """Give the code for programs that know no SVG."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    return Response(qr_png(found[1]), media_type="image/png")
