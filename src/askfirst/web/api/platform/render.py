"""From what the use cases give to what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from askfirst.decision.effect import Effect
from askfirst.domain.consent.event import Assurance, Event, NumberProof
from askfirst.domain.consent.standing import EffectiveConsent, Grant
from askfirst.domain.tenants.api_key import Business, Key
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.usecases.consent.tell_effect import Told
from askfirst.usecases.contacts.show_contact import ContactSheet
from askfirst.web.api.models.base import AssuranceName, NumberProofName
from askfirst.web.api.models.consent.consents import ConsentAnswer, EffectAnswer
from askfirst.web.api.models.consent.contacts import (
    BasisAnswer,
    ContactAnswer,
    StandingAnswer,
    YesAnswer,
)
from askfirst.web.api.models.consent.events import EventAnswer, EventPage
from askfirst.web.api.models.tenants.me import BusinessAnswer, CallerAnswer, KeyAnswer
from askfirst.web.api.models.tenants.senders import SenderAnswer
from askfirst.web.api.models.tenants.templates import TemplateAnswer, TemplatePage
from askfirst.web.api.platform.cursor import write_cursor

_Row = TypeVar("_Row")

_NUMBER_PROOFS: dict[NumberProof, NumberProofName] = {
    NumberProof.TYPED: "typed",
    NumberProof.VOUCHED: "vouched",
    NumberProof.PROVEN: "proven",
}
_ASSURANCES: dict[Assurance, AssuranceName] = {
    Assurance.ASSERTED: "asserted",
    Assurance.SHOWN: "shown",
    Assurance.CONFIRMED: "confirmed",
}


def render_event(event: Event) -> EventAnswer:
    """Write an event; the same event is written the same for ever."""
    return EventAnswer(
        id=event.event_id,
        position=event.position,
        kind=event.kind,
        contact=event.contact_id,
        purposes=list(event.purposes),
        assurance=_ASSURANCES[event.assurance],
        number_proof=_NUMBER_PROOFS[event.number_proof],
        surface=event.surface,
        source=event.source,
        sender=event.sender or None,
        prompt=event.prompt,
        absorbed=event.absorbed,
        occurred_at=to_rfc3339(event.occurred_at),
        recorded_at=to_rfc3339(event.recorded_at),
    )


def render_consent(event: Event, told: Told) -> ConsentAnswer:
    """Write an event, and what is in force as of this answer."""
    return ConsentAnswer(
        **render_event(event).model_dump(),
        effective=told.is_effective,
        is_proof_needed=told.is_proof_needed,
        standing=[_effect(effect) for effect in told.effects],
    )


def render_events(events: Sequence[Event], limit: int) -> EventPage:
    """Write a page; `events` holds one more than the page where there is a next one."""
    page, more = _cut(events, limit)
    return EventPage(
        data=[render_event(event) for event in page],
        next_cursor=write_cursor(str(page[-1].position)) if more else None,
    )


def render_contact(sheet: ContactSheet) -> ContactAnswer:
    return ContactAnswer(
        id=sheet.contact_id,
        standing=[_standing(purpose, view) for purpose, view in sheet.answers],
        natively_stopped_since=_time(sheet.natively_stopped_since),
        unreachable_since=_time(sheet.unreachable_since),
        position=sheet.position,
    )


def render_sender(sender: Sender) -> SenderAnswer:
    return SenderAnswer(
        phone_number_id=sender.phone_number_id,
        waba_id=sender.waba_id,
        number="+" + sender.digits,
        name=sender.name,
        state=sender.state,
    )


def render_templates(templates: Sequence[Template], limit: int) -> TemplatePage:
    page, more = _cut(templates, limit)
    end = page[-1] if more else None
    last = f"{end.name}/{end.language}/{end.waba_id}" if end else ""
    return TemplatePage(
        data=[_template(template) for template in page],
        next_cursor=write_cursor(last) if more else None,
    )


def render_caller(key: Key, business: Business) -> CallerAnswer:
    return CallerAnswer(
        business=BusinessAnswer(id=business.business_id, name=business.name),
        key=KeyAnswer(id=key.key_id, name=key.name, scopes=sorted(key.scopes)),
    )


def _standing(purpose: Purpose, view: EffectiveConsent) -> StandingAnswer:
    since = view.since
    surface = next((yes.surface for yes in view.alive if yes.mark == since), None)
    return StandingAnswer(
        purpose=purpose.name,
        answer=view.answer,
        since=to_rfc3339(since.at) if since else None,
        basis=BasisAnswer(position=since.position, kind=since.kind, surface=surface)
        if since
        else None,
        assurance=_ASSURANCES[view.assurance] if view.assurance else None,
        number_proof=_NUMBER_PROOFS[view.number_proof] if view.number_proof else None,
        ended_later_yes_at=_time(since.ended) if since else None,
        alive=[_yes(yes) for yes in view.alive],
    )


def _effect(effect: Effect) -> EffectAnswer:
    return EffectAnswer(
        purpose=effect.purpose.name,
        effective=effect.is_effective,
        reason=effect.reason,
        explanation=effect.reason.explanation if effect.reason else None,
        would_make_it_effective=list(effect.remedies),
    )


def _yes(yes: Grant) -> YesAnswer:
    return YesAnswer(
        assurance=_ASSURANCES[yes.assurance],
        number_proof=_NUMBER_PROOFS[yes.number_proof],
        surface=yes.surface,
        position=yes.mark.position,
        at=to_rfc3339(yes.mark.at),
    )


def _template(template: Template) -> TemplateAnswer:
    return TemplateAnswer(
        waba_id=template.waba_id,
        name=template.name,
        language=template.language,
        category=template.category,
        state=template.state,
        seen_at=to_rfc3339(template.seen_at),
    )


def _cut(rows: Sequence[_Row], limit: int) -> tuple[Sequence[_Row], bool]:
    return rows[:limit], len(rows) > limit


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None
