"""A browser and a shop for the elements.

`shop`    serves one page at a time, see `shop.py`
`page`    a fresh browser page; fails the test if anything was refused or went wrong in it
`plain`   the same with scripts off
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.elements.shop import Shop, open_shop
from tests.support.browser import REFUSALS, launch, open_page

# Listens at the document, so that what does not bubble is not heard.
LISTEN = (
    """
window.heard = [];
for (const type of ["askfirst-answer", "askfirst-code"]) {
  document.addEventListener(type, ({ detail }) => heard.push({ type, ...detail }));
}
"""
    + REFUSALS
)
# A status of 4xx is what some tests are about.
_STATUS = "Failed to load resource: the server responded with a status of"


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    browser = launch(driver)
    yield browser
    browser.close()


@contextmanager
def new_page(browser: Browser, *, expected: str = _STATUS, **options: Any) -> Iterator[Page]:
    """Open a page; nothing may go wrong in it, but for what is expected."""
    with open_page(browser, expected=expected, script=LISTEN, seconds=5, **options) as page:
        yield page


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with new_page(browser, **getattr(request, "param", {})) as page:
        yield page


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    with new_page(browser, java_script_enabled=False) as page:
        yield page


def heard(page: Page) -> list[dict[str, Any]]:
    """Return the events that have reached the document."""
    said: list[dict[str, Any]] = page.evaluate("heard")
    return said
