"""Events, decisions and packs of evidence by REST."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.web.event_sentence import event_sentence
from tests.support.builders import BUSINESS
from tests.support.clocks import FakeClock
from tests.support.evidence import tell_story
from tests.support.services import World, build_world
from tests.web.api.bodies import ADA, consent
from tests.web.api.desk import Desk

PHONE: dict[str, Any] = {
    "surface": "phone",
    "witness": {"taken_by": "agent 12", "form": "script 3"},
    "evidence": {"call": "117"},
}


async def test_a_witness_that_goes_in_comes_out(caller: httpx.AsyncClient) -> None:
    made = (await caller.post("/v1/consents", json=consent(**PHONE))).json()
    event = (await caller.get(f"/v1/events/{made['id']}")).json()
    assert event["witness"] == {
        "taken_by": "agent 12",
        "form": "script 3",
        "scan_sha256": None,
    }
    assert event["evidence"]["call"] == "117"
    assert event["evidence_state"] == "kept"
    assert event["shown"]["text"] == "Send me offers on WhatsApp."
    assert event["shown"]["hash"] == event["prompt"]
    assert event["summary"].startswith("Said yes to offers and news by phone")


async def test_numbers_are_for_keys_that_may_read_them(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    made = (await caller.post("/v1/consents", json=consent())).json()
    place = f"/v1/events/{made['id']}"
    assert (await caller.get(place)).json()["identifiers"] == [
        {"kind": "phone", "value": "447700900123"}
    ]
    key = await desk.key(frozenset(ApiScope) - {ApiScope.NUMBERS_READ})
    headers = {"authorization": f"Bearer {key}"}
    for address in (place, f"/v1/contacts/{made['contact']}/history"):
        told = await caller.get(address, headers=headers)
        assert told.status_code == 200
        assert "447700900123" not in told.text


async def test_a_history_comes_in_pages(caller: httpx.AsyncClient) -> None:
    for verb in ("grant", "withdraw", "grant"):
        await caller.post("/v1/consents", json=consent(verb))
    first = (await caller.get(f"/v1/contacts/{ADA}/history?limit=2")).json()
    second = await caller.get(f"/v1/contacts/{ADA}/history", params={"after": first["next_cursor"]})
    kinds = [one["kind"] for one in first["data"] + second.json()["data"]]
    assert kinds == ["granted", "withdrawn", "granted"]
    assert second.json()["next_cursor"] is None


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock, desk: Desk) -> World:
    """The world of the desk, in which Ana has a story."""
    world = build_world(sqlite_store, clock)
    await tell_story(world)
    return world


async def test_decisions_are_read_back_and_compared(
    caller: httpx.AsyncClient, world: World
) -> None:
    page = (await caller.get("/v1/decisions", params={"contact": ADA})).json()
    assert [(one["verdict"], one["again"]["matches"]) for one in page["data"]] == [
        ("allow", True),
        ("deny", True),
    ]
    one = await caller.get(f"/v1/decisions/{page['data'][1]['id']}")
    assert one.json() == page["data"][1]
    assert one.json()["reasons"][0]["code"] == "withdrawn"
    assert ADA.removeprefix("+") not in one.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/decisions/dec_00000000000000000000000099", 404),
        ("/v1/decisions/evt_00000000000000000000000001", 422),
        ("/v1/decisions?contact=%2B447700900999", 404),
        ("/v1/decisions", 422),
        ("/v1/events/evt_00000000000000000000000099", 404),
        ("/v1/events/41", 422),
        ("/v1/contacts/+447700900999/history", 404),
        ("/v1/contacts/+447700900999/evidence", 404),
    ],
)
async def test_what_is_not_there_or_not_understood_is_said(
    caller: httpx.AsyncClient, address: str, status: int
) -> None:
    assert (await caller.get(address)).status_code == status


async def test_a_pack_is_for_keys_that_may_export(
    caller: httpx.AsyncClient, desk: Desk, world: World
) -> None:
    told = await caller.get(f"/v1/contacts/{ADA}/evidence")
    assert told.status_code == 200
    assert told.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(told.content)) as pack:
        assert "evidence.html" in pack.namelist()
    key = await desk.key(frozenset(ApiScope) - {ApiScope.CONTACTS_EXPORT})
    headers = {"authorization": f"Bearer {key}"}
    refused = await caller.get(f"/v1/contacts/{ADA}/evidence", headers=headers)
    assert refused.status_code == 403


async def test_two_lines_of_one_log_in_do_not_read_the_same(world: World) -> None:
    events = await world.store.ledger.events(BUSINESS, 0, 99)  # type: ignore[arg-type]
    sentences = [event_sentence(event) for event in events]
    assert len(set(sentences)) == len(sentences)
