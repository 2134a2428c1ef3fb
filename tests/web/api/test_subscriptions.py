"""Subscriptions by REST: made, looked at, rotated, paused, delivered again, deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from askfirst.domain.tenants.api_key import ApiScope
from tests.web.api.desk import Desk

URL = "https://shop.example/askfirst"
NONE = "/v1/subscriptions/sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7"


async def make(caller: httpx.AsyncClient, **parts: Any) -> dict[str, Any]:
    answer = await caller.post("/v1/subscriptions", json={"url": URL} | parts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_its_secret_is_shown_once(caller: httpx.AsyncClient) -> None:
    made = await make(caller, kinds=["withdrawn"], purposes=["marketing"])
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    shown = await caller.get(f"/v1/subscriptions/{made['id']}")
    listed = await caller.get("/v1/subscriptions")
    assert shown.json() == made
    assert listed.json() == {"data": [made], "next_cursor": None}
    assert secret not in shown.text + listed.text


async def test_it_is_paused_and_resumed(caller: httpx.AsyncClient) -> None:
    path = f"/v1/subscriptions/{(await make(caller))['id']}"
    for deed, state in (("pause", "paused"), ("resume", "live")):
        assert (await caller.post(f"{path}/{deed}")).json()["state"] == state


async def test_another_secret_is_shown_once_and_the_old_one_has_a_day(
    caller: httpx.AsyncClient,
) -> None:
    made = await make(caller)
    rotated = (await caller.post(f"/v1/subscriptions/{made['id']}/rotate")).json()
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_until"] == "2026-03-02T09:00:00.000000Z"


async def test_it_is_delivered_again_from_a_position_on(caller: httpx.AsyncClient) -> None:
    made = await make(caller)
    path = f"/v1/subscriptions/{made['id']}/redeliver"
    assert (await caller.post(path, json={"after": 0})).json()["position"] == 0
    for after in (-1, 10**18, "0", None):
        assert (await caller.post(path, json={"after": after})).status_code == 422


async def test_a_deleted_one_is_gone(caller: httpx.AsyncClient) -> None:
    path = f"/v1/subscriptions/{(await make(caller))['id']}"
    assert (await caller.delete(path)).status_code == 204
    assert (await caller.get(path)).status_code == 404


@pytest.mark.parametrize("deed", ["rotate", "pause", "resume"])
async def test_one_that_is_not_there_is_a_404(caller: httpx.AsyncClient, deed: str) -> None:
    assert (await caller.post(f"{NONE}/{deed}")).status_code == 404


async def test_one_of_another_business_is_not_there(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    path = f"/v1/subscriptions/{(await make(caller))['id']}"
    rival = {"authorization": f"Bearer {await desk.rivals_key()}"}
    assert (await stranger.get(path, headers=rival)).status_code == 404
    assert (await stranger.delete(path, headers=rival)).status_code == 404
    assert (await stranger.get("/v1/subscriptions", headers=rival)).json()["data"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://shop.example"),
        ("url", "https://169.254.169.254/latest/meta-data"),
        ("kinds", ["accepted"]),
        ("purposes", ["spam"]),
        ("after", -1),
    ],
)
async def test_what_is_wrong_is_named(caller: httpx.AsyncClient, field: str, value: object) -> None:
    refused = await caller.post("/v1/subscriptions", json={"url": URL, field: value})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith(field)
    assert "169.254" not in refused.text


async def test_the_seventeenth_is_refused(caller: httpx.AsyncClient) -> None:
    for _ in range(16):
        await make(caller)
    assert (await caller.post("/v1/subscriptions", json={"url": URL})).status_code == 409


async def test_to_read_them_is_not_to_change_them(desk: Desk, stranger: httpx.AsyncClient) -> None:
    key = await desk.key((ApiScope.SUBSCRIPTIONS_READ, ApiScope.CONTACTS_READ))
    headers = {"authorization": f"Bearer {key}"}
    assert (await stranger.get("/v1/subscriptions", headers=headers)).status_code == 200
    refused = await stranger.post("/v1/subscriptions", json={"url": URL}, headers=headers)
    assert refused.status_code == 403
