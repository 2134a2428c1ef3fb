"""One person's own page: what they agreed to, a switch per purpose, and a stop of everything.

The signed link in the address is the capability: no log-in stands between a person and their no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Final, NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from askfirst.domain.consent.event import Event, EventKind, NumberProof
from askfirst.domain.consent.receipt import state_of
from askfirst.domain.consent.standing import Answer, EffectiveConsent
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.values.errors import Conflict, InvalidInput, NotPermitted
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import ONE_ORDER, Category, Purpose
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.manage_links import open_link
from askfirst.usecases.consent.preference_center import (
    Preferences,
    Said,
    grant_preference,
    show_preferences,
    withdraw_preference,
)
from askfirst.usecases.consent.record_consent import ConsentVerb
from askfirst.usecases.prompts.show_prompt import (
    catalogue_of,
    known_locale,
    open_live_token,
    show_openly,
)
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.pages.forms import origin_of, read_form
from askfirst.web.pages.refusals import gone, missing
from askfirst.web.pages.request_context import Visit
from askfirst.web.prompt_html import prompt_html
from askfirst.web.public.consent.receipts import receipt_file
from askfirst.web.public.consent.shown_words import ShownWords, shown_words

KEY: Final = "preferences"
_CLOSED: Final = frozenset({Answer.REFUSED, Answer.WITHDRAWN, Answer.ERASED})
_WHY: Final = {
    Answer.GRANTED: "state.granted",
    Answer.REFUSED: "why.refused",
    Answer.WITHDRAWN: "why.stopped",
    Answer.ERASED: "why.stopped",
    Answer.SUSPENDED: "state.suspended",
}
_NATIVE: Final = frozenset({EventKind.NATIVE_STOPPED, EventKind.NATIVE_RESUMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One purpose. `question` switches it on; None where it is on, or cannot be asked here.

    One order cannot: which order it was is known on its thank-you page only. `notes` are what
    keeps it off besides, and which yes does not count.
    """

    purpose: str
    name: str
    is_on: bool
    state: Markup
    where: str
    notes: tuple[Markup, ...]
    words: ShownWords | None
    question: Markup | None


