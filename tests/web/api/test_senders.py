"""Senders and the registry of templates."""

from typing import Any

import httpx
import pytest

from askfirst.domain.access import Business, Scope
from askfirst.domain.ids import BusinessId
from askfirst.domain.purpose import Category
from askfirst.domain.sender import Template, TemplateState
from askfirst.usecases.authenticate import create_key
from tests.fakes.world import BUSINESS, META_TOKEN, SENDER, WABA, World

NEW = "/v1/senders/106540352242923"


def sender(**changes: Any) -> dict[str, Any]:
    return {"waba_id": WABA, "number": "+15550002222", "name": "Ada's Café"} | changes


async def test_a_sender_is_kept_and_listed_without_its_token(caller: httpx.AsyncClient) -> None:
    put = await caller.put(NEW, json=sender(token="EAAG-new"))
    listed = await caller.get("/v1/senders")
    assert put.json() in listed.json()["data"]
    assert put.json()["state"] == "active"
    assert "EAAG" not in put.text + listed.text


async def test_a_token_left_out_stays_as_it_is(caller: httpx.AsyncClient, world: World) -> None:
    await caller.put(f"/v1/senders/{SENDER}", json=sender(state="paused"))
    assert await world.services.directory.token(BUSINESS, SENDER) == META_TOKEN
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
    world: World, stranger: httpx.AsyncClient
) -> None:
    other = Business(business_id=BusinessId("bens-bikes"), name="Ben's Bikes")
    _, secret = await create_key(world.services, other, "ben", frozenset(Scope))
    headers = {"authorization": f"Bearer {secret}"}
    response = await stranger.put(f"/v1/senders/{SENDER}", json=sender(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


async def test_templates_are_paged_by_name_and_language(
    caller: httpx.AsyncClient, world: World
) -> None:
    await world.services.directory.put_templates(
        tuple(
            Template(
                business_id=BUSINESS,
                waba_id=WABA,
                name=name,
                language=language,
                category=Category.UTILITY,
                state=TemplateState.IN_SERVICE,
                seen_at=world.clock.now(),
            )
            for name, language in [("order", "en"), ("order", "de"), ("code", "en")]
        )
    )
    first = (await caller.get("/v1/templates?limit=2")).json()
    rest = (await caller.get("/v1/templates", params={"after": first["next_cursor"]})).json()
    found = [(one["name"], one["language"]) for one in first["data"] + rest["data"]]
    assert found == [("code", "en"), ("order", "de"), ("order", "en")]
    assert rest["next_cursor"] is None
