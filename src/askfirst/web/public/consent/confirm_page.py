"""The page on which a number proves itself: a link, a QR code, and in the end "done"."""

from __future__ import annotations

from starlette.responses import Response

from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.prove_number import open_proof
from askfirst.web.public.entry_points.chat_card import proof_card
from askfirst.web.public.pages.missing import gone
from askfirst.web.public.pages.request_context import Visit


async def show_confirm(visit: Visit) -> Response:
    """Show the way to prove a number. Looking at it proves nothing."""
    token = visit.request.path_params["token"]
    try:
        offered = await open_proof(visit.services, visit.business.business_id, token)
    except InvalidInput:
        return gone(visit)
    if offered is None:
        return gone(visit)
    if offered.proof.proven_at is not None:
        return visit.page("confirm.html", card=None)
    is_open = offered.proof.is_open(visit.services.clock.now())
    card = await proof_card(visit, offered) if is_open else None
    return visit.page("confirm.html", card=card) if card else gone(visit)
