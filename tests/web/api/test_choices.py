"""Pauses and how often at most, by REST: they hold messages back, and open nothing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.api.bodies import ADA, check, shown
from tests.web.api.desk import Desk

UNTIL = "2026-04-14T12:00:00Z"


async def gate(caller: httpx.AsyncClient) -> dict[str, Any]:
    answer = await caller.post("/v1/check", json=check(to=ADA, purpose="marketing"))
    told: dict[str, Any] = answer.json()
    return told


async def choose(caller: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await caller.post("/v1/choices", json={"contact": {"phone": ADA}, **body})


async def test_a_pause_waits_until_its_moment_and_no_longer(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    body = await shown(caller, {"phone": ADA}) | {"number_proof": "vouched"}
    await caller.post("/v1/consents", json=body)
    assert (await gate(caller))["verdict"] == "allow"
    paused = await choose(caller, pause_until=UNTIL)
    assert paused.status_code == 201
    assert (paused.json()["kind"], paused.json()["purposes"]) == ("paused", ["marketing"])
    told = await gate(caller)
    assert (told["verdict"], told["reasons"][0]["code"]) == ("wait", "paused_by_person")
    assert told["retry_at"].startswith("2026-04-14T12:00:00")
    contact = (await caller.get(f"/v1/contacts/{ADA}")).json()
    marketing = next(one for one in contact["standing"] if one["purpose"] == "marketing")
    assert marketing["answer"] == "granted"
    assert marketing["paused_until"].startswith("2026-04-14")
    desk.clock.advance(60 * 24 * 3600)
    assert (await gate(caller))["verdict"] == "allow"


async def test_a_shorter_pause_does_not_shorten_one_in_force(caller: httpx.AsyncClient) -> None:
    body = await shown(caller, {"phone": ADA}) | {"number_proof": "vouched"}
    await caller.post("/v1/consents", json=body)
    await choose(caller, pause_until=UNTIL)
    await choose(caller, pause_until="2026-04-01T12:00:00Z")
    assert (await gate(caller))["retry_at"].startswith("2026-04-14")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "pause_until"),
        ({"pause_until": "2020-01-01T00:00:00Z"}, "pause_until"),
        ({"pause_until": "2029-01-01T00:00:00Z"}, "pause_until"),
        ({"pause_until": UNTIL, "at_most": {"count": 1, "days": 7}}, "pause_until"),
        ({"pause_until": UNTIL, "purposes": ["authentication"]}, "purposes"),
        ({"at_most": {"count": 3, "days": 7}}, "at_most"),
    ],
)
async def test_what_cannot_be_chosen_is_refused_by_name(
    caller: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    refused = await choose(caller, **body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


async def test_how_often_is_one_of_what_the_policy_offers(caller: httpx.AsyncClient) -> None:
    chosen = await choose(caller, at_most={"count": 1, "days": 7})
    assert (chosen.status_code, chosen.json()["kind"]) == (201, "limited")
    contact = (await caller.get(f"/v1/contacts/{ADA}")).json()
    assert contact["frequency"] == {"count": 1, "days": 7}
