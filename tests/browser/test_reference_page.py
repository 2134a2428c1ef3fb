"""The API reference in a real browser: found, read, and tried, by everybody."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.api.app import ROUTES
from tests.browser.house import BUSINESS, NAME, House, open_house
from tests.support.browser import REFUSALS
from tests.support.processes import environment

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "test-results" / "screenshots"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = {1280: 900, 360: 740}
REFUSED = {"expected": "Failed to load resource: the server responded with a status of 4"}
"""What a browser says on its console about an answer that is no success."""

FEWER = """for (const call of document.querySelectorAll(".call")) {
  if (!["post_consent", "get_events", "remove_code"].includes(call.id)) call.remove();
}"""
"""Takes calls away that are made of the same pieces as those that stay: axe looks long."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def key(house: House) -> str:
    business = Business(business_id=BUSINESS, name=NAME)
    made = create_key(house.services, business, "reference", frozenset(ApiScope))
    return house.do(made)[1]


@pytest.fixture
def manner() -> dict[str, Any]:
    """Of every page: whatever its policy refuses fails the test."""
    return {"script": REFUSALS}


@pytest.fixture
def docs(house: House, page: Page) -> Page:
    page.goto(f"{house.address}/docs")
    return page


def views() -> list[dict[str, Any]]:
    return [
        {
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
            "bypass_csp": True,  # for axe, which is put into the page
        }
        for width, height in WIDTHS.items()
        for scheme in ("light", "dark")
    ]


def open_try(page: Page, call: str) -> Any:
    """Unfold what a call is tried with."""
    place = page.locator(f"#{call}")
    place.get_by_text("Try it", exact=True).click()
    return place


@pytest.mark.parametrize("page", views(), indirect=True)
def test_it_fits_and_axe_finds_nothing(docs: Page) -> None:
    place = open_try(docs, "post_consent")
    for unfolded in place.locator(".words > details, .fields > li > details").all():
        unfolded.locator("summary").first.click()
    place.get_by_role("button", name="Send").click()
    expect(place.get_by_text("Enter an API key first.")).to_be_visible()
    assert docs.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(docs, "reference")
    docs.evaluate(FEWER)
    docs.evaluate(AXE)
    found = docs.evaluate("axe.run().then(({ violations }) => violations)")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def picture(page: Page, name: str) -> None:
    width = page.evaluate("innerWidth")
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    scheme = "dark" if is_dark else "light"
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")


def test_a_search_finds_the_calls_with_a_field_and_says_where(docs: Page) -> None:
    docs.get_by_label("Search").fill("number_proof")
    contents = docs.get_by_role("navigation", name="API reference")
    found = contents.get_by_role("listitem")
    expect(found.filter(visible=True)).to_have_count(10)
    expect(docs.locator("#found")).to_have_text("10 results")
    expect(found.filter(has_text="Record a yes or a no")).to_contain_text("in number_proof")
    expect(contents.get_by_role("heading", name="Prompts")).to_be_hidden()
    docs.get_by_label("Search").fill("")
    expect(found.filter(visible=True)).to_have_count(len(ROUTES) + 6)


def test_a_search_that_finds_nothing_says_what_to_do(docs: Page) -> None:
    docs.get_by_label("Search").fill("zzz")
    expect(docs.locator("#found")).to_contain_text("Nothing found.")


def test_a_search_is_done_by_keyboard(docs: Page) -> None:
    docs.keyboard.press("Control+k")
    docs.keyboard.type("preference link")
    docs.keyboard.press("ArrowDown")
    docs.keyboard.press("ArrowDown")
    focused = "document.activeElement.getAttribute('href')"
    assert docs.evaluate(focused) == "#remove_link"
    docs.keyboard.press("Control+k")
    expect(docs.get_by_label("Search")).to_be_focused()
    docs.keyboard.press("Enter")
    docs.wait_for_url("**/docs#post_link")
    expect(docs.locator("#post_link h3")).to_be_in_viewport()


def test_a_language_is_chosen_for_all_calls(docs: Page) -> None:
    docs.locator("#post_code").get_by_text("Python", exact=True).click()
    expect(docs.locator("#post_consent .panel", has_text="import httpx")).to_be_visible()
    expect(docs.locator("#post_consent .panel", has_text="curl")).to_be_hidden()


