"""Single sign-on in a real browser, at oidc-provider in a process of its own."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from askfirst.domain.operators.operator import OperatorRole
from askfirst.usecases.operators.invite_operator import invite_operator
from tests.browser.console_life import SERVER, console
from tests.browser.house import BUSINESS, House, open_house
from tests.browser.looking import AXE, NARROW, VIOLATIONS, take
from tests.support.browser import open_page

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret of thirty-two characters"
EVE = "eve@cafe-lune.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "sso_issuer": f"http://127.0.0.1:{port}",
        "sso_client_id": "askfirst",
        "sso_client_secret": SECRET,
    }
    folder = tmp_path_factory.mktemp("sign-on")
    with open_house(folder, name="localhost", **settings) as house:
        script = ROOT / "tests" / "support" / "oidc_provider.mjs"
        callback = console(house, "/sign-in/sso")
        command = ["node", str(script), str(port), callback, SECRET]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
            assert process.stdout is not None
            try:
                assert any("ready" in line for line in process.stdout), "oidc-provider is missing"
                yield house
            finally:
                process.terminate()


def at_provider(page: Page, email: str) -> None:
    page.get_by_placeholder("Enter any login").fill(email)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_who_was_invited_comes_in_and_out_and_in_again(browser: Browser, house: House) -> None:
    house.do(invite_operator(house.services, SERVER, EVE, OperatorRole.VIEWER))
    with open_page(browser, locale="en-GB", expected=".*") as page:
        page.goto(console(house))
        page.get_by_role("button", name="Sign in with your organisation").click()
        at_provider(page, EVE)
        page.get_by_role("heading", name="Today").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.get_by_role("button", name="Sign in with your organisation").click()
        page.get_by_role("heading", name="Today").wait_for()  # the provider knows them still
        assert page.url == f"{house.address}/console/{BUSINESS}"


def test_a_stranger_is_told_why_they_stay_outside(browser: Browser, house: House) -> None:
    with open_page(browser, locale="en-GB", expected=".*") as page:
        page.goto(console(house))
        page.get_by_role("button", name="Sign in with your organisation").click()
        at_provider(page, "zoe@elsewhere.example")
        page.get_by_text("Nobody invited this address").wait_for()
        assert page.context.cookies(house.address) == []


def test_the_page_has_no_fault_that_a_machine_can_see(browser: Browser, house: House) -> None:
    found: list[object] = []
    with open_page(browser, bypass_csp=True, viewport=NARROW) as page:
        for language in ("en", "ar"):
            page.goto(console(house, f"/sign-in?locale={language}"))
            take(page, f"sign-on-{language}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found += page.evaluate(VIOLATIONS)
    assert found == []
