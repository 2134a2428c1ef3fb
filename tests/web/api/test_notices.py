"""Notices over REST: rendered with a token, recorded with it, and worth what the policy says."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from tests.web.api.bodies import ADA as NUMBER

ADA = {"phone": NUMBER}
NOTICE = "/v1/prompts/orders_notice/render"
OWN = {
    "kind": "notice",
    "surface": "order",
    "purposes": ["utility"],
    "texts": {
        "en": {"text": "{business} sends news about your orders on WhatsApp. Reply {stop} to stop."}
    },
}


async def render(caller: httpx.AsyncClient, path: str = NOTICE, **query: str) -> dict[str, Any]:
    response = await caller.get(path, params=query)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


async def inform(caller: httpx.AsyncClient, token: str, **parts: Any) -> httpx.Response:
    body = {"verb": "inform", "contact": ADA, "prompt": {"token": token}} | parts
    return await caller.post("/v1/consents", json=body)


async def test_a_notice_is_rendered_with_a_way_to_say_no_and_none_to_say_yes(
    caller: httpx.AsyncClient,
) -> None:
    told = await render(caller, locale="de")
    assert (told["kind"], told["purposes"], told["yes"]) == ("notice", ["utility.order"], "")
    assert told["no"] == "Nein, danke"
    assert "Zum Abbestellen jederzeit mit STOPP antworten" in told["text"]
    assert told["no"] not in told["text"]
    html = told["html"]
    assert 'name="askfirst_orders_notice" value="refuse"' in html
    assert 'name="askfirst_orders_notice_token"' in html
    assert "grant" not in html
    assert "checkbox" not in html


async def test_showing_it_is_recorded_as_what_it_is(caller: httpx.AsyncClient) -> None:
    told = await render(caller)
    event = (await inform(caller, told["token"], evidence={"order": "A-1"})).json()
    assert (event["kind"], event["assurance"]) == ("informed", "shown")
    assert (event["purposes"], event["surface"]) == (["utility.order"], "order")
    assert (event["prompt"], event["effective"]) == (told["hash"], True)
    known = (await caller.post("/v1/contacts/lookup", json={"contact": ADA})).json()
    (order,) = (one for one in known["standing"] if one["purpose"] == "utility.order")
    assert (order["answer"], order["assurance"]) == ("unasked", None)
    assert order["informed_at"] == event["occurred_at"]


async def test_its_receipt_says_that_somebody_was_informed(caller: httpx.AsyncClient) -> None:
    told = await render(caller, locale="fr")
    event = (await inform(caller, told["token"])).json()
    receipt = (await caller.get(f"/v1/events/{event['position']}/receipt")).json()["receipt"]
    middle = receipt.split(".")[1]
    content = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    assert content["event"]["state"] == "informed"
    assert content["notice"]["words"] == told["text"]


async def test_a_token_of_a_notice_works_once(caller: httpx.AsyncClient) -> None:
    token = (await render(caller))["token"]
    first, again = await inform(caller, token), await inform(caller, token)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    other = await inform(caller, token, contact={"phone": "+447700900456"})
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("key", "verb", "field"),
    [("orders_notice", "grant", "verb"), ("order", "inform", "verb"), ("", "inform", "prompt")],
)
async def test_a_notice_is_no_yes_and_a_question_no_notice(
    caller: httpx.AsyncClient, key: str, verb: str, field: str
) -> None:
    claim = {"key": "claim", "locale": "en", "text": "We write to you on WhatsApp."}
    prompt = (
        {"token": (await render(caller, f"/v1/prompts/{key}/render"))["token"]} if key else claim
    )
    body = {"verb": verb, "contact": ADA, "prompt": prompt, "purposes": ["utility"]}
    if key:
        del body["purposes"]
    response = await caller.post("/v1/consents", json=body | {"surface": "order"})
    assert response.status_code == 422
    assert [one["field"] for one in response.json()["errors"]] == [field]
    events = (await caller.get("/v1/events")).json()["data"]
    assert events == []


async def test_a_no_comes_back_with_the_token_and_a_later_notice_lifts_it_not(
    caller: httpx.AsyncClient,
) -> None:
    token = (await render(caller))["token"]
    refused = (await inform(caller, token, verb="refuse")).json()
    assert (refused["kind"], refused["purposes"]) == ("refused", ["utility.order"])
    later = (await inform(caller, (await render(caller))["token"])).json()
    assert (later["effective"], later["standing"][0]["reason"]) == (False, "refused")


async def test_a_notice_is_not_rendered_for_offers(caller: httpx.AsyncClient) -> None:
    response = await caller.get(NOTICE, params={"purpose": "marketing"})
    assert response.status_code == 422


async def test_a_business_publishes_a_notice_of_its_own(caller: httpx.AsyncClient) -> None:
    draft = await caller.put("/v1/prompts/our_orders", json=OWN)
    assert (draft.json()["kind"], draft.json()["findings"]) == ("notice", [])
    assert (await caller.post("/v1/prompts/our_orders/publish")).status_code == 201
    told = await render(caller, "/v1/prompts/our_orders/render")
    event = (await inform(caller, told["token"])).json()
    assert (event["kind"], event["purposes"]) == ("informed", ["utility"])
    assert event["standing"][0]["reason"] == "notice_not_enough"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"purposes": ["marketing"]}, "is-about-orders"),
        ({"texts": {"en": {"text": "{business} sends order news on WhatsApp."}}}, "tells-stop"),
        (
            {"texts": {"en": {"text": OWN["texts"]["en"]["text"] + " You agree."}}},  # type: ignore[index]
            "claims-no-consent",
        ),
    ],
)
async def test_a_notice_that_breaks_a_rule_is_not_published(
    caller: httpx.AsyncClient, change: dict[str, Any], rule: str
) -> None:
    draft = (await caller.put("/v1/prompts/our_orders", json=OWN | change)).json()
    assert [(one["rule"], one["severity"]) for one in draft["findings"]] == [(rule, "error")]
    assert (await caller.post("/v1/prompts/our_orders/publish")).status_code == 422


async def test_a_built_in_question_cannot_become_a_notice(caller: httpx.AsyncClient) -> None:
    response = await caller.put("/v1/prompts/order", json=OWN)
    assert [one["field"] for one in response.json()["errors"]] == ["kind"]


async def test_a_notice_is_shown_where_people_leave_their_number(caller: httpx.AsyncClient) -> None:
    response = await caller.put("/v1/prompts/our_orders", json=OWN | {"surface": "chat"})
    assert [one["field"] for one in response.json()["errors"]] == ["surface"]
