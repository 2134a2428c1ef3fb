"""The console in a real browser: the jobs it is there for, with and without scripts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import ContactId
from askfirst.usecases.operators.invite_operator import invite_operator
from tests.browser.console_life import (
    PAGES,
    SERVER,
    come_in,
    console,
    lists,
    live,
    messy,
    open_meta,
    work,
)
from tests.browser.house import House, open_house
from tests.browser.looking import AXE, NARROW, VIOLATIONS, WIDE, open_all
from tests.support.browser import open_page

LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (WIDE, "light"),
    (NARROW, "dark"),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        open_meta() as meta,
        open_house(tmp_path_factory.mktemp("console"), graph_url=meta) as house,
    ):
        yield house


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, ContactId]:
    return live(house)


@pytest.fixture(params=[True, False], ids=["scripts on", "scripts off"])
def desk(
    request: pytest.FixtureRequest, browser: Browser, house: House, people: dict[str, ContactId]
) -> Iterator[Page]:
    """Signed in; with scripts and without, the console is the same."""
    assert people
    with open_page(browser, java_script_enabled=request.param, locale="en-GB") as page:
        come_in(house, page)
        yield page


def find(page: Page, text: str) -> None:
    page.get_by_role("searchbox").or_(page.locator("#find")).first.fill(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What you may send").wait_for()


def test_who_is_this_and_why(desk: Page) -> None:
    find(desk, "+33 6 12 34 56 78")
    assert "612345678" not in desk.url + desk.content()
    said = desk.get_by_role("region", name="What you may send").or_(desk.locator(".standing"))
    assert "withdrawn" in said.first.inner_text()
    assert "stop les pubs" in desk.locator(".time").inner_text()


def test_a_number_is_shown_for_a_reason(desk: Page) -> None:
    find(desk, "+33 6 12 34 56 78")
    desk.get_by_text("Show number").click()
    desk.get_by_label("The person called or wrote to us").check()
    desk.get_by_role("button", name="Show", exact=True).click()
    assert desk.get_by_role("heading", name="+33612345678").is_visible()
    assert "Saw a number" in desk.content()


def test_stopping_for_a_caller_takes_three_clicks(desk: Page, house: House) -> None:
    find(desk, "+33 6 12 34 56 74")
    before = house.head()
    desk.get_by_text("Stop for a caller").click()
    desk.get_by_label("What did they say?").fill("please do not write again")
    desk.get_by_role("button", name="Stop now").click()
    desk.get_by_role("status").wait_for()
    (event,) = house.events(before)
    assert event.kind is EventKind.WITHDRAWN
    assert (event.source, event.surface, event.purposes) == (Source.CONSOLE, Surface.PHONE, ())


def test_why_it_was_not_sent(desk: Page) -> None:
    desk.get_by_role("link", name="Why not sent").click()
    desk.get_by_label("Label of the campaign").fill("advent-menu")
    desk.get_by_role("button", name="Show reasons").click()
    table = desk.get_by_role("table")
    assert "withdrawn" in table.inner_text()
    assert "100.0 %" in table.inner_text()
    table.get_by_role("row", name="withdrawn").get_by_role("link").click()
    desk.get_by_role("table").get_by_role("link").first.click()
    desk.get_by_role("heading", name="What you may send").wait_for()


def test_the_evidence_pack_comes_down(desk: Page, tmp_path: Path) -> None:
    find(desk, "+33 6 12 34 56 78")
    with desk.expect_download() as coming:
        desk.get_by_role("button", name="Evidence pack").click()
    coming.value.save_as(tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        assert {"evidence.html", "evidence.json", "manifest.jws"} <= set(pack.namelist())


def test_a_file_is_imported_and_a_list_is_screened(
    desk: Page, house: House, tmp_path: Path
) -> None:
    before = house.head()
    path = tmp_path / "list.csv"
    path.write_text(messy(80, 6_000 + 2 * before), encoding="utf-8")
    desk.get_by_role("link", name="Import", exact=True).click()
    form = desk.get_by_role("region", name="2. People with their answers")
    form.get_by_text("More about the file").click()
    form.get_by_label("Country of numbers without a country code").select_option("FR")
    form.get_by_label("File", exact=True).set_input_files(path)
    form.get_by_role("button", name="Send and preview").click()
    desk.get_by_role("heading", name="Reading the file").wait_for()
    work(house, desk.url)
    desk.get_by_role("button", name="Import 72 answers").click()  # the page came again by itself
    work(house, desk.url)
    desk.get_by_role("heading", name="Imported answers: 72").wait_for()
    assert house.head() == before + 72
    with desk.expect_download() as coming:
        desk.get_by_role("link", name="Download the report (CSV)").click()
    coming.value.save_as(tmp_path / "report.csv")
    assert len((tmp_path / "report.csv").read_text().splitlines()) == 81
    desk.locator("main").get_by_role("link", name="Screen a list").click()
    desk.get_by_text("More about the file").click()
    desk.get_by_label("Country of numbers without a country code").select_option("FR")
    desk.get_by_label("File", exact=True).set_input_files(path)
    desk.get_by_role("button", name="Screen", exact=True).click()
    work(house, desk.url)
    desk.get_by_role("heading", name="Answers").wait_for()
    assert "100.0 %" in desk.get_by_role("table").inner_text()
    with desk.expect_download() as coming:
        desk.get_by_role("row", name="withdrawn").get_by_role("button", name="Download").click()
    coming.value.save_as(tmp_path / "rows.csv")
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 3


def test_all_of_it_can_be_done_with_the_keyboard(desk: Page) -> None:
    desk.locator("body").press("Tab")
    assert desk.locator(":focus").inner_text() == "Skip to content"
    desk.keyboard.press("Enter")
    find(desk, "+33 6 12 34 56 78")
    stop = desk.locator("summary", has_text="Stop for a caller")
    stop.focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    assert desk.locator(":focus").get_attribute("value") == "everything"


def faults(page: Page, name: str) -> list[object]:
    """Look at a page wide and light, and narrow and dark, with everything opened."""
    found: list[object] = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    open_all(page)
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [(name, scheme, *one) for one in page.evaluate(VIOLATIONS)]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append((name, size["width"], "scrolls sideways"))
    return found


def test_no_page_has_a_fault_that_a_machine_can_see(
    browser: Browser, house: House, people: dict[str, ContactId]
) -> None:
    person = f"/people/{people['ana']}"
    places = [(path, name) for name, path in lists(house).items()]
    found: list[object] = []
    with open_page(browser, locale="en-GB", bypass_csp=True) as page:
        come_in(house, page)
        for path, name in (*PAGES, *places, (person, "person"), (f"{person}/erase", "erase")):
            page.goto(console(house, path))
            found += faults(page, name)
    assert found == []


def test_no_page_outside_has_one_either(browser: Browser, house: House) -> None:
    made = house.do(
        invite_operator(house.services, SERVER, "new@cafe-lune.example", OperatorRole.VIEWER)
    )
    with open_page(browser, locale="en-GB", bypass_csp=True) as page:
        found: list[object] = []
        for address in (
            console(house, "/sign-in"),
            made.link,
            f"{house.address}/console?business=x",
        ):
            page.goto(address)
            found += faults(page, address)
    assert found == []
