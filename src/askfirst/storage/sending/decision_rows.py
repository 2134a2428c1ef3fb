"""Decision rows and values, for both backends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

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
    """Give the statement that makes a reservation, and its values; it changes a row or says no."""
    business_id, kind, key = record.question.business_id, reservation.kind, reservation.key
    if statement := _ON_THE_CONTACT.get(kind):
        return statement, (business_id, record.contact_id, int(key))
    return "reserve", (business_id, kind, key, reservation.bound, reservation.ends_at)


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


def row_decision(row: Row) -> DecisionRecord:
    """Read a row without its sealed part: recipients and body stay shut."""
    question = SendRequest(
        business_id=BusinessId(row[0]),
        sender=PhoneNumberId(row[3]),
        recipients=(),
        kind=MessageKind(row[4]),
        template=row[5],
        language=row[6],
        country=row[7],
    )
    decision = Decision(
        verdict=Verdict(row[9]),
        reasons=tuple(Reason(code) for code in row[10].split(",")),
        rule=row[11],
        purpose=row[12],
        position=Position(row[13]),
        policy_fingerprint=row[14],
        retry_at=Instant(row[15]) if row[15] is not None else None,
        reservations=_reservations(row[16]),
    )
    return DecisionRecord(
        decision_id=DecisionId(row[1]),
        decided_at=Instant(row[2]),
        question=question,
        contact_id=ContactId(row[8]) if row[8] else None,
        decision=decision,
        body=b"",
    )


def facts_of(
    question: SendRequest, names: Sequence[Sequence[Sequence[Any]]], nearby: Sequence[Sequence[Any]]
) -> DecisionContext:
    """Put facts together out of the rows of statement `facts`.

    `names` holds, for each name of the recipient, the rows found under its key versions;
    `nearby` the rows of numbers that may be the same subscriber.
    """
    base = names[0][0]
    found: dict[str, Sequence[Any]] = {}
    strangers = 0
    for rows in names:
        known = [row for row in rows if row[8] is not None]
        strangers += not known
        found.update({row[8]: row for row in known})
    first = next(iter(found.values()), None)
    standing = decode_standing(first[9]) if first else NOTHING_SAID
    facts = _facts(question, base, first, _with_neighbours(standing, nearby))
    if len(found) <= 1 and not strangers:
        return facts
    contacts = tuple(ContactId(contact) for contact in found)
    return replace(facts, contacts=contacts, strangers=strangers)


def facts_of_one(question: SendRequest, row: Sequence[Any]) -> DecisionContext:
    """Put facts together out of the one row of the one name of the recipient."""
    if row[8] is None:
        return replace(_facts(question, row, None, NOTHING_SAID), strangers=1)
    return _facts(question, row, row, decode_standing(row[9]))


def _facts(
    question: SendRequest, base: Sequence[Any], first: Sequence[Any] | None, standing: Standing
) -> DecisionContext:
    sender = template = None
    if base[1] is not None:
        owner = question.business_id
        sender = _sender(owner, question.sender, base[1], base[2], base[3], base[4])
        if base[5] is not None:
            kind = (question.template, question.language)
            template = _template(owner, base[1], *kind, base[5], base[6], base[7])
    if first is None:
        return DecisionContext(
            position=base[0], standing=standing, sender=sender, template=template
        )
    return DecisionContext(
        position=base[0],
        contacts=(first[8],),
        standing=standing,
        sender=sender,
        template=template,
        window_opened_at=first[11],
        confirmed_stop=first[10],
        answered_code=first[12],
        stop_to_confirm=first[13],
        stop_said_at=first[14],
    )


def _with_neighbours(standing: Standing, nearby: Sequence[Sequence[Any]]) -> Standing:
    for row in nearby:
        if row[8] is not None:
            standing = restrict(standing, decode_standing(row[9]))
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
