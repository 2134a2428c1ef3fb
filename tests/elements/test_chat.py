"""The way into WhatsApp: a link everywhere, and a QR code where there is a phone to scan it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.elements.shop import Shop

pytestmark = pytest.mark.browser

LINK = "https://wa.me/447700900123?text=Hello"
CHAT = f"""
<askfirst-chat>
  <a class="askfirst-open" href="{LINK}">Chat with us on WhatsApp</a>
  <img class="askfirst-qr" src="/qr.svg" alt="QR code that opens this chat">
</askfirst-chat>"""

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 360, "height": 740}}


def test_without_scripts_both_are_there(shop: Shop, plain: Page) -> None:
    plain.goto(shop.show(CHAT))
    expect(plain.get_by_role("link")).to_have_attribute("href", LINK)
    expect(plain.get_by_role("img")).to_be_visible()


@pytest.mark.parametrize("chat", [CHAT, CHAT.replace("<img", "<img hidden")])
def test_the_code_opens_and_closes(shop: Shop, page: Page, chat: str) -> None:
    page.goto(shop.show(chat))
    button = page.get_by_role("button", name="Scan with your phone")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("img")).to_be_hidden()
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("img")).to_be_visible()
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("img")).to_be_hidden()


def test_it_can_be_used_by_keyboard(shop: Shop, page: Page) -> None:
    page.goto(shop.show(CHAT))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("img")).to_be_hidden()


@pytest.mark.parametrize("page", [PHONE, NARROW], indirect=True)
def test_a_phone_does_not_scan_itself(shop: Shop, page: Page) -> None:
    page.goto(shop.show(CHAT))
    expect(page.get_by_role("link")).to_be_visible()
    expect(page.locator("button")).to_be_hidden()
    expect(page.get_by_role("img")).to_be_hidden()


def test_a_window_that_grows_offers_the_code(shop: Shop, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(shop.show(CHAT))
    expect(page.locator("button")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(page.locator("button")).to_be_visible()


def test_the_words_are_those_of_the_page(shop: Shop, page: Page) -> None:
    chat = CHAT.replace("<askfirst-chat", '<askfirst-chat data-scan="Scanner"')
    page.goto(shop.show(chat, lang="fr"))
    expect(page.get_by_role("button", name="Scanner")).to_be_visible()


def test_a_link_alone_is_enough(shop: Shop, page: Page) -> None:
    page.goto(shop.show(CHAT.replace("askfirst-qr", "picture")))
    expect(page.get_by_role("link")).to_be_visible()
    expect(page.locator("button")).to_have_count(0)


def test_a_copy_opens_by_itself(shop: Shop, page: Page) -> None:
    page.goto(shop.show(CHAT))
    page.get_by_role("button").click()
    page.evaluate(
        """() => {
          const chat = document.querySelector("askfirst-chat");
          chat.after(chat.cloneNode(true));
        }"""
    )
    expect(page.get_by_role("button")).to_have_count(2)
    page.get_by_role("button").last.click()
    expect(page.get_by_role("img")).to_have_count(2)
