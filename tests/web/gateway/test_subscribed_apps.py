"""A client sets where it gets webhooks, in Meta's way, and askfirst goes on hearing them itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.inbound.webhook_receiver import WebhookReceiver
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.value import replace
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import make_key
from tests.support import builders
from tests.support.builders import BUSINESS, OTHER_WABA, RIVAL, WABA
from tests.web.asgi_call import Got, call
from tests.web.gateway.desk import META_TOKEN, Desk

URL = "https://chat.example/webhooks/whatsapp/+447700900001"
WISH = {"override_callback_uri": URL, "verify_token": "shake"}
PATH = f"/v22.0/{WABA}/subscribed_apps"
JSON = (("content-type", "application/json"),)


@pytest.fixture
async def client(desk: Desk) -> Desk:
    """One whose key may set receivers, too."""
    scopes = frozenset({ApiScope.SEND, ApiScope.RECEIVERS_WRITE})
    _, secret = await make_key(desk.world.services, BUSINESS, "", "chatwoot", scopes)
    return replace(desk, secret=secret)


async def receivers(desk: Desk) -> tuple[WebhookReceiver, ...]:
    return await desk.world.store.receivers.list(BUSINESS, "", 10)


async def subscribe(desk: Desk, wish: dict[str, Any] | None = None, path: str = PATH) -> Got:
    body = json.dumps(WISH if wish is None else wish).encode()
    return await desk.call("POST", path, body=body, headers=JSON)


async def test_an_override_makes_a_receiver_for_that_account(client: Desk) -> None:
    got = await subscribe(client)
    assert (got.status, json.loads(got.body)) == (200, {"success": True})
    (one,) = await receivers(client)
    assert (one.url.value, one.waba_id, one.fields) == (URL, WABA, frozenset())
    shown = json.loads((await client.call("GET", PATH)).body)
    (app,) = shown["data"]
    assert app["override_callback_uri"] == URL
    assert app["whatsapp_business_api_data"]["name"] == "askfirst"
    assert client.sent == []  # Meta is asked nothing: its webhooks stay with askfirst


async def test_it_may_be_a_form_or_stand_in_the_query(client: Desk) -> None:
    form = b"override_callback_uri=https%3A%2F%2Fchat.example%2F1&verify_token=shake"
    kind = (("content-type", "application/x-www-form-urlencoded"),)
    assert (await client.call("POST", PATH, body=form, headers=kind)).status == 200
    query = "override_callback_uri=https%3A%2F%2Fchat.example%2F2&verify_token=shake"
    assert (await client.call("POST", PATH, query=query)).status == 200
    (one,) = await receivers(client)
    assert one.url.value == "https://chat.example/2"


async def test_a_second_override_moves_the_first_and_each_key_has_its_own(client: Desk) -> None:
    await subscribe(client)
    (first,) = await receivers(client)
    await subscribe(client, WISH | {"override_callback_uri": "https://chat.example/new"})
    (second,) = await receivers(client)
    assert second.receiver_id == first.receiver_id
    assert second.url.value == "https://chat.example/new"
    scopes = frozenset({ApiScope.SEND, ApiScope.RECEIVERS_WRITE})
    _, secret = await make_key(client.world.services, BUSINESS, "", "typebot", scopes)
    await subscribe(replace(client, secret=secret))
    assert len(await receivers(client)) == 2


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_without_an_override_there_is_no_receiver_any_more(client: Desk, method: str) -> None:
    await subscribe(client)
    got = await client.call(method, PATH)
    assert (got.status, json.loads(got.body)) == (200, {"success": True})
    assert await receivers(client) == ()
    assert client.sent == []
    (app,) = json.loads((await client.call("GET", PATH)).body)["data"]
    assert "override_callback_uri" not in app


async def test_an_address_that_does_not_repeat_the_challenge_is_refused(client: Desk) -> None:
    got = await subscribe(client, WISH | {"verify_token": "wrong"})
    error = json.loads(got.body)["error"]
    assert (got.status, error["code"]) == (400, 2200)
    assert "answered 403" in error["error_data"]["details"]
    assert await receivers(client) == ()


@pytest.mark.parametrize(
    "wish",
    [
        {"override_callback_uri": "https://169.254.169.254/latest", "verify_token": "shake"},
        {"override_callback_uri": "https://intranet.local/", "verify_token": "shake"},
        {"override_callback_uri": URL},
        {"verify_token": "shake"},
        {"override_callback_uri": 7, "verify_token": "shake"},
    ],
)
async def test_an_address_that_may_not_be_called_is_refused(
    client: Desk, wish: dict[str, Any]
) -> None:
    got = await subscribe(client, wish)
    assert (got.status, json.loads(got.body)["error"]["code"]) == (400, 100)
    assert await receivers(client) == ()


async def test_a_key_without_the_scope_may_look_and_not_set(desk: Desk) -> None:
    services = desk.world.services
    _, secret = await make_key(services, BUSINESS, "", "sends", frozenset({ApiScope.SEND}))
    sends = replace(desk, secret=secret)
    assert (await subscribe(sends)).status == 403
    assert (await sends.call("DELETE", PATH)).status == 403
    assert (await sends.call("GET", PATH)).status == 200


async def test_who_manages_the_account_sets_it_as_well(client: Desk) -> None:
    services = client.world.services
    _, secret = await make_key(services, BUSINESS, "", "manages", frozenset({ApiScope.MANAGE}))
    assert (await subscribe(replace(client, secret=secret))).status == 200


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_the_account_of_another_business_is_none_of_the_callers(
    client: Desk, method: str
) -> None:
    theirs = builders.sender(PhoneNumberId("300"), business_id=RIVAL)
    await make_key(client.world.services, RIVAL, "Rival", "x", frozenset({ApiScope.SEND}))
    await register_sender(client.world.services, theirs, META_TOKEN)
    for account in (OTHER_WABA, "999"):
        got = await client.call(method, f"/v22.0/{account}/subscribed_apps")
        assert got.status == 400


async def test_a_client_with_a_token_of_metas_has_one_of_its_own(client: Desk) -> None:
    headers = (("authorization", f"Bearer {META_TOKEN}"), *JSON)
    body = json.dumps(WISH).encode()
    got = await call(client.open_door, "POST", PATH, headers=headers, body=body)
    assert got.status == 200
    assert len(await receivers(client)) == 1
