"""Let a message leave, if it may.

The order is the promise: a connection is made ready; the shared lock is taken; fresh facts are
read and decided on; the decision is written down, durably; the clock and the lock are looked
at once more; the first byte goes out; the lock is released. Nothing is sent twice: an unknown
outcome is reported as unknown.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import Source
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import DecisionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import AliasesLinked, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.sending.gate import (
    PERMIT_LIFE,
    DecisionRecord,
    HasDecisions,
    HasGate,
    Lease,
    Outcome,
)
from askfirst.ports.sending.http_connection import (
    Answer,
    HasHttpConnections,
    HttpConnection,
    NotSent,
    OutcomeUnknown,
)
from askfirst.ports.sending.policy import HasPolicy
from askfirst.usecases.contacts.read_number import canonical_names
from askfirst.usecases.sending.delivery_status import acts_of_codes


class SendMessageNeeds(
    HasClock,
    HasDecisions,
    HasGate,
    HasIds,
    HasLedger,
    HasHttpConnections,
    HasNumbering,
    HasPolicy,
    Protocol,
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message as it will leave: `target` is the path at Meta, `body` the very bytes.

    `kept` is what is written down of the body, where that is not all of it. `objection`: something
    of ours speaks against it that the ledger does not know of.
    """

    question: SendRequest
    target: str
    headers: Mapping[str, str]
    body: bytes
    kept: bytes | None = None
    objection: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The message left; Meta's answer is to be relayed."""

    decision_id: DecisionId
    decision: Decision
    question: SendRequest
    left_at: Instant
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The message did not leave."""

    decision_id: DecisionId
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownOutcome:
    """The message left, and nobody knows what became of it."""

    decision_id: DecisionId
    decision: Decision


async def send_message(services: SendMessageNeeds, send: Send) -> Sent | Refused | UnknownOutcome:
    """Decide on one message and send it if allowed.

    Raises:
        Unavailable: no decision could be made or written down; nothing left.
        NotSent: Meta cannot be reached; nothing left.
    """
    connection = await services.connections.open()
    try:
        record, left_at = await _let_go(services, send, connection)
    finally:
        connection.release()
    decision_id, decision = record.decision_id, record.decision
    if left_at is None:
        return Refused(decision_id=decision_id, decision=decision)
    try:
        answer = await connection.answer()
    except OutcomeUnknown:
        _conclude(services, _outcome(record, left_at, 0))
        return UnknownOutcome(decision_id=decision_id, decision=decision)
    return Sent(
        decision_id=decision_id,
        decision=decision,
        question=send.question,
        left_at=left_at,
        answer=answer,
    )


async def _let_go(
    services: SendMessageNeeds, send: Send, connection: HttpConnection
) -> tuple[DecisionRecord, Instant | None]:
    """Decide under the lock. Once the message left, trouble with the lock changes nothing."""
    admitted: tuple[DecisionRecord, Instant | None] | None = None
    try:
        async with services.gate.hold(send.question) as held:
            admitted = await _admit(services, send, held, connection)
    except Unavailable:
        if admitted is None or not admitted[1]:
            raise
    if admitted is None:
        raise Unavailable("no decision was made")
    return admitted


async def _admit(
    services: SendMessageNeeds, send: Send, held: Lease, connection: HttpConnection
) -> tuple[DecisionRecord, Instant | None]:
    """Decide, write down, and hand over the first byte; returns when it left, or None."""
    decided_at, began = services.clock.now(), services.clock.steady()
    decision = decide(held.facts, services.policy, send.question, decided_at)
    if send.objection:
        decision = _denied(decision, send.objection)
    record = DecisionRecord(
        decision_id=services.ids.decision(),
        decided_at=decided_at,
        question=send.question,
        contact_id=held.facts.contacts[0] if held.facts.contacts else None,
        decision=decision,
        body=send.body if send.kept is None else send.kept,
    )
    used_up = await services.decisions.record(record)
    if used_up is not None:
        record = replace(record, decision=_denied(decision, used_up.reason))
        await services.decisions.record(record)
    if not record.decision.allowed:
        return record, None
    left_at = services.clock.now()
    lasted = max(services.clock.steady() - began, left_at - decided_at)
    if lasted >= PERMIT_LIFE or not held.alive():
        _conclude(services, _outcome(record, None, 0))
        return replace(record, decision=_denied(decision, Reason.PERMIT_EXPIRED)), None
    try:
        connection.send("POST", send.target, send.headers, send.body)
    except NotSent:
        _conclude(services, _outcome(record, None, 0))
        raise
    return record, left_at


def _denied(decision: Decision, reason: Reason) -> Decision:
    return decision._replace(verdict=Verdict.DENY, reasons=(reason,), reservations=())


def _outcome(record: DecisionRecord, left_at: Instant | None, status: int) -> Outcome:
    return Outcome(
        business_id=record.question.business_id,
        decision_id=record.decision_id,
        left_at=left_at,
        status=status,
    )


def _conclude(services: HasDecisions, outcome: Outcome) -> None:
    """Write the outcome down soon; where it cannot be, the row says that it is unknown."""
    with contextlib.suppress(Unavailable):
        services.decisions.conclude(outcome)


async def conclude_send(
    services: SendMessageNeeds,
    sent: Sent,
    message_id: str,
    names: tuple[Alias, ...],
    code: int = 0,
) -> None:
    """Write down what Meta answered, and learn the names it gave for the recipient.

    `code` is Meta's, where it took no message: what a status would say by it is in force when this
    returns.
    """
    outcome = Outcome(
        business_id=sent.question.business_id,
        decision_id=sent.decision_id,
        left_at=sent.left_at,
        status=sent.answer.status,
        message_id=message_id,
    )
    _conclude(services, outcome)
    asked = sent.question.recipients
    known = {alias.key for alias in asked}
    spelt = canonical_names(services.numbering, names)
    new = tuple(alias for alias in spelt if alias.key not in known)
    if not (code or new):
        return
    now = services.clock.now()
    acts = acts_of_codes((code,), asked, now, sender=sent.question.sender, source=Source.GATEWAY)
    if new:
        acts += (AliasesLinked(aliases=(*asked, *new), at=now, source=Source.GATEWAY),)
    if acts:
        business_id = sent.question.business_id
        change = WriteBatch(
            business_id=business_id, recorded_at=now, items=(WriteEntry(acts=acts),)
        )
        await services.ledger.commit(change)
