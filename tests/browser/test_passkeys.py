"""Passkeys in a real browser, with an authenticator that Chromium plays (CDP, WebAuthn domain)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.console_life import come_in, console, hire
from tests.browser.house import House, open_house
from tests.browser.looking import AXE, NARROW, VIOLATIONS, WIDE, open_all, take
from tests.support.browser import open_page

LOOKS: tuple[tuple[str, ViewportSize, Literal["light", "dark"], str], ...] = (
    ("light", WIDE, "light", "en"),
    ("dark", WIDE, "dark", "en"),
    ("360", NARROW, "dark", "de"),
    ("ar", WIDE, "light", "ar"),
)
REFUSED = "Failed to load resource: the server responded with a status of 401"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("passkeys"), name="localhost") as house:
        hire(house)
        yield house


@contextmanager
def key_in(page: Page) -> Iterator[None]:
    """Give a page's browser a key of its own, whose holder is verified."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    session.detach()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def add(page: Page, house: House, label: str) -> None:
    page.goto(console(house, "/account"))
    page.get_by_label("Name of the passkey").last.fill(label)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name=label).wait_for()


def test_a_passkey_is_added_used_renamed_removed_and_then_refused(
    browser: Browser, house: House
) -> None:
    with open_page(browser, locale="en-GB", expected=REFUSED) as page, key_in(page):
        come_in(house, page)
        add(page, house, "Work laptop")
        assert "You can sign in with it from now on" in page.get_by_role("status").inner_text()
        page.goto(console(house, "/team"))
        assert "password, passkey" in page.get_by_role("table").inner_text()
        sign_out(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_role("heading", name="Today").wait_for()
        page.goto(console(house, "/account"))
        assert "last used on" in page.locator("main").inner_text()
        page.get_by_text("Rename").click()
        page.get_by_label("Name of the passkey").first.fill("Old laptop")
        page.get_by_role("button", name="Keep this name").click()
        page.get_by_role("heading", name="Old laptop").wait_for()
        page.get_by_role("button", name="Remove Old laptop").click()
        page.get_by_text("Nobody signs in with it any more").wait_for()
        sign_out(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("This passkey is not known here, or was removed").wait_for()


def test_a_passkey_is_added_and_used_by_the_keyboard(browser: Browser, house: House) -> None:
    with open_page(browser, locale="en-GB") as page, key_in(page):
        come_in(house, page)
        page.goto(console(house, "/account"))
        page.get_by_label("Name of the passkey").last.focus()
        page.keyboard.type("Keyboard")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Keyboard").wait_for()
        sign_out(page)
        page.get_by_role("button", name="Sign in with a passkey").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Today").wait_for()
        assert page.url == console(house)


def test_who_gives_up_is_told_and_stays(browser: Browser, house: House) -> None:
    given_up = """navigator.credentials.get =
      () => Promise.reject(new DOMException("no", "NotAllowedError"))"""
    with open_page(browser, locale="en-GB", script=given_up) as page:
        page.goto(console(house, "/sign-in"))
        button = page.get_by_role("button", name="Sign in with a passkey")
        button.click()
        page.get_by_role("alert").get_by_text("No passkey was used.").wait_for()
        assert button.is_enabled()


def test_without_a_script_password_and_code_are_all_there_is(
    browser: Browser, house: House
) -> None:
    with open_page(browser, locale="en-GB", java_script_enabled=False) as page:
        page.goto(console(house, "/sign-in"))
        assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
        come_in(house, page)
        page.goto(console(house, "/account"))
        assert not page.get_by_role("button", name="Add a passkey").is_visible()
        assert page.get_by_text("Passkeys need JavaScript").is_visible()


def test_no_page_with_passkeys_has_a_fault_that_a_machine_can_see(
    browser: Browser, house: House
) -> None:
    found: list[object] = []
    with open_page(browser, locale="en-GB", bypass_csp=True) as page, key_in(page):
        come_in(house, page)
        add(page, house, "Phone")
        for name, size, scheme, language in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            for path in ("/account", "/team"):
                page.goto(console(house, f"{path}?locale={language}"))
                open_all(page)
                found += _faults(page, f"passkeys{path.replace('/', '-')}-{name}")
        page.context.clear_cookies()
        for name, size, scheme, language in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(console(house, f"/sign-in?locale={language}"))
            found += _faults(page, f"passkeys-sign-in-{name}")
    assert found == []


def _faults(page: Page, name: str) -> list[object]:
    page.locator("body").wait_for()
    take(page, name)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[object] = [(name, *one) for one in page.evaluate(VIOLATIONS)]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append((name, "scrolls sideways"))
    return found
