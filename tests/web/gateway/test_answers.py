"""Addresses in Meta's answers are on the gateway, and tokens are in none."""

from __future__ import annotations

import json

import pytest

from askfirst.domain.value import replace
from askfirst.web.gateway.answers import Rewriter
from tests.support.builders import grant
from tests.web.asgi_call import call
from tests.web.gateway.desk import META_TOKEN, Desk

BASE = "https://gate.example"
GRAPH = "https://graph.facebook.com"
REWRITER = Rewriter(BASE, frozenset({"graph.facebook.com", "127.0.0.1:8090"}), "EAAGmeta")


def rewritten(content: object, rewriter: Rewriter = REWRITER) -> object:
    found: object = json.loads(rewriter.rewrite(json.dumps(content).encode()))
    return found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            f"{GRAPH}/v26.0/100/message_templates?access_token=EAAGmeta&limit=25&after=Mg%3D%3D",
            f"{BASE}/v26.0/100/message_templates?limit=25&after=Mg%3D%3D",
        ),
        (f"{GRAPH}/100/flows?after=x", f"{BASE}/100/flows?after=x"),
        (f"{GRAPH}/v26.0/100/anything", f"{BASE}/v26.0/100/anything"),
        ("http://127.0.0.1:8090/v26.0/1?after=x", f"{BASE}/v26.0/1?after=x"),
        ("http://127.0.0.1:8090/chat/message/A/qr.svg", None),
        ("https://wa.me/message/AB", None),
        ("https://shop.example/a?access_token=EAAGmeta&b=1", "https://shop.example/a?b=1"),
        ("https://shop.example/a?b=%20", None),
        ("https://[broken", None),
        ("see https://graph.facebook.com/v26.0/1", None),
    ],
)
def test_addresses_of_the_graph_api_become_the_gateways(address: str, expected: str | None) -> None:
    wrapped = {"paging": {"next": address, "previous": address}, "data": [{"x": [address]}]}
    told = address if expected is None else expected
    assert rewritten(wrapped) == {
        "paging": {"next": told, "previous": told},
        "data": [{"x": [told]}],
    }


def test_who_showed_a_key_in_the_address_finds_it_there_again_and_never_metas() -> None:
    rewriter = replace(REWRITER, secret="ask_key")
    page = f"{GRAPH}/v14.0/100/message_templates?access_token=EAAGmeta&after=x"
    assert rewritten(page, rewriter) == (
        f"{BASE}/v14.0/100/message_templates?after=x&access_token=ask_key"
    )


def test_tokens_are_taken_out_wherever_they_stand() -> None:
    told = {
        "access_token": "EAAGmeta",
        "Access_Token": "another",
        "accounts": [{"access_token": "EAAGpage", "id": "1"}],
        "error": {"message": "Malformed access token EAAGmeta"},
    }
    assert rewritten(told) == {
        "accounts": [{"id": "1"}],
        "error": {"message": "Malformed access token (removed)"},
    }


@pytest.mark.parametrize(
    "body",
    [
        b'{"data" : [ {"id":"1"} ],  "n":1.0e3, "big":123456789012345678901234567890}',
        b"<html>no JSON</html>",
        b"",
        b'{"url":"https://lookaside.fbsbx.com/a?mid=1"}',
    ],
)
def test_an_answer_in_which_nothing_changes_leaves_byte_for_byte(body: bytes) -> None:
    assert REWRITER.rewrite(body) == body


def test_a_page_that_is_no_json_holds_no_token() -> None:
    assert REWRITER.rewrite(b"<p>EAAGmeta</p>") == b"<p></p>"


async def test_an_error_about_a_message_does_not_tell_metas_token(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    message = f"Malformed access token {META_TOKEN}"
    body = json.dumps({"error": {"code": 190, "message": message}}).encode()
    reply = quick_desk.world.connections.reply
    quick_desk.world.connections.reply = replace(reply, status=401, body=body)
    got = await quick_desk.send()
    assert got.error == {"code": 190, "message": "Malformed access token (removed)"}
    assert got.headers["x-askfirst-decision"].startswith("dec_")


async def test_a_key_in_the_query_of_a_get_is_replaced_and_goes_nowhere(quick_desk: Desk) -> None:
    query = f"access_token={quick_desk.secret}&limit=3"
    for headers in ((), (quick_desk.key,)):
        got = await call(
            quick_desk.door, "GET", "/v14.0/100/message_templates", query=query, headers=headers
        )
        assert got.status == 200
        left = quick_desk.sent.pop()
        assert left.target == "/v14.0/100/message_templates?limit=3"
        assert left.headers == {"authorization": f"Bearer {META_TOKEN}"}


async def test_two_different_secrets_are_none(quick_desk: Desk) -> None:
    path = "/100/message_templates"
    for query, headers in (
        ("access_token=ask_other", (quick_desk.key,)),
        (f"access_token={quick_desk.secret}&access_token={quick_desk.secret}", ()),
        (f"access_token={quick_desk.secret}", (("authorization", "Basic YTpi"),)),
        ("access_token=ask_wrong", ()),
    ):
        got = await call(quick_desk.door, "GET", path, query=query, headers=headers)
        assert (got.status, got.error["code"]) == (401, 190)
    assert not quick_desk.sent


async def test_a_key_in_the_query_opens_nothing_but_reading(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    got = await quick_desk.send(query=f"access_token={quick_desk.secret}", headers=())
    assert (got.status, got.error["code"]) == (401, 190)
    assert not quick_desk.sent


async def test_metas_other_scheme_is_taken(quick_desk: Desk) -> None:
    headers = (("authorization", f"OAuth {quick_desk.secret}"),)
    assert (await call(quick_desk.door, "GET", "/200", headers=headers)).status == 200


async def test_a_wrong_key_hears_so_even_of_a_call_that_does_not_exist(quick_desk: Desk) -> None:
    """A product that tests its key this way must not take a wrong one for a good one."""
    wrong = (("authorization", "Bearer ask_wrong"),)
    got = await call(quick_desk.door, "GET", "/v13.0/", headers=wrong)
    assert (got.status, got.error["type"]) == (401, "OAuthException")
    good = await quick_desk.call("GET", "/v13.0/")
    assert (good.status, good.error["type"]) == (400, "GraphMethodException")
