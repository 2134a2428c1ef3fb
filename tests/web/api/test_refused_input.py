"""Bad input gets a clear 4xx that names the field, repeats no value, and changes nothing."""

import json
from typing import Any

import httpx
import pytest

from tests.web.api.bodies import PROMPT, check, consent
from tests.web.api.desk import Desk

JSON = {"content-type": "application/json"}
LONG_AGO = "1969-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"verb": "give"}, "verb"),
        ({"verb": 1}, "verb"),
        ({"contact": {"phone": "0770 0900123"}}, "contact.phone"),
        ({"contact": {"phone": "+44770090012345678"}}, "contact.phone"),
        ({"contact": {"phone": "+999 1234567"}}, "contact.phone"),
        ({"contact": {"phone": 447700900123}}, "contact.phone"),
        ({"contact": {"wa_id": "12ab"}}, "contact.wa_id"),
        ({"contact": {"bsuid": "us.123"}}, "contact.bsuid"),
        ({"contact": {"phone": "+447700900123", "wa_id": "447700900123"}}, "contact"),
        ({"contact": {}}, "contact"),
        ({"contact": "+447700900123"}, "contact"),
        ({"contact": {"phone": "+447700900123", "name": "Ada"}}, "contact.name"),
        ({"purposes": ["marketing", "gossip"]}, "purposes[1]"),
        ({"purposes": ["marketing.gossip"]}, "purposes[0]"),
        ({"purposes": ["service"]}, "purposes[0]"),
        ({"purposes": ["marketing", "marketing"]}, "purposes"),
        ({"purposes": []}, "purposes"),
        ({"purposes": "marketing"}, "purposes"),
        ({"purposes": ["marketing"] * 33}, "purposes"),
        ({"surface": "billboard"}, "surface"),
        ({"prompt": {**PROMPT, "text": " "}}, "prompt.text"),
        ({"prompt": {**PROMPT, "text": "x" * 4097}}, "prompt.text"),
        ({"prompt": {**PROMPT, "locale": "english"}}, "prompt.locale"),
        ({"prompt": {**PROMPT, "key": "News Letter"}}, "prompt.key"),
        ({"prompt": {**PROMPT, "hash": "sha256:" + "0" * 64}}, "prompt.key"),
        ({"prompt": {"hash": "md5:0"}}, "prompt.hash"),
        ({"prompt": {"hash": "sha256:" + "0" * 64}}, "prompt.hash"),
        ({"prompt": "yes"}, "prompt"),
        ({"occurred_at": "2026-03-01T09:00:01Z"}, "occurred_at"),
        ({"occurred_at": "2026-02-01T09:00:00"}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": ""}, "occurred_at"),
        ({"occurred_at": "2026-W05-1T09:00:00Z"}, "occurred_at"),
        ({"occurred_at": LONG_AGO}, "occurred_at"),
        ({"occurred_at": 1769850000}, "occurred_at"),
        ({"evidence": ["page"]}, "evidence"),
        ({"verb": "confirm"}, "evidence"),
        ({"verb": None}, "verb"),
        ({"contact": None}, "contact"),
        ({"surface": None}, "surface"),
    ],
)
async def test_a_wrong_value_is_named(
    caller: httpx.AsyncClient, desk: Desk, change: dict[str, Any], field: str
) -> None:
    response = await caller.post("/v1/consents", json=consent(**change))
    assert response.status_code == 422, response.text
    assert field in [error["field"] for error in response.json()["errors"]]
    assert await desk.head() == 0


def with_evidence(text: str) -> bytes:
    return json.dumps(consent()).encode()[:-1] + b', "evidence": ' + text.encode() + b"}"


