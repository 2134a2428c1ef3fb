"""The page of the README: saved, with the key put in, it is a working French checkbox."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.docs.pages import ROOT, snippets
from tests.docs.shell import demo, free_ports
from tests.support.processes import environment

pytestmark = pytest.mark.browser

NUMBER = "06 39 98 12 34"
ABROAD = "+44 7700 900123"


@dataclass(frozen=True)
class Newcomer:
    """What somebody has who followed the README: a page, and a key to look at the ledger with."""

    page: str
    server: str
    key: str

    def events(self) -> str:
        head = {"authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.server}/v1/events", headers=head)
        with urllib.request.urlopen(request) as answer:
            text: str = answer.read().decode()
        return text


def page_of_the_readme() -> str:
    """Return the one block of the README that is a whole page."""
    (page,) = (one.text for one in snippets(ROOT / "README.md") if "HTTPServer" in one.text)
    return page


def test_the_readme_shows_the_example_as_it_is() -> None:
    example = (ROOT / "examples" / "join.py").read_text(encoding="utf-8")
    assert page_of_the_readme() in example


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    folder: Path = tmp_path_factory.mktemp("newcomer")
    ports, own = free_ports(), free_ports().server
    with demo(folder, ports) as key:
        text = ports.put_into(page_of_the_readme(), key).replace("8100", str(own))
        (folder / "join.py").write_text(text, encoding="utf-8")
        command = [sys.executable, str(folder / "join.py")]
        with subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL) as process:
            yield Newcomer(f"http://127.0.0.1:{own}", f"http://127.0.0.1:{ports.server}", key)
            process.send_signal(signal.SIGTERM)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: Browser, request: pytest.FixtureRequest, newcomer: Newcomer) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    for _ in range(50):
        try:
            page.goto(newcomer.page)
            break
        except Exception:  # noqa: BLE001 - it is starting
            page.wait_for_timeout(100)
    yield page
    context.close()


def test_a_french_box_is_ticked_and_the_ledger_has_the_yes(newcomer: Newcomer, page: Any) -> None:
    before = len(re.findall('"kind":"granted"', newcomer.events()))
    box = page.get_by_role("checkbox")
    assert not box.is_checked()
    assert "Je souhaite recevoir sur WhatsApp" in page.locator("label.askfirst-box").inner_text()
    page.get_by_label("Téléphone").fill(NUMBER)
    box.check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_text("Merci").wait_for()
    events = newcomer.events()
    assert len(re.findall('"kind":"granted"', events)) == before + 1
    assert '"assurance":"shown","number_proof":"typed","surface":"signup"' in events
    way_on = page.get_by_role("link", name="Confirmez dans WhatsApp").get_attribute("href")
    assert f"{newcomer.server}/p/cafe-lune/confirm/" in way_on


def test_a_number_that_is_not_whole_is_asked_for_again_and_all_is_kept(
    newcomer: Newcomer, page: Any
) -> None:
    before = newcomer.events()
    assert page.get_by_label("Téléphone").get_attribute("placeholder") == NUMBER
    page.get_by_label("Pays").select_option("BE")
    page.get_by_label("Téléphone").fill("06 39 98")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_text("Vérifiez le numéro").wait_for()
    assert newcomer.events() == before
    assert page.get_by_role("checkbox").is_checked()
    assert page.get_by_label("Pays").input_value() == "BE"
    assert page.get_by_label("Téléphone").input_value() == "06 39 98"
    page.get_by_label("Téléphone").fill(ABROAD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_text("Merci").wait_for()
    assert newcomer.events() != before


def test_an_empty_box_is_no_answer(newcomer: Newcomer, page: Any) -> None:
    before = newcomer.events()
    page.get_by_label("Téléphone").fill(NUMBER)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_text("Merci").wait_for()
    assert newcomer.events() == before
