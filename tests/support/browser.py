"""A real browser, and pages in it that fail the test where something goes wrong in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

EXPECT_SECONDS = 30
"""How long a page is waited for. A first look that finds nothing makes Playwright describe the
whole page, which takes a page as long as the API reference most of its own five seconds."""
REFUSALS = """document.addEventListener("securitypolicyviolation", (event) => {
  console.error("refused by policy", event.violatedDirective, event.blockedURI);
});"""
"""A script for a page: says on the console what the page's own policy refused."""


def launch(driver: Playwright, **options: Any) -> Browser:
    return driver.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox"], **options
    )


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium. While it runs no other test of the process can have a loop of its own."""
    expect.set_options(timeout=EXPECT_SECONDS * 1000)
    with sync_playwright() as driver:
        browser = launch(driver)
        yield browser
        browser.close()


@contextmanager
def open_page(
    browser: Browser, *, expected: str = "", script: str = "", seconds: float = 30, **options: Any
) -> Iterator[Page]:
    """Open a page; nothing may go wrong in it, but for what the pattern `expected` matches.

    `script` runs before those of the page; `options` are those of a browser context.
    """
    context = browser.new_context(**options)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    page.set_default_timeout(seconds * 1000)
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if not (expected and re.match(expected, message.text)):
            problems.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not problems, problems
