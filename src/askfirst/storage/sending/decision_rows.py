"""Decision rows and values, for both backends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import CODE_ONCE, STOP_CONFIRMATION_ONCE, Reservation
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, restrict
from askfirst.domain.tenants.sender import Sender, SenderState, Template, TemplateState
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
from askfirst.storage.consent.standing_codec import decode_standing
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row

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
    contact_id: ContactId | None
    standing: bytes
    confirmed_stop: Position
    opened_at: Instant | None
    answered_code: Position
    stop_to_confirm: Position
    stop_said_at: Instant


FACTS_COLUMNS: Final = len(FactsRow._fields)


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


def decision_row(record: DecisionRecord, keyring: Keyring) -> tuple[Any, ...]:
    """Columns in the order of the table; recipient and body are sealed together."""
    question, decision = record.question, record.decision
    names = [(alias.kind.value, alias.value) for alias in question.recipients]
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
        message = keyring.lookup("message:" + outcome.message_id)
    return (
        outcome.business_id,
        outcome.decision_id,
        outcome.left_at or 0,
        outcome.status,
        message,
    )


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
    )


def facts_of(
    question: SendRequest, names: Sequence[Sequence[FactsRow]], nearby: Sequence[FactsRow]
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
    facts = _facts(question, base, first, _with_neighbours(standing, nearby))
    if len(found) <= 1 and not strangers:
        return facts
    contacts = tuple(ContactId(contact) for contact in found)
    return replace(facts, contacts=contacts, strangers=strangers)


def facts_of_one(question: SendRequest, row: FactsRow) -> DecisionContext:
    """Put facts together out of the one row of the one name of the recipient."""
    if row.contact_id is None:
        return replace(_facts(question, row, None, NOTHING_SAID), strangers=1)
    return _facts(question, row, row, decode_standing(row.standing))


def _facts(
    question: SendRequest, base: FactsRow, first: FactsRow | None, standing: Standing
) -> DecisionContext:
    sender = template = None
    if base.waba_id is not None:
        owner = question.business_id
        sender = _sender(
            owner, question.sender, base.waba_id, base.digits, base.sender_name, base.sender_state
        )
        if base.category is not None:
            kind = (question.template, question.language)
            template = _template(
                owner, base.waba_id, *kind, base.category, base.template_state, base.seen_at
            )
    if first is None or first.contact_id is None:
        return DecisionContext(
            position=base.last_position, standing=standing, sender=sender, template=template
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
    )


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
def _template(  # noqa: PLR0913, PLR0917 - the columns of one row
    business_id: BusinessId,
    waba_id: str,
    name: str,
    language: str,
    category: str,
    state: str,
    seen_at: int,
) -> Template:
    return Template(
        business_id=business_id,
        waba_id=WabaId(waba_id),
        name=name,
        language=language,
        category=Category(category),
        state=TemplateState(state),
        seen_at=Instant(seen_at),
    )
