"""Meta's webhook: who is believed, what is taken, and what is said when it cannot be."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from askfirst.domain.consent.event import EventKind
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import Position
from askfirst.graph.platform.signature import sign
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.inbound.take_webhook import Taken
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks import endpoint as door_module
from askfirst.web.webhooks.endpoint import AT_ONCE_MAX, BODY_BYTES_MAX, WebhookEndpoint
from tests.support import builders
from tests.support.builders import ANA, BUSINESS
from tests.support.services import World
from tests.web.asgi_call import Got, Pairs, call

PATH = "/webhooks/whatsapp"
OLD, NEW = b"old secret", b"new secret"
TOKEN = "word"
HANDSHAKE = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=word"


def _stop(text: str = "STOP", message_id: str = "wamid.1") -> bytes:
    message: dict[str, Any] = {
        "from": ANA.value,
        "id": message_id,
        "timestamp": "1768478400",
        "type": "text",
        "text": {"body": text},
    }
    metadata = {"display_phone_number": "1", "phone_number_id": builders.SENDER}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "messages": [message]}
    entry = {"id": builders.WABA, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def door(world: World, metrics: Metrics) -> WebhookEndpoint:
    await register_sender(world.services, builders.sender(), "EAAG-meta")
    return WebhookEndpoint(world.services, metrics, secrets=(OLD, NEW), verify_token=TOKEN)


@pytest.fixture
def quick_door(sqlite_world: World, metrics: Metrics) -> WebhookEndpoint:
    """On SQLite only: for what does not depend on the store."""
    return WebhookEndpoint(sqlite_world.services, metrics, secrets=(OLD, NEW), verify_token=TOKEN)


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What becomes of the work after each acknowledgement; it takes a while."""
    ends: list[str] = []

    async def take(*_: object) -> Taken:
        return Taken(reports=[None])  # type: ignore[list-item]

    async def follow(*_: object) -> None:
        try:
            await asyncio.sleep(0.05)
            ends.append("done")
        except asyncio.CancelledError:
            ends.append("given up")
            raise

    monkeypatch.setattr(door_module, "take_webhook", take)
    monkeypatch.setattr(door_module, "take_code_report", follow)
    return ends


async def test_a_thousand_reports_are_followed_a_few_at_a_time(
    quick_door: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: set[object] = set()
    most = done = 0

    async def take(*_: object) -> Taken:
        return Taken(reports=[None] * 1_000)  # type: ignore[list-item]

    async def follow(*_: object) -> None:
        nonlocal most, done
        mark = object()
        running.add(mark)
        most = max(most, len(running))
        await asyncio.sleep(0)
        running.discard(mark)
        done += 1

    monkeypatch.setattr(door_module, "take_webhook", take)
    monkeypatch.setattr(door_module, "take_code_report", follow)
    assert (await _post(quick_door, b"{}")).status == 200
    await quick_door.settle(10)
    assert (most, done) == (AT_ONCE_MAX, 1_000)


async def _post(door: WebhookEndpoint, body: bytes, headers: Pairs | None = None) -> Got:
    headers = (("x-hub-signature-256", sign(body, NEW)),) if headers is None else headers
    return await call(door, "POST", PATH, headers=headers, body=body)


async def test_a_signed_stop_is_in_the_ledger_when_it_is_acknowledged(
    world: World, door: WebhookEndpoint, metrics: Metrics
) -> None:
    got = await _post(door, _stop())
    assert (got.status, got.json) == (200, {"success": True})
    (event,) = await world.services.ledger.events(BUSINESS, Position(0), 10)
    assert event.kind is EventKind.WITHDRAWN
    counted = metrics.render().decode()
    assert 'askfirst_events_total{door="webhooks"} 1.0' in counted
    assert 'askfirst_requests_total{door="webhooks",status="200"} 1.0' in counted


async def test_a_second_delivery_changes_nothing(world: World, door: WebhookEndpoint) -> None:
    await _post(door, _stop())
    assert (await _post(door, _stop())).status == 200
    assert await world.services.ledger.head(BUSINESS) == 1


async def test_either_secret_signs_while_one_is_being_rotated(quick_door: WebhookEndpoint) -> None:
    for secret in (OLD, NEW):
        headers = (("x-hub-signature-256", sign(b"{}", secret)),)
        assert (await _post(quick_door, b"{}", headers)).status == 200


SIGNED = sign(_stop(), NEW)


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("x-hub-signature-256", ""),),
        (("x-hub-signature-256", SIGNED.removeprefix("sha256=")),),
        (("x-hub-signature-256", sign(_stop(), b"another")),),
        (("x-hub-signature-256", sign(_stop() + b" ", NEW)),),
        (("x-hub-signature-256", SIGNED[:-1]),),
        (("x-hub-signature-256", SIGNED), ("x-hub-signature-256", SIGNED)),
        (("x-hub-signature", SIGNED),),
    ],
)
async def test_what_is_not_signed_is_not_even_parsed(
    quick_door: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch, headers: Pairs
) -> None:
    def parse(_: bytes) -> None:
        raise AssertionError

    monkeypatch.setattr("askfirst.web.webhooks.endpoint.read_delivery", parse)
    assert (await _post(quick_door, _stop(), headers)).status == 401


