"""Posters of an entry: a page for the printer, in A4 or A6, and a picture for a designer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.responses import Response

from askfirst.web.public.entry_points.chat_card import chat_card
from askfirst.web.public.entry_points.entry_page import find_entry
from askfirst.web.public.entry_points.poster_picture import poster_svg
from askfirst.web.public.pages.missing import missing
from askfirst.web.public.pages.reader import reader_asked
from askfirst.web.public.pages.request_context import Visit

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
    """Give the sheet as a picture."""
    found = await find_entry(visit)
    if found is None:
        return missing(visit)
    entry, link = found
    visit = replace(visit, reader=reader_asked(visit.request, entry.locale))
    picture = poster_svg(
        visit.house.templates, visit.reader, visit.vocabulary, visit.business.name, link
    )
    return Response(picture, media_type="image/svg+xml")