class Receipt(NamedTuple):
    """One time that an act was done, and where its receipt is."""

    date: Markup
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of the person; done again and again at one place, it is one, with all receipts."""

    what: str
    purposes: str
    where: str
    proof: str
    words: ShownWords | None
    times: tuple[Receipt, ...]


async def rows_of(visit: Visit, shown: Preferences) -> list[Row]:
    """Return how things stand for each purpose; what is on comes first."""
    said = {one.event.position: one for one in shown.said}
    rows = [await _row(visit, shown, purpose, view, said) for purpose, view in shown.answers]
    return sorted(rows, key=lambda row: not row.is_on)


def acts_of(visit: Visit, shown: Preferences, place: str) -> list[Act]:
    """List what the person did, the newest first; the same in a row is one act."""
    return [_act(visit, tuple(acts), place) for _, acts in groupby(shown.said, key=_sameness)]


def is_anything_open(shown: Preferences) -> bool:
    """Whether a stop of everything would still change something."""
    return any(view.answer not in _CLOSED for _, view in shown.answers)


async def _row(
    visit: Visit,
    shown: Preferences,
    purpose: Purpose,
    view: EffectiveConsent,
    said: Mapping[Position, Said],
) -> Row:
    act = said.get(Position(view.since.position)) if view.since else None
    is_native = shown.is_natively_stopped and purpose.category is Category.MARKETING
    is_on = view.answer is Answer.GRANTED and not is_native and purpose.name not in shown.doubts
    is_askable = view.answer is not Answer.GRANTED and purpose != ONE_ORDER
    return Row(
        purpose=purpose.name,
        name=visit.purposes((purpose.name,)),
        is_on=is_on,
        state=_state(visit, view, act),
        where=visit.where(act.event.surface) if act else "",
        notes=tuple(_notes(visit, shown, purpose, view, is_native=is_native)),
        words=shown_words(act.words) if act else None,
        question=await _question(visit, purpose) if is_askable else None,
    )


def _state(visit: Visit, view: EffectiveConsent, act: Said | None) -> Markup:
    """Say since when it is on, or why it is off."""
    words = visit.reader.words
    if view.since is None:
        return words("why.unasked")
    is_everything = view.answer is Answer.WITHDRAWN and act and not act.event.purposes
    key = "why.everything" if is_everything else _WHY[view.answer]
    return words(key, date=visit.reader.plain_date(view.since.at))


def _notes(
    visit: Visit,
    shown: Preferences,
    purpose: Purpose,
    view: EffectiveConsent,
    *,
    is_native: bool,
) -> Iterator[Markup]:
    words = visit.reader.words
    if is_native:
        yield words("me.native", business=visit.business.name)
    if purpose.name in shown.doubts and view.answer is Answer.GRANTED:
        date = visit.reader.plain_date(shown.doubts[purpose.name])
        yield words("me.doubted", business=visit.business.name, date=date)
    if view.since is None or view.answer is Answer.GRANTED:
        return
    for event in (one.event for one in shown.said):  # the newest first
        is_later_yes = event.kind is EventKind.GRANTED and event.position > view.since.position
        is_typed = event.number_proof is NumberProof.TYPED
        if is_later_yes and is_typed and set(event.purposes) & set(purpose.chain):
            yield words("why.typed", date=visit.reader.plain_date(event.occurred_at))
            return


async def _question(visit: Visit, purpose: Purpose) -> Markup | None:
    """Render the question with a token; None where the business's own words do not fit."""
    business_id = visit.business.business_id
    catalogue = await catalogue_of(visit.services, business_id)
    locale = known_locale(catalogue, KEY, visit.reader.wanted)
    try:
        shown = await show_openly(visit.services, business_id, KEY, locale, (purpose.name,))
    except InvalidInput:
        return None
    return visit.markup(prompt_html(shown.filled, token=shown.token))


def _sameness(one: Said) -> tuple[object, ...]:
    """What makes one act the same as the next: the answer, its words, and where it was given."""
    event = one.event
    about = (event.kind, event.purposes, event.surface, event.prompt)
    return (*about, state_of(event), event.number_proof)


def _act(visit: Visit, acts: Sequence[Said], place: str) -> Act:
    event = acts[0].event
    is_typed = event.kind is EventKind.GRANTED and event.number_proof is NumberProof.TYPED
    times = (
        Receipt(
            date=visit.reader.date(one.event.occurred_at),
            place=f"{place}/receipts/{one.event.position}.jws",
        )
        for one in acts
    )
    return Act(
        what=_what(visit, event),
        purposes=visit.purposes(event.purposes) if event.kind not in _NATIVE else "",
        where=visit.where(event.surface),
        proof=visit.reader.words.plain("proof.typed") if is_typed else "",
        words=shown_words(acts[0].words),
        times=tuple(times),
    )


def _what(visit: Visit, event: Event) -> str:
    return visit.reader.words.plain(f"answer.{state_of(event)}")


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
    if origin_of(visit.request, show_site(services).origin) != show_site(services).origin:
        raise NotPermitted("a choice is taken from its own page only")
    link = await open_link(services, visit.business.business_id, _token(visit))
    if link is None:
        return gone(visit)
    shown = await show_preferences(services, link)
    try:
        act = _read_act(visit, await read_form(visit.request), shown)
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


def _read_act(visit: Visit, form: Mapping[str, str], shown: Preferences) -> _On | _Off:
    """Read what was pressed. A question must come with its tick and a token that lives."""
    if _STOP in form:
        return _Off(None)
    if _OFF in form:
        return _Off(_shown_purpose(form[_OFF], shown))
    if form.get(f"askfirst_{KEY}") != ConsentVerb.GRANT:
        raise InvalidInput("box", "must be ticked, to say yes")
    return _On(open_live_token(visit.services, form.get(f"askfirst_{KEY}_token", "")))


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
