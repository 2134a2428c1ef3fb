"""The shop's quick order: a notice in the form, and a no beside it, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.shop_visit import (
    EVERYBODY,
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


def may_update(demo: Demo, number: str) -> tuple[str, str]:
    """What the gate says of news about an order."""
    sender = demo.api.get("/v1/senders").json()["data"][0]["phone_number_id"]
    body = {"sender": sender, "to": number, "purpose": "utility.order"}
    decision = demo.api.post("/v1/check", json=body).json()
    return decision["verdict"], decision["reasons"][0]["code"]


def order_box(visitor: Visitor, number: str) -> None:
    visitor.page.locator("#phone").fill(number)
    visitor.page.locator("main .button").click()
    visitor.page.wait_for_url("**/pickup?done=1")


@each(EVERYBODY)
def test_who_orders_was_informed_and_gets_news_about_the_order(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.open("/pickup")
    expect(visitor.page.locator(".askfirst-text")).to_contain_text("Café Lune")
    expect(visitor.page.locator(".askfirst-yes, .askfirst-box")).to_have_count(0)
    visitor.shoot("pickup")
    order_box(visitor, number)
    words = said(visitor.language, "pickup.informed")
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    visitor.shoot("pickup-informed")
    assert demo.events(number) == ["informed utility.order shown order"]
    assert may_update(demo, number) == ("allow", "informed")
    assert not demo.may_send(number)


@each([*ONE_OF_EACH, ("en", False)])
def test_a_no_beside_the_notice_places_no_order_and_counts_with_it(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.open("/pickup")
    visitor.page.locator(".askfirst-no").click()
    words = said(visitor.language, "pickup.no")
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    visitor.shoot("pickup-no")
    order_box(visitor, number)
    words = said(visitor.language, "pickup.refused")
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    assert demo.events(number) == ["refused utility.order shown order"]
    assert may_update(demo, number) == ("deny", "refused")


def test_enter_in_the_number_is_no_no(demo: Demo, visitor: Visitor) -> None:
    number = demo.new_number()
    visitor.open("/pickup")
    visitor.page.locator("#phone").fill(number)
    visitor.page.locator("#phone").press("Enter")
    visitor.page.wait_for_url("**/pickup?done=1")
    assert demo.events(number) == ["informed utility.order shown order"]


def test_a_stop_ends_it_and_the_next_notice_does_not_bring_it_back(
    demo: Demo, visitor: Visitor
) -> None:
    number = demo.new_number()
    visitor.open("/pickup")
    order_box(visitor, number)
    demo.act(number, "messages", text="STOP")
    visitor.open("/pickup")
    order_box(visitor, number)
    assert [line.split()[0] for line in demo.events(number)] == [
        "informed",
        "withdrawn",
        "informed",
    ]
    assert may_update(demo, number) == ("deny", "withdrawn")
