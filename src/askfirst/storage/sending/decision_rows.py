"""Decision rows and values, for both backends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import (
    CODE_ONCE,
    HELD_ONCE,
    STOP_CONFIRMATION_ONCE,
    Reservation,
)
from askfirst.decision.traffic import SentMessage
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, restrict
from askfirst.domain.sending.reachability import NO_OBSTACLES, Obstacles, read_days
from askfirst.domain.tenants.sender import Sender, SenderState, Template, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    DecisionId,
    PhoneNumberId,
    Position,
    WabaId,
)
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.storage.brakes.brake_rows import brakes_of
from askfirst.storage.consent.deliveries import message_name
from askfirst.storage.consent.standing_codec import decode_standing
from askfirst.storage.consent.time_zones import split_zones
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.sending.circumstances_codec import circumstances_text, read_circumstances
from askfirst.storage.sending.traffic_rows import TRAFFIC_COLUMNS, sent_messages, traffic_of
from askfirst.storage.tenants.template_rows import category_of, instant_of, reading_of

_encode = msgspec.msgpack.Encoder().encode

_reservations_of = msgspec.json.Decoder(tuple[Reservation, ...]).decode

_ON_THE_CONTACT = {STOP_CONFIRMATION_ONCE: "reserve_stop_confirmation", CODE_ONCE: "reserve_code"}
"""Kinds that are counted on the contact's row, where the facts find them: the newest one used.

They are bound to once, and follow the contact when it is merged.
"""


def reserving(record: DecisionRecord, reservation: Reservation) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that makes a reservation, and its values; it changes a row, or none."""
    business_id, kind, key = record.question.business_id, reservation.kind, reservation.key
    if statement := _ON_THE_CONTACT.get(kind):
        return statement, (business_id, record.contact_id, int(key))
    if kind == HELD_ONCE:
        return "reserve_held", (business_id, key, record.decision_id)
    return "reserve", (business_id, kind, key, reservation.bound, reservation.ends_at)


class FactsRow(NamedTuple):
    """The columns of statement `facts`; each backend's own epoch comes after them."""

    last_position: Position
    waba_id: str | None
    digits: str
    sender_name: str
    sender_state: str
    category: str | None
    template_state: str
    seen_at: int
    previous_category: str | None
    category_changed_at: int | None
    accepted_change: int | None
    has_stop: int | None
    is_advertising: int | None
    contact_id: ContactId | None
    standing: bytes
    confirmed_stop: Position
    opened_at: Instant | None
    answered_code: Position
    stop_to_confirm: Position
    stop_said_at: Instant
    failed_days: str
    deferred_until: Instant | None
    held_out_until: Instant | None
    brakes: str | None
    sent: str | None
    pair_began_at: int | None
    pair_free_at: int | None
    sender_began_at: int | None
    sender_free_at: int | None
    messaging_limit: int | None
    people: str | None
    time_zones: str | None


FACTS_COLUMNS: Final = len(FactsRow._fields)
_TEMPLATE_PLACES: Final = slice(
    FactsRow._fields.index("template_state"), FactsRow._fields.index("contact_id")
)


class DecisionRow(NamedTuple):
    """The columns of statement `decisions`."""

    business_id: str
    decision_id: str
    decided_at: int
    sender: str
    message_kind: str
    template: str
    language: str
    country: str
    contact_id: str | None
    verdict: str
    reasons: str
    rule: int
    purpose: str
    position: int
    policy: str
    retry_at: int | None
    reservations: str | None
    circumstances: str | None
    campaign: str | None


def decision_row(record: DecisionRecord, keyring: Keyring) -> tuple[Any, ...]:
    """Columns in the order of the table; recipient and body are sealed together."""
    question, decision = record.question, record.decision
    names = [(alias.kind, alias.value) for alias in question.recipients]
    sealed = keyring.seal(_encode((names, record.body)), record.decision_id.encode())
    return (
        question.business_id,
        record.decision_id,
        record.decided_at,
        question.sender,
        question.kind.value,
        question.template,
        question.language,
        question.country,
        record.contact_id,
        decision.verdict.value,
        ",".join(decision.reasons),
        decision.rule,
        decision.purpose,
        decision.position,
        decision.policy_fingerprint,
        decision.retry_at,
        _reservations_text(decision.reservations),
        circumstances_text(record.circumstances, question),
        question.campaign or None,
        sealed,
    )


