"""A file of stops by REST: read as CSV and nothing else, and never told back."""

from __future__ import annotations

import httpx

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.web.api.opt_out.stop_file import FILE_BYTES_MAX
from tests.web.api.bodies import ADA, shown
from tests.web.api.desk import Desk

CSV = {"content-type": "text/csv; charset=utf-8"}


async def post(caller: httpx.AsyncClient, body: str, **headers: str) -> httpx.Response:
    return await caller.post("/v1/stops", content=body.encode(), headers={**CSV, **headers})


async def test_stops_are_in_force_when_the_answer_comes(caller: httpx.AsyncClient) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    told = await post(caller, f"phone,scope\n{ADA},\nx,\n")
    assert told.status_code == 200
    answer = told.json()
    assert (answer["stored"], answer["known"]) == (1, 0)
    assert [(one["line"], one["field"]) for one in answer["refused"]] == [(3, "phone")]
    contact = (await caller.get(f"/v1/contacts/{ADA}")).json()
    assert {one["answer"] for one in contact["standing"]} == {"withdrawn"}
    again = (await post(caller, f"phone,scope\n{ADA},\nx,\n")).json()
    assert (again["stored"], again["known"]) == (1, 1)


async def test_only_csv_is_taken(caller: httpx.AsyncClient) -> None:
    refused = await caller.post("/v1/stops", json={"phone": ADA})
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


async def test_a_file_without_columns_of_people_is_refused(caller: httpx.AsyncClient) -> None:
    refused = await post(caller, "name\nAda\n")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "file")


async def test_a_file_has_a_size(caller: httpx.AsyncClient) -> None:
    refused = await post(caller, "phone\n" + "x" * FILE_BYTES_MAX)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


async def test_it_needs_the_scope_of_recording(caller: httpx.AsyncClient, desk: Desk) -> None:
    key = await desk.key(frozenset(ApiScope) - {ApiScope.CONSENTS_WRITE})
    refused = await post(caller, "phone\n", authorization=f"Bearer {key}")
    assert refused.status_code == 403
