"""Yes and no on a thank-you page: one press answers and sends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.elements.conftest import heard
from tests.elements.questions import TOKEN, buttons
from tests.elements.shop import Shop

pytestmark = pytest.mark.browser

SENT = [("askfirst_order_token", TOKEN), ("order", "4711")]
REQUIRED = '<label>Name <input name="who" required></label>'


def thanks(more: str = "") -> str:
    return f"""
<form action="/order" method="post">
  <input type="hidden" name="order" value="4711">
  {more}
  <askfirst-order>{buttons()}</askfirst-order>
</form>"""


@pytest.mark.parametrize(("name", "answer"), [("Yes", "grant"), ("No", "refuse")])
def test_without_scripts_it_is_a_plain_form(
    shop: Shop, plain: Page, name: str, answer: str
) -> None:
    plain.goto(shop.show(thanks()))
    with plain.expect_navigation():
        plain.get_by_role("button", name=name).click()
    assert shop.posted("/order")[0].fields == [("askfirst_order", answer), *SENT]


@pytest.mark.parametrize(("name", "answer"), [("Yes", "grant"), ("No", "refuse")])
def test_a_press_sends_the_answer_once(shop: Shop, page: Page, name: str, answer: str) -> None:
    page.goto(shop.show(thanks()))
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
    assert [one.fields for one in shop.posted("/order")] == [[("askfirst_order", answer), *SENT]]


def test_without_scripts_enter_in_a_field_is_no_answer(shop: Shop, plain: Page) -> None:
    plain.goto(shop.show(thanks(REQUIRED)))
    plain.get_by_label("Name").fill("Ada")
    with plain.expect_navigation():
        plain.get_by_label("Name").press("Enter")
    assert "askfirst_order" not in dict(shop.posted("/order")[0].fields)


def test_the_answer_is_told_before_the_form_goes(shop: Shop, page: Page) -> None:
    own = shop.script(
        "/own.js",
        """document.forms[0].addEventListener("submit", (event) => {
             event.preventDefault();
             window.before = heard.length;
           });""",
    )
    page.goto(shop.show(thanks(), scripts=("/elements/askfirst.js", own)))
    page.get_by_role("button", name="No").click()
    told = {"type": "askfirst-answer", "key": "order", "answer": "refuse", "token": TOKEN}
    assert heard(page) == [told]
    assert page.evaluate("window.before") == 1


def test_a_form_that_lacks_something_is_not_sent(shop: Shop, page: Page) -> None:
    page.goto(shop.show(thanks(REQUIRED)))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_label("Name")).to_be_focused()
    assert shop.posted("/order") == []


def test_enter_in_another_field_is_no_yes(shop: Shop, page: Page) -> None:
    page.goto(shop.show(thanks(REQUIRED)))
    page.get_by_label("Name").fill("Ada")
    with page.expect_navigation():
        page.get_by_label("Name").press("Enter")
    assert shop.posted("/order")[0].fields == [*SENT, ("who", "Ada")]


def test_a_script_does_not_press(shop: Shop, page: Page) -> None:
    own = shop.script(
        "/own.js", 'document.querySelector("[value=grant]").click(); window.isDone = true'
    )
    page.goto(shop.show(thanks(), scripts=("/elements/askfirst.js", own)))
    page.wait_for_function("window.isDone")
    assert heard(page) == []
    assert shop.posted("/order") == []


@pytest.mark.parametrize(("tabs", "answer"), [(1, "grant"), (2, "refuse")])
def test_it_can_be_used_by_keyboard(shop: Shop, page: Page, tabs: int, answer: str) -> None:
    page.goto(shop.show(thanks()))
    for _ in range(tabs):
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert shop.posted("/order")[0].fields == [("askfirst_order", answer), *SENT]
