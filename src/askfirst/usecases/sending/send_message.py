"""Let a message leave, if it may.

The order is the promise: a connection is made ready; the shared lock is taken; fresh facts are
read and decided on; the decision is written down, durably; the clock and the lock are looked
at once more; the first byte goes out; the lock is released. Nothing is sent twice: an unknown
outcome is reported as unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterable
from functools import lru_cache
from http.client import BAD_REQUEST, INTERNAL_SERVER_ERROR
from typing import NamedTuple, Protocol

from askfirst.decision.facts import circumstances_of, flags_of_send
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import Source
from askfirst.domain.sending.meta_answers import answer_of
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import AliasesLinked, Command, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.sending.decision_archive import HasDecisionArchive
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
from askfirst.ports.sending.rules import HasPolicy, HasRules
from askfirst.usecases.contacts.read_number import canonical_names
from askfirst.usecases.sending.delivery_status import acts_of_codes, template_seen
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.patience import Patience


class NotesCodes(Protocol):
    """Whatever sets the brakes that Meta's error codes ask for (`note_signals.note_codes`)."""

    def note_codes(
        self,
        business_id: BusinessId,
        codes: Iterable[int],
        sender: PhoneNumberId | None,
        waba: WabaId | None,
        /,
    ) -> Awaitable[None]:
        """Set the brakes; raises Unavailable where none was set."""
        ...


class SendMessageNeeds(
    NotesCodes,
    HasClock,
    HasDecisionArchive,
    HasDecisions,
    HasGate,
    HasIds,
    HasLedger,
    HasHttpConnections,
    HasNumbering,
    HasPolicy,
    HasRules,
    HasTelemetry,
    Protocol,
):
    """What this use case needs from the world."""


async def send_message(
    services: SendMessageNeeds, send: Send, patience: Patience | None = None
) -> Sent | Refused | UnknownOutcome:
    """Decide on one message and send it if allowed. `patience`: what the caller still has of it.

    Raises:
        Unavailable: no decision could be made or written down in time; nothing left.
        NotSent: Meta cannot be reached; nothing left.
    """
    patience = patience or Patience()
    connection, record, left_at = await patience.give(_decide(services, send, patience))
    decision_id, decision = record.decision_id, record.decision
    if left_at is None:
        return Refused(
            decision_id=decision_id,
            decision=decision,
            decided_at=record.decided_at,
            contact_id=record.contact_id,
        )
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
        contact_id=record.contact_id,
        circumstances=record.circumstances,
        waba_id=_waba(record),
    )


async def _decide(
    services: SendMessageNeeds, send: Send, limit: Patience
) -> tuple[HttpConnection, DecisionRecord, Instant | None]:
    """Decide, and let go of the message if it may leave."""
    policy = services.policy  # one for all that follows: another may take its place meanwhile
    await services.decision_archive.keep_policy(send.question.business_id, policy)
    connection = await services.connections.open()
    try:
        return connection, *await _let_go(services, policy, send, _Way(connection, limit))
    finally:
        connection.release()


def _waba(record: DecisionRecord) -> WabaId | None:
    sender = record.circumstances.facts.sender if record.circumstances else None
    return sender.waba_id if sender else None


class _Way(NamedTuple):
    """The way out, and how long there is to take it."""

    connection: HttpConnection
    limit: Patience


async def _let_go(
    services: SendMessageNeeds, policy: Policy, send: Send, way: _Way
) -> tuple[DecisionRecord, Instant | None]:
    """Decide under the lock. Once the message left, trouble with the lock changes nothing."""
    admitted: tuple[DecisionRecord, Instant | None] | None = None
    try:
        async with services.gate.hold(send.question) as held:
            admitted = await _admit(services, policy, send, held, way)
    except Unavailable:
        if admitted is None or not admitted[1]:
            raise
    if admitted is None:
        raise Unavailable("no decision was made")
    return admitted