@pytest.mark.parametrize(
    ("raw", "status", "field"),
    [
        (b"", 400, None),
        (b"  ", 400, None),
        (b"{", 400, None),
        (b"nonsense", 400, None),
        (b"\xef\xbb\xbf{}", 400, None),
        (b'{"verb": "\xff"}', 400, None),
        (json.dumps(consent()).encode("utf-16"), 400, None),
        (json.dumps(consent()).encode() + b"{}", 400, None),
        (b'{"verb": "grant", "verb": "refuse"}', 400, "verb"),
        (b'{"contact": {"phone": "+1", "phone": "+2"}}', 400, "contact.phone"),
        (with_evidence('{"a": {"b": 1, "b": 2}}'), 400, "evidence.a.b"),
        (with_evidence('{"n": NaN}'), 400, "evidence.n"),
        (with_evidence('{"n": [1, -Infinity]}'), 400, "evidence.n[1]"),
        (with_evidence('{"n": 1e999}'), 400, "evidence.n"),
        (with_evidence('{"n": 18446744073709551616}'), 400, "evidence.n"),
        (with_evidence('{"n": ' + "9" * 5000 + "}"), 400, "evidence.n"),
        (with_evidence('{"n": ' + "[" * 40 + "]" * 40 + "}"), 400, "evidence"),
        (with_evidence("[" * 60_000), 400, "evidence"),
        (with_evidence('{"s": "a\\u0000b"}'), 422, "evidence.s"),
        (with_evidence('{"s": "\\ud83d"}'), 422, "evidence.s"),
        (with_evidence('{"\\udc00": 1}'), 422, "evidence"),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b'"grant"', 422, "body"),
    ],
)
async def test_a_body_is_read_in_one_way_or_not_at_all(
    caller: httpx.AsyncClient, desk: Desk, raw: bytes, status: int, field: str | None
) -> None:
    response = await caller.post("/v1/consents", content=raw, headers=JSON)
    assert response.status_code == status, response.text
    errors = response.json().get("errors", [])
    assert [error["field"] for error in errors][:1] == ([field] if field else [])
    assert await desk.head() == 0


async def test_a_body_nested_thirty_two_deep_is_taken(caller: httpx.AsyncClient) -> None:
    raw = with_evidence('{"n": ' + "[" * 30 + "]" * 30 + "}")
    assert (await caller.post("/v1/consents", content=raw, headers=JSON)).status_code == 201


@pytest.mark.parametrize("path", ["/v1/consents", "/v1/check", "/v1/contacts/lookup"])
async def test_a_huge_body_is_not_read(caller: httpx.AsyncClient, desk: Desk, path: str) -> None:
    raw = json.dumps(consent(evidence={"page": "x" * 65_536})).encode()
    response = await caller.post(path, content=raw, headers=JSON)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert await desk.head() == 0


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""],
)
@pytest.mark.parametrize("path", ["/v1/consents", "/v1/check"])
async def test_only_json_is_taken(
    caller: httpx.AsyncClient, desk: Desk, path: str, content_type: str
) -> None:
    raw = json.dumps(consent()).encode()
    response = await caller.post(path, content=raw, headers={"content-type": content_type})
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert await desk.head() == 0


async def test_a_charset_may_be_named(caller: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json; charset=UTF-8"}
    raw = json.dumps(consent()).encode()
    assert (await caller.post("/v1/consents", content=raw, headers=headers)).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v1/consents", "POST"),
        ("DELETE", "/v1/contacts/447700900123/events", "GET"),
        ("POST", "/v1/events", "GET"),
        ("PUT", "/v1/check", "POST"),
        ("GET", "/v1/senders/123", "PUT"),
    ],
)
async def test_a_wrong_method_names_the_right_one(
    caller: httpx.AsyncClient, method: str, path: str, allow: str
) -> None:
    response = await caller.request(method, path)
    assert (response.status_code, response.headers["allow"]) == (405, allow)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/consents/", "/v1", "/v1/nothing"])
async def test_an_unknown_address_is_a_problem(caller: httpx.AsyncClient, path: str) -> None:
    response = await caller.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("after=12", "after"),
        ("after=MTotMQ", "after"),
        ("after=%00", "after"),
        ("offset=3", "offset"),
    ],
)
async def test_a_wrong_page_is_named(caller: httpx.AsyncClient, query: str, field: str) -> None:
    response = await caller.get("/v1/events?" + query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


SECRETS = ("8888955", "Ada Lovelace", "hunter2")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/consents", consent(contact={"phone": "8888955123 Ada Lovelace"})),
        ("/v1/consents", consent(verb="hunter2", surface="Ada Lovelace")),
        ("/v1/consents", consent() | {"+448888955123": "hunter2"}),
        ("/v1/consents", consent(evidence={"8888955123": "\0hunter2"})),
        ("/v1/consents", consent(occurred_at="hunter2")),
        ("/v1/check", check(to="Ada Lovelace 8888955")),
        ("/v1/check", check() | {"8888955 hunter2": 1}),
        ("/v1/check", check(purpose="hunter2")),
    ],
)
async def test_a_problem_never_repeats_what_was_sent(
    caller: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    response = await caller.post(path, json=body)
    assert response.status_code in {400, 422}
    assert not any(secret in response.text for secret in SECRETS)
