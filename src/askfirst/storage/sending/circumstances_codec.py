"""What a decision rested on beside the ledger, as JSON in its row: without names of people."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import msgspec

from askfirst.decision.countries.place import NOWHERE, Place
from askfirst.decision.facts import Circumstances, DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.brakes.brake import Brake, Cause, Colour, Hold
from askfirst.domain.brakes.subject import read_subject
from askfirst.domain.sending.reachability import Obstacles
from askfirst.domain.tenants.sender import Sender, SenderState, Template, TemplateState
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.ids import (
    BrakeId,
    BusinessId,
    ContactId,
    HeldId,
    PhoneNumberId,
    Position,
    WabaId,
)
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.tenants.template_rows import reading_of


class _SenderText(msgspec.Struct, frozen=True, omit_defaults=True):
    waba_id: str
    digits: str
    name: str
    state: SenderState = SenderState.ACTIVE


class _TemplateText(msgspec.Struct, frozen=True, omit_defaults=True):
    category: Category
    state: TemplateState
    seen_at: int
    previous_category: Category | None = None
    category_changed_at: int | None = None
    accepted_change: int | None = None
    has_stop: bool | None = None
    is_advertising: bool | None = None


class _BrakeText(msgspec.Struct, frozen=True, omit_defaults=True):
    brake_id: str
    subject: str
    holds: Hold
    colour: Colour
    cause: Cause
    since: int
    lifts_at: int | None = None


class _Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is written; what is as usual is left out."""

    recipients: int = 1
    is_to_sender: bool = False
    contacts: tuple[str, ...] = ()
    nearby: tuple[str, ...] = ()
    strangers: int = 0
    sender: _SenderText | None = None
    template: _TemplateText | None = None
    window_opened_at: int | None = None
    stop_to_confirm: int = 0
    stop_said_at: int = 0
    confirmed_stop: int = 0
    answered_code: int = 0
    failed_days: tuple[int, ...] = ()
    deferred_until: int | None = None
    held_out_until: int | None = None
    time_zones: tuple[str, ...] = ()
    ledger: LedgerState = LedgerState.SOUND
    objection: Reason | None = None
    purpose: str = ""
    is_altered: bool = False
    stopped: tuple[str, ...] = ()
    doubt: int = 0
    held: str = ""
    areas: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    reads_like_ad: bool = False
    brakes: tuple[_BrakeText, ...] = ()


class KeptQuestion(NamedTuple):
    """What is read back: the rest of the question, and the circumstances, where they were kept."""

    purpose: Purpose | None = None
    is_altered: bool = False
    stopped: tuple[str, ...] = ()
    doubt: int = 0
    circumstances: Circumstances | None = None
    place: Place = NOWHERE
    reads_like_ad: bool = False
    held: HeldId | Literal[""] = ""


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(_Text).decode
_UNKNOWN: Final = KeptQuestion()


def circumstances_text(kept: Circumstances | None, question: SendRequest) -> str | None:
    """Write the circumstances of a question."""
    if kept is None:
        return None
    facts = kept.facts
    text = _Text(
        recipients=kept.recipients,
        is_to_sender=kept.is_to_sender,
        contacts=facts.contacts,
        nearby=facts.nearby,
        strangers=facts.strangers,
        sender=_sender_text(facts.sender),
        template=_template_text(facts.template),
        window_opened_at=facts.window_opened_at,
        stop_to_confirm=facts.stop_to_confirm,
        stop_said_at=facts.stop_said_at,
        confirmed_stop=facts.confirmed_stop,
        answered_code=facts.answered_code,
        failed_days=facts.obstacles.failed_days,
        deferred_until=facts.obstacles.deferred_until,
        held_out_until=facts.obstacles.held_out_until,
        time_zones=facts.time_zones,
        ledger=facts.ledger,
        objection=kept.objection,
        purpose=question.purpose.name if question.purpose else "",
        is_altered=question.is_altered,
        stopped=question.stopped,
        doubt=question.doubt,
        held=question.held,
        areas=question.place.areas,
        zones=question.place.zones,
        reads_like_ad=question.reads_like_ad,
        brakes=tuple([_brake_text(brake) for brake in facts.brakes]),
    )
    return _encode(text).decode()


