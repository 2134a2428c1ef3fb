"""Logging in: what a choice of way means, and when somebody is in."""

from __future__ import annotations

import httpx
import pytest

from askfirst_client import Away, Refused
from tests.shop.conftest import ADA, FakeAskfirst, code
from words import NAMES, all_words

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
            ASKED | {"prompt": {"token": "signed-code"}},
        ),
        ({"askfirst_code": "refuse"}, ASKED),
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


@pytest.mark.parametrize(
    ("channel", "words"),
    [("sms", "We have sent you a text message"), ("whatsapp_inbound", "send the message")],
)
async def test_another_way_is_the_one_that_askfirst_names(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, channel: str, words: str
) -> None:
    askfirst.answers["/v1/codes"] = code(channel)
    page = await begin(visitor, "refuse")
    assert words in page.text
    assert ('id="code"' in page.text) is (channel == "sms")
    told = await visitor.post("/login/code", json={**FORM, "askfirst_code": "refuse"})
    assert words in told.json()["reminder"]
    assert told.json()["channel"] == channel


async def test_a_new_code_reminds_of_the_way_that_it_takes(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    assert "Go to WhatsApp" in (await begin(visitor)).text
    askfirst.answers["/v1/codes/cod_1/resend"] = code("sms")
    page = await visitor.post("/login/resend")
    assert "We have sent you a text message" in page.text
    told = await visitor.post("/login/resend", json={})
    assert "We have sent you a text message" in told.json()["reminder"]


TROUBLES = [
    (Refused(409, {"code": "conflict"}), 409, "ended"),
    (Refused(404, {"code": "not_found"}), 404, "ended"),
    (Refused(429, {"policy": "cool_down"}), 429, "too_many"),
    (Refused(429, {"policy": "failed_checks"}), 429, "no_checks"),
    (Away("no line"), 503, "failed"),
]


@pytest.mark.parametrize("language", sorted(NAMES))
@pytest.mark.parametrize(("trouble", "status", "name"), TROUBLES)
async def test_each_trouble_has_its_own_words(
    visitor: httpx.AsyncClient,
    askfirst: FakeAskfirst,
    language: str,
    trouble: Exception,
    status: int,
    name: str,
) -> None:
    visitor.headers["accept-language"] = language
    words = all_words()[language]("shop.failed" if name == "failed" else f"login.{name}")
    await begin(visitor)
    for act in ("resend", "check"):
        askfirst.answers[f"/v1/codes/cod_1/{act}"] = trouble
        page = await visitor.post(f"/login/{act}", data={"code": "1"})
        assert (page.status_code, words in page.text) == (status, True)
        told = await visitor.post(f"/login/{act}", json={"code": "1"})
        assert (told.status_code, told.json()["detail"]) == (status, words)


async def test_a_mistyped_number_can_be_changed(visitor: httpx.AsyncClient) -> None:
    link = 'href="{}">Use another number'
    assert link.format("/login") in (await visitor.get("/login")).text
    assert link.format("/login") in (await begin(visitor)).text
    page = await begin(visitor, channel="whatsapp_inbound")
    assert link.format("/login/message") in page.text


async def test_a_message_that_never_came_can_be_begun_again(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst
) -> None:
    await begin(visitor, channel="whatsapp_inbound")
    askfirst.answers["/v1/codes/cod_1"] = {"state": "expired"}
    page = await visitor.post("/login/check")
    assert "We did not receive your message. Please start again." in page.text
    assert '<a class="button" href="/login/message">Start again</a>' in page.text
    assert "https://wa.me" not in page.text


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
    assert body["number_proof"] == "vouched"
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
        (Refused(429, {"code": "too_many"}), 422, "Too many codes were requested"),
        (Refused(422, {"errors": [{"field": "to", "message": ""}]}), 422, "Check the number"),
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