def _reservations_text(reservations: tuple[Reservation, ...]) -> str | None:
    return msgspec.json.encode(reservations).decode() if reservations else None


def _reservations(text: str | None) -> tuple[Reservation, ...]:
    return _reservations_of(text) if text else ()


def outcome_row(outcome: Outcome, keyring: Keyring) -> tuple[Any, ...]:
    """Columns in the order of the table; the message's id is kept as a hash only."""
    message = None
    if outcome.message_id:
        message = keyring.lookup(message_name(outcome.message_id))
    return (
        outcome.business_id,
        outcome.decision_id,
        outcome.left_at or 0,
        outcome.status,
        message,
    )


def marketing_message(outcome: Outcome, row: Sequence[Any]) -> tuple[DecisionId, str] | None:
    """Return by what a marketing message is found when Meta tells of it; None for others.

    `row` is that of the outcome, where the hash of the message's id is already.
    """
    message = row[-1]
    if not outcome.is_marketing or message is None:
        return None
    return outcome.decision_id, message.hex()


def row_decision(columns: Row) -> DecisionRecord:
    """Read a row without its sealed part: recipients and body stay shut."""
    row = DecisionRow._make(columns)
    question = SendRequest(
        business_id=BusinessId(row.business_id),
        sender=PhoneNumberId(row.sender),
        recipients=(),
        kind=MessageKind(row.message_kind),
        template=row.template,
        language=row.language,
        country=row.country,
        campaign=row.campaign or "",
    )
    asked = read_circumstances(row.circumstances, question, Position(row.position))
    question = replace(
        question,
        purpose=asked.purpose,
        is_altered=asked.is_altered,
        stopped=asked.stopped,
        place=asked.place,
        doubt=asked.doubt,
        reads_like_ad=asked.reads_like_ad,
        held=asked.held,
    )
    decision = Decision(
        verdict=Verdict(row.verdict),
        reasons=tuple(Reason(code) for code in row.reasons.split(",")),
        rule=row.rule,
        purpose=row.purpose,
        position=Position(row.position),
        policy_fingerprint=row.policy,
        retry_at=Instant(row.retry_at) if row.retry_at is not None else None,
        reservations=_reservations(row.reservations),
    )
    return DecisionRecord(
        decision_id=DecisionId(row.decision_id),
        decided_at=Instant(row.decided_at),
        question=question,
        contact_id=ContactId(row.contact_id) if row.contact_id else None,
        decision=decision,
        body=b"",
        circumstances=asked.circumstances,
    )


def facts_of(
    question: SendRequest,
    names: Sequence[Sequence[FactsRow]],
    nearby: Sequence[FactsRow],
    keyring: Keyring,
) -> DecisionContext:
    """Put facts together out of the rows of statement `facts`.

    `names` holds, for each name of the recipient, the rows found under its key versions;
    `nearby` the rows of numbers that may be the same subscriber.
    """
    base = names[0][0]
    found: dict[ContactId, FactsRow] = {}
    strangers = 0
    for rows in names:
        known = {row.contact_id: row for row in rows if row.contact_id is not None}
        strangers += not known
        found.update(known)
    first = next(iter(found.values()), None)
    standing = decode_standing(first.standing) if first else NOTHING_SAID
    facts = _facts(question, base, first, _with_neighbours(standing, nearby), keyring)
    neighbours = tuple(row.contact_id for row in nearby if row.contact_id is not None)
    if neighbours:
        facts = replace(facts, nearby=neighbours)
    if any(row.sent for row in nearby):
        traffic = facts.traffic._replace(nearby=_sent_nearby(question, nearby, keyring))
        facts = replace(facts, traffic=traffic)
    if len(found) <= 1 and not strangers:
        return facts
    contacts = tuple(ContactId(contact) for contact in found)
    return replace(facts, contacts=contacts, strangers=strangers)


