"""Every page that a person can reach is looked at, in four languages, and its pictures are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.gallery import (
    Gallery,
    walk_the_choices,
    walk_the_hosted_pages,
    walk_the_log_in,
    walk_the_phone,
    walk_the_shop,
    walk_what_developers_see,
)
from tests.browser.shop_visit import Demo, open_demo, visit

pytestmark = pytest.mark.browser

Walk = Callable[[Gallery], None]
WALKS: tuple[Walk, ...] = (
    walk_the_shop,
    walk_the_log_in,
    walk_the_phone,
    walk_the_choices,
    walk_the_hosted_pages,
)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with open_demo() as running:
        yield running


def take_a_walk(demo: Demo, browser: Browser, language: str, walk: Walk) -> list[object]:
    with visit(demo, browser, language, bypass_csp=True) as visitor:
        gallery = Gallery(demo, visitor, [])
        walk(gallery)
        return gallery.faults


@pytest.mark.parametrize("language", ["en", "fr", "ar", "ja"])
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_pages_for_customers(demo: Demo, browser: Browser, walk: Walk, language: str) -> None:
    assert take_a_walk(demo, browser, language, walk) == []


def test_pages_for_developers(demo: Demo, browser: Browser) -> None:
    assert take_a_walk(demo, browser, "en", walk_what_developers_see) == []
