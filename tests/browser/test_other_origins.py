"""The element on a site of the business's own posts to the real server; elsewhere it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.value import replace
from askfirst.usecases.prompts.show_prompt import show_prompt
from askfirst.usecases.tenants.manage_profile import put_profile, show_profile
from askfirst.web.prompt_html import prompt_html
from tests.browser.house import BUSINESS, NAME, House, open_house
from tests.browser.other_site import Site, open_site

pytestmark = pytest.mark.browser

NUMBER = "+447700900321"
SAVED = "Your answer has been saved."
# What the browser says of an answer or a question that another site may not have.
REFUSED = "Access to fetch at .* has been blocked by CORS policy|Failed to load resource"
LINES = [("granted", "shown", "order", ("utility.order",))]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def manner() -> dict[str, Any]:
    return {"expected": REFUSED}


def neighbour(house: House, site: Site) -> str:
    """The house by a name below the site's, as `askfirst.shop.example` is below `shop.example`."""
    port = urlsplit(house.address).port
    return f"http://askfirst.{urlsplit(site.origin).hostname}:{port}"


def thank_you_page(server: str, inside: str = "", **attributes: str) -> str:
    written = "".join(f' {name}="{text}"' for name, text in attributes.items())
    return f"""<script type="module" src="{server}/elements/askfirst.js"></script>
    <form><input type="hidden" name="phone" value="{NUMBER}">
    <askfirst-order reference="4711" post="{server}/p/{BUSINESS}/answers"{written}>{inside}
    </askfirst-order></form>"""


def question(house: House) -> str:
    """The question with a token that is good, wherever it was copied from."""
    shown = house.do(show_prompt(house.services, BUSINESS, "order", "en", Filling(business=NAME)))
    return prompt_html(shown.filled, token=shown.token)


def lines(house: House, after: int) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (one.kind.value, one.assurance.name.lower(), one.surface.value, one.purposes)
        for one in house.events(after)
    ]


def register(house: House, origin: str) -> None:
    async def put() -> None:
        business, profile = await show_profile(house.services, BUSINESS)
        profile = replace(profile, origins=(*profile.origins, origin))
        await put_profile(house.services, BUSINESS, business.name, profile)

    house.do(put())


def test_an_answer_from_a_registered_site_reaches_the_ledger(house: House, page: Page) -> None:
    with open_site("shop.localhost") as site:
        server = neighbour(house, site)
        site.body = thank_you_page(server, src=f"{server}/p/{BUSINESS}/prompts/order.json")
        register(house, site.origin)
        before = house.head()
        page.goto(site.origin)
        page.locator(".askfirst-yes").click()
        expect(page.locator("askfirst-order[posted] a").first).to_have_text(SAVED)
        assert lines(house, before) == LINES
        thanks = page.get_by_role("link", name=SAVED).get_attribute("href")
        assert thanks is not None
        page.goto(thanks)
        expect(page.locator("blockquote")).to_contain_text("updates about this order")


def test_an_answer_from_a_site_that_is_not_registered_is_refused(house: House, page: Page) -> None:
    with open_site("other.localhost") as site:
        site.body = thank_you_page(neighbour(house, site), question(house))
        before = house.head()
        page.goto(site.origin)
        page.locator(".askfirst-yes").click()
        expect(page.locator(".askfirst-notice")).not_to_be_empty()
        expect(page.locator("askfirst-order[posted]")).to_have_count(0)
        assert lines(house, before) == []
        register(house, site.origin)
        page.locator(".askfirst-yes").click()
        expect(page.locator("askfirst-order[posted] a").first).to_have_text(SAVED)
        assert lines(house, before) == LINES


def test_a_site_that_is_not_registered_is_not_shown_the_question(house: House, page: Page) -> None:
    with open_site("third.localhost") as site:
        server = neighbour(house, site)
        site.body = thank_you_page(server, src=f"{server}/p/{BUSINESS}/prompts/order.json")
        page.goto(site.origin)
        page.wait_for_load_state("networkidle")
        expect(page.locator("askfirst-order")).to_be_attached()
        assert page.locator(".askfirst-yes").count() == 0
