"""Screenings by REST: a list is sent, summed up by reason, and each reason has its rows."""

from __future__ import annotations

import httpx
import pytest

from askfirst.usecases.bulk.screens.run_screen import go_on_with_screen
from askfirst.usecases.bulk.screens.start_screen import parse_screen_id, read_screen
from tests.support.builders import BUSINESS
from tests.web.api.bodies import ADA
from tests.web.api.desk import Desk

CSV = {"content-type": "text/csv"}
FILE = f"Phone\n{ADA}\n4.477E+11\n"
ASKED = "purpose=marketing&sender=200"


async def post(caller: httpx.AsyncClient, body: str = FILE, query: str = ASKED) -> httpx.Response:
    return await caller.post(f"/v1/screens?{query}", content=body.encode(), headers=CSV)


async def work(desk: Desk, screen_id: str) -> None:
    job = await read_screen(desk.services, BUSINESS, parse_screen_id(screen_id))
    await go_on_with_screen(desk.services, job)


async def test_a_list_is_summed_up_by_reason_and_each_has_its_rows(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    sent = await post(caller)
    assert (sent.status_code, sent.json()["state"]) == (201, "screening")
    place = f"/v1/screens/{sent.json()['id']}"
    first = f"{place}/rows?verdict=unread&reason=scientific_notation"
    assert (await caller.get(first)).status_code == 409
    await work(desk, sent.json()["id"])
    done = (await caller.get(place)).json()
    assert (done["state"], done["rows"], done["position"]) == ("done", 2, 0)
    assert sum(one["rows"] for one in done["answers"]) == 2
    assert sum(one["percent"] for one in done["answers"]) == 100
    assert "gate decides again" in done["note"]
    rows = await caller.get(first)
    assert rows.headers["content-type"].startswith("text/csv")
    assert rows.text.splitlines()[1] == "3,unread,scientific_notation,,4.477E+11"
    nobody = await caller.get(f"{place}/rows?verdict=allow&reason=opted_in")
    assert nobody.status_code == 404
    listed = (await caller.get("/v1/screens")).json()["data"]
    assert [one["id"] for one in listed] == [done["id"]]
    assert await desk.head() == 0
    assert (await caller.delete(place)).status_code == 204
    assert (await caller.get(place)).status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sender=200", "purpose"),
        ("sender=200&purpose=marketing&template=offer", "purpose"),
        ("sender=200&purpose=marketing.unknown", "purpose"),
        ("sender=200&purpose=marketing&country=zz", "country"),
        ("sender=nobody&purpose=marketing", "sender"),
    ],
)
async def test_a_setting_that_cannot_be_is_named(
    caller: httpx.AsyncClient, query: str, field: str
) -> None:
    refused = await post(caller, query=query)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


async def test_nobody_sees_what_is_another_business_s(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    sent = (await post(caller)).json()
    await work(desk, sent["id"])
    rival = {"authorization": f"Bearer {await desk.rivals_key()}"}
    place = f"/v1/screens/{sent['id']}"
    rows = "/rows?verdict=unread&reason=scientific_notation"
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", rows)):
        answer = await caller.request(method, place + path, headers=rival)
        assert answer.status_code == 404
    assert (await caller.get("/v1/screens", headers=rival)).json()["data"] == []