def _sent_nearby(
    question: SendRequest, nearby: Sequence[FactsRow], keyring: Keyring
) -> tuple[SentMessage, ...]:
    return tuple(
        one
        for row in nearby
        if row.contact_id is not None
        for one in sent_messages(row.sent, question, row.contact_id, keyring)
    )


def facts_of_one(question: SendRequest, row: FactsRow, keyring: Keyring) -> DecisionContext:
    """Put facts together out of the one row of the one name of the recipient."""
    if row.contact_id is None:
        return replace(_facts(question, row, None, NOTHING_SAID, keyring), strangers=1)
    return _facts(question, row, row, decode_standing(row.standing), keyring)


def _facts(
    question: SendRequest,
    base: FactsRow,
    first: FactsRow | None,
    standing: Standing,
    keyring: Keyring,
) -> DecisionContext:
    sender = template = None
    brakes = brakes_of(question.business_id, base.brakes)
    if base.waba_id is not None:
        owner = question.business_id
        sender = _sender(
            owner, question.sender, base.waba_id, base.digits, base.sender_name, base.sender_state
        )
        if base.category is not None:
            kind = (question.template, question.language)
            template = _template(owner, base.waba_id, kind, base.category, base[_TEMPLATE_PLACES])
    if first is None or first.contact_id is None:
        return DecisionContext(
            position=base.last_position,
            standing=standing,
            sender=sender,
            template=template,
            brakes=brakes,
        )
    return DecisionContext(
        position=base.last_position,
        contacts=(first.contact_id,),
        standing=standing,
        sender=sender,
        template=template,
        window_opened_at=first.opened_at,
        confirmed_stop=first.confirmed_stop,
        answered_code=first.answered_code,
        stop_to_confirm=first.stop_to_confirm,
        stop_said_at=first.stop_said_at,
        obstacles=_obstacles(first),
        time_zones=split_zones(first.time_zones),
        traffic=traffic_of(first[-TRAFFIC_COLUMNS - 1 : -1], question, first.contact_id, keyring),
        brakes=brakes,
    )


def _obstacles(row: FactsRow) -> Obstacles:
    """Read what Meta's answers have told of the contact; mostly there is nothing."""
    if not row.failed_days and row.deferred_until is None and row.held_out_until is None:
        return NO_OBSTACLES
    return Obstacles(read_days(row.failed_days), row.deferred_until, row.held_out_until)


def _with_neighbours(standing: Standing, nearby: Sequence[FactsRow]) -> Standing:
    for row in nearby:
        if row.contact_id is not None:
            standing = restrict(standing, decode_standing(row.standing))
    return standing


@lru_cache(maxsize=1024)
def _sender(
    business_id: BusinessId,
    phone_number_id: PhoneNumberId,
    waba_id: str,
    digits: str,
    name: str,
    state: str,
) -> Sender:
    """Equal rows are equal senders: made once, not once for each decision."""
    return Sender(
        business_id=business_id,
        phone_number_id=phone_number_id,
        waba_id=WabaId(waba_id),
        digits=digits,
        name=name,
        state=SenderState(state),
    )


@lru_cache(maxsize=4096)
def _template(
    business_id: BusinessId,
    waba_id: str,
    kind: tuple[str, str],
    category: str,
    columns: tuple[Any, ...],
) -> Template:
    """Make it with what decisions look at: no time but that of the change, and no words."""
    state, seen_at, previous, changed_at, accepted, has_stop, is_advertising = columns
    name, language = kind
    return Template(
        business_id=business_id,
        waba_id=WabaId(waba_id),
        name=name,
        language=language,
        category=Category(category),
        state=TemplateState(state),
        seen_at=Instant(seen_at),
        previous_category=category_of(previous),
        category_changed_at=instant_of(changed_at),
        accepted_change=instant_of(accepted),
        reading=reading_of(has_stop, is_advertising),
    )
