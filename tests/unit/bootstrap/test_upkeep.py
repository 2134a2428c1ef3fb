"""Upkeep goes on, whatever fails."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from askfirst.bootstrap import background_tasks as chores
from askfirst.bootstrap.background_tasks import read_templates, sweep_bodies, upkeep
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import Wired, open_services
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, WabaId
from askfirst.domain.values.timestamp import DAY, Instant
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


async def test_a_business_that_fails_does_not_cost_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def refresh(_: Services, business_id: BusinessId) -> int:
        asked.append(business_id)
        raise Unavailable("Meta did not answer")

    monkeypatch.setattr(chores, "refresh_templates", refresh)
    async with open_services(settings_in(tmp_path)) as wired:
        for name in ("one", "two"):
            business = Business(business_id=BusinessId(name), name=name)
            await wired.services.directory.put_business(business, wired.services.clock.now())
        await read_templates(wired)
    assert sorted(asked) == ["one", "two"]


async def test_old_bodies_are_swept_by_the_retention_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: list[Instant] = []

    async def sweep(_: object, moment: Instant) -> int:
        before.append(moment)
        return 0

    settings = settings_in(tmp_path).model_copy(update={"body_retention_days": 7})
    async with open_services(settings) as wired:
        monkeypatch.setattr(type(wired.store), "sweep", sweep)
        await sweep_bodies(wired, settings)
        assert 0 <= wired.services.clock.now() - 7 * DAY - before[0] < DAY


async def test_a_chore_that_breaks_is_logged_and_does_not_end_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def broken(_: Wired) -> None:
        tried.set()
        raise RuntimeError

    monkeypatch.setattr(chores, "read_templates", broken)
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
        now = wired.services.clock.now()
        await wired.services.directory.claim_waba(BusinessId("one"), WabaId("998"), now)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired, asyncio.timeout(5), upkeep(wired, settings):
        while not await wired.services.ledger.head(BusinessId("one")):
            await asyncio.sleep(0.01)
        counted = b'dead_letters_total{fate="taken_up"} 1.0'
        while counted not in wired.metrics.render():  # counted once it is settled
            await asyncio.sleep(0.01)
        assert not await wired.services.dead_letters.next_account("")
