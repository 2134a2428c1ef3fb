"""POST /v1/codes and friends."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from askfirst.domain.access import Scope
from askfirst.domain.code import Channel, Happening
from askfirst.usecases.show_contact import show_contact
from askfirst.web.api.app import build_api
from tests.support.builders import ANA, BUSINESS, sender
from tests.support.clocks import FakeClock
from tests.support.services import World, build_world, code_templates_of
from tests.support.stores import Store
from tests.web.api.desk import Desk, make_desk

TO = "+" + ANA.value
_DIGITS = re.compile(r"\b[0-9]{8}\b")


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock)


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = await make_desk(world)
    await world.services.directory.put_templates(code_templates_of(sender()))
    return desk


@pytest.fixture
async def caller(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_api(desk.services, desk.metrics))
    headers = {"authorization": f"Bearer {await desk.key()}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://askfirst", headers=headers
    ) as client:
        yield client


async def asked(caller: httpx.AsyncClient, **parts: object) -> dict[str, object]:
    got = await caller.post("/v1/codes", json={"to": TO, "channel": "whatsapp"} | parts)
    assert got.status_code == 201, got.text
    return got.json()  # type: ignore[no-any-return]


def digits_in_whatsapp(world: World) -> str:
    message = json.loads(world.lines.sent[-1].body)
    body, button = message["template"]["components"]
    assert body["parameters"] == button["parameters"]
    return str(body["parameters"][0]["text"])


async def test_a_code_goes_by_whatsapp_and_is_approved(
    caller: httpx.AsyncClient, world: World
) -> None:
    got = await asked(caller, reference="session 1", locale="fr-CA")
    assert got["masked"] == "+••••••••0123"
    assert got["open_url"] == "https://wa.me/15550100001"
    assert got["reminder"] == "Ouvrez WhatsApp pour y trouver le code envoyé par Acme."
    digits = digits_in_whatsapp(world)
    assert _DIGITS.fullmatch(digits)
    wrong = await caller.post(f"/v1/codes/{got['id']}/check", json={"code": "0000 0000"})
    assert wrong.json()["result"] == "wrong"
    right = await caller.post(f"/v1/codes/{got['id']}/check", json={"code": digits})
    assert right.json() == {
        "id": got["id"],
        "result": "approved",
        "tries_left": 0,
        "reference": "session 1",
    }
    sheet = (await caller.get(f"/v1/codes/{got['id']}")).json()
    assert [line["what"] for line in sheet["history"]] == ["sent", "approved"]
