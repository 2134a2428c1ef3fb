"""The life of one process in a kill drill: it does its part, and is killed or stopped at a step.

A step is whatever makes a difference to who comes after: before and after each commit, and before
and after each request to Meta.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.purpose import Category
from askfirst.ports.events.subscriptions import ConsentChange
from askfirst.ports.inbound.receivers import KeptWebhook
from askfirst.storage.postgres import lane
from askfirst.storage.postgres.epoch import transaction
from askfirst.storage.postgres.store import PostgresStore
from askfirst.storage.sqlite.store import SqliteStore
from tests.promise.harness.export_job import stepping_writer
from tests.promise.harness.job import work
from tests.promise.harness.jobs import JOBS
from tests.promise.harness.journal import Journal
from tests.promise.harness.plants.tasks import TASK_PLANTS
from tests.support.builders import BUSINESS, WABA
from tests.support.clocks import NOON, FakeClock, at
from tests.support.receivers import FakeReceiverLines, posted_name
from tests.support.services import FakeConnections, FakeEndpoints, World, build_world
from tests.support.stores import fixed_keyring

Step = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a process is to do. `database`: a file or an address. `signal` strikes at `step`."""

    job: str
    part: str
    database: str
    journal: str
    second: float = 0
    step: int = 0
    signal: int = 0
    plant: str = ""


def live(life: Life) -> None:
    """Live it: the body of a process of its own."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == life.step:
            os.kill(os.getpid(), life.signal)

    _step_at_commits(step, step if life.signal != signal.SIGSTOP else lambda: None)
    asyncio.run(_live(life, step))


async def _live(life: Life, step: Step) -> None:
    async with opened(life.database, life.journal, life.second, step) as world:
        if life.plant:
            TASK_PLANTS[life.plant](world.store)
        job = JOBS[life.job]
        acts = {"furnish": job.furnish, "cause": job.cause, "leave": job.leave}
        if act := acts.get(life.part):
            await act(world)
        else:
            await work(world, job)


def export_folder(journal: str) -> Path:
    """Return where exports go to, beside a journal."""
    return Path(journal).with_suffix(".exports")


@asynccontextmanager
async def opened(
    database: str, journal: str, second: float, step: Step = lambda: None
) -> AsyncIterator[World]:
    """Open a database at a moment; what reaches Meta is in the journal before it answers."""
    clock = FakeClock(at(second))
    ids = SystemIds(clock)
    store: Store
    if database.startswith("postgresql:"):
        keyring = fixed_keyring()
        store = await PostgresStore.open(database, keyring, ids, clock, settle_seconds=0)
    else:
        store = await SqliteStore.open(Path(database), fixed_keyring(), ids, clock)
    try:
        with Journal(Path(journal)) as notes:
            world = build_world(store, clock, ids=ids)
            lines, source = _NotedConnections(notes, step), _NotedTemplates(notes, step)
            endpoints = _noted_endpoints(notes, step)
            services = replace(
                world.services,
                connections=lines,
                template_source=source,
                endpoints=endpoints,
                receiver_lines=_noted_receivers(notes, step),
                export_files=stepping_writer(export_folder(journal), step),
            )
            yield replace(world, services=services)
    finally:
        await store.close()


def _step_at_commits(step: Step, inside: Step) -> None:
    """Step at each commit: inside the transaction, at its end, and right after it."""
    to_disk = SqliteStore._to_disk

    async def stepped(self: SqliteStore) -> None:
        inside()
        await to_disk(self)
        step()

    @asynccontextmanager
    async def stepped_transaction(connection: Any) -> AsyncIterator[None]:
        async with transaction(connection):
            yield
            inside()
        step()

    SqliteStore._to_disk = stepped  # type: ignore[method-assign]
    cast("Any", lane).transaction = stepped_transaction


class _NotedConnections(FakeConnections):
    """Lines to Meta; the name of each message is noted when its first byte would leave."""

    def __init__(self, notes: Journal, step: Step) -> None:
        super().__init__()
        self.notes = notes
        self.step = step

    async def open(self) -> Any:
        return _NotedLine(self)


class _NotedLine:
    def __init__(self, lines: _NotedConnections) -> None:
        self._lines = lines

    def send(self, _: str, __: str, ___: object, body: bytes) -> None:
        self._lines.step()
        name = json.loads(body).get("biz_opaque_callback_data", "")
        self._lines.notes.note("arrived", name=name)
        self._lines.step()

    def release(self) -> None:
        """Nothing is held."""

    async def answer(self) -> Any:
        return self._lines.reply


def _noted_endpoints(notes: Journal, step: Step) -> FakeEndpoints:
    """Servers of businesses; each event is noted when it is posted."""

    async def note(url: str, posted: ConsentChange) -> str:
        step()
        notes.note("arrived", name=f"{url} {posted.event.event_id}")
        step()
        return ""

    return FakeEndpoints(refuses=note)


def _noted_receivers(notes: Journal, step: Step) -> FakeReceiverLines:
    """Servers that webhooks are forwarded to; each webhook is noted when it is posted."""

    async def note(url: str, webhook: KeptWebhook) -> str:
        step()
        notes.note("arrived", name=f"{url} {posted_name(webhook)}")
        step()
        return ""

    return FakeReceiverLines(refuses=note)


class _NotedTemplates:
    """Meta's list of templates; each reading is noted."""

    def __init__(self, notes: Journal, step: Step) -> None:
        self._notes = notes
        self._step = step

    async def read(self, _: Sender, __: str) -> tuple[Template, ...]:
        self._step()
        self._notes.note("arrived", name="templates")
        self._step()
        return (
            Template(
                business_id=BUSINESS,
                waba_id=WABA,
                name="offers",
                language="en",
                category=Category.MARKETING,
                state=TemplateState.IN_SERVICE,
                seen_at=NOON,
            ),
        )
