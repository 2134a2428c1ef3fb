"""The demo's shop in a real browser: every place where it asks, from click to ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.shop_visit import (
    AXE,
    EVERYBODY,
    GERMANY,
    LANGUAGES,
    ONE_OF_EACH,
    Demo,
    Visitor,
    digits_of,
    each,
    open_demo,
    said,
    visit,
    wait_for,
)

pytestmark = pytest.mark.browser

BRAZIL = "+55 11 98765 4"
MESSAGE_READY = "login.message_ready"
PAGES = ("/", "/signup", "/order", "/pickup", "/support", "/login", "/login/message")
COLOURS = {"en": "light", "fr": "dark", "ar": "light"}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with open_demo() as running:
        yield running


@pytest.fixture
def visitor(demo: Demo, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    language, has_scripts = getattr(request, "param", ("en", True))
    with visit(demo, browser, language, has_scripts=has_scripts) as somebody:
        yield somebody


# Sign-up


@each(EVERYBODY)
def test_a_ticked_box_at_sign_up_is_a_yes_that_was_shown(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.sign_up(number, ticked=True)
    assert demo.events(number) == ["granted marketing shown signup"]
    expect(visitor.page.locator("main")).to_contain_text(said(visitor.language, "welcome.noted"))
    expect(visitor.page.locator(".askfirst-open")).to_be_visible()


@each(ONE_OF_EACH)
def test_an_empty_box_at_sign_up_records_nothing(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.sign_up(number, ticked=False)
    assert demo.events(number) == []
    expect(visitor.page.locator("main")).to_contain_text(said(visitor.language, "welcome.silent"))


def test_what_was_typed_and_ticked_is_kept_after_a_mistake(visitor: Visitor) -> None:
    visitor.open("/signup")
    visitor.page.locator("#name").fill("Ada")
    visitor.page.locator("#phone").fill("12345")
    visitor.page.locator(".askfirst-box input").check()
    visitor.page.locator("main .button").click()
    expect(visitor.page.locator("#phone-wrong")).to_be_visible()
    expect(visitor.page.locator("#name")).to_have_value("Ada")
    expect(visitor.page.locator("#phone")).to_have_value("12345")
    expect(visitor.page.locator(".askfirst-box input")).to_be_checked()


# Log-in


@each(EVERYBODY)
def test_a_code_comes_by_whatsapp_and_logs_in(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.ask_for_code(number)
    visitor.shoot("code")
    visitor.type_code(demo.whatsapp_code(number))
    visitor.page.wait_for_url("**/account")
    assert demo.events(number) == [
        "granted authentication shown code",
        "granted authentication confirmed code",
    ]
    assert demo.phone(number)["sms"] == []


@each(ONE_OF_EACH)
def test_without_whatsapp_the_code_comes_by_sms(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    demo.act(number, "trouble", not_on_whatsapp=True)
    visitor.ask_for_code(number)
    visitor.type_code(demo.sms_code(number))
    visitor.page.wait_for_url("**/account")
    assert demo.phone(number)["inbox"] == []


@each([("en", True), ("ar", False)])
def test_who_chooses_another_way_gets_an_sms_and_has_agreed_to_nothing(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.ask_for_code(number, ".askfirst-no")
    visitor.type_code(demo.sms_code(number))
    visitor.page.wait_for_url("**/account")
    assert not [line for line in demo.events(number) if line.startswith("granted")]


@each(EVERYBODY)
def test_a_message_from_the_number_logs_in_without_a_code(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.open("/login/message")
    visitor.page.locator("#phone").fill(number)
    visitor.page.locator("main .button").click()
    link = visitor.page.locator(".askfirst-open").get_attribute("href")
    visitor.shoot("message")
    assert link is not None
    demo.send_ready_text(number, link)
    if not visitor.has_scripts:
        visitor.page.locator("main .button").click()
    visitor.page.wait_for_url("**/account")
    assert demo.events(number) == [
        "granted authentication confirmed code",
        "confirmed authentication confirmed code",
    ]


@each([("en", True), ("fr", False), ("ar", True)])
def test_where_policy_says_so_another_way_is_a_message_from_the_number(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number(BRAZIL)
    visitor.ask_for_code(number, ".askfirst-no", seen=".askfirst-open")
    expect(visitor.page.locator("#code")).to_be_hidden()
    expect(visitor.page.locator("main")).to_contain_text(said(visitor.language, MESSAGE_READY))
    visitor.shoot("inbound-first")
    expect(visitor.page.get_by_text(said(visitor.language, "login.fallback"))).to_be_hidden()
    link = visitor.page.locator(".askfirst-open").get_attribute("href")
    assert link is not None
    demo.send_ready_text(number, link)
    if not visitor.has_scripts:
        visitor.page.locator("main .button").click()
    visitor.page.wait_for_url("**/account")
    assert demo.phone(number)["sms"] == []
    assert not [line for line in demo.events(number) if "shown" in line]


@each([("en", True), ("ar", False)])
def test_a_mistyped_number_can_be_changed(demo: Demo, visitor: Visitor) -> None:
    visitor.open("/login")
    expect(visitor.page.locator(".other")).to_be_hidden()
    visitor.ask_for_code(demo.new_number())
    visitor.shoot("other-number")
    with visitor.page.expect_navigation():
        visitor.page.locator(".other a").click()
    expect(visitor.page.locator("#phone")).to_have_value("")
    number = demo.new_number()
    visitor.ask_for_code(number)
    visitor.type_code(demo.whatsapp_code(number))
    visitor.page.wait_for_url("**/account")


@each([("en", True), ("ar", True)])
def test_a_message_that_never_came_can_be_begun_again(demo: Demo, visitor: Visitor) -> None:
    visitor.open("/login/message")
    visitor.page.locator("#phone").fill(demo.new_number())
    with visitor.page.expect_response("**/login/code") as asked:
        visitor.page.locator("main .button").click()
    demo.api.delete(f"/v1/codes/{asked.value.json()['id']}").raise_for_status()
    expect(visitor.page.get_by_role("alert")).to_have_text(said(visitor.language, "login.over"))
    look_at(visitor, "message-over")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name=said(visitor.language, "login.again")).click()
    expect(visitor.page.locator("#phone")).to_be_visible()


@each([("en", True), ("fr", False)])
def test_a_wrong_code_is_told_and_does_not_log_in(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.ask_for_code(number)
    right = demo.whatsapp_code(number)
    visitor.type_code(str((int(right) + 1) % 10**8).zfill(8))
    expect(visitor.page.get_by_role("alert")).to_contain_text("2")
    visitor.type_code(f" {right[:4]} {right[4:]} ")
    visitor.page.wait_for_url("**/account")


@each([("en", True), ("en", False)])
def test_enter_in_the_number_field_chooses_nothing(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.open("/login")
    visitor.page.locator("#phone").fill(number)
    visitor.page.locator("#phone").press("Enter")
    expect(visitor.page.locator(".askfirst-yes")).to_be_visible()
    assert demo.events(number) == []
    visitor.page.locator(".askfirst-yes").click()
    visitor.type_code(demo.whatsapp_code(number))
    visitor.page.wait_for_url("**/account")


@each(ONE_OF_EACH)
def test_the_box_at_log_in_counts_once_the_number_is_proven(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.ask_for_code(number, ticked=True)
    assert "granted marketing shown login" not in demo.events(number)
    visitor.type_code(demo.whatsapp_code(number))
    visitor.page.wait_for_url("**/account")
    assert demo.events(number)[-1] == "granted marketing shown login"


# After an order


@each(EVERYBODY)
def test_a_yes_after_an_order_is_about_that_order(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.order(number)
    visitor.shoot("thanks")
    visitor.page.locator(".askfirst-yes").click()
    words = said(visitor.language, "thanks.order_noted")
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    expect(visitor.page.locator(".askfirst-open")).to_be_visible()
    visitor.shoot("order-noted")
    assert demo.events(number) == ["granted utility.order shown order"]


@each([*ONE_OF_EACH, ("en", False)])
def test_a_no_after_an_order_counts_as_well(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.order(number)
    visitor.page.locator(".askfirst-no").click()
    words = said(visitor.language, "thanks.order_refused")
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    assert demo.events(number) == ["refused utility.order shown order"]


def test_a_customer_may_be_asked_about_all_orders_instead(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.order(number)
    visitor.page.locator("a[href='/thanks?ask=orders']").click()
    visitor.page.locator(".askfirst-yes").click()
    expect(visitor.page.get_by_role("status")).to_have_text(said("en", "thanks.orders_noted"))
    assert demo.events(number) == ["granted utility shown order"]


# Customer-started chat


@each(EVERYBODY)
def test_a_customer_starts_the_chat_is_asked_there_and_taps_yes(
    demo: Demo, visitor: Visitor
) -> None:
    number, page = demo.new_number(), visitor.page
    visitor.open("/support")
    link = page.locator(".askfirst-open").get_attribute("href")
    page.goto(f"{link}&phone={digits_of(number)}")
    page.locator("form[action$='/write'] button").click()
    assert demo.events(number) == []
    wait_for(lambda: demo.phone(number)["inbox"])
    page.goto(f"{demo.simulator}/inbox/{digits_of(number)}")
    visitor.shoot("phone")
    page.locator("form[action$='/tap'] button").first.click()
    wait_for(lambda: demo.events(number))
    assert demo.events(number) == ["granted marketing confirmed chat"]


@each(EVERYBODY)
def test_an_entrys_page_leads_to_the_chat_to_the_question_and_to_the_yes(
    demo: Demo, visitor: Visitor
) -> None:
    number, page = demo.new_number(), visitor.page
    page.goto(demo.entry(visitor.language))
    expect(page.locator("html")).to_have_attribute("lang", visitor.language)
    visitor.shoot("entry")
    link = page.locator(".way-in a.button").get_attribute("href")
    page.goto(f"{link}&phone={digits_of(number)}")
    page.locator("form[action$='/write'] button").click()
    wait_for(lambda: demo.phone(number)["inbox"])
    assert demo.events(number) == []
    page.goto(f"{demo.simulator}/inbox/{digits_of(number)}")
    page.locator("form[action$='/tap'] button").first.click()
    wait_for(lambda: demo.events(number))
    assert demo.events(number) == ["granted marketing confirmed chat"]


# Meta's own sign-up link


@each([("en", True), ("fr", True), ("ar", False)])
def test_who_signs_up_by_metas_link_is_recorded_by_its_webhook(
    demo: Demo, visitor: Visitor
) -> None:
    number, page = demo.new_number(), visitor.page
    demo.act(number, "messages", text="Hello")
    page.goto(f"{demo.simulator}/inbox/{digits_of(number)}")
    page.locator("summary.round").click()
    page.locator("form[action$='/signup'] button").click()
    wait_for(lambda: demo.events(number))
    assert demo.events(number) == [
        "native_resumed marketing confirmed chat",
        "granted marketing confirmed link",
    ]


# Sending


@each([("en", True), ("fr", True), ("ar", True), ("en", False)])
def test_an_offer_is_refused_before_the_yes_and_passes_after(demo: Demo, visitor: Visitor) -> None:
    number, page = demo.new_number(), visitor.page
    visitor.log_in(number)
    page.locator("button[value='offer']").click()
    expect(page.locator("#sent.stopped")).to_contain_text(
        said(visitor.language, "reason.no_opt_in")
    )
    visitor.shoot("refused")
    visitor.sign_up(number, ticked=True)
    visitor.open("/account")
    page.locator("button[value='offer']").click()
    expect(page.locator("#sent.passed")).to_contain_text(
        said(visitor.language, "account.offer_passed")
    )
    visitor.shoot("sent")
    assert demo.phone(number)["inbox"][-1]["template"] == "summer_offer"


def test_a_stop_on_the_phone_holds_in_the_shop_at_once(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.log_in(number, ticked=True)
    demo.act(number, "messages", text="STOP")
    visitor.open("/account")
    visitor.page.locator("button[value='offer']").click()
    expect(visitor.page.locator("#sent.stopped")).to_contain_text(said("en", "reason.withdrawn"))


def test_news_of_an_order_passes_after_a_yes_to_it(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.log_in(number)
    visitor.order(number)
    visitor.page.locator(".askfirst-yes").click()
    words = said("en", "thanks.order_granted")
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    visitor.open("/account")
    visitor.page.locator("button[value='update']").click()
    expect(visitor.page.locator("#sent.passed")).to_be_visible()
    visitor.page.locator("button[value='offer']").click()
    expect(visitor.page.locator("#sent.stopped")).to_be_visible()


# What I agreed to


@each(ONE_OF_EACH)
def test_who_has_proven_their_number_sees_what_they_agreed_to(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.ask_for_code(number, ticked=True)
    visitor.type_code(demo.whatsapp_code(number))
    visitor.page.wait_for_url("**/account")
    visitor.page.locator("form[action='/account/preferences'] button").click()
    visitor.page.wait_for_url(f"{demo.server}/p/cafe-lune/me/*")
    expect(visitor.page.locator("html")).to_have_attribute("lang", visitor.language)
    visitor.shoot("preferences")


def test_who_has_only_typed_a_number_is_not_shown_its_consents(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.sign_up(number, ticked=True)
    visitor.open("/account")
    assert visitor.page.locator("form[action='/account/preferences']").count() == 0
    assert visitor.page.locator("form[action='/account/send']").count() == 0
    expect(visitor.page.locator(".askfirst-open")).to_be_visible()


# Every page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_fits_a_small_screen_and_speaks_one_language(
    demo: Demo, browser: Browser, language: str
) -> None:
    options: dict[str, Any] = {
        "viewport": {"width": 320, "height": 700},
        "color_scheme": COLOURS[language],
    }
    with visit(demo, browser, language, **options) as visitor:
        for path in PAGES:
            visitor.open(path)
            visitor.page.wait_for_load_state("networkidle")
            look_at(visitor, path.strip("/").replace("/", "-") or "start")
        visitor.sign_up(demo.new_number(GERMANY), ticked=True)
        look_at(visitor, "welcome-small")
        visitor.open("/account")
        look_at(visitor, "account-typed")
        visitor.log_in(demo.new_number())
        visitor.page.locator("button[value='offer']").click()
        look_at(visitor, "account")
        visitor.order(demo.new_number())
        look_at(visitor, "thanks-small")


def look_at(visitor: Visitor, name: str) -> None:
    page = visitor.page
    visitor.shoot(name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == visitor.language
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(({ violations }) => violations)")
    assert [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]] == [], name


def test_the_language_can_be_changed_and_stays(visitor: Visitor) -> None:
    visitor.open("/support")
    visitor.page.locator(".end button[value='ar']").click()
    visitor.page.wait_for_url("**/support")
    expect(visitor.page.locator("html")).to_have_attribute("dir", "rtl")
    visitor.open("/signup")
    expect(visitor.page.locator(".askfirst-prompt")).to_have_attribute("lang", "ar")


def test_no_number_is_in_any_address(demo: Demo, visitor: Visitor) -> None:
    number, seen = demo.new_number(), list[str]()
    visitor.page.on("request", lambda request: seen.append(request.url))
    visitor.sign_up(number, ticked=True)
    visitor.order(number)
    visitor.ask_for_code(number)
    visitor.type_code(demo.whatsapp_code(number))
    visitor.page.wait_for_url("**/account")
    assert len(seen) > 10
    assert not [url for url in seen if digits_of(number)[-6:] in url]


@each(EVERYBODY)
def test_a_page_that_is_missing_says_so_and_leads_back(visitor: Visitor) -> None:
    visitor.open("/nothing")
    heading = visitor.page.get_by_role("heading", name=said(visitor.language, "shop.missing"))
    expect(heading).to_be_visible()
    visitor.page.get_by_role("link", name=said(visitor.language, "thanks.back")).click()
    expect(visitor.page.locator(".hero")).to_be_visible()


@each([("en", True), ("ar", True)])
def test_a_number_stands_where_the_line_begins(visitor: Visitor) -> None:
    visitor.open("/login")
    side = "right" if visitor.language == "ar" else "left"
    align = visitor.page.locator("#phone").evaluate("(field) => getComputedStyle(field).textAlign")
    assert align in (side, "start")
