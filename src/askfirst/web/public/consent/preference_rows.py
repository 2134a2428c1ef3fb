"""What the preference page says of each purpose, and of each act of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.receipt import state_of
from askfirst.domain.consent.standing import Answer, EffectiveConsent
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import ONE_ORDER, Purpose
from askfirst.usecases.consent.preference_center import Preferences, Said
from askfirst.usecases.prompts.show_prompt import catalogue_of, known_locale, show_openly
from askfirst.web.prompt_html import prompt_html
from askfirst.web.public.consent.shown_words import ShownWords, shown_words
from askfirst.web.public.pages.request_context import Visit

KEY: Final = "preferences"
_CLOSED: Final = frozenset({Answer.REFUSED, Answer.WITHDRAWN, Answer.ERASED})
_STATES: Final = {
    Answer.GRANTED: "state.granted",
    Answer.REFUSED: "state.refused",
    Answer.WITHDRAWN: "state.withdrawn",
    Answer.ERASED: "state.withdrawn",
    Answer.SUSPENDED: "state.suspended",
}
_NATIVE: Final = frozenset({EventKind.NATIVE_STOPPED, EventKind.NATIVE_RESUMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One purpose. `question` switches it on; None where it is on, or cannot be asked here.

    One order cannot: which order it was is known on its thank-you page only.
    """

    purpose: str
    name: str
    is_on: bool
    state: Markup
    where: str
    words: ShownWords | None
    question: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of the person, with where its receipt is."""

    what: str
    purposes: str
    date: Markup
    where: str
    words: ShownWords | None
    position: int
    receipt: str


async def rows_of(visit: Visit, shown: Preferences) -> list[Row]:
    """Say how things stand for each purpose; what is on comes first."""
    said = {one.event.position: one for one in shown.said}
    rows = [await _row(visit, purpose, view, said) for purpose, view in shown.answers]
    return sorted(rows, key=lambda row: not row.is_on)


def acts_of(visit: Visit, shown: Preferences, place: str) -> list[Act]:
    """List what the person did, the newest first."""
    return [_act(visit, one, place) for one in shown.said]


def is_anything_open(shown: Preferences) -> bool:
    """Whether a stop of everything would still change something."""
    return any(view.answer not in _CLOSED for _, view in shown.answers)


async def _row(
    visit: Visit, purpose: Purpose, view: EffectiveConsent, said: Mapping[Position, Said]
) -> Row:
    act = said.get(Position(view.since.position)) if view.since else None
    is_on = view.answer is Answer.GRANTED
    return Row(
        purpose=purpose.name,
        name=visit.purposes((purpose.name,)),
        is_on=is_on,
        state=_state(visit, view),
        where=visit.where(act.event.surface) if act else "",
        words=shown_words(act.words) if act else None,
        question=None if is_on or purpose == ONE_ORDER else await _question(visit, purpose),
    )


def _state(visit: Visit, view: EffectiveConsent) -> Markup:
    words = visit.reader.words
    if view.since is None:
        return words("state.unasked")
    return words(_STATES[view.answer], date=visit.reader.plain_date(view.since.at))


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


def _act(visit: Visit, one: Said, place: str) -> Act:
    event = one.event
    return Act(
        what=_what(visit, event),
        purposes=visit.purposes(event.purposes) if event.kind not in _NATIVE else "",
        date=visit.reader.date(event.occurred_at),
        where=visit.where(event.surface),
        words=shown_words(one.words),
        position=event.position,
        receipt=f"{place}/receipts/{event.position}.jws",
    )


def _what(visit: Visit, event: Event) -> str:
    return visit.reader.words.plain(f"answer.{state_of(event)}")
