"""Bugs in the queue of tasks: who may claim, and when a task is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Step, TransactionScript
from tests.support.stores import Store

_WRITES = frozenset({"set_task", "enqueue_task"})


def _unfenced_lease(store: Store) -> None:
    """A task is claimed whoever has it, for whatever time."""
    sql = cast("Any", store.tasks)._statements._sql
    for name in ("find_due_tasks", "claim_task"):
        sql[name] = re.sub(r"(t\.)?due_at <= ([?$]\d)", r"CAST(\2 AS BIGINT) > 0", sql[name])


def _task_after_commit(store: Store) -> None:
    """The task of what is written is enqueued in a transaction of its own, a moment later."""
    statements = cast("Any", store.codes)._statements
    talk, write = statements.talk, statements.write

    async def talk_first(business_id: str, begin: Callable[[], TransactionScript[Any]]) -> object:
        later: list[Step] = []
        result = await talk(business_id, lambda: _without_tasks(begin(), later))
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


TASK_PLANTS: Mapping[str, Callable[[Store], None]] = {
    "unfenced_lease": _unfenced_lease,
    "task_after_commit": _task_after_commit,
}
