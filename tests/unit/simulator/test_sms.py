"""The provider of text messages: takes askfirst's call-outs, and only those."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from askfirst.simulator.simulator import DEFAULT_SMS_SECRET, Simulator
from tests.unit.simulator.conftest import ANA, Day

CODE = {"id": "sms_1", "to": ANA, "text": "1234 is your code for Café Lune."}


async def call_out(
    client: httpx.AsyncClient,
    day: Day,
    content: object = CODE,
    *,
    secret: str = DEFAULT_SMS_SECRET,
    **changed: str,
) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    at = datetime.fromtimestamp(day.seconds, UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(day.seconds)),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body.decode(errors="replace")),
    }
    return await client.post("/sms", content=body, headers=headers | changed)


async def received(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await client.get(f"/phones/{ANA}")).json()["sms"])


async def test_a_signed_call_out_reaches_the_phone(client: httpx.AsyncClient, day: Day) -> None:
    answer = await call_out(client, day)
    assert (answer.status_code, answer.json()) == (200, {"accepted": True})
    (sms,) = await received(client)
    assert sms == {"sms_id": "sms_1", "received_at": day.seconds, "text": CODE["text"]}


async def test_the_same_message_again_comes_once(client: httpx.AsyncClient, day: Day) -> None:
    for _ in range(2):
        assert (await call_out(client, day)).status_code == 200
    assert len(await received(client)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": "v1,c2lnbmF0dXJl"},
        {"webhook-signature": "v1"},
        {"webhook-signature": ""},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1790000001"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "9" * 40},
    ],
)
async def test_a_wrong_signature_is_refused(
    client: httpx.AsyncClient, day: Day, changed: dict[str, str]
) -> None:
    answer = await call_out(client, day, **changed)
    assert (answer.status_code, answer.json()["accepted"]) == (401, False)
    assert await received(client) == []


async def test_another_secret_or_an_altered_text_is_refused(
    client: httpx.AsyncClient, day: Day
) -> None:
    assert (await call_out(client, day, secret="whsec_c2VjcmV0")).status_code == 401
    assert (await call_out(client, day, b'{"id": "\xff"}')).status_code == 401


async def test_a_call_out_needs_an_id(client: httpx.AsyncClient, day: Day) -> None:
    at = datetime.fromtimestamp(day.seconds, UTC)
    nameless = Webhook(DEFAULT_SMS_SECRET).sign("", at, json.dumps(CODE))
    headers = {"webhook-id": "", "webhook-signature": nameless}
    assert (await call_out(client, day, **headers)).status_code == 401


async def test_a_call_out_may_carry_several_signatures(client: httpx.AsyncClient, day: Day) -> None:
    at = datetime.fromtimestamp(day.seconds, UTC)
    right = Webhook(DEFAULT_SMS_SECRET).sign("msg_1", at, json.dumps(CODE))
    both = {"webhook-signature": f"v1,c2lnbmF0dXJl {right}"}
    assert (await call_out(client, day, **both)).status_code == 200


@pytest.mark.parametrize(("late", "status"), [(300, 200), (301, 401), (-300, 200), (-301, 401)])
async def test_an_old_or_early_call_out_is_refused(
    client: httpx.AsyncClient, day: Day, late: int, status: int
) -> None:
    signed_at = day.seconds
    at = datetime.fromtimestamp(signed_at, UTC)
    signature = Webhook(DEFAULT_SMS_SECRET).sign("msg_1", at, json.dumps(CODE))
    stamp = str(int(signed_at))
    day.seconds += late
    headers = {"webhook-timestamp": stamp, "webhook-signature": signature}
    assert (await call_out(client, day, **headers)).status_code == status


@pytest.mark.parametrize("odd", [b"", b"[]", {"id": "1", "to": ANA}, CODE | {"to": "me"}])
async def test_an_odd_call_out_is_refused(client: httpx.AsyncClient, day: Day, odd: object) -> None:
    assert (await call_out(client, day, odd)).status_code == 400


async def test_the_provider_can_fail(
    client: httpx.AsyncClient, day: Day, simulator: Simulator
) -> None:
    simulator.phones.trouble(ANA, sms_fails=True)
    answer = await call_out(client, day)
    assert (answer.status_code, answer.json()["accepted"]) == (503, False)
    assert await received(client) == []
    simulator.phones.trouble(ANA, sms_fails=False)
    assert (await call_out(client, day)).status_code == 200


async def test_who_is_not_on_whatsapp_still_gets_text_messages(
    client: httpx.AsyncClient, day: Day, simulator: Simulator
) -> None:
    simulator.phones.trouble(ANA, not_on_whatsapp=True, no_delivery=True, fail_with=1)
    assert (await call_out(client, day)).status_code == 200
