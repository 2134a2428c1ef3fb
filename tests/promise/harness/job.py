"""One kind of work in the background, as the kill drills do it, and what each kind needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from askfirst.bootstrap.background_tasks import ensure_schedule, worker_of
from askfirst.bootstrap.settings import isolated_settings
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from tests.support.builders import (
    BUSINESS,
    change,
    grant,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.services import World, code_templates_of

_FAR = at(40 * 86_400)


class Kept(NamedTuple):
    """What outlived the processes: the world, and what reached Meta of all of them.

    `most`: how often the same may have been tried: once more where a process was killed over it.
    """

    world: World
    arrived: Sequence[str]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One kind of work.

    `second`: when the worker looks, on the clock of the drill. `lease`: how long it leases a task,
    in seconds. `is_repeated`: whoever was not answered asks again.
    """

    queues: frozenset[Queue]
    furnish: Callable[[World], Awaitable[None]]
    cause: Callable[[World], Awaitable[None]]
    leave: Callable[[World], Awaitable[None]]
    complain: Callable[[Kept], Awaitable[list[str]]]
    second: float
    lease: float
    is_repeated: Callable[[World], Awaitable[bool]]


async def work(world: World, job: Job) -> None:
    """Do what is due of a job, as a server does that starts now."""
    settings = isolated_settings(database_url="sqlite:///not-opened.db")
    watch = SimpleNamespace(is_trusted=True)
    wired = cast("Any", SimpleNamespace(services=world.services, store=world.store, watch=watch))
    worker = worker_of(wired, settings)
    if Queue.SCHEDULE in job.queues:
        await ensure_schedule(wired, settings)
    handlers = cast("Any", worker)._handlers
    cast("Any", worker)._handlers = {queue: handlers[queue] for queue in sorted(job.queues)}
    await worker.run_due()


async def left(kept: Kept, *queues: Queue) -> list[str]:
    """Complain of tasks that stay, though nothing is to be done."""
    found = await kept.world.store.tasks.find_due(_FAR, queues)
    return [f"left: {due.waiting} {due.queue}" for due in found.queues]


async def waits(kept: Kept, queue: Queue, count: int) -> list[str]:
    """Complain where it is not so many tasks that wait for their next time, and none is due."""
    tasks = kept.world.store.tasks
    now, later = [
        sum(due.waiting for due in (await tasks.find_due(moment, (queue,))).queues)
        for moment in (kept.world.clock.now(), _FAR)
    ]
    return [] if (now, later) == (0, count) else [f"lost: {queue} now {now}, later {later}"]


async def always(_: World) -> bool:
    return True


async def nothing(_: World) -> None:
    """Nothing has to be asked for: it recurs."""


async def shop(world: World) -> None:
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await directory.put_sender(sender(), "EAAG-meta", NOON)
    await directory.put_templates(code_templates_of(sender()))
    await world.store.ledger.commit(change(grant(at=at(-86_400))))
