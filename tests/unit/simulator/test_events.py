"""The business's own server: takes askfirst's events, and only those."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from askfirst.simulator.simulator import DEFAULT_EVENTS_SECRET, DEFAULT_SMS_SECRET, Simulator
from askfirst.simulator.state.state import EVENTS_MAX
from tests.unit.simulator.conftest import Day

SENT = {"type": "code.sent", "timestamp": "2026-01-15T12:00:00Z", "data": {"id": "cod_1"}}
APPROVED = SENT | {"type": "code.approved"}


async def tell(
    client: httpx.AsyncClient,
    day: Day,
    content: object = SENT,
    *,
    name: str = "cod_1:1:sent",
    secret: str = DEFAULT_EVENTS_SECRET,
) -> int:
    body = json.dumps(content)
    at = datetime.fromtimestamp(day.seconds, UTC)
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(day.seconds)),
        "webhook-signature": Webhook(secret).sign(name, at, body),
    }
    return (await client.post("/events", content=body, headers=headers)).status_code


async def told(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await client.get("/events")).json()["events"])


async def test_events_are_shown_in_the_order_in_which_they_came(
    client: httpx.AsyncClient, day: Day
) -> None:
    assert await tell(client, day) == 200
    assert await tell(client, day, APPROVED, name="cod_1:2:approved") == 200
    assert await told(client) == [SENT, APPROVED]


async def test_the_same_event_again_is_one_event(client: httpx.AsyncClient, day: Day) -> None:
    for _ in range(2):
        assert await tell(client, day) == 200
    assert await told(client) == [SENT]


async def test_an_event_that_another_secret_signed_is_refused(
    client: httpx.AsyncClient, day: Day
) -> None:
    assert await tell(client, day, secret=DEFAULT_SMS_SECRET) == 401
    assert await told(client) == []


@pytest.mark.parametrize("content", [{"type": "code.sent"}, []])
async def test_what_is_no_event_is_refused(
    client: httpx.AsyncClient, day: Day, content: object
) -> None:
    assert await tell(client, day, content) == 400


async def test_the_oldest_events_are_forgotten(
    client: httpx.AsyncClient, day: Day, simulator: Simulator
) -> None:
    simulator.world.events.update({str(number): APPROVED for number in range(EVENTS_MAX)})
    await tell(client, day)
    events = list(simulator.world.events)
    assert (events[0], events[-1], len(events)) == ("1", "cod_1:1:sent", EVENTS_MAX)
