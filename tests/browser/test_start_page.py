"""The demo in a real browser: readable everywhere, and the story can be told by clicking."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.processes import environment

pytestmark = pytest.mark.browser

WIDE, NARROW = (1280, 900), (360, 740)
CONTRAST_MIN = 4.5


@dataclass(frozen=True)
class Demo:
    """A running demo's pages."""

    start: str
    phone: str


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    command = [sys.executable, "-m", "askfirst", "demo", "--port", "0", "--simulator-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        words = "".join(process.stdout.readline() for _ in range(2))
        start, phone = re.findall(r"http://\S+", words)
        yield Demo(start, phone)
        process.send_signal(signal.SIGTERM)


def views() -> list[dict[str, Any]]:
    return [
        {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        for width, height in (WIDE, NARROW)
        for scheme in ("light", "dark")
    ]


@pytest.mark.parametrize("page", views(), indirect=True)
@pytest.mark.parametrize("place", ["start", "phone"])
def test_it_fits_and_can_be_read(demo: Demo, page: Page, place: str) -> None:
    page.goto(getattr(demo, place))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRASTS, CONTRAST_MIN) == []
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_the_story_can_be_told_without_scripts(demo: Demo, page: Page) -> None:
    page.goto(demo.start)
    commands = page.locator("pre code").all_inner_texts()
    send, consent, contact = commands
    assert "no_opt_in" in shell(send)
    assert '"granted"' in shell(consent)
    assert '"messages"' in shell(send)
    page.goto(demo.phone)
    assert page.locator(".theirs").count() == 1
    page.get_by_label("Message", exact=True).fill("Abmelden")
    page.get_by_role("button", name="Send").click()
    assert "delivered" in page.locator(".own").inner_text()
    assert "withdrawn" in shell(send)
    assert '"withdrawn"' in shell(contact)


def test_new_messages_show_up_by_themselves(demo: Demo, page: Page) -> None:
    page.goto(demo.phone.replace("900123", "900456"))
    page.get_by_text("No messages yet.").wait_for()
    form = {"content-type": "application/x-www-form-urlencoded"}
    elsewhere = demo.phone.replace("900123", "900456") + "/write"
    page.request.post(elsewhere, data="text=Hello", headers=form)
    expect(page.get_by_text("Hello")).to_be_visible(timeout=10_000)


def test_a_command_is_copied(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(demo.start)
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("pre code").first.text_content()
    context.close()


def test_it_can_be_used_by_keyboard(demo: Demo, page: Page) -> None:
    page.goto(demo.start)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def shell(command: str) -> str:
    """Run a command of the page, as somebody would who pasted it."""
    return subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout


CONTRASTS = """(minimum) => {
  const channel = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const found = colour(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")].filter((element) =>
    !element.closest("svg, .skip, .hidden") && element.checkVisibility() &&
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return texts.map((element) => {
    const pair = [light(colour(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    return [element.textContent.trim().slice(0, 30), Math.round(ratio * 100) / 100];
  }).filter(([, ratio]) => ratio < minimum);
}"""
