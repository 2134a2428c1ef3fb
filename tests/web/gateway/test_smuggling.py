"""No request hides another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askfirst.domain.errors import InvalidInput
from askfirst.web.gateway.smuggling import NotAllowed, check_relay, check_send

JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=b"


def _part(disposition: str) -> bytes:
    return f"--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\nx\r\n--b--".encode()


def why_not(
    check: Callable[[str | None, str, bytes], None], kind: str | None, query: str, body: bytes
) -> Exception | None:
    try:
        check(kind, query, body)
    except (InvalidInput, NotAllowed) as refusal:
        return refusal
    return None


@pytest.mark.parametrize(
    "kind", [None, JSON, "Application/JSON; charset=utf-8", f'{JSON};charset="UTF8"']
)
def test_a_plain_send_passes(kind: str | None) -> None:
    body = b'{"to":"1","type":"text","text":{"body":"batch method \\u0061"}}'
    assert why_not(check_send, kind, "", body) is None
    assert why_not(check_send, kind, "appsecret_proof=abc", b"{}") is None


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("batch=[]", b"{}"),
        ("batch%5B0%5D%5Bmethod%5D=POST", b"{}"),
        ("Batch=", b"{}"),
        ("method=delete", b"{}"),
        ("access_token=x", b"{}"),
        ("", b'{"batch":[]}'),
        ("", b'{"b\\u0061tch":[]}'),
        ("", b'{"BATCH":[]}'),
        ("", b'{"method":"post","to":"1"}'),
        ("", b'{"access_token":"x"}'),
    ],
)
def test_a_send_with_another_request_in_it_is_not_allowed(query: str, body: bytes) -> None:
    with pytest.raises(NotAllowed):
        check_send(JSON, query, body)


@pytest.mark.parametrize("query", ["to=1", "type=text", "recipient=US.1", "a"])
def test_a_send_has_no_parameters_beside_its_body(query: str) -> None:
    with pytest.raises(InvalidInput):
        check_send(JSON, query, b"{}") if "=" in query else check_send(JSON, f"{query}=", b"{}")


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        MULTIPART,
        "text/plain",
        f"{JSON}; charset=utf-7",
        f"{JSON}, application/x-www-form-urlencoded",
        "",
    ],
)
def test_a_send_is_announced_as_json(kind: str) -> None:
    with pytest.raises(InvalidInput):
        check_send(kind, "", b'{"a":"&to=447700900123&type=text"}')


@pytest.mark.parametrize(
    ("kind", "query", "body"),
    [
        (None, "fields=name,status&limit=10&after=abc", b""),
        (JSON, "", b'{"name":"offer","components":[{"batch":1}]}'),
        (MULTIPART, "messaging_product=whatsapp", _part('name="file"; filename="batch.pdf"')),
        (MULTIPART, "", _part('name="file"; filename="a"') + b"method batch relative_url"),
        (JSON, "", _part('name="messaging_product"')),
        (None, "", b"\x89PNG"),
    ],
)
def test_an_honest_call_passes(kind: str | None, query: str, body: bytes) -> None:
    assert why_not(check_relay, kind, query, body) is None


@pytest.mark.parametrize(
    ("kind", "query", "body"),
    [
        (None, "batch=[]", b""),
        (None, "method=post", b""),
        (None, "METHOD=post", b""),
        (None, "ids=1,2", b""),
        (None, "access_token=x", b""),
        (None, "fields=messages.Method(POST){id}", b""),
        (JSON, "", b'{"batch":[]}'),
        (JSON, "", b' \n{"method":"delete"}'),
        (None, "", b'{"batch":[]}'),
        ("application/x-www-form-urlencoded", "", b"batch=[]"),
        (MULTIPART, "", _part('name="batch"')),
        (MULTIPART, "", _part("name=batch")),
        (MULTIPART, "", _part("NAME = 'batch'")),
        (MULTIPART, "", _part("name*=UTF-8''batch")),
        (MULTIPART, "", _part('name="batch[0][method]"')),
        (MULTIPART, "", _part('name="method"')),
        (JSON, "", _part('name="batch"')),
    ],
)
def test_a_call_with_another_one_in_it_is_not_allowed(
    kind: str | None, query: str, body: bytes
) -> None:
    with pytest.raises(NotAllowed):
        check_relay(kind, query, body)


def test_what_cannot_be_read_is_not_relayed_as_json() -> None:
    with pytest.raises(InvalidInput):
        check_relay(JSON, "", b'[{"batch":1}]')
    with pytest.raises(InvalidInput):
        check_relay(JSON, "", b'{"batch":')
