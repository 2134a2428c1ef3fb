"""Calls that need no consent pass; the rest is refused by name."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from askfirst.domain.values.ids import WabaId
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.web import asgi
from askfirst.web.multipart import Part, write_parts
from tests.support import builders
from tests.web.asgi_call import call
from tests.web.gateway.desk import META_TOKEN, Desk

MULTIPART = ("content-type", "multipart/form-data; boundary=b")
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\xff\x00\r\n--b--'
JSON = ("content-type", "application/json")
FORM = ("content-type", "application/x-www-form-urlencoded")
PROFILE = "/200/whatsapp_business_profile"
TEMPLATES = "/v26.0/100/message_templates"
BATCH = b'{"batch":[{"method":"POST","relative_url":"200/messages","body":"to=1"}]}'


def part(disposition: str, content: bytes = b"x", more: str = "") -> bytes:
    return f"--b\r\n{disposition}{more}\r\n\r\n".encode() + content + b"\r\n--b--\r\n"


def named(name: str) -> bytes:
    return part(f"Content-Disposition: form-data; {name}")


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/v26.0/100/message_templates", "fields=name&limit=3"),
        ("GET", "/100/phone_numbers", ""),
        ("GET", "/v26.0/200", "fields=throughput"),
        ("GET", "/200/media", ""),
        ("GET", "/200/whatsapp_business_profile", ""),
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


async def test_a_file_is_passed_on_in_a_form_of_our_own(quick_desk: Desk) -> None:
    head = "Content-Disposition: form-data; NAME=messaging_product\r\nContent-Length: 8"
    form = named("name=type").replace(b"--b--\r\n", b"") + part(head, b"whatsapp")
    film = bytes(range(256)) * 9 + b"\r\n--batch method relative_url access_token\r\n--"
    head = 'content-disposition: form-data; filename="Caf\u00e9;\\"1\\".mp4"; name="file"'
    form = form.replace(b"--b--\r\n", b"") + part(head, film, "\r\nContent-Type: video/mp4")
    got = await quick_desk.call(
        "POST",
        "/v26.0/200/media",
        body=b"\r\n" + form + b"epilogue",
        query="messaging_product=whatsapp",
        headers=[MULTIPART],
    )
    assert got.status == 200
    (left,) = quick_desk.sent
    assert left.target == "/v26.0/200/media?messaging_product=whatsapp"
    kind = left.headers["content-type"]
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    assert boundary.startswith("askfirst-")
    assert left.body == write_parts(
        [
            Part("type", b"x"),
            Part("messaging_product", b"whatsapp"),
            Part("file", film, 'Caf\u00e9;"1".mp4', "video/mp4"),
        ],
        boundary,
    )


async def test_a_file_without_a_name_or_a_type_is_still_a_file(quick_desk: Desk) -> None:
    body = named('name="file"')
    got = await quick_desk.call("POST", "/200/media", body=body, headers=[MULTIPART])
    assert got.status == 200
    assert b'name="file"; filename="file"\r\n\r\nx\r\n' in quick_desk.sent[0].body


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
    button = {"type": "URL", "text": "See", "url": "https://e.example/{{1}}", "example": ["x"]}
    example = {"body_text": [["Ana"]]}
    parts = [
        {"type": "BODY", "text": "Hello {{1}}", "example": example},
        {"type": "BUTTONS", "buttons": [button]},
    ]
    draft = {"name": "new", "category": "MARKETING", "language": "en", "components": parts}
    form = urlencode(draft | {"components": json.dumps(parts)}).encode()
    for kind, body in ((JSON, json.dumps(draft, indent=1).encode()), (FORM, form)):
        got = await quick_desk.call("POST", TEMPLATES, body=body, headers=[kind])
        assert got.status == 200
        left = quick_desk.sent.pop()
        assert json.loads(left.body) == draft
        assert left.headers["content-type"] == "application/json"


async def test_a_profile_may_be_changed(quick_desk: Desk) -> None:
    profile = {
        "messaging_product": "whatsapp",
        "about": "Caf\u00e9",
        "websites": ["https://e.example"],
    }
    body = json.dumps(profile).encode()
    assert (await quick_desk.call("POST", PROFILE, body=body, headers=[JSON])).status == 200
    assert json.loads(quick_desk.sent[0].body) == profile


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/999/message_templates"),
        ("GET", "/999/phone_numbers"),
        ("POST", "/999/media"),
        ("GET", "/201/media"),
    ],
)
async def test_what_is_not_the_callers_is_refused(quick_desk: Desk, method: str, path: str) -> None:
    theirs = builders.sender(
        builders.OTHER_SENDER, business_id=builders.RIVAL, waba_id=WabaId("101")
    )
    await register_sender(quick_desk.world.services, theirs, "EAAG-theirs")
    got = await quick_desk.call(method, path)
    assert (got.status, got.error["code"]) == (400, 133010)
    assert not quick_desk.sent


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/200"), ("DELETE", "/100"), ("GET", "/201"), ("GET", "/101"), ("DELETE", "/201")],
)
async def test_a_sender_or_an_account_is_no_file(quick_desk: Desk, method: str, path: str) -> None:
    got = await quick_desk.call(method, path)
    assert (got.status, got.error["code"]) == (400, 100)
    assert not quick_desk.sent


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("POST", "/200/messages_encrypted", ""),
        ("GET", "/200/messages", ""),
        ("POST", "/", "batch=[]"),
        ("GET", "/favicon.ico", ""),
    ],
)
async def test_the_rest_is_refused_and_told_what_is_allowed(
    quick_desk: Desk, method: str, path: str, query: str
) -> None:
    got = await quick_desk.call(method, path, query=query)
    assert (got.status, got.error["code"]) == (400, 100)
    assert got.error["type"] == "GraphMethodException"  # not one by which clients blame the key
    assert "Allowed are: messages" in got.error["error_data"]["details"]
    assert not quick_desk.sent


@pytest.mark.parametrize("path", ["/200/media", TEMPLATES, PROFILE])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, BATCH),
        (None, BATCH),
        (JSON, b" " * 64 + BATCH),
        (None, b"\n" * 64 + BATCH),
        (JSON, b'{"b\\u0061tch":[]}'),
        (JSON, b'{"Batch":[]}'),
        (JSON, b'{"ids":"1,2","id":"3"}'),
        (JSON, b'{"method":"delete"}'),
        (JSON, b'{"name":"a","name":"b"}'),
        (JSON, b"[" + BATCH + b"]"),
        (JSON, b""),
        (None, b"batch=[]&method=post"),
        (("content-type", "text/plain"), b"batch=[]"),
        (("content-type", "text/plain"), BATCH),
        (FORM, b"batch=[]"),
        (FORM, b"b%61tch=[]"),
        (("content-type", "application/x-www-form-URLENCODED"), b"batch=x"),
        (FORM, b"_method=delete"),
        (FORM, BATCH),
        (MULTIPART, named('name="batch"')),
        (MULTIPART, named("name=batch")),
        (MULTIPART, named('NAME = "batch"')),
        (MULTIPART, named('name="' + " " * 30 + 'batch"')),
        (MULTIPART, named('name=\r\n "batch"')),
        (MULTIPART, named('name="b\\atch"')),
        (MULTIPART, named("name*=utf-8''b%61tch")),
        (MULTIPART, named('name="file"; name="batch"')),
        (MULTIPART, named('filename="a";name="batch"')),
        (MULTIPART, named('filename="x" name="batch"')),
        (MULTIPART, named('name="batch[0][method]"')),
        (MULTIPART, named('name="type"; filename="a"')),
        (MULTIPART, part("X: y")),
        (MULTIPART, part('Content-Disposition: attachment; name="file"')),
        (MULTIPART, part('Content-Disposition: form-data; name="file"', more="\r\nX-Y: z")),
        (
            MULTIPART,
            part(
                'Content-Disposition: form-data; name="file"',
                more="\r\nContent-Transfer-Encoding: base64",
            ),
        ),
        (
            MULTIPART,
            part('Content-Disposition: form-data; name="file"', more="\r\nContent-Type: a\tb"),
        ),
        (MULTIPART, FILE.replace(b"--b--", b"") + FILE),
        (MULTIPART, FILE[:-2]),
        (MULTIPART, b"--b--\r\n" * 20),
        (("content-type", "multipart/form-data"), FILE),
        (("content-type", "multipart/form-data; boundary=" + "b" * 71), FILE),
        (("content-type", "multipart/mixed; boundary=b"), FILE),
        (JSON, FILE),
        (None, FILE),
        (None, b"\x89PNG"),
    ],
)
async def test_a_body_that_is_not_known_whole_does_not_leave(
    quick_desk: Desk, path: str, kind: tuple[str, str] | None, body: bytes
) -> None:
    headers = [] if kind is None else [kind]
    got = await quick_desk.call("POST", path, body=body, headers=headers)
    assert (got.status, got.error["code"]) == (400, 100)
    assert not quick_desk.sent


@pytest.mark.parametrize("path", ["/200", TEMPLATES, PROFILE, "/200/media", "/100/phone_numbers"])
@pytest.mark.parametrize(
    "query",
    [
        "batch=[]",
        "method=post",
        "METHOD=post",
        "_method=delete",
        "ids=1,2",
        "id=1",
        "limit=1&limit=2",
        "limit=1;x",
        "fields=messages.method(POST)",
        "fields=messages.Method(POST){id}",
        "fields=messages.method%20(POST)",
        "fields=messages.%09method(POST)",
        "fields=messages.%2509method(POST)",
        "fields=messages.limit(1).method(POST)",
        "fields=messages%7Bid.method(POST)%7D",
        "fields=name%00",
        "fields=name,",
        "fields=name%7B",
        "fields=name%7D",
        "fields=owner%7Baccess_token%7D",
        "fields=%ff",
        "summary=x.method(POST)",
        "after=%25",
        "a",
    ],
)
async def test_a_parameter_that_is_not_known_does_not_leave(
    quick_desk: Desk, path: str, query: str
) -> None:
    got = await quick_desk.call("GET", path, query=query)
    assert (got.status, got.error["code"]) == (400, 100)
    assert not quick_desk.sent


@pytest.mark.parametrize(
    ("query", "leaves"),
    [
        ("fields=name, status&limit=10&after=QVFI_x-1%3D%3D", "name,+status"),
        ("fields=throughput%7Blevel%7D%2Chealth_status", "throughput%7Blevel%7D%2Chealth_status"),
        (
            "fields=analytics.start(1).end(2).granularity(DAY).phone_numbers([])",
            "analytics.start%281%29.end%282%29.granularity%28DAY%29.phone_numbers%28%5B%5D%29",
        ),
    ],
)
async def test_the_language_of_fields_is_spoken(quick_desk: Desk, query: str, leaves: str) -> None:
    assert (await quick_desk.call("GET", "/100", query=query)).status == 200
    assert f"fields={leaves}".replace(",", "%2C") in quick_desk.sent[0].target


async def test_parameters_leave_spelled_anew(quick_desk: Desk) -> None:
    query = "l%69mit=5&name=caf%c3%a9+au%20lait&status=%5B%22APPROVED%22%5D"
    assert (await quick_desk.call("GET", "/100/message_templates", query=query)).status == 200
    wanted = "limit=5&name=caf%C3%A9+au+lait&status=%5B%22APPROVED%22%5D"
    assert quick_desk.sent[0].target == f"/100/message_templates?{wanted}"


async def test_files_may_be_large_and_other_bodies_not(quick_desk: Desk) -> None:
    large = part('Content-Disposition: form-data; name="file"', b"x" * (2 * 1024 * 1024))
    got = await quick_desk.call("POST", "/200/media", body=large, headers=[MULTIPART])
    assert got.status == 200
    got = await quick_desk.call("POST", TEMPLATES, body=large, headers=[MULTIPART])
    assert got.status == 413


async def test_trouble_on_the_way_is_told_apart(quick_desk: Desk) -> None:
    lines = quick_desk.world.connections
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
