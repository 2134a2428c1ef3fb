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

from askfirst.domain.consent.choice import choice_text
from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.consent.event import Event, EventKind, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.receipt import state_of
from askfirst.domain.consent.stamp import Notice
from askfirst.domain.consent.standing import (
    Answer,
    EffectiveConsent,
)
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.values.errors import Conflict, InvalidInput, NotPermitted
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import ONE_ORDER, Category, Purpose
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.usecases.consent.erase_contact import request_erasure
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.manage_links import open_link
from askfirst.usecases.consent.preference_center import (
    Preferences,
    Said,
    choose_frequency,
    grant_preference,
    pause_preference,
    show_preferences,
    withdraw_preference,
)
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
_TOLD_PROOFS: Final = frozenset({NumberProof.TYPED, NumberProof.PROVEN})
"""What is said beside a yes: of two that one log-in makes, only this differs."""
_YES: Final = Markup("{} · {}")
_ONE_LOG_IN: Final = HOUR
"""No code and no way to confirm lives longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One purpose. `question` switches it on; None where it is on, or cannot be asked here.

    One order cannot: which order it was is known on its thank-you page only; nor can what only
    WhatsApp turns on again. `notes` are what keeps it off besides, and which yes does not count.
    """

    purpose: str
    name: str
    is_on: bool
    state: Markup
    where: str
    notes: tuple[Markup, ...]
    words: ShownWords | None
    question: Markup | None
    pause: Markup | None


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
    said = tuple(_told_once(shown.said))
    return [_act(visit, tuple(acts), place) for _, acts in groupby(said, key=_sameness)]


def _told_once(said: Sequence[Said]) -> Iterator[Said]:
    """Leave out the yes for a number that was only typed where the number then said the same.

    Who asks for a code on WhatsApp and types it in has said yes once; the ledger has the question's
    answer and the proof. What is told is the proof, which has the same words.
    """
    proven: dict[tuple[object, ...], Instant] = {}
    for one in said:
        about, at = _about(one), one.event.occurred_at
        is_yes = one.event.kind is EventKind.GRANTED
        if is_yes and one.event.number_proof is NumberProof.PROVEN:
            proven[about] = at
        is_typed = is_yes and one.event.number_proof is NumberProof.TYPED
        if not (is_typed and about in proven and proven[about] - at <= _ONE_LOG_IN):
            yield one


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
    notice = shown.notices.get(purpose) if view.answer is Answer.UNASKED else None
    if notice:
        act = said.get(Position(notice.mark.position))
    is_native = shown.is_natively_stopped and purpose.category is Category.MARKETING
    is_resting = is_native or purpose.name in shown.doubts
    paused = _paused_until(shown, purpose)
    is_paused = paused is not None and not is_native  # what only WhatsApp turns on has no such date
    is_granted = view.answer is Answer.GRANTED
    is_on = paused is None and (notice is not None or (is_granted and not is_resting))
    is_open = not is_native and (not is_granted or paused is not None)
    is_askable = not is_on and is_open and purpose != ONE_ORDER
    return Row(
        purpose=purpose.name,
        name=visit.purposes((purpose.name,)),
        is_on=is_on,
        state=_why_paused(visit, paused)
        if is_paused and paused
        else _state(visit, view, act, notice, is_native=is_native),
        where=visit.where(act.event.surface) if act and not is_paused else "",
        notes=tuple(_notes(visit, shown, purpose, view, is_native=is_native)),
        words=shown_words(act.words) if act else None,
        question=await _question(visit, purpose) if is_askable else None,
        pause=_offer_of_pause(visit, purpose) if is_on else None,
    )


def _paused_until(shown: Preferences, purpose: Purpose) -> Instant | None:
    return max((shown.pauses[name] for name in purpose.chain if name in shown.pauses), default=None)


def _why_paused(visit: Visit, until: Instant) -> Markup:
    return visit.reader.words("why.paused", date=visit.reader.plain_date(until))


def _offer_of_pause(visit: Visit, purpose: Purpose) -> Markup | None:
    """Codes are not paused: whoever asks for one needs it."""
    if purpose.category is Category.AUTHENTICATION:
        return None
    return visit.reader.words("me.pause", span=visit.reader.days(PAUSE_DAYS))


class Often(NamedTuple):
    """How often at most the person may choose that offers come."""

    value: str
    words: Markup
    is_chosen: bool


def often_of(visit: Visit, shown: Preferences) -> list[Often]:
    """List what the business offers; nothing where it offers no choice."""
    if not shown.frequencies:
        return []
    say, days = visit.reader.words, visit.reader.days
    listed = [
        Often(
            choice_text(each),
            say("me.at_most", count=each.count, span=days(each.days)),
            each == shown.frequency,
        )
        for each in shown.frequencies
    ]
    usual = say("me.as_usual", business=visit.business.name)
    return [Often("", usual, shown.frequency is None), *listed]


