"""Subscriptions, for either backend. Secrets are sealed with the keyring, bound to their row."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.events.subscription import (
    SUBSCRIPTIONS_MAX,
    Subscription,
    SubscriptionState,
)
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId, Position, SubscriptionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.subscriptions import Signed, subscription_task
from askfirst.storage.consent.workspace import Workspace
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, Step, TransactionScript
from askfirst.storage.tasks.tasks import (
    StoredTasks,
    enqueue_row,
    enqueue_step,
    extend_step,
    schedule_step,
)

_SECRET, _PREVIOUS, _PREVIOUS_UNTIL = 9, 10, 11
"""Places of the columns behind those that `_read` reads."""


def split_names(subscribers: str) -> tuple[str, ...]:
    """Read the column `subscribers` of a business."""
    return tuple(subscribers.split(",")) if subscribers else ()


def subscriber_tasks(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return the parameters of `enqueue_task` for each live subscription, for new events."""
    if not workspace.subscribers:
        return []
    business_id, due_at = workspace.business_id, workspace.new_events[0].event.recorded_at
    return [
        enqueue_row(subscription_task(business_id, SubscriptionId(name)), due_at)
        for name in workspace.subscribers
    ]


class StoredSubscriptions:
    """See ports.events.subscriptions.Subscriptions.

    Locks are taken in one order: business, task, subscription.
    """

    def __init__(self, statements: Statements, keyring: Keyring, tasks: StoredTasks) -> None:
        self._statements = statements
        self._keyring = keyring
        self._tasks = tasks

    async def create(self, subscription: Subscription, secret: str) -> Subscription | None:
        business_id, name = subscription.business_id, subscription.subscription_id
        sealed = self._seal(business_id, name, secret)

        def talk() -> TransactionScript[Subscription | None]:
            rows = yield "lock_subscribers", (business_id,)
            counted = yield "count_subscriptions", (business_id,)
            if not rows or counted[0][0] >= SUBSCRIPTIONS_MAX:
                return None
            made = replace(subscription, position=min(subscription.position, rows[0][0]))
            yield enqueue_step(subscription_task(business_id, name), made.created_at)
            yield "add_subscription", (*_row(made), sealed)
            yield "note_subscribers", (business_id,)
            return made

        made = await self._statements.talk(business_id, talk)
        self._tasks.wake()
        return made

    async def list(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[Subscription, ...]:
        rows = await self._statements.fetch("list_subscriptions", business_id, after, limit)
        return tuple(_read(business_id, row) for row in rows)

    async def find(
        self, business_id: BusinessId, subscription_id: SubscriptionId
    ) -> Subscription | None:
        rows = await self._statements.fetch("find_subscription", business_id, subscription_id)
        return _read(business_id, rows[0]) if rows else None

    async def rotate(
        self,
        business_id: BusinessId,
        subscription_id: SubscriptionId,
        secret: str,
        previous_until: Instant,
    ) -> bool:
        sealed = self._seal(business_id, subscription_id, secret)
        row = (business_id, subscription_id, sealed, previous_until)
        return bool(await self._statements.write("rotate_subscription", *row))

    async def set_state(
        self,
        business_id: BusinessId,
        subscription_id: SubscriptionId,
        state: SubscriptionState,
        now: Instant,
    ) -> bool:
        due_at = now if state is SubscriptionState.LIVE else None

        def talk() -> TransactionScript[bool]:
            step = ("set_subscription_state", (business_id, subscription_id, state.value))
            return (yield from _change(business_id, subscription_id, due_at, step))

        return await self._talk(business_id, talk)

    async def rewind(
        self,
        business_id: BusinessId,
        subscription_id: SubscriptionId,
        after: Position,
        now: Instant,
    ) -> bool:
        place = (business_id, subscription_id)

        def talk() -> TransactionScript[bool]:
            heads = yield "lock_subscribers", (business_id,)
            rows = yield "find_subscription", place
            if not (heads and rows):
                return False
            subscription = _read(business_id, rows[0])
            is_live = subscription.state is SubscriptionState.LIVE
            task = subscription_task(business_id, subscription_id)
            yield schedule_step(task, now if is_live else None)
            yield "move_subscription", (*place, min(after, heads[0][0]))
            return True

        return await self._talk(business_id, talk)

    async def delete(self, business_id: BusinessId, subscription_id: SubscriptionId) -> bool:
        def talk() -> TransactionScript[bool]:
            step = ("delete_subscription", (business_id, subscription_id))
            return (yield from _change(business_id, subscription_id, None, step))

        return await self._talk(business_id, talk)

    async def take_up(self, leased: LeasedTask, now: Instant) -> Signed | None:
        return await self.sign_for(*_place(leased), now)

    async def sign_for(
        self, business_id: BusinessId, subscription_id: SubscriptionId, now: Instant
    ) -> Signed | None:
        rows = await self._statements.fetch("find_subscription", business_id, subscription_id)
        if not rows:
            return None
        row, subscription = rows[0], _read(business_id, rows[0])
        if subscription.state is not SubscriptionState.LIVE:
            return None
        sealed = [row[_SECRET]]
        if row[_PREVIOUS] is not None and row[_PREVIOUS_UNTIL] > now:
            sealed.append(row[_PREVIOUS])
        secrets = tuple(self._open(business_id, subscription_id, bytes(one)) for one in sealed)
        return Signed(subscription=subscription, secrets=secrets)

    async def move(self, leased: LeasedTask, position: Position, until: Instant) -> bool:
        def talk() -> TransactionScript[bool]:
            if (yield extend_step(leased, until)):
                return bool((yield "move_subscription", (*_place(leased), position)))
            return False

        return await self._statements.talk(leased.task.business_id, talk)

    async def fail(self, leased: LeasedTask, now: Instant, reason: str) -> Instant | None:
        row = (*_place(leased), now, reason)
        rows = await self._statements.write("note_subscription_failure", *row)
        return Instant(rows[0][0]) if rows else None

    async def park(self, business_id: BusinessId, subscription_id: SubscriptionId) -> bool:
        def talk() -> TransactionScript[bool]:
            yield "lock_subscribers", (business_id,)
            parked = yield "park_subscription", (business_id, subscription_id)
            yield "note_subscribers", (business_id,)
            return bool(parked)

        return await self._statements.talk(business_id, talk)

    async def _talk(
        self, business_id: BusinessId, talk: Callable[[], TransactionScript[bool]]
    ) -> bool:
        is_done = await self._statements.talk(business_id, talk)
        self._tasks.wake()
        return is_done

    def _seal(self, business_id: str, subscription_id: str, secret: str) -> bytes:
        return self._keyring.seal(secret.encode(), f"{business_id}:{subscription_id}".encode())

    def _open(self, business_id: str, subscription_id: str, sealed: bytes) -> str:
        return self._keyring.open(sealed, f"{business_id}:{subscription_id}".encode()).decode()


def _change(
    business_id: BusinessId, subscription_id: SubscriptionId, due_at: Instant | None, step: Step
) -> Generator[Step, Sequence[Row], bool]:
    """Change whether one is live, with its task: due at a moment, or not at all."""
    yield "lock_subscribers", (business_id,)
    if not (yield "find_subscription", (business_id, subscription_id)):
        return False
    yield schedule_step(subscription_task(business_id, subscription_id), due_at)
    yield step
    yield "note_subscribers", (business_id,)
    return True


def _place(leased: LeasedTask) -> tuple[BusinessId, SubscriptionId]:
    return leased.task.business_id, SubscriptionId(leased.task.task_id)


def _row(made: Subscription) -> tuple[object, ...]:
    return (
        made.business_id,
        made.subscription_id,
        made.url.value,
        ",".join(sorted(made.wanted.kinds)),
        ",".join(sorted(made.wanted.purposes)),
        made.state.value,
        made.position,
        made.created_at,
    )


def _read(business_id: BusinessId, row: Row) -> Subscription:
    kinds, purposes = row[2], row[3]
    return Subscription(
        subscription_id=SubscriptionId(row[0]),
        business_id=business_id,
        url=parse_endpoint(row[1], with_loopback=True),  # whether it may be called, is asked then
        wanted=EventFilter(
            kinds=frozenset(map(EventKind, kinds.split(",") if kinds else ())),
            purposes=frozenset(purposes.split(",") if purposes else ()),
        ),
        state=SubscriptionState(row[4]),
        position=Position(row[5]),
        created_at=Instant(row[6]),
        failing_since=Instant(row[7]) if row[7] is not None else None,
        reason=row[8],
    )
