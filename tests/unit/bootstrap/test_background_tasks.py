"""Upkeep goes on, whatever fails."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from askfirst.bootstrap import background_tasks as chores
from askfirst.bootstrap.background_tasks import (
    ensure_schedule,
    schedule,
    sweep,
    upkeep,
    worker_of,
)
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import Wired, open_services
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, WabaId
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.inbound.dead_letters import REPLAYED_AFTER
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.web.webhooks.reader import read_delivery

STOP = {
    "entry": [
        {
            "id": "998",
            "changes": [
                {
                    "field": "messages",
                    "value": {
                        "metadata": {"phone_number_id": "999"},
                        "messages": [
                            {"from": "447700900123", "id": "wamid.1", "text": {"body": "STOP"}}
                        ],
                    },
                }
            ],
        }
    ]
}


def settings_in(folder: Path) -> Settings:
    return isolated_settings(database_url=f"sqlite:///{folder / 'ledger.db'}")


async def put(wired: Wired, *names: str) -> None:
    """Businesses of these names."""
    for name in names:
        business = Business(business_id=BusinessId(name), name=name)
        await wired.services.directory.put_business(business, wired.services.clock.now())


def leased(wired: Wired, queue: Queue, business_id: str) -> LeasedTask:
    task = Task(BusinessId(business_id), queue, TaskId("all"))
    return LeasedTask(task=task, until=wired.services.clock.now(), attempts=1)


async def run_due(wired: Wired, settings: Settings) -> None:
    """What a server does once, with all that follows from it."""
    await ensure_schedule(wired, settings)
    await worker_of(wired, settings).run_due()


async def test_a_business_that_fails_does_not_cost_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def refresh(_: Services, business_id: BusinessId) -> int:
        asked.append(business_id)
        raise Unavailable("Meta did not answer")

    monkeypatch.setattr(chores, "refresh_templates", refresh)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        await put(wired, "one", "two")
        await run_due(wired, settings)
    assert sorted(asked) == ["one", "two"]


async def test_templates_are_read_by_one_server_and_again_only_at_their_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def refresh(_: Services, business_id: BusinessId) -> int:
        await asyncio.sleep(0.01)
        asked.append(business_id)
        return 1

    monkeypatch.setattr(chores, "refresh_templates", refresh)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        await put(wired, "one", "two")
        await asyncio.gather(*(run_due(wired, settings) for _ in range(3)))
        now = wired.services.clock.now()
        tasks, minute = wired.store.tasks, Instant(now + 60 * SECOND)
        within_a_minute = {Queue.BRAKES, Queue.STATISTICS}
        others = tuple(set(Queue) - within_a_minute)
        assert (await tasks.find_due(minute, others)).queues == ()
        soon = settings.model_copy(update={"template_refresh_seconds": 30})
        await schedule(wired, soon, leased(wired, Queue.SCHEDULE, UNROUTED))
        found = (await tasks.find_due(minute, others)).queues
        assert {(due.business_id, due.queue) for due in found} == {
            ("one", Queue.TEMPLATES),
            ("two", Queue.TEMPLATES),
        }
    assert sorted(asked) == ["one", "two"]


async def test_a_business_that_is_new_has_its_tasks_with_the_next_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def refresh(_: Services, business_id: BusinessId) -> int:
        asked.append(business_id)
        return 1

    monkeypatch.setattr(chores, "refresh_templates", refresh)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        await run_due(wired, settings)
        await put(wired, "late")
        await schedule(wired, settings, leased(wired, Queue.SCHEDULE, UNROUTED))
        await worker_of(wired, settings).run_due()
    assert asked == ["late"]


async def test_old_bodies_of_all_businesses_are_swept_by_the_retention_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: dict[str, Instant] = {}

    async def sweep_one(_: object, business_id: BusinessId, moment: Instant) -> int:
        swept[business_id] = moment
        return 0

    settings = settings_in(tmp_path).model_copy(update={"body_retention_days": 7})
    async with open_services(settings) as wired:
        monkeypatch.setattr(type(wired.store), "sweep", sweep_one)
        await put(wired, "one")
        await run_due(wired, settings)
        assert set(swept) == {"one", UNROUTED}
        for moment in swept.values():
            assert 0 <= wired.services.clock.now() - 7 * DAY - moment < DAY


async def test_nothing_is_forgotten_by_a_clock_that_jumped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[str] = []

    async def sweep_one(_: object, business_id: BusinessId, __: Instant) -> int:
        swept.append(business_id)
        return 0

    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        monkeypatch.setattr(type(wired.store), "sweep", sweep_one)
        wired.watch.jumped(DAY)
        again = await sweep(wired, settings, leased(wired, Queue.SWEEPING, "one"))
        assert 0 < again - wired.services.clock.now() <= DAY // 24
    assert swept == []


async def test_a_chore_that_breaks_is_logged_and_does_not_end_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def broken(_: Wired) -> None:
        tried.set()
        raise RuntimeError

    monkeypatch.setattr(chores, "watch_writes", broken)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        with capture_logs() as logs:
            async with upkeep(wired, settings):
                await asyncio.wait_for(tried.wait(), 5)
        await wired.store.ready()
    assert [line["event"] for line in logs].count("chore_failed") == 1


async def test_a_server_that_starts_takes_up_what_a_killed_one_left(tmp_path: Path) -> None:
    body = json.dumps(STOP).encode()
    async with open_services(settings_in(tmp_path)) as wired:
        await take_webhook(wired.services, read_delivery(body).notices, body)
        before = Instant(wired.services.clock.now() - REPLAYED_AFTER)
        await wired.services.directory.claim_waba(BusinessId("one"), WabaId("998"), before)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired, asyncio.timeout(5), upkeep(wired, settings):
        while not await wired.services.ledger.head(BusinessId("one")):
            await asyncio.sleep(0.01)
        counted = b'dead_letters_total{fate="taken_up"} 1.0'
        while counted not in wired.metrics.render():  # counted once it is settled
            await asyncio.sleep(0.01)
        assert not await wired.services.dead_letters.next_account("")
