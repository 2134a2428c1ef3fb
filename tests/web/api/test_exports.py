"""Exports by REST: JSON lines, with numbers only for keys that may see them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx
import pytest

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.web.api.bulk import exports
from tests.support.builders import ANA, grant
from tests.support.builders import change as changed
from tests.web.api.desk import Desk

KINDS = ("contacts", "suppressions", "decisions", "ledger")


async def said(desk: Desk) -> None:
    await desk.services.ledger.commit(changed(grant(ANA, evidence=b'{"typed":"\\n\xe2\x80\xa8"}')))


def as_caller(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_lines_between_a_first_and_a_last(
    caller: httpx.AsyncClient, desk: Desk, kind: str
) -> None:
    await said(desk)
    answer = await caller.get(f"/v1/exports/{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["cache-control"] == "no-store"
    header, *rows, end = map(json.loads, answer.text.splitlines())
    assert (header["kind"], header["business"], header["as_of"]) == (kind, "acme", 1)
    assert (end["line"], end["rows"]) == ("end", len(rows))


async def test_the_rest_is_behind_what_the_caller_has(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    await said(desk)
    first = json.loads((await caller.get("/v1/exports/ledger")).text.splitlines()[-1])
    await said(desk)
    rest = (await caller.get(f"/v1/exports/ledger?after={first['next']}")).text.splitlines()
    assert [json.loads(line).get("position") for line in rest] == [None, 2, None]


@pytest.mark.parametrize("part", ["numbers", "evidence"])
async def test_numbers_and_what_may_hold_them_need_the_scope(
    stranger: httpx.AsyncClient, desk: Desk, part: str
) -> None:
    await said(desk)
    path = f"/v1/exports/contacts?{part}=true"
    without = await desk.key([ApiScope.EXPORTS_READ], name="without")
    refused = await stranger.get(path, headers=as_caller(without))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert "numbers:read" in refused.json()["detail"]
    both = await desk.key([ApiScope.EXPORTS_READ, ApiScope.NUMBERS_READ], name="with")
    assert (await stranger.get(path, headers=as_caller(both))).status_code == 200


async def test_a_key_that_may_read_a_person_may_not_export_everybody(
    stranger: httpx.AsyncClient, desk: Desk
) -> None:
    scopes = [ApiScope.CONTACTS_READ, ApiScope.CONTACTS_EXPORT, ApiScope.NUMBERS_READ]
    headers = as_caller(await desk.key(scopes, name="reads"))
    assert (await stranger.get("/v1/exports/ledger", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("everything", "kind"),
        ("ledger?after=x", "after"),
        ("ledger?after=7", "after"),
        ("ledger?numbers=true", "numbers"),
        ("decisions?evidence=true", "evidence"),
        ("ledger?limit=1", "limit"),
    ],
)
async def test_what_cannot_be_is_said_before_a_line_is_sent(
    caller: httpx.AsyncClient, path: str, field: str
) -> None:
    refused = await caller.get(f"/v1/exports/{path}")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


async def test_whoever_takes_nothing_for_too_long_is_let_go_without_a_last_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = asyncio.Event()

    async def lines() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"{}\n"
        finally:
            closed.set()

    async def send(_: object) -> None:
        await asyncio.Event().wait()

    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(exports, "SECONDS_MAX", 0.01)
    rest = lines()
    response = exports.ExportResponse(await anext(rest), rest)
    await response({"type": "http"}, receive, send)
    assert closed.is_set()
