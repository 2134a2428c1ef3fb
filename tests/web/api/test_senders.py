"""Senders and the registry of templates."""

from typing import Any, cast

import httpx
import pytest

from askfirst.domain.tenants.sender import Template, TemplateState
from askfirst.domain.values.purpose import Category
from tests.support.builders import BUSINESS, SENDER, WABA
from tests.support.services import FakeAccounts
from tests.web.api.desk import META_TOKEN, Desk

NEW = "/v1/senders/106540352242923"


def sender(**changes: Any) -> dict[str, Any]:
    return {"waba_id": WABA, "number": "+15550002222", "name": "Ada's Café"} | changes


async def test_a_sender_is_kept_and_listed_without_its_token(caller: httpx.AsyncClient) -> None:
    put = await caller.put(NEW, json=sender(token="EAAG-new"))
    listed = await caller.get("/v1/senders")
    assert put.json() in listed.json()["data"]
    assert put.json()["state"] == "active"
    assert "EAAG" not in put.text + listed.text


async def test_a_token_left_out_stays_as_it_is(caller: httpx.AsyncClient, desk: Desk) -> None:
    await caller.put(f"/v1/senders/{SENDER}", json=sender(state="paused"))
    assert await desk.services.directory.token(BUSINESS, SENDER) == META_TOKEN
    assert (await caller.get("/v1/senders")).json()["data"][0]["state"] == "paused"


@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        ("/v1/senders/ada", {}, "phone_number_id"),
        (NEW, {"waba_id": "x"}, "waba_id"),
        (NEW, {"number": "15550002222"}, "number"),
        (NEW, {"number": "+1"}, "number"),
        (NEW, {"name": ""}, "name"),
        (NEW, {"state": "happy"}, "state"),
        (NEW, {"token": "two words"}, "token"),
        (NEW, {"token": ""}, "token"),
        (NEW, {"phone_number_id": "1"}, "phone_number_id"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_is_kept(
    caller: httpx.AsyncClient, path: str, changes: dict[str, Any], field: str
) -> None:
    response = await caller.put(path, json=sender(**changes))
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field
    assert len((await caller.get("/v1/senders")).json()["data"]) == 1


async def test_another_business_cannot_take_a_sender(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    headers = {"authorization": f"Bearer {await desk.rivals_key()}"}
    response = await stranger.put(f"/v1/senders/{SENDER}", json=sender(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


async def test_another_business_learns_no_name_from_the_account_that_it_cannot_take(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    headers = {"authorization": f"Bearer {await desk.rivals_key()}"}
    claim = sender(token="EAAG-theirs")
    response = await stranger.put(NEW, json=claim, headers=headers)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert BUSINESS not in response.text
    assert "Acme" not in response.text
    assert (await stranger.get("/v1/senders", headers=headers)).json()["data"] == []


async def test_a_first_claim_without_proof_says_what_would_be_one(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    accounts = cast("FakeAccounts", desk.services.accounts)
    first = sender(waba_id="555")
    without = await caller.put(NEW, json=first)
    assert without.status_code == 422
    assert without.json()["errors"][0]["field"] == "token"
    accounts.bad_tokens.add("EAAG-bad")
    refused = await caller.put(NEW, json=first | {"token": "EAAG-bad"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "token")
    accounts.unlisted.add("106540352242923")
    elsewhere = await caller.put(NEW, json=first | {"token": "EAAG-good"})
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["field"]) == (422, "waba_id")
    accounts.is_answering = False
    unknown = await caller.put(NEW, json=first | {"token": "EAAG-good"})
    assert unknown.status_code == 503
    assert "retry-after" in unknown.headers
    assert "EAAG" not in without.text + refused.text + elsewhere.text + unknown.text
    assert len((await caller.get("/v1/senders")).json()["data"]) == 1


async def test_templates_are_paged_by_name_and_language(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    await desk.services.directory.put_templates(
        tuple(
            Template(
                business_id=BUSINESS,
                waba_id=WABA,
                name=name,
                language=language,
                category=Category.UTILITY,
                state=TemplateState.IN_SERVICE,
                seen_at=desk.clock.now(),
            )
            for name, language in [("order", "en"), ("order", "de"), ("code", "en")]
        )
    )
    first = (await caller.get("/v1/templates?limit=2")).json()
    rest = (await caller.get("/v1/templates", params={"after": first["next_cursor"]})).json()
    found = [(one["name"], one["language"]) for one in first["data"] + rest["data"]]
    assert found == [("code", "en"), ("order", "de"), ("order", "en")]
    assert rest["next_cursor"] is None
