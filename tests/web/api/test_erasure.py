"""Erasing and exporting a person by REST: who may, what is said, what is in force afterwards."""

from __future__ import annotations

import httpx
import pytest

from askfirst.domain.tenants.api_key import ApiScope
from tests.web.api.bodies import ADA, consent, shown
from tests.web.api.desk import Desk

GONE = "/v1/contacts/{}?reason=requested"


async def contact_id(caller: httpx.AsyncClient) -> str:
    await caller.post("/v1/consents", json=await shown(caller))
    return str((await caller.get(f"/v1/contacts/{ADA}")).json()["id"])


@pytest.mark.parametrize("is_by_id", [False, True], ids=["number", "id"])
async def test_a_person_is_erased(caller: httpx.AsyncClient, is_by_id: bool) -> None:
    known = await contact_id(caller)
    told = await caller.delete(GONE.format(known if is_by_id else ADA))
    assert told.status_code == 200
    event = told.json()["event"]
    assert (event["kind"], event["contact"]) == ("erased", known)
    assert (await caller.get(f"/v1/contacts/{ADA}")).status_code == 404
    assert (await caller.delete(GONE.format(known))).status_code == 404


async def test_a_claim_of_a_yes_is_refused_with_what_helps(caller: httpx.AsyncClient) -> None:
    await contact_id(caller)
    await caller.delete(GONE.format(ADA))
    refused = await caller.post("/v1/consents", json=consent())
    assert refused.status_code == 409
    assert "in WhatsApp" in refused.json()["detail"]


async def test_a_no_is_taken_also_for_somebody_who_was_erased(caller: httpx.AsyncClient) -> None:
    await contact_id(caller)
    await caller.delete(GONE.format(ADA))
    told = await caller.post("/v1/consents", json=consent("withdraw", purposes=[]))
    assert told.status_code == 201


async def test_a_reason_is_one_of_the_list(caller: httpx.AsyncClient) -> None:
    await contact_id(caller)
    for address in (f"/v1/contacts/{ADA}", f"/v1/contacts/{ADA}?reason=Ada+wrote+to+us"):
        refused = await caller.delete(address)
        assert refused.status_code == 422
        assert "reason" in refused.json()["errors"][0]["field"]
    assert (await caller.get(f"/v1/contacts/{ADA}")).status_code == 200


async def test_erasing_and_exporting_have_scopes_of_their_own(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    known = await contact_id(caller)
    own = {ApiScope.CONTACTS_ERASE, ApiScope.CONTACTS_EXPORT}
    headers = {"authorization": f"Bearer {await desk.key(frozenset(ApiScope) - own)}"}
    assert (await caller.delete(GONE.format(known), headers=headers)).status_code == 403
    got = await caller.get(f"/v1/contacts/{known}/export", headers=headers)
    assert got.status_code == 403


async def test_an_export_tells_what_was_shown_and_answered(caller: httpx.AsyncClient) -> None:
    known = await contact_id(caller)
    told = (await caller.get(f"/v1/contacts/{known}/export")).json()
    assert told["identifiers"] == [{"kind": "phone", "value": "447700900123"}]
    (event,) = told["events"]
    (notice,) = told["notices"]
    assert (event["state"], event["notice_hash"]) == ("given", notice["notice_hash"])
    assert notice["language"] == "en"
    assert told["standing"]


async def test_nobody_has_asked_to_be_erased(caller: httpx.AsyncClient) -> None:
    told = (await caller.get("/v1/erase-requests")).json()
    assert told == {"data": [], "next_cursor": None}