async def test_the_signature_is_of_the_bytes_that_came(quick_door: WebhookEndpoint) -> None:
    escaped, plain = b'{"a":"\\u00e9"}', '{"a":"é"}'.encode()
    headers = (("x-hub-signature-256", sign(escaped, NEW)),)
    assert (await _post(quick_door, escaped, headers)).status == 200
    assert (await _post(quick_door, plain, headers)).status == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"no json", b'{"entry":' * 2000, b"\xff"])
async def test_signed_nonsense_is_refused(quick_door: WebhookEndpoint, body: bytes) -> None:
    assert (await _post(quick_door, body)).status == 400


async def test_a_body_may_come_in_parts(quick_door: WebhookEndpoint) -> None:
    body = _stop()
    headers = [("x-hub-signature-256", sign(body, NEW))]
    parts = [body[:10], b"", body[10:]]
    assert (await call(quick_door, "POST", PATH, headers=headers, body=parts)).status == 200
    cut = await call(quick_door, "POST", PATH, headers=headers, body=parts, whole=False)
    assert cut.status == 408


async def test_a_body_has_three_megabytes_at_most(quick_door: WebhookEndpoint) -> None:
    fits = b'{"a":"' + b"x" * (BODY_BYTES_MAX - 8) + b'"}'
    assert (await _post(quick_door, fits)).status == 200
    assert (await _post(quick_door, fits + b" ")).status == 413


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Unavailable("no database", retry_after_seconds=7), 503, "7"),
        (ZeroDivisionError("+447700900123"), 500, None),
    ],
)
async def test_what_is_not_durable_is_not_acknowledged(
    quick_door: WebhookEndpoint,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    status: int,
    retry_after: str | None,
) -> None:
    async def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("askfirst.web.webhooks.endpoint.take_webhook", fail)
    got = await _post(quick_door, _stop())
    assert (got.status, got.headers.get("retry-after")) == (status, retry_after)
    assert "447700900123" not in capsys.readouterr().out + got.body.decode()


async def test_the_handshake_repeats_the_challenge(quick_door: WebhookEndpoint) -> None:
    got = await call(quick_door, "GET", PATH, query=HANDSHAKE)
    assert (got.status, got.body) == (200, b"1158201444")
    assert got.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        "",
        HANDSHAKE.replace("=word", "=other"),
        HANDSHAKE.replace("=word", "="),
        HANDSHAKE.replace("=word", "=w%C3%B6rd"),
        HANDSHAKE.replace("=word", "=%ff"),
        HANDSHAKE.replace("subscribe", "unsubscribe"),
        HANDSHAKE.replace("1158201444", "%3Cscript%3E"),
        HANDSHAKE.replace("1158201444", "1" * 65),
        HANDSHAKE.replace("1158201444", ""),
        HANDSHAKE.replace("1158201444", "%D9%A1"),
        HANDSHAKE + "&hub.challenge=2",
        "hub.verify_token=word",
    ],
)
async def test_any_other_handshake_is_refused(quick_door: WebhookEndpoint, query: str) -> None:
    assert (await call(quick_door, "GET", PATH, query=query)).status == 403


async def test_without_a_word_no_handshake_succeeds(sqlite_world: World) -> None:
    door = WebhookEndpoint(sqlite_world.services, Metrics(), secrets=(NEW,), verify_token="")
    query = HANDSHAKE.replace("=word", "=")
    assert (await call(door, "GET", PATH, query=query)).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_named(quick_door: WebhookEndpoint, method: str) -> None:
    got = await call(quick_door, method, PATH, query=HANDSHAKE)
    assert (got.status, got.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("secrets", [(), (b"",), (NEW, b"")])
def test_a_door_without_a_lock_is_not_built(
    sqlite_world: World, secrets: tuple[bytes, ...]
) -> None:
    with pytest.raises(ValueError, match="secret"):
        WebhookEndpoint(sqlite_world.services, Metrics(), secrets=secrets, verify_token=TOKEN)


async def test_what_follows_an_acknowledgement_is_waited_for(
    quick_door: WebhookEndpoint, after: list[str]
) -> None:
    await _post(quick_door, _stop())
    assert after == []
    await quick_door.settle(5)
    assert after == ["done"]


async def test_what_follows_too_slowly_is_given_up(
    quick_door: WebhookEndpoint, after: list[str]
) -> None:
    await _post(quick_door, _stop())
    await quick_door.settle(0)
    await quick_door.settle(5)
    assert after == ["given up"]
