"""The opt-in page, for a business without a site of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.usecases.consent.answer_prompt import PublicAnswer, answer_prompt
from askfirst.usecases.consent.confirmation_page import say_thanks
from askfirst.usecases.consent.record_consent import ConsentVerb
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.pages.forms import address_of, origin_of, read_form
from askfirst.web.pages.refusals import missing
from askfirst.web.pages.request_context import EXAMPLE_NUMBER, Visit
from askfirst.web.prompt_html import prompt_html
from askfirst.web.public.prompts.prompt_page import ask_openly

KEY: Final = "signup"
_PHONE: Final = "phone"
_TOKEN: Final = f"askfirst_{KEY}_token"
_ANSWER: Final = f"askfirst_{KEY}"
_EVIDENCE: Final = json.dumps({"page": "join"}, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """Why the form is shown again: the key of the words, and the field that they are about."""

    words: str
    field: str = ""


async def show_join(visit: Visit) -> Response:
    """Ask, with an empty box."""
    return await _form(visit)


async def take_join(visit: Visit) -> Response:
    """Take an answer. Without the tick there is none, and nothing is recorded."""
    origin = origin_of(visit.request, show_site(visit.services).origin)
    form = await read_form(visit.request)
    typed = form.get(_PHONE, "")
    if form.get(_ANSWER) != ConsentVerb.GRANT:
        return await _form(visit, typed, _Fault(words="error.box", field=_ANSWER))
    answer = PublicAnswer(
        business_id=visit.business.business_id,
        verb=ConsentVerb.GRANT,
        token=form.get(_TOKEN, ""),
        phone=typed,
        origin=origin,
        address=address_of(visit.request),
        evidence=_EVIDENCE,
    )
    try:
        committed = await answer_prompt(visit.services, answer)
    except Conflict:
        return await _form(visit, typed, _Fault(words="error.over"))
    except InvalidInput as error:
        return await _form(visit, typed, _fault(error))
    if not committed.replayed:
        visit.house.metrics.events("public", len(committed.events))
    event, locale = committed.events[0], visit.reader.locale
    token = await say_thanks(visit.services, event, answer.phone, locale)
    return visit.see(f"thanks/{token}")


def _fault(error: InvalidInput) -> _Fault:
    if error.field == _PHONE:
        return _Fault(words="error.number", field=_PHONE)
    return _Fault(words="error.over")


async def _form(visit: Visit, typed: str = "", fault: _Fault | None = None) -> Response:
    shown = await ask_openly(visit, KEY)
    if shown is None:
        return missing(visit)
    return visit.page(
        "join.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        question=visit.markup(prompt_html(shown.filled, token=shown.token)),
        typed=typed,
        fault=fault,
        example=EXAMPLE_NUMBER,
    )
