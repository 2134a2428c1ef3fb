"""What follows an answer: thanks, the page on which a number proves itself, the way to stop."""

from __future__ import annotations

from starlette.responses import Response

from askfirst.domain.consent.event import EventKind
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.answer_prompt import check_origin
from askfirst.usecases.consent.confirmation_page import Thanks, offer_again, open_thanks
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.prove_number import is_open, open_proof
from askfirst.usecases.opt_out.opt_out_link import link_to_say
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.pages.forms import address_of, origin_of
from askfirst.web.pages.refusals import gone, missing
from askfirst.web.pages.request_context import Visit
from askfirst.web.public.consent.receipts import receipt_file
from askfirst.web.public.consent.shown_words import shown_words
from askfirst.web.public.entry_points.chat_card import chat_card, proof_card


async def show_thanks(visit: Visit) -> Response:
    """Thank somebody."""
    thanks = await _find(visit)
    if thanks is None:
        return gone(visit)
    offered = thanks.proof
    proven_at = offered.proof.proven_at if offered else None
    is_open = offered is not None and proven_at is None and not thanks.is_proof_over
    return visit.page(
        "thanks.html",
        words=shown_words(thanks.words),
        is_yes=thanks.event.kind is EventKind.GRANTED,
        card=await proof_card(visit, offered) if offered and is_open else None,
        confirmed=visit.reader.date(proven_at) if proven_at is not None else None,
        is_needed=thanks.is_proof_needed,
        is_over=thanks.is_proof_over,
        receipt=f"{visit.home}/thanks/{visit.request.path_params['token']}/receipt.jws",
    )


async def take_thanks(visit: Visit) -> Response:
    """Offer the way to confirm the number once more, after the first was not gone in time."""
    origin = origin_of(visit.request, show_site(visit.services).origin)
    await check_origin(visit.services, visit.business.business_id, origin)
    thanks = await _find(visit)
    if thanks is None:
        return gone(visit)
    if not thanks.is_proof_over:  # pressed twice, or confirmed meanwhile: the page shows which
        return visit.see(f"thanks/{visit.request.path_params['token']}")
    return visit.see(
        f"thanks/{await offer_again(visit.services, thanks, address_of(visit.request))}"
    )


async def get_thanks_receipt(visit: Visit) -> Response:
    """Hand the receipt out."""
    thanks = await _find(visit)
    if thanks is None:
        return gone(visit)
    position = thanks.event.position
    business_id = visit.business.business_id
    receipt = await issue_receipt(visit.services, business_id, position, is_for_stranger=True)
    return receipt_file(receipt, position) if receipt else missing(visit)


async def _find(visit: Visit) -> Thanks | None:
    token = visit.request.path_params["token"]
    return await open_thanks(visit.services, visit.business.business_id, token)


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
    card = await proof_card(visit, offered) if is_open(visit.services, offered) else None
    return visit.page("confirm.html", card=card) if card else gone(visit)


async def show_stop(visit: Visit) -> Response:
    """Show the way out. Looking at it stops nothing: only the number itself can."""
    stop = await _link_with(visit, visit.vocabulary.stop)
    words = visit.vocabulary.link_ask
    ask = await _link_with(visit, words)
    card = chat_card(visit, stop) if stop else None
    return visit.page("stop.html", card=card, ask={"link": ask, "words": words} if ask else None)


async def _link_with(visit: Visit, words: str) -> str | None:
    return await link_to_say(visit.services, visit.business.business_id, words)
