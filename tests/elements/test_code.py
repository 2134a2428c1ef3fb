"""From the number to the code, and words for everything that goes wrong on the way."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.elements.conftest import heard, new_page
from tests.elements.questions import TOKEN, buttons, fragment, optin
from tests.elements.shop import OPEN_POLICY, Shop

pytestmark = pytest.mark.browser

REMINDER = "Go to WhatsApp to get your code from Café Lune."
CODE_FORM = """
<form action="/login/check" method="post" hidden>
  <label>Code
    <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" required>
  </label>
  <button>Check</button>
  <button class="askfirst-resend" formaction="/login/resend" formnovalidate>Send a new code</button>
  <a href="/login">Use another number</a>
</form>"""


def login(choice: str = "", attributes: str = "") -> str:
    return f"""
<askfirst-code request="/login/code" check="/login/check" resend="/login/resend" {attributes}>
  <form action="/login" method="post">
    <label>Phone <input type="tel" name="phone" autocomplete="tel" required></label>
    {choice or buttons("code")}
  </form>
  {CODE_FORM}
</askfirst-code>"""


def sent(wait: float = 30, **more: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": "cod_1",
        "masked": "+44 •••• •••123",
        "channel": "whatsapp",
        "expires_at": (now + timedelta(minutes=5)).isoformat(),
        "resend_at": (now + timedelta(seconds=wait)).isoformat(),
        "reminder": REMINDER,
        "open_url": "https://wa.me/447700900123",
        **more,
    }


def ask(page: Page, name: str = "Yes", number: str = "+44 7700 900123") -> None:
    """Type the number and choose."""
    page.get_by_label("Phone").fill(number)
    page.get_by_role("button", name=name).click()


def code_field(page: Page) -> Locator:
    return page.get_by_label("Code")


def try_code(page: Page, code: str) -> None:
    code_field(page).fill(code)
    page.get_by_role("button", name="Check").click()


def seconds_left(resend: Locator) -> int:
    """Read the countdown."""
    found = re.fullmatch(r"Send a new code in (\d+) s", resend.inner_text())
    assert found is not None
    assert int(found[1]) <= 61
    return int(found[1])


def states(page: Page) -> list[str]:
    return [one["state"] for one in heard(page) if one["type"] == "askfirst-code"]


@pytest.fixture
def started(shop: Shop, page: Page) -> Page:
    """A page that waits for the code."""
    shop.answer("/login/code", sent())
    page.goto(shop.show(login()))
    ask(page)
    expect(code_field(page)).to_be_focused()
    return page


def test_without_scripts_each_step_is_a_plain_form(shop: Shop, plain: Page) -> None:
    plain.goto(shop.show(login()))
    expect(code_field(plain)).to_be_hidden()
    ask(plain)
    plain.wait_for_url("**/login")
    chosen = [("askfirst_code", "grant"), ("askfirst_code_token", TOKEN)]
    assert shop.posted("/login")[0].fields == [*chosen, ("phone", "+44 7700 900123")]
    next_step = CODE_FORM.replace("hidden>", '><input type="hidden" name="id" value="cod_1">')
    for press, path in (("Check", "/login/check"), ("Send a new code", "/login/resend")):
        plain.goto(shop.show(f"<askfirst-code>{next_step}</askfirst-code>"))
        code_field(plain).fill("1234")
        plain.get_by_role("button", name=press).click()
        plain.wait_for_url("**" + path)
        assert shop.posted(path)[0].fields == [("code", "1234"), ("id", "cod_1")]


@pytest.mark.parametrize(("name", "answer"), [("Yes", "grant"), ("No", "refuse")])
def test_the_choice_asks_for_a_code(shop: Shop, page: Page, name: str, answer: str) -> None:
    shop.answer("/login/code", sent())
    page.goto(shop.show(login()))
    ask(page, name)
    expect(code_field(page)).to_be_focused()
    expect(page.get_by_label("Phone")).to_be_hidden()
    assert [one.path for one in shop.received] == ["/login/code"]
    assert shop.received[0].json == {
        "phone": "+44 7700 900123",
        "askfirst_code": answer,
        "askfirst_code_token": TOKEN,
    }
    told = {"type": "askfirst-answer", "key": "code", "answer": answer, "token": TOKEN}
    assert heard(page) == [told, {"type": "askfirst-code", "state": "sent"}]


def test_a_built_in_question_asks_for_a_code(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent())
    page.goto(shop.show(login(fragment("code", "ar")), lang="ar", direction="rtl"))
    ask(page, "عبر واتساب")
    expect(code_field(page)).to_be_focused()
    assert shop.received[0].json["askfirst_code"] == "grant"


def test_a_question_of_its_own_asks_for_a_code(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent())
    shop.answer("/p/cafe/prompts/code.json", {"html": buttons("code")})
    page.goto(shop.show(login(optin("", 'src="/p/cafe/prompts/code.json"'))))
    ask(page)
    expect(code_field(page)).to_be_focused()
    assert shop.received[-1].json["askfirst_code_token"] == TOKEN


def test_enter_leads_to_the_choice_and_chooses_nothing(shop: Shop, page: Page) -> None:
    page.goto(shop.show(login()))
    page.get_by_label("Phone").fill("+44 7700 900123")
    page.get_by_label("Phone").press("Enter")
    expect(page.get_by_role("button", name="Yes")).to_be_focused()
    assert (shop.received, heard(page)) == ([], [])


def test_a_number_is_needed(shop: Shop, page: Page) -> None:
    page.goto(shop.show(login()))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_label("Phone")).to_be_focused()
    assert shop.received == []


def test_the_reminder_is_announced(started: Page) -> None:
    status = started.get_by_role("status")
    expect(status).to_contain_text(REMINDER)
    expect(status.locator("bdi")).to_have_text("+44 •••• •••123")
    link = started.get_by_role("link", name="Open WhatsApp")
    expect(link).to_have_attribute("href", "https://wa.me/447700900123")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(started.locator("img")).to_have_count(0)


def test_a_desk_gets_a_code_to_scan(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent(qr_url="/qr.svg"))
    page.goto(shop.show(login(attributes='data-scan="Scanner" data-open="Ouvrir"')))
    ask(page)
    page.get_by_role("button", name="Scanner").click()
    expect(page.get_by_role("img", name="Ouvrir")).to_be_visible()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", ""])
def test_an_address_that_is_no_page_is_no_link(shop: Shop, page: Page, address: str) -> None:
    shop.answer("/login/code", sent(open_url=address))
    page.goto(shop.show(login()))
    ask(page)
    expect(code_field(page)).to_be_focused()
    expect(page.get_by_role("link", name="Open WhatsApp")).to_have_count(0)


def test_the_right_code_is_told_once(shop: Shop, started: Page) -> None:
    shop.answer("/login/check", {"result": "approved"})
    try_code(started, "12345678")
    expect(started.get_by_role("status")).to_have_text("Done. Your number is confirmed.")
    expect(started.get_by_role("status")).to_be_focused()
    expect(code_field(started)).to_be_hidden()
    assert shop.posted("/login/check")[0].json == {"id": "cod_1", "code": "12345678"}
    assert states(started) == ["sent", "approved"]


@pytest.mark.parametrize(
    ("next_page", "arrives"), [("/account", True), ("https://elsewhere.example/", False)]
)
def test_the_right_code_leads_on_within_the_site(
    shop: Shop, page: Page, next_page: str, arrives: bool
) -> None:
    shop.answer("/login/code", sent())
    shop.answer("/login/check", {"result": "approved"})
    shop.show("<p>Welcome</p>", path="/account")
    page.goto(shop.show(login(attributes=f'next="{next_page}"')))
    ask(page)
    try_code(page, "12345678")
    if arrives:
        page.wait_for_url("**/account")
    else:
        expect(page.get_by_role("status")).to_have_text("Done. Your number is confirmed.")
        assert page.url == shop.url()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"result": "wrong", "tries_left": 2}, "That code is wrong. Attempts left: 2."),
        ({"result": "expired"}, "This code is no longer valid. Please ask for a new one."),
        ({"result": "used"}, "This code has been used already. Please ask for a new one."),
        ({"result": "locked"}, "Too many attempts. Please ask for a new code later."),
    ],
)
def test_what_is_amiss_is_announced(
    shop: Shop, started: Page, said: dict[str, Any], words: str
) -> None:
    shop.answer("/login/check", said)
    try_code(started, "12345678")
    expect(started.get_by_role("alert")).to_have_text(words)
    expect(code_field(started)).to_be_focused()
    expect(code_field(started)).to_have_attribute("aria-invalid", "true")
    expect(code_field(started)).to_have_accessible_error_message(words)
    assert states(started) == ["sent", said["result"]]
    assert started.locator("askfirst-code").get_attribute("state") == said["result"]


def test_words_may_be_in_any_language(shop: Shop, page: Page) -> None:
    words = 'data-wrong="رمز غير صحيح. المحاولات المتبقية: {tries}" data-wait="بعد {seconds} ث"'
    shop.answer("/login/code", sent())
    shop.answer("/login/check", {"result": "wrong", "tries_left": 1})
    page.goto(shop.show(login(attributes=words), lang="ar", direction="rtl"))
    ask(page)
    expect(page.locator(".askfirst-resend")).to_contain_text("بعد")
    try_code(page, "1")
    expect(page.get_by_role("alert")).to_have_text("رمز غير صحيح. المحاولات المتبقية: 1")


def test_an_announcement_goes_with_the_next_try(shop: Shop, started: Page) -> None:
    shop.answer("/login/check", {"result": "wrong", "tries_left": 2})
    shop.answer("/login/check", {"result": "approved"})
    try_code(started, "1")
    expect(started.get_by_role("alert")).not_to_be_empty()
    try_code(started, "2")
    expect(started.get_by_role("status")).to_have_text("Done. Your number is confirmed.")
    expect(started.get_by_role("alert")).to_be_empty()
    assert code_field(started).get_attribute("aria-invalid") == "false"


@pytest.mark.parametrize("pasted", ["1234 5678", "١٢٣٤ ٥٦٧٨", "۱۲۳۴-۵۶۷۸", " 1234\u00a05678\n"])
def test_a_whole_code_can_be_pasted(shop: Shop, started: Page, pasted: str) -> None:
    shop.answer("/login/check", {"result": "approved"})
    started.keyboard.insert_text(pasted)
    assert code_field(started).input_value() == "12345678"
    started.keyboard.press("Enter")
    expect(started.get_by_role("status")).to_have_text("Done. Your number is confirmed.")
    assert shop.posted("/login/check")[0].json["code"] == "12345678"


def test_digits_of_every_script_are_understood(started: Page) -> None:
    every = [one for one in map(chr, range(0x110000)) if unicodedata.category(one) == "Nd"]
    code_field(started).fill("".join(every))
    expected = "".join(str(unicodedata.digit(one)) for one in every)
    assert code_field(started).input_value() == expected


def test_a_new_code_may_be_asked_for_after_a_while(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent(30))
    shop.answer("/login/resend", sent(60, id="cod_2"))
    shop.answer("/login/check", {"result": "wrong", "tries_left": 2})
    page.clock.install(time=datetime(2020, 1, 1, tzinfo=UTC))  # a clock that is years slow
    page.goto(shop.show(login()))
    ask(page)
    resend = page.locator(".askfirst-resend")
    expect(resend).to_be_disabled()
    seconds = seconds_left(resend)
    page.clock.run_for(10_000)
    assert seconds - 15 < seconds_left(resend) <= seconds - 10
    page.clock.run_for(seconds * 1_000)
    expect(resend).to_have_text("Send a new code")
    code_field(page).fill("12")
    resend.click()
    expect(page.get_by_role("status")).to_contain_text("A new code is on its way. " + REMINDER)
    expect(code_field(page)).to_be_focused()
    expect(code_field(page)).to_have_value("")
    assert seconds_left(resend) > 30
    assert shop.posted("/login/resend")[0].json == {"id": "cod_1", "code": "12"}
    with page.expect_request("**/login/check") as checked:
        try_code(page, "1")
    assert checked.value.post_data_json == {"id": "cod_2", "code": "1"}


def test_a_refusal_is_told_in_its_own_words(shop: Shop, page: Page) -> None:
    wrong_number = {"detail": "…", "errors": [{"field": "phone", "message": "Not a number."}]}
    shop.answer("/login/code", wrong_number, 422)
    shop.answer("/login/code", {"detail": "Please wait a minute."}, 429)
    shop.answer("/login/code", [], 500)
    shop.answer("/login/code", sent())
    page.goto(shop.show(login()))
    ask(page)
    expect(page.get_by_role("alert")).to_have_text("Not a number.")
    expect(page.get_by_label("Phone")).to_be_focused()
    expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    for words in ("Please wait a minute.", "Something went wrong. Please try again later."):
        ask(page)
        expect(page.get_by_role("alert")).to_have_text(words)
        expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "false")
    ask(page)
    expect(code_field(page)).to_be_focused()
    expect(page.get_by_role("alert")).to_be_empty()
    assert states(page) == ["sent"]


def test_nothing_goes_to_another_origin(shop: Shop, browser: Browser) -> None:
    body = login().replace('request="/login/code"', f'request="{shop.url("/x", "localhost")}"')
    with new_page(browser, expected="Fetch API cannot load") as page:
        page.goto(shop.show(body, policy=OPEN_POLICY))
        ask(page)
        expect(page.get_by_role("alert")).to_have_text(
            "Something went wrong. Please try again later."
        )
    assert shop.received == []


def test_a_result_that_is_not_known_approves_nothing(shop: Shop, started: Page) -> None:
    shop.answer("/login/check", {"verdict": "fine"})
    try_code(started, "1")
    expect(started.get_by_role("alert")).to_have_text(
        "Something went wrong. Please try again later."
    )
    expect(code_field(started)).to_be_visible()


def test_a_press_too_many_asks_once(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent())
    page.goto(shop.show(login()))
    page.get_by_label("Phone").fill("+44 7700 900123")
    page.get_by_role("button", name="Yes").dblclick()
    expect(code_field(page)).to_be_focused()
    assert len(shop.posted("/login/code")) == 1


def test_without_addresses_the_forms_go_their_plain_way(shop: Shop, page: Page) -> None:
    body = login().replace('request="/login/code"', "")
    page.goto(shop.show(body))
    ask(page)
    page.wait_for_url("**/login")
    assert ("askfirst_code", "grant") in shop.posted("/login")[0].fields


def test_the_second_step_works_on_a_page_of_its_own(shop: Shop, page: Page) -> None:
    shop.answer("/login/check", {"result": "wrong", "tries_left": 2})
    given = CODE_FORM.replace("hidden>", '><input type="hidden" name="id" value="cod_9">')
    page.goto(shop.show(f'<askfirst-code check="/login/check">{given}</askfirst-code>'))
    code_field(page).fill("٤٢")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Attempts left: 2")
    assert shop.posted("/login/check")[0].json == {"id": "cod_9", "code": "42"}
    with page.expect_navigation():
        page.get_by_role("button", name="Send a new code").click()
    assert ("id", "cod_9") in shop.posted("/login/resend")[0].fields


def test_a_copy_starts_over(shop: Shop, started: Page) -> None:
    started.evaluate(
        """() => {
          const whole = document.querySelector("askfirst-code");
          whole.replaceWith(whole.cloneNode(true));
        }"""
    )
    expect(code_field(started)).to_be_hidden()
    expect(started.get_by_role("status")).to_be_empty()
    ask(started)
    expect(code_field(started)).to_be_focused()
    assert len(shop.posted("/login/code")) == 2
    assert states(started) == ["sent", "sent"]


def test_an_element_that_is_gone_asks_no_more(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent(channel="whatsapp_inbound"))
    page.clock.install()
    page.goto(shop.show(login()))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text(REMINDER)
    page.evaluate("document.querySelector('askfirst-code').remove()")
    page.clock.run_for(10_000)
    assert shop.posted("/login/check") == []


def test_who_sends_the_message_types_no_code(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent(channel="whatsapp_inbound", reminder="Send us the message."))
    shop.answer("/login/check", {"result": "waiting"})
    shop.answer("/login/check", {"detail": "away"}, 503)
    shop.answer("/login/check", {"result": "approved"})
    page.clock.install()
    page.goto(shop.show(login()))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("Send us the message.")
    expect(page.get_by_role("status")).to_be_focused()
    expect(page.get_by_role("link", name="Open WhatsApp")).to_be_visible()
    expect(code_field(page)).to_be_hidden()
    for _ in range(3):
        with page.expect_response("**/login/check"):
            page.clock.run_for(3_000)
    expect(page.get_by_role("status")).to_have_text("Done. Your number is confirmed.")
    assert states(page) == ["waiting", "approved"]


def test_who_did_not_send_the_message_can_begin_again(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent(channel="whatsapp_inbound"))
    shop.answer("/login/check", {"result": "expired"})
    page.clock.install()
    page.goto(shop.show(login(), path="/begin") + "#top")
    ask(page)
    expect(page.get_by_role("link", name="Open WhatsApp")).to_be_visible()
    with page.expect_response("**/login/check"):
        page.clock.run_for(3_000)
    expect(page.get_by_role("alert")).to_have_text(
        "We did not get your message. Please start again."
    )
    expect(page.get_by_role("link", name="Open WhatsApp")).to_have_count(0)
    expect(page.get_by_role("status")).to_be_empty()
    expect(code_field(page)).to_be_hidden()
    again = page.get_by_role("link", name="Start again")
    expect(again).to_be_focused()
    page.clock.run_for(30_000)
    assert len(shop.posted("/login/check")) == 1
    with page.expect_navigation():
        again.click()
    expect(page.get_by_label("Phone")).to_have_value("")
    expect(page.get_by_role("alert")).to_be_empty()


def test_it_can_be_used_by_keyboard(shop: Shop, page: Page) -> None:
    shop.answer("/login/code", sent())
    shop.answer("/login/check", {"result": "approved"})
    page.goto(shop.show(login()))
    page.keyboard.press("Tab")
    page.keyboard.type("+44 7700 900123")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(code_field(page)).to_be_focused()
    page.keyboard.type("1234 5678")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Done. Your number is confirmed.")
    assert shop.posted("/login/check")[0].json["code"] == "12345678"