def read_circumstances(text: str | None, question: SendRequest, position: Position) -> KeptQuestion:
    """Read them back; `question` has what the other columns say of it."""
    if text is None:
        return _UNKNOWN
    kept = _decode(text)
    facts = DecisionContext(
        position=position,
        contacts=tuple(ContactId(name) for name in kept.contacts),
        nearby=tuple(ContactId(name) for name in kept.nearby),
        strangers=kept.strangers,
        sender=_sender(kept.sender, question.business_id, question.sender),
        template=_template(kept, question),
        window_opened_at=_instant(kept.window_opened_at),
        stop_to_confirm=Position(kept.stop_to_confirm),
        stop_said_at=Instant(kept.stop_said_at),
        confirmed_stop=Position(kept.confirmed_stop),
        answered_code=Position(kept.answered_code),
        obstacles=Obstacles(
            kept.failed_days, _instant(kept.deferred_until), _instant(kept.held_out_until)
        ),
        time_zones=kept.time_zones,
        ledger=kept.ledger,
        brakes=tuple([_brake(brake, question.business_id) for brake in kept.brakes]),
    )
    circumstances = Circumstances(
        facts=facts,
        recipients=kept.recipients,
        is_to_sender=kept.is_to_sender,
        objection=kept.objection,
    )
    purpose = Purpose(kept.purpose) if kept.purpose else None
    place = Place(kept.areas, kept.zones)
    return KeptQuestion(
        purpose=purpose,
        is_altered=kept.is_altered,
        stopped=kept.stopped,
        doubt=kept.doubt,
        circumstances=circumstances,
        place=place,
        reads_like_ad=kept.reads_like_ad,
        held=HeldId(kept.held) if kept.held else "",
    )


def _brake_text(brake: Brake) -> _BrakeText:
    """Write what decides. Who set it, and why, stands in its own row."""
    return _BrakeText(
        brake_id=brake.brake_id,
        subject=brake.subject.key,
        holds=brake.holds,
        colour=brake.colour,
        cause=brake.cause,
        since=brake.since,
        lifts_at=brake.lifts_at,
    )


def _brake(kept: _BrakeText, business_id: BusinessId) -> Brake:
    return Brake(
        business_id=business_id,
        brake_id=BrakeId(kept.brake_id),
        subject=read_subject(kept.subject),
        holds=kept.holds,
        colour=kept.colour,
        cause=kept.cause,
        since=Instant(kept.since),
        lifts_at=_instant(kept.lifts_at),
    )


def _sender_text(sender: Sender | None) -> _SenderText | None:
    if sender is None:
        return None
    return _SenderText(sender.waba_id, sender.digits, sender.name, sender.state)


def _template_text(template: Template | None) -> _TemplateText | None:
    if template is None:
        return None
    reading = template.reading
    return _TemplateText(
        category=template.category,
        state=template.state,
        seen_at=template.seen_at,
        previous_category=template.previous_category,
        category_changed_at=template.category_changed_at,
        accepted_change=template.accepted_change,
        has_stop=reading.has_stop if reading else None,
        is_advertising=reading.is_advertising if reading else None,
    )


def _sender(
    kept: _SenderText | None, business_id: BusinessId, phone_number_id: PhoneNumberId
) -> Sender | None:
    if kept is None:
        return None
    return Sender(
        business_id=business_id,
        phone_number_id=phone_number_id,
        waba_id=WabaId(kept.waba_id),
        digits=kept.digits,
        name=kept.name,
        state=kept.state,
    )


def _template(kept: _Text, question: SendRequest) -> Template | None:
    if kept.template is None or kept.sender is None:
        return None
    return Template(
        business_id=question.business_id,
        waba_id=WabaId(kept.sender.waba_id),
        name=question.template,
        language=question.language,
        category=kept.template.category,
        state=kept.template.state,
        seen_at=Instant(kept.template.seen_at),
        previous_category=kept.template.previous_category,
        category_changed_at=_instant(kept.template.category_changed_at),
        accepted_change=_instant(kept.template.accepted_change),
        reading=reading_of(kept.template.has_stop, kept.template.is_advertising),
    )


def _instant(value: int | None) -> Instant | None:
    return Instant(value) if value is not None else None
