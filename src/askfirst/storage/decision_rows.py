"""Decision rows and values, for both backends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.facts import Facts
from askfirst.decision.question import MessageKind, Question
from askfirst.decision.reason import Reason
from askfirst.domain.ids import BusinessId, ContactId, DecisionId, PhoneNumberId, Position, WabaId
from askfirst.domain.instant import Instant
from askfirst.domain.purpose import Category
from askfirst.domain.sender import Sender, SenderState, Template, TemplateState
from askfirst.domain.standing import NOTHING_SAID, Standing, restrict
from askfirst.ports.gate import DecisionRecord
from askfirst.storage.keyring import Keyring
from askfirst.storage.rows import Row
from askfirst.storage.standing_codec import decode_standing

_encode = msgspec.msgpack.Encoder().encode


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
        decision.exception_for,
        sealed,
    )


def row_decision(row: Row) -> DecisionRecord:
    """Read a row without its sealed part: recipients and body stay shut."""
    question = Question(
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
        exception_for=Position(row[16]) if row[16] is not None else None,
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
    question: Question, names: Sequence[Sequence[Sequence[Any]]], nearby: Sequence[Sequence[Any]]
) -> Facts:
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
    return Facts(
        position=Position(base[0]),
        contacts=tuple(ContactId(contact) for contact in found),
        strangers=strangers,
        standing=_with_neighbours(standing, nearby),
        sender=_sender(question, base),
        template=_template(question, base),
        window_opened_at=Instant(first[11]) if first and first[11] is not None else None,
        confirmed_stop=Position(first[10]) if first else Position(0),
    )


def _with_neighbours(standing: Standing, nearby: Sequence[Sequence[Any]]) -> Standing:
    for row in nearby:
        if row[8] is not None:
            standing = restrict(standing, decode_standing(row[9]))
    return standing


def _sender(question: Question, row: Sequence[Any]) -> Sender | None:
    if row[1] is None:
        return None
    return Sender(
        business_id=question.business_id,
        phone_number_id=question.sender,
        waba_id=WabaId(row[1]),
        digits=row[2],
        name=row[3],
        state=SenderState(row[4]),
    )


def _template(question: Question, row: Sequence[Any]) -> Template | None:
    if row[5] is None:
        return None
    return Template(
        business_id=question.business_id,
        waba_id=WabaId(row[1]),
        name=question.template,
        language=question.language,
        category=Category(row[5]),
        state=TemplateState(row[6]),
        seen_at=Instant(row[7]),
    )