def test_a_language_is_chosen_by_keyboard(docs: Page) -> None:
    place = docs.locator("#post_check")
    place.get_by_role("radio", name="curl").focus()
    docs.keyboard.press("ArrowRight")
    docs.keyboard.press("ArrowRight")
    expect(place.get_by_role("radio", name="JavaScript")).to_be_checked()
    expect(place.locator(".panel", has_text="await fetch")).to_be_visible()


def test_an_example_of_a_problem_is_shown(docs: Page) -> None:
    place = docs.locator("#post_code")
    place.locator("label", has_text="429").click()
    expect(place.locator(".panel", has_text='"policy": "cool_down"')).to_be_visible()


@pytest.mark.parametrize(
    "page", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_what_is_shown_is_copied(docs: Page) -> None:
    place = docs.locator("#get_me")
    place.get_by_text("Python", exact=True).click()
    place.get_by_role("button", name="Copy").first.click()
    expect(place.get_by_role("button", name="Copied")).to_be_visible()
    copied = docs.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import os\n\nimport httpx\n")


def test_a_call_is_tried(docs: Page, house: House, key: str) -> None:
    place = open_try(docs, "get_me")
    place.get_by_label("API key").fill(key)
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result .status")).to_have_text("200")
    expect(place.locator(".result pre")).to_contain_text('"id": "cafe-lune"')


def test_a_call_with_a_body_does_what_it_says(docs: Page, house: House, key: str) -> None:
    before = house.head()
    place = open_try(docs, "post_consent")
    place.get_by_label("API key").fill(key)
    place.get_by_label("Example", exact=True).select_option("A stop on the phone")
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result .status")).to_have_text("201")
    assert [event.kind for event in house.events(before)] == ["withdrawn"]


def test_what_stands_in_the_path_and_the_query_is_sent(docs: Page, key: str) -> None:
    place = open_try(docs, "get_rendering")
    place.get_by_label("API key").fill(key)
    place.get_by_label("key", exact=True).fill("chat")
    place.get_by_label("locale", exact=True).fill("fr")
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result pre")).to_contain_text("Souhaitez-vous")


@pytest.mark.parametrize("page", [REFUSED], indirect=True)
def test_a_wrong_value_is_named(docs: Page, key: str) -> None:
    place = open_try(docs, "lookup_contact")
    place.get_by_label("API key").fill(key)
    place.get_by_label("Body").fill('{"contact": {"phone": "0770"}}')
    place.get_by_role("button", name="Send").click()
    result = place.locator(".result")
    expect(result.locator(".status")).to_have_text("422")
    expect(result.get_by_role("listitem")).to_contain_text(
        "contact.phone must start with a plus and the country code"
    )
    result.get_by_role("link", name="What invalid_input means").click()
    expect(docs.locator("#problem-invalid_input")).to_be_in_viewport()


@pytest.mark.parametrize("page", [REFUSED], indirect=True)
def test_a_wrong_key_is_explained(docs: Page) -> None:
    place = open_try(docs, "get_me")
    place.get_by_label("API key").fill("ask_wrong")
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result .status")).to_have_text("401")
    expect(place.locator(".result")).to_contain_text("needs an API key")


@pytest.mark.parametrize("page", [{"expected": "Failed to load resource: net::"}], indirect=True)
def test_a_server_that_does_not_answer_is_told(docs: Page, key: str) -> None:
    docs.route("**/v1/me", lambda route: route.abort())
    place = open_try(docs, "get_me")
    place.get_by_label("API key").fill(key)
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result")).to_contain_text("No answer came.")


def test_the_key_is_held_in_memory_only(docs: Page, house: House, key: str) -> None:
    sent: list[Request] = []

    def note(request: Request) -> None:
        if "/static/" not in request.url:
            sent.append(request)

    docs.on("request", note)
    place = open_try(docs, "get_me")
    place.get_by_label("API key").fill(key)
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result .status")).to_have_text("200")
    assert [one.url for one in sent] == [f"{house.address}/v1/me"]
    assert sent[0].headers["authorization"] == f"Bearer {key}"
    assert key not in docs.url
    assert docs.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert docs.context.cookies() == []
    assert key not in docs.content()
    other = open_try(docs, "get_business")
    expect(other.get_by_label("API key")).to_have_value(key)
    docs.reload()
    assert key not in json.dumps(
        docs.locator(".key").evaluate_all("all => all.map(one => one.value)")
    )


def test_a_page_that_is_left_forgets_the_key(docs: Page, key: str) -> None:
    """A browser may keep the page that somebody leaves, to show it again as it was."""
    place = open_try(docs, "get_me")
    place.get_by_label("API key").fill(key)
    docs.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(place.get_by_label("API key")).to_have_value("")
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".result")).to_have_text("Enter an API key first.")


