"""The bytes of files: whose they are, what may come, and where keys and tokens go."""

from __future__ import annotations

import asyncio
import json

import pytest

from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.value import replace
from askfirst.domain.values.timestamp import Instant
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.asgi import Message
from askfirst.web.gateway.endpoint import Addresses, GatewayEndpoint
from tests.support import builders
from tests.web.asgi_call import Got, Pairs, call
from tests.web.gateway.desk import META_TOKEN, Desk
from tests.web.gateway.test_media import receive

CDN = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=AR"
NODE = {
    "messaging_product": "whatsapp",
    "url": CDN,
    "mime_type": "image/jpeg",
    "sha256": "ab",
    "file_size": 7,
    "id": "556",
}
HOST = ("host", "gate.example:8080")


def meta_says(desk: Desk, content: object, status: int = 200) -> None:
    reply = desk.world.connections.reply
    body = json.dumps(content).encode()
    desk.world.connections.reply = replace(reply, body=body, status=status)


@pytest.fixture
async def filed(quick_desk: Desk) -> Desk:
    """A desk to which a customer has sent a picture."""
    await receive(quick_desk, "556")
    meta_says(quick_desk, NODE)
    return quick_desk


async def address(desk: Desk) -> str:
    """Ask for the address of the picture, without the host."""
    got = await desk.call("GET", "/v26.0/556", headers=[HOST])
    assert got.status == 200
    url: str = got.json["url"]
    assert url.startswith("http://gate.example:8080/media/")
    desk.sent.clear()
    return url.removeprefix("http://gate.example:8080")


async def fetch(desk: Desk, path: str, headers: Pairs = ()) -> Got:
    return await desk.call("GET", path, headers=headers)


async def test_the_address_of_a_file_is_ours_and_the_rest_is_as_meta_says(filed: Desk) -> None:
    got = await filed.call("GET", "/v26.0/556", headers=[HOST])
    assert CDN not in got.body.decode()
    assert {**got.json, "url": CDN} == NODE


async def test_the_address_alone_is_ours_too(filed: Desk) -> None:
    meta_says(filed, {"url": CDN, "id": "556"})
    got = await filed.call("GET", "/556", query="fields=url", headers=[HOST])
    assert set(got.json) == {"url", "id"}
    assert got.json["url"].startswith("http://gate.example:8080/media/")


async def test_a_gateway_behind_a_proxy_gives_the_address_that_was_set(filed: Desk) -> None:
    addresses = Addresses(gateway="https://wa.shop.example/meta")
    door = GatewayEndpoint(filed.world.services, filed.metrics, addresses=addresses)
    got = await call(door, "GET", "/556", headers=(filed.key, HOST))
    assert got.json["url"].startswith("https://wa.shop.example/meta/media/")


@pytest.mark.parametrize("host", ["evil.example/x", "a b", "", "x@y", "[::1", "a" * 300])
async def test_a_host_that_is_none_is_not_repeated(filed: Desk, host: str) -> None:
    got = await filed.call("GET", "/556", headers=[("host", host)])
    assert got.json["url"].startswith("http://127.0.0.1:8080/media/")


async def test_the_bytes_come_with_metas_token_and_metas_type(filed: Desk) -> None:
    path = await address(filed)
    got = await fetch(filed, path)
    assert (got.status, got.body) == (200, b"picture")
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-length"] == "7"
    assert filed.world.media_files.asked == [(CDN, META_TOKEN, "")]
    (asked,) = filed.sent  # Meta is asked anew: its address is never the client's to write
    assert (asked.method, asked.target) == ("GET", "/v26.0/556")


async def test_a_customers_file_is_no_page_of_ours(filed: Desk) -> None:
    got = await fetch(filed, await address(filed))
    assert got.headers["content-disposition"] == "attachment"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "private, no-store"


