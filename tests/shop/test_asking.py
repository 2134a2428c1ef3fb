"""What the shop hands on to askfirst, and what it makes of the answer."""

from __future__ import annotations

import httpx
import pytest

from app import open_entries
from askfirst_client import Away, Refused
from tests.shop.conftest import ADA, CONFIRMATION, FakeAskfirst, consent
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
            "number_proof": "typed",
            "evidence": {"page": "/signup"},
        }
    ]
    assert "We have recorded your yes to messages" in page.text
    assert "can message you" not in page.text


@pytest.mark.parametrize("box", [{}, {"askfirst_signup": ""}, {"askfirst_signup": "on"}])
async def test_without_a_tick_nothing_is_said_to_askfirst(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, box: dict[str, str]
) -> None:
    page = await visitor.post("/signup", data=FORM | box)
    assert askfirst.made("/v1/consents") == []
    assert "The box was not ticked" in page.text


@pytest.mark.parametrize("trouble", [NOT_OURS, Refused(409, {}), Away("no line")])
async def test_a_yes_that_was_not_recorded_is_not_counted_on(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, trouble: Exception
) -> None:
    askfirst.answers["/v1/consents"] = trouble
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert "You are signed up" in page.text
    assert "We could not save your yes" in page.text


async def test_the_shop_goes_on_without_askfirst_and_does_not_ask(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    for key in ("signup", "login", "code", "order"):
        askfirst.answers[f"/v1/prompts/{key}/render"] = Away("no line")
    assert "askfirst-prompt" not in (await visitor.get("/signup")).text
    assert "You are signed up" in (await visitor.post("/signup", data=FORM)).text
    assert "will be ready" in (await visitor.post("/order", data=ORDER)).text


async def test_a_typed_number_leads_from_the_tick_to_the_confirmation(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert 'href="https://wa.me/1?text=AF-1"' in page.text
    (wish,) = askfirst.made("/v1/confirmations")
    assert wish == {
        "contact": {"phone": ADA},
        "purposes": ["marketing"],
        "locale": "en",
        "is_answer": True,
        "surface": "signup",
    }
    proven = CONFIRMATION | {"proven_at": "2026-01-31T09:00:00Z"}
    askfirst.answers["/v1/confirmations/prf_1"] = proven
    page = await visitor.get("/welcome")
    assert "Confirmed. Thank you!" in page.text
    assert "can message you" not in page.text


async def test_who_comes_back_too_late_to_confirm_begins_again(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    over = CONFIRMATION | {"expires_at": "2026-01-31T09:00:00Z"}
    askfirst.answers["/v1/confirmations/prf_1"] = over
    page = await visitor.get("/welcome")
    assert "wa.me" not in page.text
    assert 'action="/confirm"' in page.text
    del askfirst.answers["/v1/confirmations/prf_1"]
    page = await visitor.post("/confirm", data={"what": "account"})
    assert 'href="https://wa.me/1?text=AF-1"' in page.text


@pytest.mark.parametrize("reason", ["withdrawn", "refused", "native_stopped", "suspended"])
async def test_whoever_types_a_number_is_not_told_what_its_holder_said(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, reason: str
) -> None:
    in_force = {"verdict": "allow", "reasons": [{"code": "opted_in"}]}
    held = {"verdict": "deny", "reasons": [{"code": reason}]}
    stopped = consent("typed", reason, "ask", "confirm_in_whatsapp")
    pages = []
    for answer, decision in ((consent("vouched"), in_force), (stopped, held)):
        askfirst.answers |= {"/v1/consents": answer, "/v1/check": decision}
        visitor.cookies.clear()
        page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
        assert "wa.me" in page.text
        pages.append(page.text)
        pages.append((await visitor.get("/account")).text)
        pages.append((await visitor.post("/account/send", data={"what": "offer"})).text)
    assert pages[:3] == pages[3:]
    assert askfirst.made("/v26.0/200000000000001/messages") == []


async def log_in(visitor: httpx.AsyncClient, **box: str) -> httpx.Response:
    """Prove the number by a code."""
    await visitor.post("/login/code", data={"phone": ADA, "askfirst_code": "refuse"} | box)
    return await visitor.post("/login/check", data={"code": "12345678"})


async def test_a_number_that_the_shop_has_verified_is_vouched_for(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await log_in(visitor)
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    (body,) = askfirst.made("/v1/consents")
    assert body["number_proof"] == "vouched"
    assert "can message you" in page.text
    assert askfirst.made("/v1/confirmations") == []
    other = {**FORM, "phone": "+447700900456", "askfirst_signup": "grant"}
    await visitor.post("/signup", data=other)
    assert askfirst.made("/v1/consents")[-1]["number_proof"] == "typed"


@pytest.mark.parametrize("path", ["/welcome", "/account"])
async def test_it_never_says_that_it_may_write_while_the_gate_says_no(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, path: str
) -> None:
    await log_in(visitor)
    await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert "can message you" in (await visitor.get(path)).text
    askfirst.answers["/v1/check"] = {"verdict": "deny", "reasons": [{"code": "withdrawn"}]}
    page = (await visitor.get(path)).text
    assert "can message you" not in page
    assert "You unsubscribed from these messages." in page


async def test_a_returning_customer_whose_yes_does_not_count_is_led_on(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await log_in(visitor)
    held = consent("vouched", "assurance_too_low", "confirm_in_whatsapp")
    askfirst.answers["/v1/consents"] = held
    askfirst.answers["/v1/check"] = {"verdict": "deny", "reasons": [{"code": "assurance_too_low"}]}
    page = await visitor.post("/signup", data={**FORM, "askfirst_signup": "grant"})
    assert "can message you" not in page.text
    assert 'href="https://wa.me/1?text=AF-1"' in page.text


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
    await log_in(visitor)
    details = {"error_data": {"details": "Ask first."}, "askfirst": {"reasons": ["no_opt_in"]}}
    path = "/v26.0/200000000000001/messages"
    askfirst.answers[path] = Refused(400, {"error": {"code": 131050, **details}})
    page = await visitor.post("/account/send", data={"what": "offer"})
    assert "askfirst has stopped the offer" in page.text
    assert "You have not said yes" in page.text
    (message,) = askfirst.made(path)
    assert (message["to"], message["template"]["name"]) == (ADA, "summer_offer")


async def test_of_twelve_offers_the_page_says_how_many_left_and_why_the_others_did_not(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await log_in(visitor)
    details = {"error_data": {"details": "Too many."}, "askfirst": {"reasons": ["frequency_cap"]}}
    path = "/v26.0/200000000000001/messages"
    askfirst.answers[path] = Refused(429, {"error": {"code": 131049, **details}})
    askfirst.answers["/v1/check"] = {
        "verdict": "wait",
        "reasons": [{"code": "frequency_cap"}],
        "retry_at": "2026-01-31T09:00:00.000000Z",
    }
    page = await visitor.post("/account/campaign", data={})
    assert "Offers that reached the customer: 0 of 12." in page.text
    assert "Stopped: 12." in page.text
    assert "one offer a day, two a week and six a month" in page.text
    assert "2026-01-31 09:00 UTC" in page.text
    assert "Offers: Café Lune can message you." in page.text, "only time is in the way"
    assert len(askfirst.made(path)) == 12


async def test_without_an_answer_nothing_counts_as_sent(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await log_in(visitor)
    askfirst.answers["/v26.0/200000000000001/messages"] = Away("no line")
    page = await visitor.post("/account/send", data={"what": "offer"})
    assert "askfirst has stopped the offer" in page.text


async def test_an_entry_is_made_once_for_each_language(askfirst: FakeAskfirst) -> None:
    known = {"name": "support page", "locale": "fr", "ended_at": None}
    ended = {"name": "support page", "locale": "de", "ended_at": "2026-01-31T09:00:00Z"}
    askfirst.answers["/v1/entries"] = {"data": [known, ended], "next_cursor": None}
    entries = await open_entries(askfirst, all_words())
    made = [body["locale"] for body in askfirst.made("/v1/entries")]
    assert made == ["en", "de", "ar", "ja"]
    assert entries["fr"] == known


async def test_an_entry_is_found_however_many_there_are(askfirst: FakeAskfirst) -> None:
    pages = [("", "one&two"), ("?after=one%26two", "three"), ("?after=three", None)]
    for (query, cursor), language in zip(pages, ("en", "fr", "ar"), strict=True):
        known = {"name": "support page", "locale": language, "ended_at": None}
        askfirst.answers[f"/v1/entries{query}"] = {"data": [known], "next_cursor": cursor}
    entries = await open_entries(askfirst, all_words())
    assert [body["locale"] for body in askfirst.made("/v1/entries")] == ["de", "ja"]
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


async def test_an_update_is_about_the_order_that_was_confirmed_last(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await visitor.post("/order", data=ORDER)
    await visitor.post("/order", data=ORDER)
    confirmed = await visitor.get("/thanks")
    await log_in(visitor)
    await visitor.post("/account/send", data={"what": "update"})
    (message,) = askfirst.made("/v26.0/200000000000001/messages")
    (body,) = message["template"]["components"]
    assert [one["text"] for one in body["parameters"]] == ["CL-1002"]
    assert "CL-1002" in confirmed.text
