"""A bare id is asked for only where Meta named it to this business as a file."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import WabaId
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.multipart import Part, write_parts
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support import builders
from tests.support.builders import grant, opening
from tests.web.asgi_call import Got, call
from tests.web.gateway.desk import META_TOKEN, TEXT, Desk

MULTIPART = ("content-type", "multipart/form-data; boundary=b")
UPLOAD = write_parts([Part("file", b"film", "a.mp4", "video/mp4")], "b")
SECRET = b"app-secret"


async def upload(desk: Desk, answer: bytes = b'{"id":"555"}', status: int = 200) -> Got:
    desk.world.connections.reply = replace(desk.world.connections.reply, body=answer, status=status)
    got = await desk.call("POST", "/v26.0/200/media", body=UPLOAD, headers=[MULTIPART])
    desk.sent.clear()
    return got


def picture(media_id: str) -> dict[str, object]:
    """One picture from a customer."""
    image = {"id": media_id, "mime_type": "image/jpeg"}
    message = {"from": "447700900123", "id": f"wamid.{media_id}", "timestamp": "1790000000"}
    return message | {"type": "image", "image": image}


async def receive(desk: Desk, media_id: str, sender: str = str(builders.SENDER)) -> None:
    """Take a picture from a customer, as Meta tells it."""
    await receive_all(desk, [media_id], sender)


async def receive_all(desk: Desk, media_ids: list[str], sender: str = str(builders.SENDER)) -> None:
    """Take pictures from a customer in one delivery."""
    value = {
        "metadata": {"phone_number_id": sender},
        "messages": [picture(media_id) for media_id in media_ids],
    }
    body = json.dumps(
        {"entry": [{"id": "100", "changes": [{"field": "messages", "value": value}]}]}
    )
    signature = "sha256=" + hmac.new(SECRET, body.encode(), hashlib.sha256).hexdigest()
    door = WebhookEndpoint(
        desk.world.services, desk.metrics, secrets=(SECRET,), verify_token="word"
    )
    headers = [("x-hub-signature-256", signature)]
    got = await call(door, "POST", "/webhooks/whatsapp", headers=headers, body=body.encode())
    assert got.status == 200


async def rival(desk: Desk) -> Desk:
    """Return the desk of another business, whose sender has the same account's token."""
    services = desk.world.services
    business = Business(business_id=builders.RIVAL, name="Rival")
    _, secret = await create_key(services, business, "shop", frozenset({ApiScope.SEND}))
    theirs = builders.sender(
        builders.OTHER_SENDER, business_id=builders.RIVAL, waba_id=WabaId("101")
    )
    await register_sender(services, theirs, META_TOKEN)
    return replace(desk, secret=secret)


async def check_refused(desk: Desk, media_id: str) -> None:
    for method in ("GET", "DELETE"):
        got = await desk.call(method, f"/v26.0/{media_id}")
        assert (got.status, got.error["code"]) == (400, 100)
        assert got.error["error_data"]["details"].startswith("No file of this id was uploaded")
    assert not desk.sent


async def test_an_id_that_nobody_named_is_refused(desk: Desk) -> None:
    """It may be a flow, a template or an account, on which Meta's token can do much."""
    await check_refused(desk, "881000000000001")


async def test_an_uploaded_file_may_be_fetched_and_deleted(desk: Desk) -> None:
    assert (await upload(desk)).json == {"id": "555"}
    for method in ("GET", "DELETE"):
        got = await desk.call(method, "/v26.0/555", query="phone_number_id=200")
        assert got.status == 200
    assert [left.method for left in desk.sent] == ["GET", "DELETE"]
    assert {left.target for left in desk.sent} == {"/v26.0/555?phone_number_id=200"}


async def test_a_file_that_a_customer_sent_may_be_fetched(desk: Desk) -> None:
    await receive(desk, "556")
    assert (await desk.call("GET", "/556")).status == 200
    assert desk.sent[0].headers == {"authorization": f"Bearer {META_TOKEN}"}


async def test_each_file_of_a_large_delivery_may_be_fetched(quick_desk: Desk) -> None:
    """It is taken in parts."""
    media_ids = [str(number) for number in range(700, 760)]
    await receive_all(quick_desk, media_ids)
    for media_id in media_ids:
        assert (await quick_desk.call("GET", f"/{media_id}")).status == 200


async def test_a_file_of_another_business_is_refused(desk: Desk) -> None:
    await upload(desk)
    await receive(desk, "556")
    other = await rival(desk)
    for media_id in ("555", "556"):
        await check_refused(other, media_id)
    await receive(desk, "557", str(builders.OTHER_SENDER))
    await check_refused(desk, "557")
    assert (await other.call("GET", "/557")).status == 200


async def test_what_a_client_sends_names_no_file(quick_desk: Desk) -> None:
    await quick_desk.commit(grant(), opening())
    picture = TEXT | {"type": "image", "text": None, "image": {"id": "881000000000001"}}
    assert (await quick_desk.send(picture)).status == 200
    quick_desk.sent.clear()
    await check_refused(quick_desk, "881000000000001")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b'{"error":{"code":100},"id":"555"}', 400),
        (b'{"id":"5/5"}', 200),
        (b'{"id":["555"]}', 200),
        (b'{"id":""}', 200),
        (b"<html>", 200),
    ],
)
async def test_an_answer_that_names_no_file_is_relayed_and_not_kept(
    quick_desk: Desk, answer: bytes, status: int
) -> None:
    got = await upload(quick_desk, answer, status)
    assert (got.status, got.body) == (status, answer)
    await check_refused(quick_desk, "555")


async def test_a_failure_to_keep_whose_it_is_does_not_hide_the_answer(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_: object) -> None:
        raise Unavailable("no database")

    monkeypatch.setattr("askfirst.web.gateway.endpoint.note_upload", fail)
    assert (await upload(quick_desk)).json == {"id": "555"}
    assert "upload_not_kept" in capsys.readouterr().out


async def test_a_file_is_asked_for_with_the_token_of_its_sender(quick_desk: Desk) -> None:
    second = builders.sender(builders.OTHER_SENDER)
    await register_sender(quick_desk.world.services, second, "EAAG-second")
    await receive(quick_desk, "557", str(builders.OTHER_SENDER))
    await quick_desk.call("GET", "/557")
    assert quick_desk.sent[0].headers == {"authorization": "Bearer EAAG-second"}


async def test_what_one_product_sends_beside_a_file_is_left_out(quick_desk: Desk) -> None:
    parts = [
        Part("typeFile", b"video/mp4", None, None),
        Part("messaging_product", b"whatsapp", None, None),
        Part("file", b"film", "a.mp4", "video/mp4"),
    ]
    body = write_parts(parts, "b")
    got = await quick_desk.call("POST", "/v26.0/200/media", body=body, headers=[MULTIPART])
    assert got.status == 200
    assert b"typeFile" not in quick_desk.sent[0].body
    assert b"film" in quick_desk.sent[0].body
    as_file = write_parts([Part("typeFile", b"x", "a", "video/mp4"), parts[2]], "b")
    refused = await quick_desk.call("POST", "/v26.0/200/media", body=as_file, headers=[MULTIPART])
    assert refused.status == 400
