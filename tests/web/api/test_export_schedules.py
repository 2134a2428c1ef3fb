"""Scheduled exports by REST: by the names of destinations, with numbers for who may see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX
from askfirst.domain.tenants.api_key import ApiScope
from tests.web.api.desk import Desk

PATH = "/v1/export-schedules"
NONE = f"{PATH}/exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7"
DEEDS = ("pause", "resume", "run")


def as_caller(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


async def make(caller: httpx.AsyncClient, **parts: Any) -> dict[str, Any]:
    wish = {"kind": "ledger", "destination": "warehouse"} | parts
    answer = await caller.post(PATH, json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_one_is_made_shown_and_listed_with_where_exports_may_go(
    caller: httpx.AsyncClient, tmp_path: Path
) -> None:
    made = await make(caller, every_hours=6, format="parquet")
    assert (made["kind"], made["every_hours"], made["format"]) == ("ledger", 6, "parquet")
    assert (made["paused"], made["outcome"], made["numbers"]) == (False, "none", False)
    assert made["next_at"] == made["created_at"]
    listed = await caller.get(PATH)
    assert listed.json() == {"data": [made], "destinations": ["lake", "warehouse"]}
    assert (await caller.get(f"{PATH}/{made['id']}")).json() == made
    assert str(tmp_path) not in listed.text


async def test_one_is_paused_resumed_run_and_changed(caller: httpx.AsyncClient, desk: Desk) -> None:
    path = f"{PATH}/{(await make(caller))['id']}"
    paused = (await caller.post(f"{path}/pause")).json()
    assert (paused["paused"], paused["next_at"]) == (True, None)
    refused = await caller.post(f"{path}/run")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await caller.post(f"{path}/resume")).json()["paused"] is False
    assert (await caller.post(f"{path}/run")).status_code == 200
    desk.clock.advance(60)
    wish = {"destination": "lake", "every_hours": 1, "format": "parquet"}
    changed_to = (await caller.patch(path, json=wish)).json()
    assert wish.items() <= changed_to.items()
    assert (await caller.get(path)).json() == changed_to
    assert (await caller.patch(path, json={})).json() == changed_to


async def test_a_deleted_one_is_gone(caller: httpx.AsyncClient) -> None:
    path = f"{PATH}/{(await make(caller))['id']}"
    assert (await caller.delete(path)).status_code == 204
    assert (await caller.get(path)).status_code == 404
    assert (await caller.delete(path)).status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
async def test_one_that_is_not_there_is_a_404(caller: httpx.AsyncClient, deed: str) -> None:
    assert (await caller.post(f"{NONE}/{deed}")).status_code == 404
    assert (await caller.patch(NONE, json={})).status_code == 404
    wrong = await caller.post(f"{PATH}/exs_1/{deed}")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_input")


async def test_one_of_another_business_is_not_there(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    made = await make(caller)
    path, rival = f"{PATH}/{made['id']}", as_caller(await desk.rivals_key())
    wish = {"destination": "lake"}
    answers = [
        await stranger.get(path, headers=rival),
        await stranger.delete(path, headers=rival),
        await stranger.patch(path, headers=rival, json=wish),
        *[await stranger.post(f"{path}/{deed}", headers=rival) for deed in DEEDS],
    ]
    assert [one.status_code for one in answers] == [404] * 6
    assert (await stranger.get(PATH, headers=rival)).json()["data"] == []
    assert (await caller.get(path)).json() == made


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "messages"),
        ("kind", None),
        ("destination", "elsewhere"),
        ("destination", "/etc"),
        ("destination", "../warehouse"),
        ("destination", "s3://bucket"),
        ("destination", "https://evil.example"),
        ("destination", ""),
        ("every_hours", 0),
        ("every_hours", 745),
        ("every_hours", "24"),
        ("format", "csv"),
        ("numbers", "yes"),
        ("numbers", True),
        ("path", "/etc"),
    ],
)
async def test_an_error_names_the_field(
    caller: httpx.AsyncClient, field: str, value: object
) -> None:
    wish = {"kind": "ledger", "destination": "warehouse", field: value}
    refused = await caller.post(PATH, json=wish)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert (await caller.get(PATH)).json()["data"] == []
    if field not in ("kind", "path") and value is not None:
        made = await make(caller)
        refused = await caller.patch(f"{PATH}/{made['id']}", json={field: value})
        assert refused.status_code == 422
        assert [one["field"] for one in refused.json()["errors"]] == [field]
        assert (await caller.get(PATH)).json()["data"] == [made]


async def test_numbers_are_for_keys_that_may_see_them(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    blind = as_caller(await desk.key([ApiScope.EXPORTS_READ, ApiScope.EXPORTS_WRITE]))
    wish = {"kind": "contacts", "destination": "warehouse", "numbers": True}
    path = f"{PATH}/{(await make(caller, **wish))['id']}"
    bare = f"{PATH}/{(await make(caller, kind='contacts'))['id']}"
    refused = [
        await stranger.post(PATH, headers=blind, json=wish),
        await stranger.patch(path, headers=blind, json={"destination": "lake"}),
        await stranger.patch(path, headers=blind, json={"numbers": False}),
        await stranger.patch(bare, headers=blind, json={"numbers": True}),
        await stranger.post(f"{path}/run", headers=blind),
    ]
    assert (await stranger.post(f"{path}/pause", headers=blind)).status_code == 200
    refused.append(await stranger.post(f"{path}/resume", headers=blind))
    assert [one.status_code for one in refused] == [403] * 6
    assert all("numbers:read" in one.json()["detail"] for one in refused)
    assert (await stranger.patch(bare, headers=blind, json={"every_hours": 2})).status_code == 200


async def test_a_key_that_may_read_exports_may_not_schedule_one(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    reads = as_caller(await desk.key([ApiScope.EXPORTS_READ, ApiScope.NUMBERS_READ]))
    path = f"{PATH}/{(await make(caller))['id']}"
    assert (await stranger.get(path, headers=reads)).status_code == 200
    wish = {"kind": "ledger", "destination": "lake"}
    answers = [
        await stranger.post(PATH, headers=reads, json=wish),
        await stranger.patch(path, headers=reads, json={}),
        await stranger.delete(path, headers=reads),
        *[await stranger.post(f"{path}/{deed}", headers=reads) for deed in DEEDS],
    ]
    assert [one.status_code for one in answers] == [403] * 6


async def test_there_are_so_many_at_most(caller: httpx.AsyncClient) -> None:
    for _ in range(SCHEDULES_MAX):
        await make(caller)
    wish = {"kind": "ledger", "destination": "warehouse"}
    assert (await caller.post(PATH, json=wish)).status_code == 409
