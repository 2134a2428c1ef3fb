"""Receivers of webhooks, for either backend, and the webhooks that wait for them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Final

from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.inbound.delivery import Place
from askfirst.domain.inbound.webhook_receiver import (
    RECEIVERS_MAX,
    ReceiverState,
    WebhookReceiver,
    event_words,
)
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.ids import (
    BusinessId,
    KeyId,
    PhoneNumberId,
    ReceiverId,
    WabaId,
    WebhookId,
)
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.inbound.receivers import KeptPage, KeptWebhook, forwarding_task
from askfirst.storage.consent.workspace import Workspace
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, Step, TransactionScript
from askfirst.storage.tasks.tasks import (
    StoredTasks,
    enqueue_row,
    extend_step,
    schedule_step,
)

PAGE_BYTES_MAX: Final = 1024 * 1024
"""Of one read: a delivery has up to 3 MB, and 64 receivers are forwarded to at once."""
_APART: Final = "/"
_NOT_LIVE: Final = "-"
"""In the column `receivers` of a business."""


def receiver_tasks(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return the parameters of `enqueue_task` for each live receiver, where one has news."""
    numbered = [new for new in workspace.new_bodies if new.number is not None]
    if not numbered:
        return []
    due_at = numbered[0].received_at
    return [
        enqueue_row(forwarding_task(workspace.business_id, ReceiverId(name)), due_at)
        for name in workspace.receivers
        if name != _NOT_LIVE
    ]


