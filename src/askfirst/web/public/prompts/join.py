"""The opt-in page, for a business without a site of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.usecases.consent.answer_prompt import PublicAnswer, answer_prompt
from askfirst.usecases.consent.confirmation_page import say_thanks
from askfirst.usecases.prompts.show_prompt import ShownPrompt, open_live_token
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.pages.forms import address_of, origin_of, read_form
from askfirst.web.pages.refusals import missing
from askfirst.web.pages.request_context import Visit
from askfirst.web.prompt_html import prompt_html
from askfirst.web.public.prompts.prompt_page import ask_openly

KEY: Final = "signup"
_PHONE: Final = "phone"
_COUNTRY: Final = "country"
_TOKEN: Final = f"askfirst_{KEY}_token"
_ANSWER: Final = f"askfirst_{KEY}"
_BOX: Final = "box"
_OVER: Final = "over"
_EVIDENCE: Final = json.dumps({"page": "join"}, separators=(",", ":")).encode()


async def show_join(visit: Visit) -> Response:
    """Ask, with an empty box."""
    return await _form(visit, {})


async def take_join(visit: Visit) -> Response:
    """Take an answer. Without the tick there is none, and nothing is recorded."""
    origin = origin_of(visit.request, show_site(visit.services).origin)
    form = await read_form(visit.request)
    if form.get(_ANSWER) != ConsentVerb.GRANT:
        return await _form(visit, form, _BOX)
    answer = PublicAnswer(
        business_id=visit.business.business_id,
        verb=ConsentVerb.GRANT,
        token=form.get(_TOKEN, ""),
        phone=form.get(_PHONE, ""),
        country=form.get(_COUNTRY, ""),
        origin=origin,
        address=address_of(visit.request),
        evidence=_EVIDENCE,
    )
    try:
        committed = await answer_prompt(visit.services, answer)
    except Conflict:
        return await _form(visit, form, _OVER)
    except InvalidInput as error:
        return await _form(visit, form, _PHONE if error.field == _PHONE else _OVER)
    if not committed.replayed:
        visit.house.metrics.events("public", len(committed.events))
    event, locale = committed.events[0], visit.reader.locale
    return visit.see(f"thanks/{await say_thanks(visit.services, event, answer, locale)}")


async def _form(visit: Visit, form: Mapping[str, str], fault: str = "") -> Response:
    """Show the form; with a fault, with what was typed and ticked, and what would be right."""
    shown = await ask_openly(visit, KEY)
    if shown is None:
        return missing(visit)
    question = prompt_html(
        shown.filled,
        token=shown.token,
        is_ticked=fault == _PHONE and _has_ticked(visit, form, shown),
        wrong="box-wrong" if fault == _BOX else "",
    )
    return visit.page(
        "join.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        question=visit.markup(question),
        countries=await visit.countries(form.get(_COUNTRY, "")),
        typed=form.get(_PHONE, ""),
        fault=fault,
    )


def _has_ticked(visit: Visit, form: Mapping[str, str], shown: ShownPrompt) -> bool:
    """Whether they ticked these very words, on a page that is still good: it is their tick."""
    try:
        token = open_live_token(visit.services, form.get(_TOKEN, ""))
    except InvalidInput:
        return False
    return form.get(_ANSWER) == ConsentVerb.GRANT and token.prompt == shown.filled.version.hash