def test_examples_name_the_address_that_the_reader_uses(house: House, page: Page) -> None:
    here = house.address.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/docs")
    expect(page.locator("#get_me .panel").first).to_contain_text(f"{here}/v1/me")
    expect(page.locator("#webhooks pre").first).to_have_text(f"{here}/webhooks/whatsapp")


def test_everything_is_done_by_keyboard(docs: Page, key: str) -> None:
    docs.keyboard.press("Tab")
    assert docs.evaluate("document.activeElement.textContent") == "Skip to content"
    docs.locator("#get_me .try summary").focus()
    docs.keyboard.press("Enter")
    docs.keyboard.press("Tab")
    docs.keyboard.type(key)
    docs.keyboard.press("Enter")
    expect(docs.locator("#get_me .result .status")).to_have_text("200")


@pytest.mark.parametrize("page", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_on_a_small_screen_the_contents_open_and_lead_on(docs: Page) -> None:
    contents = docs.get_by_role("navigation", name="API reference")
    expect(contents).to_be_hidden()
    docs.get_by_role("button", name="Contents").click()
    contents.get_by_role("link", name="Webhooks", exact=True).click()
    expect(contents).to_be_hidden()
    expect(docs.get_by_role("heading", name="Webhooks", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize(
    "page",
    [
        {"java_script_enabled": False, "viewport": {"width": width, "height": 740}, "script": ""}
        for width in (360, 1280)
    ],
    indirect=True,
)
def test_it_can_be_read_without_scripts(docs: Page) -> None:
    expect(docs.locator(".search")).to_be_hidden()
    expect(docs.locator(".try").first).to_be_hidden()
    place = docs.locator("#post_check")
    place.locator("label", has_text="Python").click()
    expect(place.locator(".panel", has_text="httpx.post(")).to_be_visible()
    place.locator("summary", has_text="Fields of the answer").click()
    expect(place.get_by_text("verdict", exact=True).first).to_be_visible()
    contents = docs.get_by_role("navigation", name="API reference")
    if not contents.is_visible():
        docs.get_by_role("button", name="Contents").click()
    expect(contents.get_by_role("link", name="Gateway")).to_be_visible()


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
@pytest.mark.parametrize(
    ("call", "member"),
    [("get_me", "business"), ("post_consent", "effective"), ("lookup_contact", "standing")],
)
def test_an_example_works_as_it_is_pasted(
    docs: Page, key: str, call: str, member: str, language: str, tmp_path: Path
) -> None:
    place = docs.locator(f"#{call}")
    place.get_by_text(language, exact=True).click()
    code = place.locator('[data-tabs="language"] .panel').filter(visible=True).inner_text()
    file = tmp_path / {"curl": "call.sh", "Python": "call.py", "JavaScript": "call.mjs"}[language]
    file.write_text(code, encoding="utf-8")
    program = {"curl": "bash", "Python": sys.executable, "JavaScript": "node"}[language]
    ran = subprocess.run(
        [program, str(file)],
        env={**environment(), "ASKFIRST_KEY": key, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert member in members_of(ran.stdout, language)


def members_of(printed: str, language: str) -> str:
    """Return the names of what was printed; each language prints in its own way."""
    if language == "curl":
        return " ".join(json.loads(printed))
    return " ".join(ast.literal_eval(printed)) if language == "Python" else printed