async def _admit(
    services: SendMessageNeeds, policy: Policy, send: Send, held: Lease, way: _Way
) -> tuple[DecisionRecord, Instant | None]:
    """Decide, write down, and hand over the first byte; returns when it left, or None."""
    decided_at, began = services.clock.now(), services.clock.steady()
    decision, counting = services.rules.decide_and_count(
        held.facts, policy, send.question, decided_at
    )
    if send.objection:
        decision, counting = decision.denied(send.objection), None
    record = DecisionRecord(
        decision_id=services.ids.decision(),
        decided_at=decided_at,
        question=send.question,
        contact_id=held.facts.contacts[0] if held.facts.contacts else None,
        decision=decision,
        body=send.body if send.kept is None else send.kept,
        circumstances=circumstances_of(held.facts, send.question, send.objection),
        counting=counting,
    )
    try:
        objection = await services.decisions.record(record)
    except asyncio.CancelledError:  # it may be written yet, and nothing leaves on it
        _conclude(services, _outcome(record, None, 0))
        raise
    if objection is not None:
        record = replace(
            record,
            decision=objection,
            circumstances=circumstances_of(held.facts, send.question, objection.reasons[0]),
            counting=None,
        )
        await services.decisions.record(record)
    if not record.decision.allowed:
        return record, None
    left_at = services.clock.now()
    lasted = max(services.clock.steady() - began, left_at - decided_at)
    if lasted >= PERMIT_LIFE or not held.alive():
        _conclude(services, _outcome(record, None, 0))
        return replace(record, decision=decision.denied(Reason.PERMIT_EXPIRED)), None
    for flag in flags_of_send(held.facts, send.question):
        services.telemetry.flagged(flag)
    way.limit.lift()  # nothing between here and the first byte may wait or fail
    try:
        way.connection.send("POST", send.target, send.headers, send.body)
    except NotSent:
        _conclude(services, _outcome(record, None, 0))
        raise
    return record, left_at


def _outcome(record: DecisionRecord, left_at: Instant | None, status: int) -> Outcome:
    return Outcome(
        business_id=record.question.business_id,
        decision_id=record.decision_id,
        left_at=left_at,
        status=status,
        gives_back=record.contact_id if left_at is None else None,
    )


def _conclude(services: HasDecisions, outcome: Outcome) -> None:
    """Write the outcome down soon; where it cannot be, the row says that it is unknown."""
    with contextlib.suppress(Unavailable):
        services.decisions.conclude(outcome)


def _took_none(answer: Answer, code: int) -> bool:
    """Return whether Meta surely took no message: it said why, and was not in trouble itself."""
    if not code:
        return False
    is_trouble = answer.status >= INTERNAL_SERVER_ERROR
    return answer_of(code).is_surely_lost or (answer.status >= BAD_REQUEST and not is_trouble)


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
    lesson = note_outcome(services, sent, message_id, names, code)
    if lesson is not None:
        await learn(services, lesson)


class Lesson(NamedTuple):
    """What Meta's answer to a message says: of the person, and by its code of what sent it."""

    sent: Sent
    acts: tuple[Command, ...]
    code: int


def note_outcome(
    services: SendMessageNeeds, sent: Sent, message_id: str, names: tuple[Alias, ...], code: int
) -> Lesson | None:
    """Write what Meta answered down, soon; return what is to be learnt of it, mostly nothing."""
    outcome = Outcome(
        business_id=sent.question.business_id,
        decision_id=sent.decision_id,
        left_at=sent.left_at,
        status=sent.answer.status,
        message_id=message_id,
        gives_back=sent.contact_id if _took_none(sent.answer, code) else None,
        is_marketing=_is_marketing(sent.decision.purpose),
    )
    _conclude(services, outcome)
    if not (code or names):
        return None
    asked = sent.question.recipients
    known = {alias.key for alias in asked}
    spelt = canonical_names(services.numbering, names)
    new = tuple(alias for alias in spelt if alias.key not in known)
    if not (code or new):
        return None
    now = services.clock.now()
    acts = _acts_of_answer(sent, code, now) if code else ()
    if new:
        acts += (AliasesLinked(aliases=(*asked, *new), at=now, source=Source.GATEWAY),)
    return Lesson(sent, acts, code)


@lru_cache(maxsize=1024)
def _is_marketing(purpose: str) -> bool:
    return Purpose(purpose).category is Category.MARKETING


async def learn(services: SendMessageNeeds, lesson: Lesson) -> None:
    """Let count what was learnt; it is in force when this returns."""
    sent, acts, code = lesson
    business_id = sent.question.business_id
    if acts:
        now = services.clock.now()
        items = (WriteEntry(acts=acts),)
        await services.ledger.commit(
            WriteBatch(business_id=business_id, recorded_at=now, items=items)
        )
    if code:  # last: a stop that the answer told is in force, whatever becomes of a brake
        place = sent.question.sender, sent.waba_id
        await services.note_codes(business_id, (code,), *place)


def _acts_of_answer(sent: Sent, code: int, now: Instant) -> tuple[Command, ...]:
    question = sent.question
    acts = acts_of_codes(
        (code,), question.recipients, now, sender=question.sender, source=Source.GATEWAY
    )
    seen = template_seen((code,), sent.waba_id, question.template, question.language, now)
    return acts if seen is None else (*acts, seen)
