"""Answers from a page's script: JSON, with a token, from a known site, seldom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.consent.event import Assurance, EventKind
from tests.support.builders import RIVAL
from tests.web.asgi_call import Got
from tests.web.public.visitors import SHOP, SITE, STRANGER, Street

ANSWERS = "/p/acme/answers"
JSON = "application/json"


async def send(street: Street, origin: str = SHOP, kind: str = JSON, **parts: Any) -> Got:
    """Answer the question `order`, from a page of the business's own."""
    body = {"token": await street.token("order"), "answer": "grant", "phone": "+447700900123"}
    return await post(street, json.dumps(body | parts).encode(), origin, kind)


async def post(street: Street, body: bytes, origin: str = SHOP, kind: str = JSON) -> Got:
    named = {"origin": origin} if origin else {}
    return await street.visitor().raw("POST", ANSWERS, body, content_type=kind, **named)


@pytest.mark.parametrize("origin", [SHOP, SITE])
async def test_a_yes_is_recorded_as_shown(street: Street, origin: str) -> None:
    got = await send(street, origin, evidence={"order": "4711"})
    assert got.status == 201
    (event,) = await street.events()
    assert (event.kind, event.assurance) == (EventKind.GRANTED, Assurance.SHOWN)
    assert (event.surface.value, event.purposes) == ("order", ("utility.order",))
    assert event.evidence_digest


async def test_a_no_is_recorded_too(street: Street) -> None:
    got = await send(street, answer="refuse")
    assert (got.status, got.json["confirm"]) == (201, None)
    (event,) = await street.events()
    assert event.kind is EventKind.REFUSED


async def test_a_no_is_recorded_though_the_page_is_old(street: Street) -> None:
    old = {"token": await street.token("order")}
    street.world.clock.advance(60 * 60)
    assert (await send(street, **old)).status == 422
    assert (await send(street, **old, answer="refuse")).status == 201
    (event,) = await street.events()
    assert event.kind is EventKind.REFUSED


async def test_the_answer_says_where_the_person_can_go_on(street: Street) -> None:
    got = await send(street)
    assert set(got.json) == {"answer", "thanks", "confirm", "is_proof_needed"}
    for place in (got.json["thanks"], got.json["confirm"]):
        page = await street.visitor().get(place)
        assert (page.got.status, "7700" in place) == (200, False)


async def test_the_site_may_read_what_came_of_it(street: Street) -> None:
    got = await send(street)
    assert got.headers["access-control-allow-origin"] == SHOP
    got = await send(street, phone="none")
    assert (got.status, got.headers["access-control-allow-origin"]) == (422, SHOP)


@pytest.mark.parametrize("origin", [STRANGER, "", "null", "http://shop.example"])
async def test_an_answer_from_elsewhere_is_refused(street: Street, origin: str) -> None:
    got = await send(street, origin)
    assert (got.status, await street.head()) == (403, 0)
    assert got.json["code"] == "not_permitted"
    assert "www-authenticate" not in got.headers
    assert "access-control-allow-origin" not in got.headers


async def test_a_preflight_allows_what_the_element_sends(street: Street) -> None:
    got = await street.visitor().raw("OPTIONS", ANSWERS, origin=SHOP)
    assert got.status == 204
    assert got.headers["access-control-allow-headers"] == "content-type"
    assert "POST" in got.headers["access-control-allow-methods"]
    got = await street.visitor().raw("OPTIONS", ANSWERS, origin=STRANGER)
    assert not [name for name in got.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_what_a_plain_form_can_send_is_not_taken(street: Street, kind: str) -> None:
    """These types need no preflight: any site could send them."""
    got = await send(street, STRANGER, kind)
    assert (got.status, await street.head()) == (415, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"not json",
        b"\xff",
        b'{"token": "t", "answer": "grant"}',
        b'{"token": "t", "answer": "maybe", "phone": "+447700900123"}',
        b'{"token": "t", "answer": "grant", "phone": "+447700900123", "purposes": ["marketing"]}',
        b'{"token": "t", "answer": "refuse", "answer": "grant", "phone": "+447700900123"}',
        b'{"token": "t", "answer": "grant", "phone": "\\ud800"}',
        b'{"token": "t", "answer": "grant", "phone": "\\u0000"}',
        b'{"token": "t", "answer": "grant", "phone": 447700900123}',
        b'{"token": "t", "answer": "grant", "phone": "1", "evidence": {"a": "b", "a": "c"}}',
        pytest.param(b"[" * 16_000, id="nested without end"),
        pytest.param(b'{"evidence":' * 1_000 + b"1" + b"}" * 1_000, id="nested too deep"),
    ],
)
async def test_what_could_be_read_in_two_ways_is_not_read(street: Street, body: bytes) -> None:
    got = await post(street, body)
    assert (got.status, await street.head()) == (400, 0)
    assert b"7700" not in got.body


async def test_a_body_that_is_too_large_is_refused(street: Street) -> None:
    assert (await post(street, b"[" + b" " * 20_000)).status == 413


async def test_a_token_counts_once_and_only_while_it_lives(street: Street) -> None:
    token = await street.token("order")
    assert (await send(street, token=token)).status == 201
    assert (await send(street, token=token)).status == 201
    assert await street.head() == 1
    assert (await send(street, token=token, phone="+447700900456")).status == 409
    late = await street.token("order")
    street.world.clock.advance(60 * 60)
    assert (await send(street, token=late)).status == 422
    assert await street.head() == 1


async def test_a_token_that_is_altered_or_of_another_business_is_none(street: Street) -> None:
    token = await street.token("order")
    for forged in (token + "x", token[1:], await street.token("order", RIVAL), ""):
        got = await send(street, token=forged)
        assert (got.status, await street.head()) == (422, 0)
        assert token[:20] not in got.body.decode()


@pytest.mark.parametrize("key", ["phone", "paper", "preferences", "chat", "confirm"])
@pytest.mark.parametrize("answer", ["grant", "refuse"])
async def test_a_question_that_is_not_asked_on_open_pages_is_not_answered_there(
    street: Street, key: str, answer: str
) -> None:
    """What an agent reads out, or a person's own page shows, no stranger can have seen."""
    got = await send(street, token=await street.token(key), answer=answer)
    assert (got.status, await street.head()) == (422, 0)
    assert got.json["errors"][0]["field"] == "token"


async def test_what_is_wrong_is_told_in_the_language_of_the_question(street: Street) -> None:
    page = await street.visitor().raw("GET", "/p/acme/prompts/order.json?locale=fr")
    got = await send(street, token=page.json["token"], phone="12")
    assert got.json["errors"][0]["field"] == "phone"
    assert got.json["errors"][0]["message"].startswith(
        "Vérifiez le numéro. Dans le pays choisi (États-Unis)"
    )


async def test_a_flood_of_answers_about_one_number_is_stopped(street: Street) -> None:
    for _ in range(6):
        assert (await send(street)).status == 201
    got = await send(street)
    assert (got.status, got.headers["retry-after"]) == (429, "3600")


async def test_an_unknown_business_takes_no_answer(street: Street) -> None:
    got = await street.visitor().raw("POST", "/p/nobody/answers", b"{}", content_type=JSON)
    assert (got.status, got.json["code"]) == (404, "not_found")
