"""Imports by REST: a file is sent, previewed, confirmed by its hash, and reported on."""

from __future__ import annotations

import httpx
import pytest

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.timestamp import HOUR
from askfirst.usecases.bulk.imports.receive_import import parse_import_id, read_import
from askfirst.usecases.bulk.imports.run_import import go_on_with_import
from tests.support.builders import BUSINESS
from tests.web.api.bodies import ADA
from tests.web.api.desk import Desk

CSV = {"content-type": "text/csv"}
FILE = f"Phone,WhatsApp opt-in,At\n'{ADA},yes,2026-01-31T09:00:00Z\n4.477E+11,no,\n"


async def post(caller: httpx.AsyncClient, body: str = FILE, query: str = "purpose=marketing"):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return await caller.post(f"/v1/imports?{query}", content=body.encode(), headers=CSV)


async def work(desk: Desk, import_id: str) -> None:
    job = await read_import(desk.services, BUSINESS, parse_import_id(import_id))
    await go_on_with_import(desk.services, job, HOUR)


async def test_a_file_is_previewed_confirmed_and_reported_on(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    sent = await post(caller)
    assert (sent.status_code, sent.json()["state"]) == (201, "preparing")
    place = f"/v1/imports/{sent.json()['id']}"
    await work(desk, sent.json()["id"])
    ready = (await caller.get(place)).json()
    assert (ready["state"], await desk.head()) == ("ready", 0)
    would = ready["preview"]["would"]
    assert [(one["outcome"], one["reason"], one["lines"]) for one in would["counts"]] == [
        ("refused", "scientific_notation", [3]),
        ("yes", None, [2]),
    ]
    assert would["opt_outs_lost"] == {"rows": 1, "lines": [3]}
    assert (await caller.get(place + "/report")).status_code == 409
    wrong = await caller.post(place + "/confirm", json={"hash": "0" * 64})
    assert wrong.status_code == 409
    hash_ = {"hash": ready["preview"]["hash"]}
    assert (await caller.post(place + "/confirm", json=hash_)).json()["state"] == "running"
    await work(desk, sent.json()["id"])
    done = (await caller.get(place)).json()
    assert (done["state"], done["summary"]["rows"], await desk.head()) == ("done", 2, 1)
    assert (await caller.post(place + "/confirm", json=hash_)).json()["state"] == "done"
    report = await caller.get(place + "/report")
    assert report.headers["content-type"].startswith("text/csv")
    assert report.text.splitlines()[1] == "3,refused,scientific_notation,Phone,,yes,"
    assert ADA not in report.text
    listed = (await caller.get("/v1/imports")).json()["data"]
    assert [one["id"] for one in listed] == [sent.json()["id"]]
    assert (await caller.delete(place)).status_code == 204
    assert (await caller.get(place)).status_code == 404


async def test_what_is_asked_can_be_answered(caller: httpx.AsyncClient, desk: Desk) -> None:
    sent = await post(caller, f"Phone,SMS consent\n{ADA},yes\n")
    place = f"/v1/imports/{sent.json()['id']}"
    await work(desk, sent.json()["id"])
    asking = (await caller.get(place)).json()
    assert (asking["state"], asking["questions"][0]["code"]) == ("asking", "state")
    said = {"columns": [{"name": "SMS consent", "holds": "state"}]}
    assert (await caller.post(place + "/answers", json=said)).json()["state"] == "preparing"
    await work(desk, sent.json()["id"])
    assert (await caller.get(place)).json()["state"] == "ready"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "purpose"),
        ("purpose=marketing.unknown", "purpose"),
        ("purpose=marketing&time_zone=Nowhere/At_all", "time_zone"),
        ("purpose=marketing&preset=nobody", "preset"),
        ("purpose=marketing&country=zz", "country"),
    ],
)
async def test_a_setting_that_cannot_be_is_named(
    caller: httpx.AsyncClient, query: str, field: str
) -> None:
    refused = await post(caller, query=query)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


async def test_an_empty_file_and_a_file_of_another_kind_are_refused(
    caller: httpx.AsyncClient,
) -> None:
    assert (await post(caller, "")).status_code == 422
    picture = {"content-type": "image/png"}
    refused = await caller.post("/v1/imports?purpose=marketing", content=b"x", headers=picture)
    assert refused.status_code == 415


async def test_nobody_sees_or_confirms_what_is_another_business_s(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    sent = (await post(caller)).json()
    await work(desk, sent["id"])
    rival = {"authorization": f"Bearer {await desk.rivals_key()}"}
    place = f"/v1/imports/{sent['id']}"
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/report")):
        answer = await caller.request(method, place + path, headers=rival)
        assert answer.status_code == 404
    for path, body in (("/confirm", {"hash": "0" * 64}), ("/answers", {})):
        answer = await caller.post(place + path, json=body, headers=rival)
        assert answer.status_code == 404
    assert (await caller.get("/v1/imports", headers=rival)).json()["data"] == []


async def test_it_needs_the_scope_of_recording(caller: httpx.AsyncClient, desk: Desk) -> None:
    key = await desk.key(frozenset(ApiScope) - {ApiScope.CONSENTS_WRITE})
    headers = {**CSV, "authorization": f"Bearer {key}"}
    refused = await caller.post("/v1/imports?purpose=marketing", content=b"x", headers=headers)
    assert refused.status_code == 403
