"""Bugs in the queue of tasks: who may claim, and when a task is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from askfirst.bootstrap.database.store import Store
from askfirst.domain.inbound.webhook_receiver import WebhookReceiver
from askfirst.domain.tasks.task import LeasedTask, Queue
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Committed, TaskEnqueued, WriteBatch
from askfirst.ports.events.subscriptions import Signed, subscription_task
from askfirst.ports.inbound.receivers import forwarding_task
from askfirst.storage.consent.planner import Planner
from askfirst.storage.consent.workspace import Workspace
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Step, TransactionScript
from askfirst.storage.postgres import writer as postgres_writer
from askfirst.storage.sqlite import writer as sqlite_writer
from tests.promise.harness.plants.patching import put, reworded

_WRITES = frozenset({"set_task", "enqueue_task"})


def _unfenced_lease(store: Store) -> None:
    """A task is claimed whoever has it, for whatever time."""
    sql = cast("Any", store.tasks)._statements._sql
    for name in ("find_due_tasks", "claim_task"):
        dues = set(re.findall(r"(?:t\.)?due_at <= [?$]\d", sql[name])) or {"due_at <="}
        for due in sorted(dues, reverse=True):  # "t.due_at" before the "due_at" in it
            now = due.rpartition(" ")[2]
            sql[name] = reworded(sql[name], due, f"CAST({now} AS BIGINT) > 0")


def _task_after_commit(store: Store) -> None:
    """The task of what is written is enqueued in a transaction of its own, a moment later."""
    statements = cast("Any", store.codes)._statements
    talk, write = statements.talk, statements.write

    async def talk_first(
        business_id: str, begin: Callable[[], TransactionScript[Any]], apart: Any = None
    ) -> object:
        later: list[Step] = []
        result = await talk(business_id, lambda: _without_tasks(begin(), later), apart)
        for name, row in later:
            await write(name, *row)
        return result

    statements.talk = talk_first


def _without_tasks(script: TransactionScript[Any], later: list[Step]) -> TransactionScript[Any]:
    later.clear()
    try:
        step = next(script)
        while True:
            rows: Sequence[Row] = ()
            if step[0] in _WRITES:
                later.append(step)
            else:
                rows = yield step
            step = script.send(rows)
    except StopIteration as end:
        return end.value


def _subscribers_after_commit(store: Store) -> None:
    """The tasks of subscriptions are enqueued after the transaction of the event."""
    commit, tasks = store.ledger.commit, store.tasks

    async def commit_first(batch: WriteBatch) -> Committed:
        listed = await store.subscriptions.list(batch.business_id, "", 99)
        committed = await commit(batch)
        for one in listed:
            task = subscription_task(one.business_id, one.subscription_id)
            await tasks.enqueue(task, batch.recorded_at)
        return committed

    for writer in (sqlite_writer, postgres_writer):
        put(writer, "subscriber_tasks", lambda _: [])
    put(store.ledger, "commit", commit_first)


def _link_after_commit(store: Store) -> None:
    """The task of a link is enqueued after the transaction of the message that asks for it."""
    commit, work = store.ledger.commit, Planner.work
    later: list[TaskEnqueued] = []

    def work_without(self: Planner, workspace: Workspace, change: WriteBatch) -> object:
        written = work(self, workspace, change)
        later.extend(new for new in workspace.tasks if new.task.queue is Queue.LINKS)
        workspace.tasks = [new for new in workspace.tasks if new.task.queue is not Queue.LINKS]
        return written

    async def commit_first(batch: WriteBatch) -> Committed:
        committed = await commit(batch)
        while later:
            new = later.pop()
            await store.tasks.enqueue(new.task, new.due_at)
        return committed

    put(Planner, "work", work_without)
    put(store.ledger, "commit", commit_first)


def _moved_before_taken(store: Store) -> None:
    """The position of a subscription moves when its events are read, not when they are taken."""
    subscriptions = cast("Any", store.subscriptions)
    take_up = subscriptions.take_up

    async def take_up_and_move(leased: LeasedTask, now: Instant) -> Signed | None:
        signed: Signed | None = await take_up(leased, now)
        head = await store.ledger.head(leased.task.business_id)
        await subscriptions.move(leased, head, Instant(leased.until))
        return signed

    subscriptions.take_up = take_up_and_move


def _right_not_used_up(store: Store) -> None:
    """Whoever sends a held message leaves it as one that is held, until it has been answered."""
    sql, name = cast("Any", store.decisions)._sql, "reserve_held"
    sql[name] = reworded(sql[name], "state = 'leaving', ", "")


def _receivers_after_commit(store: Store) -> None:
    """The tasks of receivers are enqueued after the transaction of the webhook."""
    commit, tasks = store.ledger.commit, store.tasks

    async def commit_first(batch: WriteBatch) -> Committed:
        committed = await commit(batch)
        for one in await store.receivers.list(batch.business_id, "", 99):
            task = forwarding_task(one.business_id, one.receiver_id)
            await tasks.enqueue(task, batch.recorded_at)
        return committed

    for writer in (sqlite_writer, postgres_writer):
        put(writer, "receiver_tasks", lambda _: [])
    put(store.ledger, "commit", commit_first)


def _passed_before_taken(store: Store) -> None:
    """The position of a receiver moves when webhooks are read, not when they are taken."""
    receivers = cast("Any", store.receivers)
    take_up = receivers.take_up

    async def take_up_and_move(leased: LeasedTask) -> WebhookReceiver | None:
        found: WebhookReceiver | None = await take_up(leased)
        if found is not None:
            await receivers.move(leased, found.newest, Instant(leased.until))
        return found

    receivers.take_up = take_up_and_move


TASK_PLANTS: Mapping[str, Callable[[Store], None]] = {
    "unfenced_lease": _unfenced_lease,
    "task_after_commit": _task_after_commit,
    "subscribers_after_commit": _subscribers_after_commit,
    "link_after_commit": _link_after_commit,
    "right_not_used_up": _right_not_used_up,
    "moved_before_taken": _moved_before_taken,
    "receivers_after_commit": _receivers_after_commit,
    "passed_before_taken": _passed_before_taken,
}