async def test_no_key_of_ours_and_no_token_of_metas_goes_to_a_third(filed: Desk) -> None:
    """All that left, by whatever way, is looked at."""
    got = await fetch(filed, await address(filed), [("range", "bytes=0-1"), ("cookie", "a=b")])
    assert META_TOKEN not in str(got.headers) + got.body.decode()
    left = [f"{one.target} {one.headers} {one.body!r}" for one in filed.sent]
    left += map(str, filed.world.media_files.asked)
    assert len(left) == 2
    assert all(filed.secret not in one for one in left)
    hosts = {asked.split("/")[2] for asked, _, _ in filed.world.media_files.asked}
    assert hosts == {"lookaside.fbsbx.com"}


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ("bytes=0-1", "bytes=0-1"),
        ("bytes=5-", "bytes=5-"),
        ("bytes=-3", "bytes=-3"),
        ("bytes=0-1,3-4", ""),
        ("items=0-1", ""),
        ("bytes=a-b", ""),
    ],
)
async def test_one_range_is_passed_on_and_nothing_else(
    filed: Desk, wanted: str, asked: str
) -> None:
    path, files = await address(filed), filed.world.media_files
    if asked:
        files.status, files.content_range = 206, "bytes 0-6/70"
    got = await fetch(filed, path, [("range", wanted)])
    assert files.asked[0][2] == asked
    assert got.status == (206 if asked else 200)
    assert got.headers.get("content-range", "") == ("bytes 0-6/70" if asked else "")


async def test_an_address_is_good_for_the_key_that_asked(filed: Desk) -> None:
    path = await address(filed)
    services = filed.world.services
    for business in (builders.BUSINESS, builders.RIVAL):
        scopes = frozenset({ApiScope.SEND})
        _, secret = await create_key(
            services, Business(business_id=business, name="X"), "other", scopes
        )
        got = await replace(filed, secret=secret).call("GET", path)
        assert (got.status, got.error["code"]) == (400, 131052)
        assert "was given to another key" in got.error["error_data"]["details"]
    assert (await call(filed.door, "GET", path)).status == 401
    assert not filed.sent
    assert not filed.world.media_files.asked


async def test_an_address_lives_for_five_minutes(filed: Desk) -> None:
    path = await address(filed)
    filed.world.clock.advance(5 * 60 - 1)
    assert (await fetch(filed, path)).status == 200
    filed.world.clock.advance(1)
    got = await fetch(filed, path)
    assert (got.status, got.error["code"]) == (400, 131052)


async def test_an_address_that_we_did_not_write_is_none(filed: Desk) -> None:
    path = await address(filed)
    head, fields, signature = path.removeprefix("/media/").split(".")
    for token in (
        f"{head}.{fields}.{signature[:-2]}AA",
        f"{head}.{fields[:-2]}AA.{signature}",
        f"{fields}.{head}.{signature}",
    ):
        assert (await fetch(filed, f"/media/{token}")).status == 400
    assert not filed.sent


async def test_a_file_that_is_forgotten_is_not_fetched(filed: Desk) -> None:
    path = await address(filed)
    store = filed.world.store
    await store.sweep(builders.BUSINESS, Instant(filed.world.clock.now() + 1))
    assert (await fetch(filed, path)).status == 400
    assert not filed.world.media_files.asked


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"content_type": "text/html"}, "another type"),
        ({"content_type": "video/mp4"}, "another type"),
        ({"content": b"picture of another size"}, "another size"),
        ({"length": 101 * 1024 * 1024}, "larger than any"),
        ({"status": 404}, "answered 404"),
        ({"status": 302}, "answered 302"),
        ({"status": 401}, "answered 401"),
        ({"is_metas": False}, "ASKFIRST_MEDIA_HOSTS"),
    ],
)
async def test_what_is_not_the_file_that_meta_announced_does_not_come(
    filed: Desk, changes: dict[str, object], words: str
) -> None:
    path = await address(filed)
    for name, value in changes.items():
        setattr(filed.world.media_files, name, value)
    got = await fetch(filed, path)
    assert (got.status, got.error["code"]) == (400, 131052)
    assert words in got.error["error_data"]["details"]


