"""Held messages, for either backend. Content is sealed with the keyring, bound to its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.held.held_message import ENDING, HeldMessage, HeldState
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    DecisionId,
    HeldId,
    PhoneNumberId,
    Position,
    SubscriptionId,
)
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.held.held_messages import HeldContent, HeldEnd, held_task, news_task
from askfirst.storage.consent.workspace import EndingNo
from askfirst.storage.events.subscriptions import split_names
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.tasks.tasks import StoredTasks, enqueue_row, enqueue_step

_KINDS: Final = ",".join(sorted(kind.value for kind in ENDING))


class HeldRow(NamedTuple):
    """The columns of each statement that reads held messages."""

    held_id: str
    contact_id: str
    sender: str
    purpose: str
    campaign: str
    state: str
    reason: str
    decision_id: str
    position: int
    held_at: int
    due_at: int
    expires_at: int
    ended_at: int | None
    sealed: bytes | None


class _Sealed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed while a message is held. It tells whom it goes to, and what it says."""

    names: tuple[tuple[str, str], ...]
    kind: MessageKind
    target: str
    body: bytes
    template: str = ""
    language: str = ""
    purpose: str = ""
    content: str = ""
    campaign: str = ""
    is_altered: bool = False


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(_Sealed).decode


def stop_rows(business_id: BusinessId, noes: Iterable[EndingNo]) -> Iterator[tuple[object, ...]]:
    """Return the parameters of statement `stop_held` for each no."""
    for no in noes:
        yield (business_id, no.contact_id, no.at, ",".join(no.purposes), no.reason)


def news_rows(
    business_id: BusinessId, subscribers: Iterable[str], held_ids: Iterable[str], at: Instant
) -> list[tuple[object, ...]]:
    """Return the parameters of `enqueue_task` that tell live subscriptions of ends."""
    names = [SubscriptionId(name) for name in subscribers]
    return [
        enqueue_row(news_task(business_id, HeldId(held_id), name), at)
        for held_id in held_ids
        for name in names
    ]


class HeldRows:
    """Reads rows, and what is sealed in them."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def read(self, business_id: BusinessId, columns: Row) -> HeldMessage:
        """Return a message from its columns, as `HeldRow` has them."""
        row = HeldRow._make(columns)
        has_id = row.ended_at is not None and row.sealed is not None
        return HeldMessage(
            business_id=business_id,
            held_id=HeldId(row.held_id),
            contact_id=ContactId(row.contact_id),
            sender=PhoneNumberId(row.sender),
            purpose=row.purpose,
            campaign=row.campaign,
            state=HeldState(row.state),
            reason=row.reason,
            decision_id=DecisionId(row.decision_id),
            position=Position(row.position),
            held_at=Instant(row.held_at),
            due_at=Instant(row.due_at),
            expires_at=Instant(row.expires_at),
            ended_at=None if row.ended_at is None else Instant(row.ended_at),
            message_id=self._open(row).decode() if has_id else "",
        )

    def content(self, business_id: BusinessId, columns: Row) -> HeldContent | None:
        """Open what is sealed of a message that is held; None where it has ended."""
        row = HeldRow._make(columns)
        if row.ended_at is not None:
            return None
        kept = _decode(self._open(row))
        question = SendRequest(
            business_id=business_id,
            sender=PhoneNumberId(row.sender),
            recipients=tuple(Alias(AliasKind(kind), value) for kind, value in kept.names),
            kind=kept.kind,
            template=kept.template,
            language=kept.language,
            purpose=Purpose(kept.purpose) if kept.purpose else None,
            content=kept.content,
            campaign=kept.campaign,
            is_altered=kept.is_altered,
            held=HeldId(row.held_id),
        )
        return HeldContent(question=question, target=kept.target, body=kept.body)

    def _open(self, row: HeldRow) -> bytes:
        return self._keyring.open(bytes(row.sealed or b""), row.held_id.encode())


class StoredHeldMessages:
    """See ports.held.held_messages.HeldMessages."""

    def __init__(self, statements: Statements, keyring: Keyring, tasks: StoredTasks) -> None:
        self._statements = statements
        self._keyring = keyring
        self._tasks = tasks
        self._rows = HeldRows(keyring)

    async def hold(self, message: HeldMessage, content: HeldContent) -> bool:
        place = (message.business_id, message.held_id)
        sealed = self._keyring.seal(_content_bytes(content), message.held_id.encode())
        row = (*place, *_columns(message), sealed, _KINDS)
        task = enqueue_step(held_task(*place), message.due_at)

        def talk() -> TransactionScript[bool]:
            yield "lock_contact", (message.business_id, message.contact_id)
            if not (yield "hold_message", row):
                return False
            yield task
            return True

        is_held = await self._statements.talk(message.business_id, talk)
        self._tasks.wake()
        return is_held

    async def find(self, business_id: BusinessId, held_id: HeldId) -> HeldMessage | None:
        rows = await self._statements.fetch("find_held", business_id, held_id)
        return self._rows.read(business_id, rows[0]) if rows else None

    async def content(self, business_id: BusinessId, held_id: HeldId) -> HeldContent | None:
        rows = await self._statements.fetch("find_held", business_id, held_id)
        return self._rows.content(business_id, rows[0]) if rows else None

    async def list(
        self, business_id: BusinessId, after: str, limit: int, *, is_open: bool
    ) -> tuple[HeldMessage, ...]:
        statement = "open_held" if is_open else "ended_held"
        rows = await self._statements.fetch(statement, business_id, after, limit)
        return tuple(self._rows.read(business_id, row) for row in rows)

    async def wait(self, message: HeldMessage, until: Instant, reason: str) -> bool:
        place = (message.business_id, message.held_id, message.state.value)
        return bool(await self._statements.write("wait_on", *place, until, reason))

    async def end(self, message: HeldMessage, end: HeldEnd) -> bool:
        business_id, held_id = message.business_id, message.held_id
        sealed = None
        if end.message_id:
            sealed = self._keyring.seal(end.message_id.encode(), held_id.encode())
        row = (message.state.value, end.state.value, end.at, end.reason, sealed)

        def talk() -> TransactionScript[bool]:
            if not (yield "end_held", (business_id, held_id, *row)):
                return False
            yield from _telling(business_id, held_id, end.at)
            return True

        has_ended = await self._statements.talk(business_id, talk)
        self._tasks.wake()
        return has_ended


def _telling(business_id: BusinessId, held_id: HeldId, at: Instant) -> TransactionScript[None]:
    rows = yield "live_subscribers", (business_id,)
    for task in news_rows(business_id, split_names(rows[0][0] if rows else ""), (held_id,), at):
        yield "enqueue_task", task


def _columns(message: HeldMessage) -> tuple[object, ...]:
    return (
        message.contact_id,
        message.sender,
        message.purpose,
        message.campaign,
        message.reason,
        message.decision_id,
        message.position,
        message.held_at,
        message.due_at,
        message.expires_at,
    )


def _content_bytes(content: HeldContent) -> bytes:
    question = content.question
    return _encode(
        _Sealed(
            names=tuple((name.kind.value, name.value) for name in question.recipients),
            kind=question.kind,
            target=content.target,
            body=content.body,
            template=question.template,
            language=question.language,
            purpose=question.purpose.name if question.purpose else "",
            content=question.content,
            campaign=question.campaign,
            is_altered=question.is_altered,
        )
    )
