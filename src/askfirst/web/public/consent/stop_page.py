"""How to stop: by a message from one's own number, or on one's own preference page."""

from __future__ import annotations

from starlette.responses import Response

from askfirst.usecases.opt_out.opt_out_link import link_to_stop
from askfirst.web.public.entry_points.chat_card import chat_card
from askfirst.web.public.pages.request_context import Visit


async def show_stop(visit: Visit) -> Response:
    """Show the way out. Looking at it stops nothing: only the number itself can."""
    word = visit.vocabulary.stop
    link = await link_to_stop(visit.services, visit.business.business_id, word)
    return visit.page("stop.html", card=chat_card(visit, link) if link else None)
