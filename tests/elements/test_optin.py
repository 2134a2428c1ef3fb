"""A box beside a form: it travels with the form, once, and only a person ticks it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.elements.conftest import heard, new_page
from tests.elements.questions import TOKEN, box, buttons, fragment, joining, optin
from tests.elements.shop import Shop
from tests.support.browser import launch

pytestmark = pytest.mark.browser

PHONE = ("phone", "+44 7700 900123")
SENT = ("askfirst_signup_token", TOKEN)
YES = ("askfirst_signup", "grant")
NAMED = """
const optin = document.querySelector("askfirst-optin");
const box = optin.querySelector("[type=checkbox]");
"""


def joined(page: Page, shop: Shop) -> list[tuple[str, str]]:
    """Send the form; gives what arrived."""
    with page.expect_navigation():
        page.locator("#join").click()
    return shop.posted("/join")[-1].fields


def test_without_scripts_it_is_a_plain_form(shop: Shop, plain: Page) -> None:
    plain.goto(shop.show(joining(optin(box()))))
    plain.get_by_role("checkbox").check()
    assert joined(plain, shop) == [YES, SENT, PHONE]


def test_the_answer_travels_once(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    assert joined(page, shop) == [YES, SENT, PHONE]


def test_an_empty_box_is_no_answer(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    assert joined(page, shop) == [SENT, PHONE]


def test_a_tick_can_be_taken_back(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    page.get_by_role("checkbox").uncheck()
    assert [one["answer"] for one in heard(page)] == ["grant", None]
    assert joined(page, shop) == [SENT, PHONE]


@pytest.mark.parametrize(
    ("key", "locale"),
    [("signup", "fr"), ("login", "ar"), ("preferences", "en"), ("code", "ar"), ("order", "fr")],
)
def test_built_in_questions_send_the_same_with_and_without_scripts(
    shop: Shop, browser: Browser, key: str, locale: str
) -> None:
    address = shop.show(joining(optin(fragment(key, locale))))
    for has_scripts in (True, False):
        with new_page(browser, java_script_enabled=has_scripts) as page:
            page.goto(address)
            page.locator("askfirst-optin [value=grant]").click()
            if page.url == address:
                page.locator("#join").click()
            page.wait_for_url("**/join")
    with_scripts, without = shop.posted("/join")
    assert with_scripts.fields == without.fields
    assert (f"askfirst_{key}", "grant") in without.fields


def test_the_answer_is_told_once_an_act(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_text("Receive offers").click()
    told = {"type": "askfirst-answer", "key": "signup", "answer": "grant", "token": TOKEN}
    assert heard(page) == [told]
    assert page.locator("askfirst-optin").get_attribute("answer") == "grant"


def test_the_answer_is_heard_outside_a_shadow(shop: Shop, page: Page) -> None:
    page.goto(shop.show("<div id=host></div>"))
    page.evaluate(
        "html => { host.attachShadow({mode: 'open'}).innerHTML = html }", joining(optin(box()))
    )
    page.get_by_role("checkbox").check()
    assert [one["answer"] for one in heard(page)] == ["grant"]


def test_two_questions_do_not_mix(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()), optin(box("news", token="other")))))
    page.get_by_role("checkbox").last.check()
    assert [(one["key"], one["token"]) for one in heard(page)] == [("news", "other")]
    news = [("askfirst_news", "grant"), ("askfirst_news_token", "other")]
    assert joined(page, shop) == [*news, SENT, PHONE]


def test_a_second_question_inside_is_left_to_itself(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box() + box("news", token="other")))))
    page.get_by_role("checkbox").last.check()
    assert heard(page) == []
    news = [("askfirst_news", "grant"), ("askfirst_news_token", "other")]
    assert joined(page, shop) == [*news, SENT, PHONE]


@pytest.mark.parametrize(
    ("inside", "attributes"),
    [
        (box().replace("checkbox", 'checkbox" checked="'), ""),
        (box(), 'answer="grant"'),
        (box().replace("checkbox", 'checkbox" checked="'), 'answer="grant"'),
    ],
)
def test_nobody_ticks_beforehand(shop: Shop, page: Page, inside: str, attributes: str) -> None:
    page.goto(shop.show(joining(optin(inside, attributes))))
    expect(page.locator("askfirst-optin:not([answer])")).to_have_count(1)
    expect(page.locator("[checked]")).to_have_count(0)
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    assert joined(page, shop) == [SENT, PHONE]


def test_browsers_are_told_not_to_remember_a_tick(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    expect(page.get_by_role("checkbox")).to_have_attribute("autocomplete", "off")


@pytest.mark.parametrize(
    "act",
    [
        "box.click()",
        "box.closest('label').click()",
        "box.checked = true; box.dispatchEvent(new Event('change', {bubbles: true}))",
        "optin.setAttribute('answer', 'grant')",
        "box.setAttribute('checked', '')",
        "box.setAttribute('checked', ''); box.form?.reset(); document.forms[0].reset()",
        "optin.formStateRestoreCallback?.(new FormData(), 'restore')",
    ],
)
def test_scripts_do_not_answer(shop: Shop, page: Page, act: str) -> None:
    own = shop.script("/own.js", f"{NAMED} {act}; window.isDone = true")
    page.goto(shop.show(joining(optin(box())), scripts=("/elements/askfirst.js", own)))
    page.wait_for_function("window.isDone")
    assert heard(page) == []
    assert page.locator("askfirst-optin").get_attribute("answer") is None
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    assert joined(page, shop) == [SENT, PHONE]


def test_a_script_may_pass_on_what_a_person_did(shop: Shop, page: Page) -> None:
    own = shop.script(
        "/own.js",
        f"{NAMED} document.querySelector('#switch').onclick = () => box.click()",
    )
    more = '<button id="switch" type="button">Keep me posted</button>'
    page.goto(shop.show(joining(optin(box()), more=more), scripts=("/elements/askfirst.js", own)))
    page.locator("#switch").click()
    assert [one["answer"] for one in heard(page)] == ["grant"]


def test_an_answer_may_be_taken_away_by_script(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    page.evaluate("document.querySelector('askfirst-optin').removeAttribute('answer')")
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    assert joined(page, shop) == [SENT, PHONE]


def test_a_refusal_is_not_turned_into_a_yes(shop: Shop, page: Page) -> None:
    stay = shop.script("/stay.js", "document.forms[0].onsubmit = (event) => event.preventDefault()")
    page.goto(shop.show(joining(optin(buttons())), scripts=("/elements/askfirst.js", stay)))
    page.get_by_role("button", name="No").click()
    page.evaluate("document.querySelector('askfirst-optin').setAttribute('answer', 'grant')")
    assert page.locator("askfirst-optin").get_attribute("answer") == "refuse"


def test_clearing_the_form_clears_the_answer(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("askfirst-optin:not([answer])")).to_have_count(1)
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    assert joined(page, shop) == [SENT, PHONE]


@pytest.mark.parametrize("inside", [box(), buttons("signup")])
def test_coming_back_finds_the_question_open(shop: Shop, page: Page, inside: str) -> None:
    page.goto(shop.show(joining(optin(inside))))
    page.locator("askfirst-optin [value=grant]").click()
    if page.url == shop.url():
        page.locator("#join").click()
    page.wait_for_url("**/join")
    page.go_back()
    expect(page.locator("askfirst-optin:not([answer])")).to_have_count(1)
    expect(page.locator("askfirst-optin :checked")).to_have_count(0)
    assert joined(page, shop) == [SENT, PHONE]


def test_a_page_kept_alive_comes_back_unanswered(shop: Shop, driver: Playwright) -> None:
    browser = launch(driver, ignore_default_args=["--disable-back-forward-cache"])
    with new_page(browser) as page:
        page.goto(shop.show(joining(optin(box()))))
        page.evaluate("window.isTheSame = true")
        page.get_by_role("checkbox").check()
        joined(page, shop)
        page.go_back(wait_until="commit")
        assert page.evaluate("window.isTheSame") is True
        expect(page.get_by_role("checkbox")).not_to_be_checked()
        assert joined(page, shop) == [SENT, PHONE]
    browser.close()


def test_reloading_finds_the_question_open(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    page.reload()
    expect(page.locator("askfirst-optin:not([answer])")).to_have_count(1)
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    assert joined(page, shop) == [SENT, PHONE]


def test_a_question_that_is_off_sends_nothing(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box(), "disabled"))))
    expect(page.get_by_role("checkbox")).to_be_disabled()
    assert joined(page, shop) == [PHONE]
    page.goto(shop.url())
    page.evaluate("document.querySelector('askfirst-optin').removeAttribute('disabled')")
    page.get_by_role("checkbox").check()
    assert joined(page, shop) == [YES, SENT, PHONE]


def test_a_question_put_in_later_is_asked_anew(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    page.evaluate(
        "html => { document.querySelector('askfirst-optin').innerHTML = html }", box(token="later")
    )
    expect(page.locator("askfirst-optin:not([answer])")).to_have_count(1)
    page.get_by_role("checkbox").check()
    assert joined(page, shop) == [YES, ("askfirst_signup_token", "later"), PHONE]


def test_names_that_are_put_back_are_taken_again(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.evaluate("document.querySelector('[type=checkbox]').name = 'askfirst_signup'")
    page.get_by_role("checkbox").check()
    assert joined(page, shop) == [YES, SENT, PHONE]


def test_a_copy_asks_for_itself(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.get_by_role("checkbox").check()
    page.evaluate(
        """() => {
          const optin = document.querySelector("askfirst-optin");
          optin.replaceWith(optin.cloneNode(true));
        }"""
    )
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("checkbox").check()
    assert joined(page, shop) == [YES, SENT, PHONE]


def test_it_can_be_used_by_keyboard(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box()))))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert [one["answer"] for one in heard(page)] == ["grant"]
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert shop.posted("/join")[-1].fields == [YES, SENT, PHONE]


def test_our_names_may_be_taken_and_scripts_loaded_twice(shop: Shop, page: Page) -> None:
    own = shop.script(
        "/own.js", "customElements.define('askfirst-chat', class extends HTMLElement {})"
    )
    twice = ("/elements/askfirst.js", "/elements/askfirst.js?again")
    page.goto(shop.show(joining(optin(box())), scripts=(own, *twice)))
    page.get_by_role("checkbox").check()
    assert len(heard(page)) == 1
