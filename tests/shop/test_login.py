"""Logging in: what a choice of way means, and when somebody is in."""

from __future__ import annotations

import httpx
import pytest

from askfirst_client import Away, Refused
from tests.shop.conftest import ADA, FakeAskfirst, code

FORM = {"phone": "+44 7700 900123", "askfirst_code_token": "signed-code"}
ASKED = {"to": ADA, "locale": "en", "purpose": "login"}
BOX = {"askfirst_login": "grant", "askfirst_login_token": "signed-login"}


async def begin(visitor: httpx.AsyncClient, way: str = "grant", **more: str) -> httpx.Response:
    return await visitor.post("/login/code", data={**FORM, "askfirst_code": way, **more})


@pytest.mark.parametrize(
    ("choice", "asked"),
    [
        (
            {"askfirst_code": "grant"},
            ASKED | {"channel": "whatsapp,sms", "prompt": {"token": "signed-code"}},
        ),
        ({"askfirst_code": "refuse"}, ASKED | {"channel": "sms"}),
        ({"channel": "whatsapp_inbound"}, ASKED | {"channel": "whatsapp_inbound"}),
    ],
)
async def test_each_choice_has_its_way(
    visitor: httpx.AsyncClient,
    askfirst: FakeAskfirst,
    choice: dict[str, str],
    asked: dict[str, object],
) -> None:
    await visitor.post("/login/code", data=FORM | choice)
    assert askfirst.made("/v1/codes") == [asked]


async def test_no_choice_is_asked_for_once_more(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    page = await visitor.post("/login/code", data=FORM | BOX)
    assert askfirst.calls == []
    assert "How would you like to get the code?" in page.text
    assert 'name="askfirst_login" value="grant"' in page.text


async def test_the_right_code_logs_in(visitor: httpx.AsyncClient, askfirst: FakeAskfirst) -> None:
    await begin(visitor)
    page = await visitor.post("/login/check", data={"code": "1234 5678"})
    assert page.url.path == "/account"
    typed = {"code": "1234 5678", "purpose": "login", "to": ADA}
    assert askfirst.made("/v1/codes/cod_1/check") == [typed]


@pytest.mark.parametrize("result", ["wrong", "expired", "used", "locked"])
async def test_any_other_code_does_not(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, result: str
) -> None:
    await begin(visitor, **BOX)
    askfirst.answers["/v1/codes/cod_1/check"] = {"result": result, "tries_left": 2}
    page = await visitor.post("/login/check", data={"code": "0"})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert (await visitor.get("/account")).url.path == "/login"
    assert askfirst.made("/v1/consents") == []


async def test_a_code_counts_only_in_the_browser_that_asked_for_it(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await begin(visitor)
    visitor.cookies.clear()
    page = await visitor.post("/login/check", data={"code": "12345678", "id": "cod_1"})
    assert page.url.path == "/login"
    assert askfirst.made("/v1/codes/cod_1/check") == []


async def test_the_box_counts_after_the_number_is_proven(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await begin(visitor, **BOX)
    assert askfirst.made("/v1/consents") == []
    await visitor.post("/login/check", data={"code": "12345678"})
    (body,) = askfirst.made("/v1/consents")
    assert body["prompt"] == {"token": "signed-login"}


@pytest.mark.parametrize(
    ("state", "place"), [("waiting", "/login/check"), ("approved", "/account")]
)
async def test_a_message_logs_in_once_it_has_come_in(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, state: str, place: str
) -> None:
    await begin(visitor, channel="whatsapp_inbound")
    askfirst.answers["/v1/codes/cod_1"] = {"state": state}
    assert (await visitor.post("/login/check")).url.path == place


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        (Refused(429, {"code": "too_many"}), 422, "Too many codes were asked for"),
        (Refused(422, {"errors": [{"field": "to", "message": ""}]}), 422, "not a number"),
        (Refused(422, {"errors": [{"field": "prompt.token", "message": ""}]}), 422, "try again"),
        (Away("no line"), 503, "try again"),
    ],
)
async def test_why_there_is_no_code_is_told_to_people_and_to_the_element(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, trouble: Exception, status: int, words: str
) -> None:
    askfirst.answers["/v1/codes"] = trouble
    page = await begin(visitor)
    assert (page.status_code, words in page.text) == (status, True)
    told = await visitor.post("/login/code", json={**FORM, "askfirst_code": "grant"})
    assert (told.status_code, words in told.json()["detail"]) == (status, True)


async def test_the_element_is_told_what_it_shows_and_no_more(visitor: httpx.AsyncClient) -> None:
    told = await visitor.post("/login/code", json={**FORM, "askfirst_code": "grant"})
    shown = {"id", "masked", "channel", "expires_at", "resend_at", "reminder", "open_url", "qr_url"}
    assert set(told.json()) == shown


async def test_another_code_is_for_the_same_log_in(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await begin(visitor)
    askfirst.answers["/v1/codes/cod_1/resend"] = code("whatsapp")
    await visitor.post("/login/resend")
    assert (await visitor.post("/login/check", data={"code": "1"})).url.path == "/account"


async def test_signing_up_with_a_number_does_not_open_its_holders_account(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await begin(visitor)
    await visitor.post("/login/check", data={"code": "12345678"})
    visitor.cookies.clear()
    await visitor.post("/signup", data={"name": "Eve", "phone": ADA})
    page = await visitor.post("/account/preferences")
    assert page.url.path == "/login"
    assert askfirst.made("/v1/preference-links") == []


async def test_a_proven_number_leads_to_its_preferences(visitor: httpx.AsyncClient) -> None:
    await begin(visitor)
    await visitor.post("/login/check", data={"code": "12345678"})
    answer = await visitor.post("/account/preferences", follow_redirects=False)
    assert answer.headers["location"] == "http://askfirst.test/p/cafe-lune/me/token?locale=en"


async def test_who_signed_up_with_a_number_does_not_share_its_holders_account(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await visitor.post("/signup", data={"name": "Eve", "phone": ADA})
    eve = visitor.cookies["lune"]
    visitor.cookies.clear()
    await begin(visitor)
    await visitor.post("/login/check", data={"code": "12345678"})
    assert "Eve" not in (await visitor.get("/account")).text
    visitor.cookies.clear()
    visitor.cookies.set("lune", eve)
    await visitor.post("/account/preferences")
    assert askfirst.made("/v1/preference-links") == []
