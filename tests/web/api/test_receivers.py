"""Receivers of webhooks by REST: made, looked at, paused, forwarded to again, deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from askfirst.domain.tenants.api_key import ApiScope
from tests.web.api.desk import Desk

URL = "https://chat.example/webhooks"
NONE = "/v1/receivers/rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7"


async def make(caller: httpx.AsyncClient, **parts: Any) -> dict[str, Any]:
    answer = await caller.post("/v1/receivers", json={"url": URL} | parts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_it_is_shown_as_it_was_made(caller: httpx.AsyncClient) -> None:
    made = await make(caller, fields=["messages"], waba_id="100", verify_token="shake")
    assert (made["state"], made["position"], made["waiting"]) == ("live", 0, 0)
    shown = await caller.get(f"/v1/receivers/{made['id']}")
    listed = await caller.get("/v1/receivers")
    assert shown.json() == made
    assert listed.json() == {"data": [made], "next_cursor": None}
    assert "shake" not in shown.text + listed.text


async def test_it_is_paused_and_resumed(caller: httpx.AsyncClient) -> None:
    path = f"/v1/receivers/{(await make(caller))['id']}"
    for deed, state in (("pause", "paused"), ("resume", "live")):
        assert (await caller.post(f"{path}/{deed}")).json()["state"] == state


async def test_webhooks_are_forwarded_again_from_one_place_on(caller: httpx.AsyncClient) -> None:
    path = f"/v1/receivers/{(await make(caller))['id']}/redeliver"
    for right in ({"after": 0}, {"since": "2026-02-14T17:30:00Z"}):
        assert (await caller.post(path, json=right)).status_code == 200
    for wrong in ({}, {"after": -1}, {"since": "today"}, {"after": 0, "since": "2026-02-14"}):
        assert (await caller.post(path, json=wrong)).status_code == 422


async def test_a_deleted_one_is_gone(caller: httpx.AsyncClient) -> None:
    path = f"/v1/receivers/{(await make(caller))['id']}"
    assert (await caller.delete(path)).status_code == 204
    for method in ("GET", "DELETE"):
        assert (await caller.request(method, path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", NONE), ("POST", f"{NONE}/pause"), ("POST", f"{NONE}/resume"), ("DELETE", NONE)],
)
async def test_one_that_is_not_there_is_not_found(
    caller: httpx.AsyncClient, method: str, path: str
) -> None:
    assert (await caller.request(method, path)).status_code == 404


@pytest.mark.parametrize(
    "parts",
    [
        {"url": "http://chat.example/"},
        {"url": "https://127.0.0.1/"},
        {"url": "https://chat.local/"},
        {"fields": ["Messages"]},
        {"waba_id": "x"},
        {"verify_token": "wrong"},
        {"unknown": 1},
    ],
)
async def test_what_is_no_receiver_is_refused(
    caller: httpx.AsyncClient, parts: dict[str, Any]
) -> None:
    answer = await caller.post("/v1/receivers", json={"url": URL} | parts)
    assert answer.status_code == 422


async def test_one_of_another_business_is_not_there(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    path = f"/v1/receivers/{(await make(caller))['id']}"
    rival = {"authorization": f"Bearer {await desk.rivals_key()}"}
    assert (await stranger.get(path, headers=rival)).status_code == 404
    assert (await stranger.delete(path, headers=rival)).status_code == 404
    assert (await stranger.get("/v1/receivers", headers=rival)).json()["data"] == []


async def test_to_read_them_is_not_to_change_them(desk: Desk, stranger: httpx.AsyncClient) -> None:
    headers = {"authorization": f"Bearer {await desk.key((ApiScope.RECEIVERS_READ,))}"}
    assert (await stranger.get("/v1/receivers", headers=headers)).status_code == 200
    refused = await stranger.post("/v1/receivers", json={"url": URL}, headers=headers)
    assert refused.status_code == 403
