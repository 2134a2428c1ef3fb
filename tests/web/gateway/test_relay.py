"""Calls that need no consent pass; the rest is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.ids import WabaId
from askfirst.usecases.manage_senders import put_sender
from askfirst.web import asgi
from tests.support import builders
from tests.web.asgi_call import call
from tests.web.gateway.desk import META_TOKEN, Desk

MULTIPART = ("content-type", "multipart/form-data; boundary=b")
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\xff\x00\r\n--b--'


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/v26.0/100/message_templates", "fields=name&limit=3"),
        ("GET", "/100/phone_numbers", ""),
        ("GET", "/v26.0/200", "fields=throughput"),
        ("GET", "/200/media", ""),
        ("GET", "/200/whatsapp_business_profile", ""),
        ("GET", "/v26.0/555", "phone_number_id=200"),
        ("DELETE", "/555", ""),
    ],
)
async def test_a_listed_call_is_passed_on(
    quick_desk: Desk, method: str, path: str, query: str
) -> None:
    got = await quick_desk.call(method, path, query=query, headers=[("accept-encoding", "br")])
    assert got.status == 200
    (left,) = quick_desk.sent
    assert (left.method, left.target, left.body) == (method, path + (query and "?") + query, b"")
    assert left.headers == {"authorization": f"Bearer {META_TOKEN}"}


async def test_a_file_is_passed_on_untouched(quick_desk: Desk) -> None:
    got = await quick_desk.call(
        "POST",
        "/v26.0/200/media",
        body=FILE,
        query="messaging_product=whatsapp",
        headers=[MULTIPART],
    )
    assert got.status == 200
    (left,) = quick_desk.sent
    assert left.body == FILE
    assert left.headers["content-type"] == MULTIPART[1]


async def test_a_callers_file_counts_as_no_strangers_once_its_key_is_known(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may be larger than all that strangers may send together."""
    known: list[bool] = []
    read = asgi.read_body

    async def look(scope: asgi.Scope, *rest: Any) -> bytes:
        known.append(asgi.is_caller_known(scope))
        return await read(scope, *rest)

    monkeypatch.setattr(asgi, "read_body", look)
    await quick_desk.call(
        "POST",
        "/v26.0/200/media",
        body=FILE,
        query="messaging_product=whatsapp",
        headers=[MULTIPART],
    )
    assert known == [True]


async def test_a_template_may_be_made(quick_desk: Desk) -> None:
    body = b'{"name":"new","category":"MARKETING"}'
    got = await quick_desk.call(
        "POST", "/100/message_templates", body=body, headers=[("content-type", "application/json")]
    )
    assert got.status == 200
    assert quick_desk.sent[0].body == body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/999/message_templates"),
        ("GET", "/999/phone_numbers"),
        ("POST", "/999/media"),
        ("DELETE", "/200"),
        ("DELETE", "/100"),
        ("GET", "/201"),
        ("GET", "/101"),
        ("GET", "/201/media"),
        ("DELETE", "/201"),
    ],
)
async def test_what_is_not_the_callers_is_refused(quick_desk: Desk, method: str, path: str) -> None:
    theirs = builders.sender(
        builders.OTHER_SENDER, business_id=builders.RIVAL, waba_id=WabaId("101")
    )
    await put_sender(quick_desk.world.services, theirs, "EAAG-theirs")
    got = await quick_desk.call(method, path)
    assert (got.status, got.error["code"]) == (403, 133010)
    assert not quick_desk.sent


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("POST", "/200/messages_encrypted", ""),
        ("POST", "/200/calls", ""),
        ("POST", "/200/groups", ""),
        ("POST", "/", "batch=[]"),
        ("GET", "/100/message_templates", "batch=[]"),
        ("GET", "/100/message_templates", "method=delete"),
        ("GET", "/favicon.ico", ""),
    ],
)
async def test_the_rest_is_refused_and_told_what_is_allowed(
    quick_desk: Desk, method: str, path: str, query: str
) -> None:
    got = await quick_desk.call(method, path, query=query)
    assert (got.status, got.error["code"]) == (403, 10)
    assert "POST /{phone_number_id}/messages" in got.error["error_data"]["details"]
    assert not quick_desk.sent


async def test_a_batch_in_a_body_is_refused(quick_desk: Desk) -> None:
    for path in ("/200/media", "/100/message_templates", "/200/whatsapp_business_profile"):
        got = await quick_desk.call("POST", path, body=b'{"batch":[]}')
        assert (got.status, got.error["code"]) == (403, 10)
    assert not quick_desk.sent


async def test_files_may_be_large_and_other_bodies_not(quick_desk: Desk) -> None:
    body = b"x" * (2 * 1024 * 1024)
    assert (await quick_desk.call("POST", "/200/media", body=body)).status == 200
    assert (await quick_desk.call("POST", "/100/message_templates", body=body)).status == 413


async def test_trouble_on_the_way_is_told_apart(quick_desk: Desk) -> None:
    lines = quick_desk.world.lines
    lines.is_answered = False
    lost = await quick_desk.call("POST", "/200/media", body=FILE, headers=[MULTIPART])
    assert (lost.status, lost.error["code"]) == (504, 2)
    lines.can_open = False
    assert (await quick_desk.call("GET", "/200/media")).status == 503


async def test_a_caller_who_goes_away_sends_nothing(quick_desk: Desk) -> None:
    got = await call(
        quick_desk.door, "POST", "/200/media", headers=[quick_desk.key], body=FILE, whole=False
    )
    assert got.status == 408
    assert not quick_desk.sent


async def test_without_a_key_nothing_is_passed_on(quick_desk: Desk) -> None:
    assert (await call(quick_desk.door, "GET", "/200")).status == 401
    metas = [("authorization", "Bearer EAAG-their-own")]
    got = await call(quick_desk.open_door, "GET", "/12345", headers=metas)
    assert got.status == 200
    assert quick_desk.sent[0].headers == {"authorization": "Bearer EAAG-their-own"}
