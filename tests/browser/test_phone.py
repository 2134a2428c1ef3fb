"""The simulated phone in a real browser: pleasant everywhere, and it works without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from askfirst.graph.sending.authentication import code_components
from askfirst.simulator.simulator import DEFAULT_PHONE_NUMBER_ID, DEFAULT_TOKEN
from tests.support.processes import running

pytestmark = pytest.mark.browser

ADA, BEN = "447700900123", "447700900456"
HELLO = "Hello Café Lune! (AF-7K2M9QXT)"
WIDE, NARROW = (1280, 900), (320, 700)
SECONDS = 10_000
REFUSED = r"Failed to load resource: .* (404|422)"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    log = tmp_path_factory.mktemp("simulator") / "log"
    with running(Path(log), "simulator", "--port", "0") as server:
        headers = {"authorization": f"Bearer {DEFAULT_TOKEN}"}
        with httpx.Client(base_url=server.address, headers=headers) as client:
            yield client
        server.end()


@pytest.fixture
def manner(simulator: httpx.Client) -> dict[str, Any]:
    return {"locale": "en-GB", "base_url": str(simulator.base_url)}


def send(simulator: httpx.Client, to: str, **content: Any) -> None:
    body = {"messaging_product": "whatsapp", "to": f"+{to}", **content}
    simulator.post(f"/{DEFAULT_PHONE_NUMBER_ID}/messages", json=body).raise_for_status()


def send_code(simulator: httpx.Client, to: str, code: str) -> None:
    template = {
        "name": "verification_code",
        "language": {"code": "en_US"},
        "components": code_components(code),
    }
    send(simulator, to, type="template", template=template)


@pytest.fixture
def story(simulator: httpx.Client) -> None:
    simulator.post(f"/phones/{ADA}/messages", json={"text": HELLO}).raise_for_status()
    long = "https://example.com/" + "a-long-address/" * 10
    send(simulator, ADA, type="text", text={"body": f"مرحبًا! See {long}"})
    send_code(simulator, ADA, "123456")


def views() -> list[dict[str, Any]]:
    return [
        {
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
            "locale": locale,
        }
        for width, height in (WIDE, NARROW)
        for scheme in ("light", "dark")
        for locale in ("fr", "ar")
    ]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("page", views(), indirect=True)
@pytest.mark.parametrize("path", ["/", f"/inbox/{ADA}", f"/inbox/{ADA}/sms", "/chat/15550100001"])
def test_nothing_sticks_out_in_any_language(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("dir") in ("ltr", "rtl")


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("page", views(), indirect=True)
def test_nothing_is_cut_off_in_the_menu(page: Page) -> None:
    page.goto(f"/inbox/{ADA}")
    page.locator("#menu > summary").click()
    assert (
        page.evaluate("[sheet.scrollWidth, sheet.clientWidth]")
        == [page.evaluate("sheet.clientWidth")] * 2
    )


@pytest.mark.parametrize("page", [one | {"expected": REFUSED} for one in views()], indirect=True)
@pytest.mark.parametrize("path", ["/inbox?number=abc", "/chat/15550109999"])
def test_a_number_begins_with_its_sign_and_stays_in_one_line(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate(NUMBER_RUNS) == [[1, True]]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_the_newest_message_is_in_sight_without_a_script(page: Page) -> None:
    page.goto(f"/inbox/{ADA}")
    newest = page.locator("#lines > li").last.bounding_box()
    composer = page.get_by_label("Message", exact=True).bounding_box()
    assert newest is not None
    assert composer is not None
    assert newest["y"] + newest["height"] <= composer["y"]
    assert not page.get_by_role("button", name="Copy code").is_visible()


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True)
def test_a_link_leads_to_the_chat_with_its_text_which_is_then_sent(page: Page) -> None:
    page.goto(f"/chat/15550100001?text={HELLO}")
    page.get_by_label("On the phone with number").fill("+44 7700 900456")
    page.get_by_role("button", name="Open").click()
    box = page.get_by_label("Message", exact=True)
    expect(box).to_have_value(HELLO)
    box.fill(f"{HELLO} Open today?")
    page.get_by_role("button", name="Send").click()
    page.locator(".own").last.get_by_text(f"{HELLO} Open today?").wait_for()
    expect(box).to_have_value("")


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True)
def test_the_menu_blocks_and_lets_things_go_wrong(page: Page, simulator: httpx.Client) -> None:
    page.goto(f"/inbox/{BEN}")
    menu = page.locator("summary[aria-label='Menu']")
    menu.click()
    page.get_by_role("button", name="Not on WhatsApp").click()
    page.get_by_text("Something goes wrong on purpose: Not on WhatsApp").wait_for()
    menu.click()
    page.get_by_role("button", name="Not on WhatsApp").click()
    menu.click()
    page.get_by_role("button", name="Block").click()
    page.get_by_text("It can't message you").wait_for()
    page.get_by_role("button", name="Unblock").last.click()
    page.get_by_label("Message", exact=True).wait_for()
    sheet = simulator.get(f"/phones/{BEN}").json()
    assert (sheet["blocked"], sheet["troubles"]["not_on_whatsapp"]) == ([], False)


@pytest.mark.parametrize(
    "page", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_a_code_is_copied(page: Page, simulator: httpx.Client) -> None:
    page.goto(f"/inbox/{BEN}")
    send_code(simulator, BEN, "87654321")
    page.get_by_role("button", name="Copy code").last.click(timeout=SECONDS)
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "87654321"


def test_news_comes_in_while_a_message_is_being_typed(page: Page, simulator: httpx.Client) -> None:
    page.goto(f"/inbox/{BEN}")
    box = page.get_by_label("Message", exact=True)
    box.fill("Half a sent")
    send_code(simulator, BEN, "11223344")
    page.locator("#lines").get_by_text("11223344").wait_for(timeout=SECONDS)
    expect(box).to_have_value("Half a sent")
    expect(box).to_be_focused()


def test_a_half_typed_message_outlives_a_tap(page: Page, simulator: httpx.Client) -> None:
    send_code(simulator, BEN, "55667788")
    page.goto(f"/inbox/{BEN}")
    page.get_by_label("Message", exact=True).fill("Half a sentence")
    page.get_by_role("button", name="I didn't request a code").last.click()
    page.locator(".own").last.get_by_text("I didn't request a code").wait_for()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Half a sentence")
    page.get_by_role("button", name="Send").click()
    page.locator(".own").last.get_by_text("Half a sentence").wait_for()
    expect(page.get_by_label("Message", exact=True)).to_have_value("")


def test_it_is_used_by_keyboard(page: Page) -> None:
    page.goto(f"/inbox/{BEN}")
    # The page's own doing, but only once it is drawn: keys that come sooner go nowhere.
    box = page.get_by_label("Message", exact=True)
    expect(box).to_be_focused()
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Second line")
    expect(box).to_have_value("First line\nSecond line")
    page.keyboard.press("Enter")
    expect(page.locator(".own").last).to_contain_text("First line Second line")
    # What takes the focus before the page has given it makes the browser complain.
    expect(box).to_be_focused()
    menu = page.locator("summary[aria-label='Menu']")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Stop offers")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()


NUMBER_RUNS = r"""() => {
  const told = document.querySelector(".problem") ?? document.querySelector("main > p");
  const texts = document.createTreeWalker(told, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    const hit = /\+\d[\d\s\u00a0-]+\d/.exec(data);
    if (!hit) continue;
    const box = (from, to) => {
      const range = new Range();
      range.setStart(texts.currentNode, from);
      range.setEnd(texts.currentNode, to);
      return [...range.getClientRects()];
    };
    const rows = new Set(box(hit.index, hit.index + hit[0].length).map(({ y }) => Math.round(y)));
    const [sign] = box(hit.index, hit.index + 1);
    const [digit] = box(hit.index + 1, hit.index + 2);
    found.push([rows.size, sign.x < digit.x]);
  }
  return found;
}"""
"""Of each number in what a page tells: how many lines it takes, and if its sign is on the left."""
