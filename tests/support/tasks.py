"""The worker of a process, for tests that look at what it does."""

from __future__ import annotations

from askfirst.bootstrap.background_tasks import handlers_of
from askfirst.domain.tasks.task import Queue
from askfirst.usecases.context.services import Services
from askfirst.usecases.tasks.worker import Worker
from tests.support.services import World


async def run_due(world: World, queue: Queue, services: Services | None = None) -> int:
    """Do what is due in a queue, as one process does; gives how many tasks it worked on."""
    handlers = {queue: handlers_of(services or world.services)[queue]}
    before = len(world.telemetry.tasks)
    await Worker(world.store.tasks, handlers, world.clock, world.telemetry).run_due()
    return len(world.telemetry.tasks) - before
