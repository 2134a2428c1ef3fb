"""From the tick to "confirm in WhatsApp", in a real browser: nothing is promised that is not so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.shop_visit import (
    GERMANY,
    ONE_OF_EACH,
    Demo,
    Visitor,
    each,
    open_demo,
    said,
    visit,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with open_demo() as running:
        yield running


@pytest.fixture
def visitor(demo: Demo, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    language, has_scripts = getattr(request, "param", ("en", True))
    with visit(demo, browser, language, has_scripts=has_scripts) as somebody:
        yield somebody


@each([("en", True), ("fr", True), ("ar", True), ("en", False)])
@pytest.mark.parametrize("country", ["+44 7700 900", GERMANY])
def test_the_tick_leads_to_whatsapp_where_the_number_says_the_yes(
    demo: Demo, visitor: Visitor, country: str
) -> None:
    number = demo.new_number(country)
    visitor.sign_up(number, ticked=True)
    link = visitor.page.locator(".askfirst-open").get_attribute("href")
    visitor.shoot("welcome")
    assert link is not None
    assert demo.may_send(number) is False
    demo.send_ready_text(number, link)
    visitor.page.locator("a[href='/welcome']").click()
    expect(visitor.page.locator(".good")).to_have_text(said(visitor.language, "welcome.confirmed"))
    visitor.shoot("confirmed")
    assert demo.may_send(number) is True
    assert demo.events(number) == [
        "granted marketing shown signup",
        "granted marketing confirmed link",
    ]


@each(ONE_OF_EACH)
def test_after_a_stop_signing_up_again_promises_nothing_and_leads_on(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.log_in(number, ticked=True)
    demo.act(number, "messages", text="STOP")
    visitor.page.context.clear_cookies()
    visitor.sign_up(number, ticked=True)
    text = visitor.page.locator("main").inner_text()
    assert said(visitor.language, "welcome.noted") in text
    assert said(visitor.language, "welcome.granted") not in text
    assert demo.may_send(number) is False
    link = visitor.page.locator(".askfirst-open").get_attribute("href")
    assert link is not None
    demo.send_ready_text(number, link)
    assert demo.may_send(number) is True


@each(ONE_OF_EACH)
def test_a_customer_who_has_logged_in_may_be_written_to_at_once(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.log_in(number)
    visitor.sign_up(number, ticked=True)
    expect(visitor.page.locator("main")).to_contain_text(said(visitor.language, "welcome.granted"))
    visitor.open("/account")
    expect(visitor.page.locator(".holds .passed")).to_contain_text(
        said(visitor.language, "account.offers_on")
    )
    visitor.shoot("holds")
    demo.act(number, "messages", text="STOP")
    for path in ("/welcome", "/account"):
        visitor.open(path)
        expect(visitor.page.locator("main")).to_contain_text(
            said(visitor.language, "reason.withdrawn")
        )
        for words in ("welcome.granted", "account.offers_on"):
            expect(visitor.page.locator("main")).not_to_contain_text(said(visitor.language, words))
