"""The demo with its shop, and visitors in real browsers who have a simulated phone each."""

from __future__ import annotations

import itertools
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import REFUSALS, open_page
from tests.support.processes import environment

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "test-results" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LANGUAGES = ("en", "fr", "ar")
EVERYBODY = [(language, scripts) for language in LANGUAGES for scripts in (True, False)]
ONE_OF_EACH = [("en", True), ("fr", False), ("ar", True)]
GERMANY = "+49 1522 8817"
SECONDS = 15
_Found = TypeVar("_Found")
_EXPECTED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Demo:
    """A running demo. Each visitor gets a number that nobody had before."""

    shop: str
    server: str
    simulator: str
    api: httpx.Client
    _ends: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    def new_number(self, country: str = "+44 7700 900") -> str:
        """A number as its holder would type it."""
        return f"{country}{next(self._ends)}"

    def events(self, number: str) -> list[str]:
        """What the ledger holds about a number: kind, purposes, assurance, surface."""
        answer = self.api.post("/v1/contacts/lookup", json={"contact": {"phone": number}})
        contact = answer.json().get("id")
        lines = self.api.get("/v1/events", params={"limit": 1000}).json()["data"]
        return [
            " ".join((one["kind"], *one["purposes"], one["assurance"], one["surface"]))
            for one in lines
            if one["contact"] == contact
        ]

    def entry(self, locale: str) -> str:
        """The address of a new entry's landing page, in a language."""
        body = {"name": "Window", "text": "Hello Café Lune!", "locale": locale}
        made = self.api.post("/v1/entries", json=body).raise_for_status().json()
        return f"{made['page']}?locale={locale}"

    def may_send(self, number: str) -> bool:
        """Whether the gate would let an offer leave."""
        sender = self.api.get("/v1/senders").json()["data"][0]["phone_number_id"]
        body = {"sender": sender, "to": number, "purpose": "marketing"}
        return bool(self.api.post("/v1/check", json=body).json()["verdict"] == "allow")

    def phone(self, number: str) -> dict[str, Any]:
        """What is on a phone."""
        path = f"{self.simulator}/phones/{digits_of(number)}"
        sheet: dict[str, Any] = httpx.get(path).json()
        return sheet

    def act(self, number: str, what: str, **body: Any) -> None:
        """Let the holder of a phone do something."""
        path = f"{self.simulator}/phones/{digits_of(number)}/{what}"
        httpx.post(path, json=body).raise_for_status()

    def send_ready_text(self, number: str, link: str) -> None:
        """Send what stands ready behind a link into the chat, as somebody who tapped it would."""
        assert link.startswith(f"{self.simulator}/chat/"), link
        self.act(number, "messages", text=parse_qs(urlsplit(link).query)["text"][0])

    def whatsapp_code(self, number: str) -> str:
        """Wait for the code in WhatsApp."""
        return wait_for(lambda: self._codes(number))

    def sms_code(self, number: str) -> str:
        """Wait for the code in a text message."""
        return wait_for(lambda: self._sms(number))

    def _codes(self, number: str) -> str:
        inbox = self.phone(number)["inbox"]
        return str(inbox[-1]["copy_code"]["code"]) if inbox else ""

    def _sms(self, number: str) -> str:
        texts = [sms["text"] for sms in self.phone(number)["sms"]]
        found = re.search(r"\d{6,10}", texts[-1]) if texts else None
        return found[0] if found else ""


@dataclass
class Visitor:
    """Somebody at the shop, with a language, and with or without scripts."""

    demo: Demo
    page: Page
    language: str
    has_scripts: bool

    def open(self, path: str) -> None:
        self.page.goto(self.demo.shop + path)

    def sign_up(self, number: str, *, ticked: bool) -> None:
        self.open("/signup")
        self.page.locator("#name").fill("Ada")
        self.page.locator("#phone").fill(number)
        self.page.locator(".askfirst-box input").set_checked(ticked)
        self.page.locator("main .button").click()
        self.page.wait_for_url("**/welcome")

    def ask_for_code(
        self,
        number: str,
        way: str = ".askfirst-yes",
        *,
        ticked: bool = False,
        seen: str = "#code",
    ) -> None:
        """Ask on the log-in page, until what comes next is `seen`."""
        self.open("/login")
        self.page.locator("#phone").fill(number)
        self.page.locator(".askfirst-box input").set_checked(ticked)
        self.page.locator(way).click()
        self.page.locator(seen).wait_for(state="visible")

    def type_code(self, code: str) -> None:
        self.page.locator("#code").fill(code)
        self.page.locator("form[action='/login/check'] .button").click()

    def log_in(self, number: str, *, ticked: bool = False) -> None:
        """Prove the number by a code; the box counts then."""
        self.ask_for_code(number, ticked=ticked)
        self.type_code(self.demo.whatsapp_code(number))
        self.page.wait_for_url("**/account")

    def order(self, number: str) -> str:
        """Order something as a guest; gives the reference."""
        self.open("/order")
        self.page.locator("#name").fill("Ada")
        self.page.locator("#phone").fill(number)
        self.page.locator("main .button").click()
        self.page.wait_for_url("**/thanks")
        found = re.search(r"CL-\d+", self.page.locator("main").inner_text())
        assert found is not None
        return found[0]

    def shoot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"shop-{name}-{self.language}.png", full_page=True)


def digits_of(number: str) -> str:
    return re.sub(r"\D", "", number)


def wait_for(look: Callable[[], _Found], seconds: float = SECONDS) -> _Found:
    """Look again and again until there is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {seconds} s")


@contextmanager
def open_demo() -> Iterator[Demo]:
    """Run the demo as `make demo` does, on free ports, until the block ends."""
    ports = ("--port", "0", "--simulator-port", "0", "--product-port", "0")
    command = [sys.executable, "-m", "askfirst", "demo", "--product", "examples/shop", *ports]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment(), cwd=ROOT
    ) as process:
        assert process.stdout is not None
        words = "".join(takewhile(lambda line: "Ctrl-C" not in line, process.stdout))
        shop, server, simulator, _ = re.findall(r"http://127\.0\.0\.1:\d+", words)
        key = re.search(r"ask_[\w-]+", words)
        assert key is not None
        headers = {"authorization": f"Bearer {key[0]}"}
        with httpx.Client(base_url=server, headers=headers) as api:
            yield Demo(shop, server, simulator, api)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@contextmanager
def visit(
    demo: Demo, browser: Browser, language: str, *, has_scripts: bool = True, **options: Any
) -> Iterator[Visitor]:
    """Send a visitor; nothing may go wrong in their browser."""
    with open_page(
        browser,
        expected=_EXPECTED,
        script=REFUSALS if has_scripts else "",
        seconds=SECONDS,
        locale=language,
        java_script_enabled=has_scripts,
        reduced_motion="reduce",
        **options,
    ) as page:
        yield Visitor(demo, page, language, has_scripts)


def named(case: tuple[str, bool]) -> str:
    return f"{case[0]}-{'scripts' if case[1] else 'plain'}"


def each(cases: list[tuple[str, bool]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("visitor", cases, indirect=True, ids=named)


def said(language: str, name: str) -> str:
    """What the shop says under a name."""
    path = ROOT / "examples" / "shop" / "locale" / f"{language}.toml"
    table, _, key = name.partition(".")
    return str(tomllib.loads(path.read_text(encoding="utf-8"))[table][key])
