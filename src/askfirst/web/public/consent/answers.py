"""Answers that a page's script sends: `POST /p/{business}/answers`."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec
from starlette.responses import JSONResponse, Response

from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.consent.event import Event
from askfirst.domain.value import replace
from askfirst.domain.values.errors import (
    AskfirstError,
    Conflict,
    InvalidInput,
    NotPermitted,
    TooMany,
    Unavailable,
)
from askfirst.usecases.consent.answer_prompt import PublicAnswer, answer_prompt
from askfirst.usecases.consent.confirmation_page import open_thanks, say_thanks
from askfirst.usecases.prompts.show_prompt import open_token
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.asgi import read_body
from askfirst.web.pages.forms import BYTES_MAX, address_of, origin_of
from askfirst.web.pages.request_context import Visit
from askfirst.web.problem_answers import problem_response
from askfirst.web.problems import FieldError, Kind, Malformed, UnsupportedMediaType, problem_of
from askfirst.web.public.cross_origin import share
from askfirst.web.strict_json import parse
from askfirst.web.words import Words, all_words

_JSON: Final = "application/json"
_FOREIGN: Final = Kind("not_permitted", 403, "The page may not send answers")
_Short = Annotated[str, msgspec.Meta(max_length=256)]
_Text = Annotated[str, msgspec.Meta(max_length=2048)]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends."""

    token: _Text
    answer: Literal["grant", "refuse"]
    phone: _Short
    country: _Short = ""
    evidence: dict[_Short, _Text] = {}


async def take_answer(visit: Visit) -> Response:
    """Record it as shown. What goes wrong is told in the language of the question."""
    words, given = visit.reader.words, None
    try:
        given = await _read(visit)
        words = _words_of(visit, given.token)
        answer = _answer(visit, given)
        content = await _told(visit, await _record(visit, answer), answer, words)
    except AskfirstError as error:
        return share(visit, _problem(error, words, await _number_words(visit, words, given)))
    return share(visit, JSONResponse(content, HTTPStatus.CREATED))


async def _read(visit: Visit) -> Answer:
    kind = visit.request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != _JSON:
        raise UnsupportedMediaType("must be sent as Content-Type: application/json")
    body = await read_body(visit.request.scope, visit.request.receive, BYTES_MAX)
    try:
        return msgspec.convert(parse(body), Answer)
    except (Malformed, InvalidInput, msgspec.ValidationError) as error:  # it could repeat a value
        raise Malformed("must be JSON with token, answer (grant or refuse) and phone") from error


def _answer(visit: Visit, given: Answer) -> PublicAnswer:
    return PublicAnswer(
        business_id=visit.business.business_id,
        verb=ConsentVerb(given.answer),
        token=given.token,
        phone=given.phone,
        country=given.country,
        origin=origin_of(visit.request, show_site(visit.services).origin),
        address=address_of(visit.request),
        evidence=_canonical(given.evidence) if given.evidence else b"",
    )


async def _record(visit: Visit, answer: PublicAnswer) -> Event:
    committed = await answer_prompt(visit.services, answer)
    if not committed.replayed:
        visit.house.metrics.events("public", len(committed.events))
    return committed.events[0]


async def _told(visit: Visit, event: Event, given: PublicAnswer, words: Words) -> dict[str, Any]:
    """Return where the person finds their receipt, and how the number of a yes proves itself."""
    token = await say_thanks(visit.services, event, given, words.locale)
    thanks = await open_thanks(visit.services, event.business_id, token)
    offered = thanks.proof if thanks else None
    return {
        "answer": given.verb.value,
        "thanks": f"{show_site(visit.services).public_url}/p/{event.business_id}/thanks/{token}",
        "confirm": offered.page if offered else None,
        "is_proof_needed": bool(thanks and thanks.is_proof_needed),
    }


def _words_of(visit: Visit, token: str) -> Words:
    """Speak the language of the question, where there are words in it."""
    try:
        locale = open_token(visit.services, token).locale
    except InvalidInput:
        return visit.reader.words
    return all_words().get(locale, visit.reader.words)


async def _number_words(visit: Visit, words: Words, given: Answer | None) -> str:
    """Say how a number is written in the country that was chosen, or in the business's."""
    visit = replace(visit, reader=replace(visit.reader, words=words))
    chosen = (await visit.countries(given.country if given else "")).chosen
    return words.plain("error.country", country=chosen.name, example=chosen.number)


def _problem(error: AskfirstError, words: Words, number: str) -> Response:
    problem = problem_of(error)
    match error:
        case InvalidInput(field="phone"):
            problem = replace(problem, detail=number, errors=(FieldError("phone", number),))
        case InvalidInput(field=field):
            text = words.plain("error.over")
            problem = replace(problem, detail=text, errors=(FieldError(field, text),))
        case Conflict():
            problem = replace(problem, detail=words.plain("error.over"))
        case NotPermitted():
            problem = replace(
                problem, kind=_FOREIGN, detail=words.plain("error.origin"), headers=()
            )
        case Unavailable() | TooMany():
            problem = replace(problem, detail=words.plain("failed"))
    return problem_response(problem)


def _canonical(evidence: dict[str, str]) -> bytes:
    text = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
