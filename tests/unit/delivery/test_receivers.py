"""What a receiver gets: Meta's bytes and signature; and how it is asked whether it wants them."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest

from askfirst.delivery.endpoints import PublicEndpoints
from askfirst.delivery.receivers import ReceiversByHttp, forwarded
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.inbound.delivery import Place
from askfirst.domain.values.ids import PhoneNumberId, WabaId, WebhookId
from askfirst.graph.inbound.own_part import own_part
from askfirst.ports.events.subscriptions import EndpointRefused
from askfirst.ports.inbound.receivers import KeptWebhook
from askfirst.web.webhooks.reader import read_delivery
from tests.support.builders import OTHER_WABA, SENDER, WABA
from tests.support.clocks import FakeClock, at
from tests.support.receivers import SIGNATURE, both, delivery
from tests.unit.delivery.upstream import OK, Act, Upstream, says, upstream

SECRET = b"app-secret"
OURS = Place(WABA, SENDER, "messages")


def kept(body: bytes, signatures: str = SIGNATURE, told: str = "") -> KeptWebhook:
    return KeptWebhook(
        number=7,
        webhook_id=WebhookId("whk_1"),
        received_at=at(0),
        body=body,
        places=(OURS,),
        signatures=signatures,
        told=told,
    )


def answer(body: bytes) -> Act:
    length = str(len(body)).encode()
    return says(b"HTTP/1.1 200 OK\r\ncontent-length: " + length + b"\r\n\r\n" + body)


def lines(secret: bytes = SECRET, *, allows_loopback: bool = True) -> ReceiversByHttp:
    clock = FakeClock()
    endpoints = PublicEndpoints(clock, allows_loopback=allows_loopback, answer_seconds=2)
    return ReceiversByHttp(endpoints, clock, (secret, b"older"))


async def post(up: Upstream, webhook: KeptWebhook, *, allows_loopback: bool = True) -> None:
    url = parse_endpoint(f"{up.url}/hook?a=b", with_loopback=True)
    async with lines(allows_loopback=allows_loopback).reach(url) as line:
        await line.post(webhook)


def heard_by(up: Upstream) -> tuple[str, dict[str, str], bytes]:
    (request,) = up.heard
    head, _, body = request.partition(b"\r\n\r\n")
    first, *others = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in others), body


async def test_body_and_signatures_are_those_of_meta() -> None:
    body = b' {"object" : "whatsapp_business_account", "entry": []}\n\xc3\xa9'
    told = 'withdrawn;id="evt_1";contact="con_1"'
    async with upstream(says(OK)) as up:
        await post(up, kept(body, f"{SIGNATURE} sha1={'0b' * 20}", told))
    first, headers, heard = heard_by(up)
    assert first == "POST /hook?a=b HTTP/1.1"
    assert heard == body
    assert headers["content-type"] == "application/json"
    assert headers["x-hub-signature-256"] == SIGNATURE
    assert headers["x-hub-signature"] == "sha1=" + "0b" * 20
    assert headers["x-askfirst-event"] == told
    assert headers["x-askfirst-delivery"] == "whk_1"
    assert headers["x-askfirst-delivery-number"] == "7"


def test_of_a_shared_post_only_the_part_is_forwarded_and_signed_with_the_secret() -> None:
    theirs = delivery("theirs", number=2, sender="300", account=OTHER_WABA)
    headers, body = forwarded(kept(both(delivery("ours \u2603"), theirs), ""), SECRET)
    assert b"theirs" not in body
    assert json.loads(body) == json.loads(delivery("ours \u2603")) | {
        "entry": [json.loads(delivery("ours \u2603"))["entry"][0]]
    }
    made = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={made}"


def test_what_is_all_of_one_business_is_not_cut() -> None:
    body = delivery("ours") + b" "
    assert own_part(body, (OURS,)) == body


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({"field": "messages", "value": {"metadata": {"phone_number_id": SENDER}}}, True),
        ({"field": "messages", "value": {"metadata": {"phone_number_id": "300"}}}, False),
        ({"field": "calls", "value": {"metadata": {"phone_number_id": SENDER}}}, False),
        ({"field": "messages", "value": {}}, False),
        ({"field": "messages", "value": 7}, False),
        (7, False),
    ],
)
def test_a_change_stays_where_its_place_is_the_businesss(change: object, stays: bool) -> None:
    ours = json.loads(delivery("ours"))["entry"][0]["changes"]
    entry = {"id": WABA, "time": 1, "changes": [*ours, change]}
    body = json.dumps({"object": "x", "entry": [entry]}).encode()
    (cut,) = json.loads(own_part(body, (OURS,)))["entry"]
    assert (len(cut["changes"]) == 2) is stays


def test_the_places_that_are_read_are_those_that_are_cut_by() -> None:
    other = delivery("theirs", number=2, sender="300", account=OTHER_WABA)
    places = read_delivery(both(delivery("a"), other)).places
    assert places == (OURS, Place(WabaId(OTHER_WABA), PhoneNumberId("300"), "messages"))


@pytest.mark.parametrize("status", [b"301 Moved", b"400 Bad", b"500 Oops", b"204 Fine"])
async def test_all_but_a_yes_is_a_refusal(status: bytes) -> None:
    async with upstream(says(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\n\r\n")) as up:
        if status.startswith(b"2"):
            await post(up, kept(b"{}"))
            return
        with pytest.raises(EndpointRefused) as refused:
            await post(up, kept(b"{}"))
    assert refused.value.is_answer


async def test_a_server_that_is_not_public_is_not_called() -> None:
    async with upstream(says(OK)) as up:
        with pytest.raises(EndpointRefused, match="not a public address"):
            await post(up, kept(b"{}"), allows_loopback=False)
    assert up.heard == []


async def test_a_server_that_repeats_the_challenge_is_a_receiver() -> None:
    async with upstream(answer(b"1158201444\n")) as up:
        url = parse_endpoint(f"{up.url}/hook?a=b", with_loopback=True)
        async with lines().reach(url) as line:
            await line.shake_hands("a word & more", "1158201444")
    first, _, body = heard_by(up)
    method, target, _ = first.split(" ")
    assert (method, body) == ("GET", b"")
    assert parse_qs(target.partition("?")[2]) == {
        "a": ["b"],
        "hub.mode": ["subscribe"],
        "hub.challenge": ["1158201444"],
        "hub.verify_token": ["a word & more"],
    }


@pytest.mark.parametrize("body", [b"", b"no", b"11582014440", b'{"hub.challenge":1158201444}'])
async def test_one_that_does_not_is_none(body: bytes) -> None:
    async with upstream(answer(body)) as up:
        url = parse_endpoint(f"{up.url}/hook", with_loopback=True)
        async with lines().reach(url) as line:
            with pytest.raises(EndpointRefused, match="did not repeat the challenge"):
                await line.shake_hands("word", "1158201444")
