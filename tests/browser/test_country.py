"""The country beside a number: searched with a script, chosen without one, and for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import BUSINESS, House, open_house
from tests.browser.looking import AXE, NARROW, VIOLATIONS, take

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_a_national_number_needs_no_script(house: House, page: Page) -> None:
    before = house.head()
    page.goto(house.page("join?locale=fr"))
    page.get_by_label("Pays").select_option(label="France (\u2066+33\u2069)")
    page.get_by_label("Votre numéro").fill("06 39 98 55 31")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/thanks/**")
    assert number_of(house, before) == "33639985531"


def test_a_country_is_found_by_typing(house: House, page: Page) -> None:
    before = house.head()
    page.goto(house.page("join?locale=fr"))
    box = page.get_by_role("combobox", name="Pays")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(box).to_have_value("États-Unis (\u2066+1\u2069)")
    expect(page.locator("select[name=country]")).to_be_hidden()
    box.click()
    assert options.count() > 240
    box.fill("emirats")  # without the accent
    expect(options).to_have_count(1)
    box.fill("+33")
    expect(options.first).to_have_text("France (\u2066+33\u2069)")
    expect(page.locator(".askfirst-found")).to_contain_text("Pays trouvés")
    page.keyboard.press("Enter")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#hint")).to_contain_text("06\u00a012\u00a034\u00a056\u00a078")
    page.get_by_label("Votre numéro").fill("06 39 98 55 32")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/thanks/**")
    assert number_of(house, before) == "33639985532"


def test_the_list_of_countries_is_a_combobox_for_keyboard_and_screen_reader(
    house: House, page: Page
) -> None:
    page.goto(house.page("join"))
    box = page.get_by_role("combobox", name="Country")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    active = page.locator(".askfirst-active")
    expect(active).to_have_text("United States (\u2066+1\u2069)")
    expect(box).to_have_attribute("aria-activedescendant", active.get_attribute("id") or "")
    page.keyboard.press("ArrowDown")
    expect(active).to_have_text("Afghanistan (\u2066+93\u2069)")
    page.keyboard.press("Escape")
    expect(box).to_have_value("United States (\u2066+1\u2069)")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.type("germ")
    page.keyboard.press("Tab")  # whoever searched and goes on means what is marked
    expect(box).to_have_value("Germany (\u2066+49\u2069)")
    box.fill("zzzz")
    expect(page.locator(".askfirst-found")).to_have_text("No country found")
    page.keyboard.press("Tab")
    expect(box).to_have_value("Germany (\u2066+49\u2069)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_can_be_read_by_everybody(
    house: House, browser: Browser, scheme: Any
) -> None:
    context = browser.new_context(viewport=NARROW, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(house.page("join?locale=ar"))
    page.get_by_role("combobox").first.click()
    take(page, f"join_countries-ar-{scheme}-360")
    page.add_script_tag(path=AXE)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def number_of(house: House, before: int) -> str:
    """The number of whoever the newest event is about."""
    (event,) = house.events(before)
    (name,) = house.do(house.services.ledger.names(BUSINESS, event.contact_id))
    return name.value
