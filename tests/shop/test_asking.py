"""What the shop hands on to askfirst, and what it makes of the answer."""

from __future__ import annotations

import httpx
import pytest

from app import open_entries
from askfirst_client import Away, Refused
from tests.shop.conftest import ADA, FakeAskfirst
from words import all_words

FORM = {"name": "Ada", "phone": "+44 7700 900123", "askfirst_signup_token": "signed-signup"}
ORDER = {"name": "Ada", "phone": ADA, "tea": "2"}
NOT_OURS = Refused(422, {"errors": [{"field": "prompt.token", "message": "is not ours"}]})


async def test_a_ticked_box_is_handed_on_with_its_token(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert askfirst.made("/v1/consents") == [
        {
            "verb": "grant",
            "contact": {"phone": ADA},
            "prompt": {"token": "signed-signup"},
            "number_is_proven": False,
            "evidence": {"page": "/signup"},
        }
    ]
    assert "may write to you" in page.text


@pytest.mark.parametrize("box", [{}, {"askfirst_signup": ""}, {"askfirst_signup": "on"}])
async def test_without_a_tick_nothing_is_said_to_askfirst(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, box: dict[str, str]
) -> None:
    page = await visitor.post("/signup", data=FORM | box)
    assert askfirst.made("/v1/consents") == []
    assert "you left the box empty" in page.text


@pytest.mark.parametrize("trouble", [NOT_OURS, Refused(409, {}), Away("no line")])
async def test_a_yes_that_was_not_recorded_is_not_counted_on(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, trouble: Exception
) -> None:
    askfirst.answers["/v1/consents"] = trouble
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert "You are signed up" in page.text
    assert "could not be saved" in page.text


async def test_the_shop_goes_on_without_askfirst_and_does_not_ask(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    for key in ("signup", "login", "code", "order"):
        askfirst.answers[f"/v1/prompts/{key}/render"] = Away("no line")
    assert "askfirst-prompt" not in (await visitor.get("/signup")).text
    assert "You are signed up" in (await visitor.post("/signup", data=FORM)).text
    assert "will be ready" in (await visitor.post("/order", data=ORDER)).text


async def test_a_confirmation_is_offered_where_only_that_is_missing(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    askfirst.answers["/v1/check"] = {"reasons": [{"code": "assurance_too_low"}]}
    offered = {"id": "prf_1", "link": "https://wa.me/1?text=AF-1", "page": "http://a.test/p"}
    askfirst.answers["/v1/confirmations"] = offered
    askfirst.answers["/v1/confirmations/prf_1"] = {"proven_at": None}
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert 'href="https://wa.me/1?text=AF-1"' in page.text
    askfirst.answers["/v1/confirmations/prf_1"] = {"proven_at": "2026-01-31T09:00:00Z"}
    assert "Confirmed. Thank you!" in (await visitor.get("/welcome")).text


@pytest.mark.parametrize(
    ("verb", "words"), [("grant", "and about nothing else"), ("refuse", "no messages about")]
)
async def test_an_answer_about_an_order_brings_its_reference(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, verb: str, words: str
) -> None:
    await visitor.post("/order", data=ORDER)
    answer = {"askfirst_order": verb, "askfirst_order_token": "signed-order"}
    page = await visitor.post("/thanks", data=answer)
    (body,) = askfirst.made("/v1/consents")
    assert (body["verb"], body["contact"]) == (verb, {"phone": ADA})
    assert body["evidence"] == {"order": "CL-1001", "page": "/thanks"}
    assert words in page.text


async def test_nobody_answers_about_an_order_that_is_not_theirs(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await visitor.post("/order", data=ORDER)
    visitor.cookies.clear()
    await visitor.post("/thanks", data={"askfirst_order": "grant"})
    assert askfirst.made("/v1/consents") == []


async def test_a_refused_message_is_shown_with_its_reason(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await visitor.post("/signup", data=FORM)
    details = {"error_data": {"details": "Ask first."}, "askfirst": {"reasons": ["no_opt_in"]}}
    path = "/v26.0/200000000000001/messages"
    askfirst.answers[path] = Refused(403, {"error": {"code": 131050, **details}})
    page = await visitor.post("/account/send", data={"what": "offer"})
    assert "askfirst has stopped the offer" in page.text
    assert "You were never asked" in page.text
    (message,) = askfirst.made(path)
    assert (message["to"], message["template"]["name"]) == (ADA, "summer_offer")


async def test_without_an_answer_nothing_counts_as_sent(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await visitor.post("/signup", data=FORM)
    askfirst.answers["/v26.0/200000000000001/messages"] = Away("no line")
    page = await visitor.post("/account/send", data={"what": "offer"})
    assert "askfirst has stopped the offer" in page.text


async def test_an_entry_is_made_once_for_each_language(askfirst: FakeAskfirst) -> None:
    known = {"name": "support page", "locale": "fr", "ended_at": None}
    ended = {"name": "support page", "locale": "de", "ended_at": "2026-01-31T09:00:00Z"}
    askfirst.answers["/v1/entries"] = {"data": [known, ended], "next_cursor": None}
    entries = await open_entries(askfirst, all_words())
    made = [body["locale"] for body in askfirst.made("/v1/entries")]
    assert made == ["en", "de", "ar"]
    assert entries["fr"] == known


async def test_an_entry_is_found_however_many_there_are(askfirst: FakeAskfirst) -> None:
    pages = [("", "one&two"), ("?after=one%26two", "three"), ("?after=three", None)]
    for (query, cursor), language in zip(pages, ("en", "fr", "ar"), strict=True):
        known = {"name": "support page", "locale": language, "ended_at": None}
        askfirst.answers[f"/v1/entries{query}"] = {"data": [known], "next_cursor": cursor}
    entries = await open_entries(askfirst, all_words())
    assert [body["locale"] for body in askfirst.made("/v1/entries")] == ["de"]
    assert {"en", "fr", "ar"} <= set(entries)


@pytest.mark.parametrize(
    ("left_out", "mark"), [("name", "name-wrong"), ("phone", "phone-wrong"), ("tea", "alert")]
)
async def test_what_is_missing_in_an_order_is_marked(
    visitor: httpx.AsyncClient, left_out: str, mark: str
) -> None:
    page = await visitor.post("/order", data=ORDER | {left_out: ""})
    assert page.status_code == 422
    assert f'"{mark}"' in page.text
    assert "CL-" not in page.text