def body_rows(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return the rows of the webhooks that are kept, without their business."""
    return [
        (
            new.webhook_id,
            new.received_at,
            new.sealed,
            new.number,
            _write_places(new.forwarding.places) if new.forwarding else "",
            new.forwarding.signatures if new.forwarding else "",
            event_words(new.events) if new.events else "",
        )
        for new in workspace.new_bodies
    ]


class StoredReceivers:
    """See ports.inbound.receivers.Receivers.

    Locks are taken in one order: business, task, receiver.
    """

    def __init__(self, statements: Statements, keyring: Keyring, tasks: StoredTasks) -> None:
        self._statements = statements
        self._keyring = keyring
        self._tasks = tasks

    async def create(self, receiver: WebhookReceiver) -> WebhookReceiver | None:
        business_id = receiver.business_id

        def talk() -> TransactionScript[WebhookReceiver | None]:
            rows = yield "lock_receivers", (business_id,)
            if not rows:
                return None
            made = replace(receiver, position=rows[0][0], newest=rows[0][0])
            of_key = yield "receiver_of_key", (business_id, *_maker(receiver))
            if receiver.key_id is not None and of_key:
                return (yield from _readdress(made, _read(business_id, of_key[0])))
            counted = yield "count_receivers", (business_id,)
            if counted[0][0] >= RECEIVERS_MAX:
                return None
            yield "add_receiver", _row(made)
            yield "note_receivers", (business_id,)
            return made

        made = await self._statements.talk(business_id, talk)
        self._tasks.wake()
        return made

    async def list(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[WebhookReceiver, ...]:
        rows = await self._statements.fetch("list_receivers", business_id, after, limit)
        return tuple(_read(business_id, row) for row in rows)

    async def find(
        self, business_id: BusinessId, receiver_id: ReceiverId
    ) -> WebhookReceiver | None:
        rows = await self._statements.fetch("find_receiver", business_id, receiver_id)
        return _read(business_id, rows[0]) if rows else None

    async def of_key(
        self, business_id: BusinessId, waba_id: WabaId, key_id: KeyId
    ) -> WebhookReceiver | None:
        rows = await self._statements.fetch("receiver_of_key", business_id, waba_id, key_id)
        return _read(business_id, rows[0]) if rows else None

    async def set_state(
        self, business_id: BusinessId, receiver_id: ReceiverId, state: ReceiverState, now: Instant
    ) -> bool:
        due_at = now if state is ReceiverState.LIVE else None
        step = ("set_receiver_state", (business_id, receiver_id, state.value))
        return await self._change(business_id, receiver_id, due_at, step)

    async def rewind(
        self, business_id: BusinessId, receiver_id: ReceiverId, after: int, now: Instant
    ) -> bool:
        place = (business_id, receiver_id)

        def talk() -> TransactionScript[bool]:
            heads = yield "lock_receivers", (business_id,)
            rows = yield "find_receiver", place
            if not (heads and rows):
                return False
            is_live = _read(business_id, rows[0]).state is ReceiverState.LIVE
            yield schedule_step(forwarding_task(*place), now if is_live else None)
            yield "move_receiver", (*place, min(after, heads[0][0]))
            return True

        return await self._talk(business_id, talk)

    async def number_before(self, business_id: BusinessId, moment: Instant) -> int:
        return int((await self._statements.fetch("number_before", business_id, moment))[0][0])

    async def delete(self, business_id: BusinessId, receiver_id: ReceiverId) -> bool:
        step = ("delete_receiver", (business_id, receiver_id))
        return await self._change(business_id, receiver_id, None, step)

    async def take_up(self, leased: LeasedTask) -> WebhookReceiver | None:
        found = await self.find(*_place(leased))
        return found if found and found.state is ReceiverState.LIVE else None

    async def pending(self, business_id: BusinessId, after: int, limit: int) -> KeptPage:
        place = (business_id, after, limit, PAGE_BYTES_MAX)
        rows = await self._statements.fetch("pending_webhooks", *place)
        found = [self._webhook(business_id, row) for row in rows]
        is_cut = sum(len(row[3]) for row in rows) >= PAGE_BYTES_MAX
        return KeptPage(found, has_more=is_cut or len(rows) == limit)

    async def move(self, leased: LeasedTask, position: int, until: Instant) -> bool:
        return await self._go_on("move_receiver", leased, position, until)

    async def set_aside(self, leased: LeasedTask, number: int, until: Instant) -> bool:
        return await self._go_on("set_aside_webhook", leased, number, until)

    async def fail(self, leased: LeasedTask, now: Instant, reason: str) -> Instant | None:
        row = (*_place(leased), now, reason)
        rows = await self._statements.write("note_receiver_failure", *row)
        return Instant(rows[0][0]) if rows else None

    async def park(self, leased: LeasedTask) -> bool:
        business_id, receiver_id = _place(leased)

        def talk() -> TransactionScript[bool]:
            yield "lock_receivers", (business_id,)
            parked = yield "park_receiver", (business_id, receiver_id)
            yield "note_receivers", (business_id,)
            return bool(parked)

        return await self._statements.talk(business_id, talk)

    async def _go_on(self, step: str, leased: LeasedTask, number: int, until: Instant) -> bool:
        def talk() -> TransactionScript[bool]:
            if (yield extend_step(leased, until)):
                return bool((yield step, (*_place(leased), number)))
            return False

        return await self._statements.talk(leased.task.business_id, talk)

    async def _change(
        self, business_id: BusinessId, receiver_id: ReceiverId, due_at: Instant | None, step: Step
    ) -> bool:
        """Change whether one is live, with its task: due at a moment, or not at all."""

        def talk() -> TransactionScript[bool]:
            yield "lock_receivers", (business_id,)
            if not (yield "find_receiver", (business_id, receiver_id)):
                return False
            yield schedule_step(forwarding_task(business_id, receiver_id), due_at)
            yield step
            yield "note_receivers", (business_id,)
            return True

        return await self._talk(business_id, talk)

    async def _talk(
        self, business_id: BusinessId, talk: Callable[[], TransactionScript[bool]]
    ) -> bool:
        is_done = await self._statements.talk(business_id, talk)
        self._tasks.wake()
        return is_done

    def _webhook(self, business_id: BusinessId, row: Row) -> KeptWebhook:
        return KeptWebhook(
            number=row[0],
            webhook_id=WebhookId(row[1]),
            received_at=Instant(row[2]),
            body=self._keyring.open(bytes(row[3]), business_id.encode()),
            places=tuple(map(_read_place, row[4].split())),
            signatures=row[5],
            told=row[6],
        )


def _readdress(
    made: WebhookReceiver, found: WebhookReceiver
) -> Generator[Step, Sequence[Row], WebhookReceiver]:
    """Give the one that a client set before another address; what it missed goes there."""
    place = (found.business_id, found.receiver_id)
    yield schedule_step(forwarding_task(*place), made.created_at)
    yield "set_receiver_url", (*place, made.url.value)
    yield "note_receivers", (found.business_id,)
    live = replace(found, url=made.url, state=ReceiverState.LIVE, newest=made.newest)
    return replace(live, failing_since=None, reason="")


def _write_places(places: Sequence[Place]) -> str:
    """Write places down; none of their parts has a blank or a slash."""
    return " ".join(
        _APART.join((place.waba_id or "", place.phone_number_id or "", place.field))
        for place in places
    )


def _read_place(text: str) -> Place:
    account, number, field = text.split(_APART)
    return Place(
        WabaId(account) if account else None, PhoneNumberId(number) if number else None, field
    )


def _place(leased: LeasedTask) -> tuple[BusinessId, ReceiverId]:
    return leased.task.business_id, ReceiverId(leased.task.task_id)


def _maker(receiver: WebhookReceiver) -> tuple[str, str]:
    return receiver.waba_id or "", receiver.key_id or ""


def _row(made: WebhookReceiver) -> tuple[object, ...]:
    return (
        made.business_id,
        made.receiver_id,
        made.url.value,
        " ".join(sorted(made.fields)),
        *_maker(made),
        made.state.value,
        made.position,
        made.created_at,
    )


def _read(business_id: BusinessId, row: Row) -> WebhookReceiver:
    return WebhookReceiver(
        receiver_id=ReceiverId(row[0]),
        business_id=business_id,
        url=parse_endpoint(row[1], with_loopback=True),  # whether it may be called, is asked then
        fields=frozenset(row[2].split()),
        waba_id=WabaId(row[3]) if row[3] else None,
        key_id=KeyId(row[4]) if row[4] else None,
        state=ReceiverState(row[5]),
        position=row[6],
        created_at=Instant(row[7]),
        failing_since=Instant(row[8]) if row[8] is not None else None,
        reason=row[9],
        set_aside=row[10],
        newest=row[11],
    )
