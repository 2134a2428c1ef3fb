"""Whole products in a town: their recorded calls, and their own server that gets webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from askfirst.bootstrap.background_tasks import handlers_of
from askfirst.bootstrap.database.store import Store
from askfirst.domain.tasks.task import Queue
from askfirst.simulator.simulator import (
    DEFAULT_APP_SECRET,
    DEFAULT_PHONE_NUMBER_ID,
    DEFAULT_WABA_ID,
)
from askfirst.usecases.context.services import Services
from askfirst.usecases.tasks.worker import Worker
from player import Stage, play
from receiver import receiving
from recording import Recording
from tests.support.clocks import FakeClock
from tests.web.gateway.town import NUMBER, Town, make_town

Perform = Callable[[Recording], Awaitable[list[str]]]


@pytest.fixture
async def perform(sqlite_store: Store, clock: FakeClock) -> AsyncIterator[Perform]:
    """Plays a recording; gives what its steps say."""
    loop = asyncio.get_running_loop()
    async with make_town(sqlite_store, clock) as town, _forwarding(sqlite_store, town.services):
        with receiving(DEFAULT_APP_SECRET) as receiver:
            stage = Stage(
                gateway=town.address,
                simulator=town.graph_url,
                key=town.secret,
                waba=DEFAULT_WABA_ID,
                number=DEFAULT_PHONE_NUMBER_ID,
                customer=NUMBER.removeprefix("+"),
                receiver=receiver,
                says_yes=lambda: _wait_for_yes(town, loop),
            )

            async def perform(recording: Recording) -> list[str]:
                steps = await asyncio.to_thread(lambda: list(play(recording, stage)))
                return [step.says for step in steps]

            yield perform


def _wait_for_yes(town: Town, loop: asyncio.AbstractEventLoop) -> None:
    asyncio.run_coroutine_threadsafe(town.says_yes(), loop).result(10)


@asynccontextmanager
async def _forwarding(store: Store, services: Services) -> AsyncIterator[None]:
    """Forward webhooks as a server does, while the block runs."""
    handlers = {Queue.FORWARDING: handlers_of(services)[Queue.FORWARDING]}
    worker = Worker(store.tasks, handlers, services.clock, services.telemetry)

    async def work() -> None:
        while True:
            await worker.look()

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.close()
