"""One person's own page: what they agreed to, a switch per purpose, and a stop of everything.

The signed link in the address is the capability: no log-in stands between a person and their no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.values.errors import Conflict, InvalidInput, NotPermitted
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Purpose
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.manage_links import open_link
from askfirst.usecases.consent.preference_center import (
    Preferences,
    grant_preference,
    show_preferences,
    withdraw_preference,
)
from askfirst.usecases.consent.record_consent import ConsentVerb
from askfirst.usecases.prompts.show_prompt import open_token
from askfirst.web.public.consent.preference_rows import KEY, acts_of, is_anything_open, rows_of
from askfirst.web.public.consent.receipt_file import receipt_file
from askfirst.web.public.pages.forms import origin_of, read_form
from askfirst.web.public.pages.missing import gone, missing
from askfirst.web.public.pages.request_context import Visit

_STOP: Final = "stop"
_OFF: Final = "off"
_SAID: Final = {"stopped": "me.stopped", "saved": "saved"}


@dataclass(frozen=True, slots=True)
class _Off:
    """End one purpose; without one, everything."""

    purpose: Purpose | None


@dataclass(frozen=True, slots=True)
class _On:
    """Say yes to the question that the token is of."""

    token: PromptToken


async def show_me(visit: Visit) -> Response:
    """Show the page; looking at it changes nothing."""
    link = await open_link(visit.services, visit.business.business_id, _token(visit))
    if link is None:
        return gone(visit)
    done = _SAID.get(visit.request.query_params.get("done", ""), "")
    return await _page(visit, await show_preferences(visit.services, link), done=done)


async def take_me(visit: Visit) -> Response:
    """Change one thing, in one step."""
    services = visit.services
    if origin_of(visit.request, services.site.origin) != services.site.origin:
        raise NotPermitted("a choice is taken from its own page only")
    link = await open_link(services, visit.business.business_id, _token(visit))
    if link is None:
        return gone(visit)
    shown = await show_preferences(services, link)
    try:
        act = _act(visit, await read_form(visit.request), shown)
        if isinstance(act, _On):
            purposes = tuple(Purpose(name) for name in act.token.purposes)
            committed = await grant_preference(services, link, purposes, act.token)
        else:
            committed = await withdraw_preference(services, link, act.purpose)
    except (Conflict, InvalidInput) as error:
        words = "error.box" if getattr(error, "field", "") == "box" else "error.over"
        return await _page(visit, shown, fault=words)
    if not committed.replayed:
        visit.house.metrics.events("public", len(committed.events))
    done = "stopped" if act == _Off(None) else "saved"
    return visit.see(f"me/{_token(visit)}?done={done}")


async def get_my_receipt(visit: Visit) -> Response:
    """Hand out the receipt of one of the person's own acts."""
    business_id = visit.business.business_id
    link = await open_link(visit.services, business_id, _token(visit))
    if link is None:
        return gone(visit)
    position = Position(visit.request.path_params["position"])
    receipt = await issue_receipt(visit.services, business_id, position, link.contact_id)
    return receipt_file(receipt, position) if receipt else missing(visit)


def _token(visit: Visit) -> str:
    return str(visit.request.path_params["token"])


def _act(visit: Visit, form: Mapping[str, str], shown: Preferences) -> _On | _Off:
    """Read what was pressed. A question must come with its tick and a token that lives."""
    if _STOP in form:
        return _Off(None)
    if _OFF in form:
        return _Off(_shown_purpose(form[_OFF], shown))
    if form.get(f"askfirst_{KEY}") != ConsentVerb.GRANT:
        raise InvalidInput("box", "must be ticked, to say yes")
    token = open_token(visit.services, form.get(f"askfirst_{KEY}_token", ""))
    if token.is_expired(visit.services.clock.now()):
        raise InvalidInput("token", "is over: load the page again")
    return _On(token)


def _shown_purpose(name: str, shown: Preferences) -> Purpose:
    for purpose, _ in shown.answers:
        if purpose.name == name:
            return purpose
    raise InvalidInput("off", "must be a purpose that the page shows")


async def _page(visit: Visit, shown: Preferences, *, done: str = "", fault: str = "") -> Response:
    place = f"{visit.home}/me/{_token(visit)}"
    return visit.page(
        "me.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        place=place,
        shown=shown,
        rows=await rows_of(visit, shown),
        acts=acts_of(visit, shown, place),
        is_anything_open=is_anything_open(shown),
        done=done,
        fault=fault,
    )
