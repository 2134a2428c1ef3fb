"""A helpdesk such as Chatwoot plays its own calls: set-up, a message in, the answer, a stop.

It knows Meta's API only; base URL and token are all that was changed.
"""

from __future__ import annotations

import json

import pytest

from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.value import replace
from askfirst.graph.platform.signature import sign, verify
from askfirst.usecases.tenants.authenticate import make_key
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support.builders import BUSINESS, SENDER, WABA, grant
from tests.support.receivers import FakeReceiverLines, delivery
from tests.support.tasks import run_due
from tests.web.asgi_call import call
from tests.web.gateway.desk import TEMPLATE, TEXT, Desk

SECRET = b"the-app-secret"
URL = "https://chat.example/webhooks/whatsapp/+15550100001"


@pytest.fixture
async def chat(desk: Desk) -> Desk:
    scopes = frozenset({ApiScope.SEND, ApiScope.RECEIVERS_WRITE})
    _, secret = await make_key(desk.world.services, BUSINESS, "", "helpdesk", scopes)
    return replace(desk, secret=secret)


async def meta_delivers(desk: Desk, body: bytes) -> None:
    door = WebhookEndpoint(desk.world.services, desk.metrics, secrets=(SECRET,), verify_token="w")
    signature = (("x-hub-signature-256", sign(body, SECRET)),)
    got = await call(door, "POST", "/webhooks/whatsapp", headers=signature, body=body)
    assert got.status == 200


async def subscribe(desk: Desk) -> None:
    wish = json.dumps({"override_callback_uri": URL, "verify_token": "shake"}).encode()
    headers = (("content-type", "application/json"),)
    path = f"/v22.0/{WABA}/subscribed_apps"
    got = await desk.call("POST", path, body=wish, headers=headers)
    assert (got.status, json.loads(got.body)) == (200, {"success": True})


async def test_from_the_set_up_to_the_stop_it_needs_nothing_but_metas_calls(chat: Desk) -> None:
    for path in (f"/v22.0/{WABA}/phone_numbers", f"/v22.0/{WABA}/message_templates"):
        assert (await chat.call("GET", path)).status == 200
    await subscribe(chat)
    lines = chat.world.services.receiver_lines
    assert isinstance(lines, FakeReceiverLines)

    asked = delivery("Do you have oat milk? ☕", number=1)
    await meta_delivers(chat, asked)
    await run_due(chat.world, Queue.FORWARDING)
    ((url, first),) = lines.taken
    assert (url, first.body, first.told) == (URL, asked, "")
    assert verify(first.body, first.signatures, (SECRET,))
    assert (await chat.send(TEXT, path=f"/v22.0/{SENDER}/messages")).status == 200

    await chat.commit(grant())
    assert (await chat.send(TEMPLATE)).status == 200
    await meta_delivers(chat, delivery("STOP", number=2))
    assert (await chat.send(TEMPLATE)).status == 400
    await run_due(chat.world, Queue.FORWARDING)
    assert lines.taken[-1][1].told.startswith("withdrawn;")


async def test_when_it_lets_go_askfirst_goes_on_hearing(chat: Desk) -> None:
    await subscribe(chat)
    await chat.commit(grant())
    assert (await chat.call("DELETE", f"/v22.0/{WABA}/subscribed_apps")).status == 200
    await meta_delivers(chat, delivery("STOP", number=1))
    assert (await chat.send(TEMPLATE)).status == 400
    assert await run_due(chat.world, Queue.FORWARDING) == 0
