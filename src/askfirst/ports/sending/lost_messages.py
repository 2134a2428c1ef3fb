"""The task that follows when a message surely reached nobody: its place is given back.

It is named by the code that Meta gave, when, and keyed hashes of the message's id, one for each
key: nothing about a person is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant

_BETWEEN: Final = "."
_KEYS_MAX: Final = 5


class LostMessage(NamedTuple):
    """What the task is about. `lookups` begin with the hash of the newest key."""

    code: int
    at: Instant
    lookups: tuple[bytes, ...]


def lost_task(business_id: BusinessId, code: int, at: Instant, lookups: Sequence[bytes]) -> Task:
    """Name the task."""
    hashes = (lookup.hex() for lookup in lookups[:_KEYS_MAX])
    return Task(business_id, Queue.LOST, TaskId(_BETWEEN.join((str(code), str(at), *hashes))))


def lost_of(task: Task) -> LostMessage:
    """Read what a task is about."""
    code, at, *hashes = task.task_id.split(_BETWEEN)
    return LostMessage(int(code), Instant(int(at)), tuple(map(bytes.fromhex, hashes)))