async def test_a_server_that_does_not_know_the_type_is_believed_for_the_bytes(filed: Desk) -> None:
    path = await address(filed)
    filed.world.media_files.content_type = "application/octet-stream"
    got = await fetch(filed, path)
    assert (got.status, got.headers["content-type"]) == (200, "image/jpeg")


async def test_bytes_beyond_the_end_are_answered_as_such(filed: Desk) -> None:
    path, files = await address(filed), filed.world.media_files
    files.status, files.content_range = 416, "bytes */7"
    got = await fetch(filed, path, [("range", "bytes=9-")])
    assert (got.status, got.headers["content-range"]) == (416, "bytes */7")


async def test_who_shows_metas_token_gets_metas_address_only_where_that_is_set(
    filed: Desk,
) -> None:
    meta = ("authorization", "Bearer EAAG-their-own")
    got = await call(filed.open_door, "GET", "/v26.0/556", headers=(meta, HOST))
    path = got.json["url"].removeprefix("http://gate.example:8080")
    assert (await call(filed.open_door, "GET", path, headers=(meta,))).body == b"picture"
    assert filed.world.media_files.asked == [(CDN, "EAAG-their-own", "")]
    addresses = Addresses(shows_metas=True)
    door = GatewayEndpoint(
        filed.world.services, filed.metrics, pass_through_meta_tokens=True, addresses=addresses
    )
    shown = await call(door, "GET", "/v26.0/556", headers=(meta, HOST))
    assert shown.json["url"] == CDN
    ours = await call(door, "GET", "/v26.0/556", headers=(filed.key, HOST))
    assert ours.json["url"].startswith("http://gate.example:8080/media/")


@pytest.mark.parametrize("answer", [{"error": {"code": 100}}, {"id": "556"}])
async def test_what_meta_says_in_place_of_a_file_is_said(filed: Desk, answer: object) -> None:
    path = await address(filed)
    meta_says(filed, answer, 400 if "error" in str(answer) else 200)
    got = await fetch(filed, path)
    assert got.status == 400
    assert not filed.world.media_files.asked


async def test_an_upload_goes_on_for_the_key_that_began_it_alone(quick_desk: Desk) -> None:
    meta_says(quick_desk, {"id": "upload:MTphdA==?sig=AR-x"})
    begun = await quick_desk.call("POST", "/v26.0/9/uploads", query="file_length=3&file_type=a/b")
    name: str = begun.json["id"]
    assert "MTphdA" not in name
    meta_says(quick_desk, {"h": "4:abc"})
    other = quick_desk.world.services
    business = Business(business_id=builders.BUSINESS, name="X")
    _, secret = await create_key(other, business, "other", frozenset({ApiScope.SEND}))
    quick_desk.sent.clear()
    theirs = await replace(quick_desk, secret=secret).call("POST", f"/v26.0/{name}", body=b"abc")
    assert (theirs.status, theirs.error["code"]) == (400, 131052)
    assert not quick_desk.sent
    body = b'{"batch":[]}'
    headers = [("file_offset", "0"), ("content-type", "application/json")]
    got = await quick_desk.call("POST", f"/v26.0/{name}", body=body, headers=headers)
    assert got.json == {"h": "4:abc"}
    (left,) = quick_desk.sent
    assert (left.target, left.body) == ("/v26.0/upload:MTphdA==?sig=AR-x", body)
    assert left.headers["content-type"] == "application/octet-stream"  # never parameters
    assert left.headers["authorization"] == f"Bearer {META_TOKEN}"


async def test_nothing_more_is_fetched_for_a_client_that_went_away(filed: Desk) -> None:
    path, files = await address(filed), filed.world.media_files
    files.content, files.length = b"picture", None
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in (filed.key,)],
    }
    came: list[bytes] = []

    async def receive() -> Message:
        while not came:
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        came.append(message.get("body", b""))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    await filed.door(scope, receive, send)
    assert b"".join(came) != files.content
    assert 'status="499"' in filed.metrics.render().decode()
