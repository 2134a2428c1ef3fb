"""One browser for all of this folder.

`browser`   Chromium; ends with the last test here, since tests elsewhere need loops of their own
`page`      a fresh page; fails the test if anything went wrong in it
`manner`    what a page is opened with (see `open_page`); a module may have a manner of its own,
            and a test adds to it: `parametrize("page", [{…}], indirect=True)`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import open_browser, open_page


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def manner() -> dict[str, Any]:
    return {}


@pytest.fixture
def page(
    browser: Browser, manner: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Page]:
    with open_page(browser, **(manner | getattr(request, "param", {}))) as page:
        yield page