def _state(
    visit: Visit,
    view: EffectiveConsent,
    act: Said | None,
    notice: Notice | None,
    *,
    is_native: bool,
) -> Markup:
    """Say since when it is on, or why it is off. Who was informed may turn it off, as after a yes.

    What a notice is worth is the policy's to say: the page promises no messages, only the off.
    """
    words = visit.reader.words
    if notice:
        return words("state.informed", date=visit.reader.plain_date(notice.mark.at))
    if view.since is None:
        return words("why.unasked")
    if is_native and view.answer is Answer.GRANTED:  # on here, and off in WhatsApp: a note says so
        return _YES.format(words("answer.given"), visit.reader.plain_date(view.since.at))
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
    return (*_about(one), state_of(one.event), one.event.number_proof)


def _about(one: Said) -> tuple[object, ...]:
    """The answer, its words, and where it was given; not how sure the number is."""
    event = one.event
    return (event.kind, event.purposes, event.surface, event.prompt)


def _act(visit: Visit, acts: Sequence[Said], place: str) -> Act:
    event = acts[0].event
    is_proof_told = event.kind is EventKind.GRANTED and event.number_proof in _TOLD_PROOFS
    times = (
        Receipt(
            date=visit.reader.date(one.event.occurred_at),
            place=f"{place}/receipts/{one.event.position}.jws",
        )
        for one in acts
    )
    return Act(
        what=_what(visit, event),
        purposes=visit.purposes(event.purposes),
        where=visit.where(event.surface),
        proof=visit.reader.words.plain(f"proof.{event.number_proof.name.lower()}")
        if is_proof_told
        else "",
        words=shown_words(acts[0].words),
        times=tuple(times),
    )


def _what(visit: Visit, event: Event) -> str:
    return visit.reader.words.plain(f"answer.{state_of(event)}")


PAUSE_DAYS: Final = 30
_PAUSE: Final = "pause"
_OFTEN: Final = "often"
_STOP: Final = "stop"
_OFF: Final = "off"
_ERASE: Final = "erase"
_SAID: Final = {"stopped": "me.stopped", "saved": "saved", "asked": "me.erase_asked"}


@dataclass(frozen=True, slots=True)
class _Off:
    """End one purpose; without one, everything."""

    purpose: Purpose | None


@dataclass(frozen=True, slots=True)
class _Pause:
    """Pause one purpose for some days."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class _HowOften:
    """Let offers come so often at most; None: as often as the business writes."""

    chosen: Frequency | None


@dataclass(frozen=True, slots=True)
class _On:
    """Say yes to the question that the token is of."""

    token: PromptToken


_Act = _On | _Off | _Pause | _HowOften


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
        form = await read_form(visit.request)
        if _ERASE in form:
            return await _ask_to_erase(visit, link.contact_id)
        act = _read_act(visit, form, shown)
        if isinstance(act, _On):
            purposes = tuple(Purpose(name) for name in act.token.purposes)
            committed = await grant_preference(services, link, purposes, act.token)
        elif isinstance(act, _Off):
            committed = await withdraw_preference(services, link, act.purpose)
        elif isinstance(act, _Pause):
            committed = await pause_preference(services, link, act.purpose, PAUSE_DAYS)
        else:
            committed = await choose_frequency(services, link, act.chosen)
    except (Conflict, InvalidInput) as error:
        words = "error.box" if getattr(error, "field", "") == "box" else "error.over"
        return await _page(visit, shown, fault=words)
    if not committed.replayed:
        visit.house.metrics.events("public", len(committed.events))
    done = "stopped" if act == _Off(None) else "saved"
    return visit.see(f"me/{_token(visit)}?done={done}")


async def _ask_to_erase(visit: Visit, contact_id: ContactId) -> Response:
    """Keep the wish; an operator erases, since nobody can undo it."""
    business_id = visit.business.business_id
    await request_erasure(visit.services, business_id, contact_id, Surface.PREFERENCES)
    return visit.see(f"me/{_token(visit)}?done=asked")


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


def _read_act(visit: Visit, form: Mapping[str, str], shown: Preferences) -> _Act:
    """Read what was pressed. A question must come with its tick and a token that lives."""
    if _STOP in form:
        return _Off(None)
    if _OFF in form:
        return _Off(_shown_purpose(form[_OFF], shown))
    if _PAUSE in form:
        return _Pause(_shown_purpose(form[_PAUSE], shown))
    if _OFTEN in form:
        return _HowOften(_offered(form[_OFTEN], shown))
    if form.get(f"askfirst_{KEY}") != ConsentVerb.GRANT:
        raise InvalidInput("box", "must be ticked, to say yes")
    return _On(open_live_token(visit.services, form.get(f"askfirst_{KEY}_token", "")))


def _offered(text: str, shown: Preferences) -> Frequency | None:
    found = {choice_text(each): each for each in shown.frequencies}
    if text and text not in found:
        raise InvalidInput("often", "must be one that the page shows")
    return found.get(text)


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
        often=often_of(visit, shown),
        acts=acts_of(visit, shown, place),
        is_anything_open=is_anything_open(shown),
        done=done,
        fault=fault,
    )
