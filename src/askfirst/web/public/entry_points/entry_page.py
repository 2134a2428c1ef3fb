"""Where an entry leads: its page, its code as a picture, and posters in A4 or A6."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.value import replace
from askfirst.domain.values.errors import UnknownReference
from askfirst.usecases.entry_points.manage_entries import entry_by_code, link_of
from askfirst.web.pages.poster import poster_svg
from askfirst.web.pages.qr import qr_png, qr_svg
from askfirst.web.pages.reader import reader_asked, reader_of
from askfirst.web.pages.refusals import missing
from askfirst.web.pages.request_context import Visit
from askfirst.web.public.entry_points.chat_card import chat_card


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
    """Return the code as a picture that stays sharp."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    words = visit.reader.words
    title = words.plain("entry.title", business=visit.business.name)
    picture = qr_svg(found[1], title=title, description=words.plain("qr.alt"))
    return Response(picture, media_type="image/svg+xml")


async def get_qr_png(visit: Visit) -> Response:
    """Return the code for programs that know no SVG."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    return Response(qr_png(found[1]), media_type="image/png")


SIZES: Final = ("a4", "a6")


async def show_poster(visit: Visit) -> Response:
    """Show the sheet as it will be printed."""
    found = await find_entry(visit)
    size = visit.request.query_params.get("size", SIZES[0])
    if found is None or size not in SIZES:
        return missing(visit)
    entry, link = found
    visit = replace(visit, reader=reader_asked(visit.request, entry.locale))
    return visit.page(
        "poster.html",
        card=chat_card(visit, link),
        place=f"{visit.home}/chat/{entry.code}",
        size=size,
        sizes=SIZES,
    )


async def get_poster_svg(visit: Visit) -> Response:
    """Return the sheet as a picture."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    entry, link = found
    visit = replace(visit, reader=reader_asked(visit.request, entry.locale))
    picture = poster_svg(
        visit.reader, visit.vocabulary, visit.business.name, link, visit.profile.colour
    )
    return Response(picture, media_type="image/svg+xml")
