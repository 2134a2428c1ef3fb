"""All five together: small, documented, and usable by everybody."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.docs.pages import GUIDE, snippets
from tests.elements.shop import ELEMENTS, POLICY, ROOT, Shop

PAGE = GUIDE / "elements.md"
TEXT = PAGE.read_text(encoding="utf-8")
MODULES = sorted(ELEMENTS.glob("*.js"))
BYTES_MAX = 10_800
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("askfirst-optin", "askfirst-order", "askfirst-chat", "askfirst-code", "askfirst-country")


def code() -> str:
    return "".join(module.read_text(encoding="utf-8") for module in MODULES)


def examples() -> str:
    """Every piece of HTML on the page of the guide, but for what loads scripts."""
    pieces = (one.text for one in snippets(PAGE) if one.language == "html")
    return "\n".join(piece for piece in pieces if "<script" not in piece)


@pytest.fixture
def everything(shop: Shop, page: Page) -> Page:
    """The guide's examples on one page, upgraded."""
    question = '<label><input type="checkbox" name="askfirst_x" value="grant">Ask {}</label>'
    for key in ("signup", "order"):
        shop.answer(f"/p/cafe-lune/prompts/{key}.json", {"html": question.format(key)})
    page.goto(shop.show(examples()))
    expect(page.get_by_role("checkbox")).to_have_count(3)
    return page


def test_the_whole_set_is_small_and_the_guide_says_how_small() -> None:
    size = sum(len(gzip.compress(module.read_bytes(), mtime=0)) for module in MODULES)
    assert size <= BYTES_MAX
    assert re.findall(r"\*\*(\S+) kB gzipped\*\*", TEXT) == [f"{size / 1_000:.1f}"]


def test_each_attribute_is_in_the_guide() -> None:
    named = re.findall(r'Attribute\("([a-z-]+)"', code())
    not_ours = {"hidden", "name", "checked", "maxlength", "href", "lang", "type"}
    ours = {one for one in named if not one.startswith("aria-")} - not_ours
    assert {"answer", "post", "src", "next"} <= ours
    assert [one for one in sorted(ours) if f"| `{one}` |" not in TEXT] == []


def test_each_word_is_in_the_guide() -> None:
    said = dict(re.findall(r'say\(this, "(\w+)", "([^"]+)"', code()))
    said |= re.findall(r'^  (\w+): "([A-Z].+)",$', code(), re.MULTILINE)
    listed = dict(re.findall(r"^\| `data-(\w+)` \| [a-z, ]+ \| (.+) \|$", TEXT, re.MULTILINE))
    assert said | {"failed": "Something went wrong. Please try again later."} == listed


def test_each_class_and_event_is_in_the_guide() -> None:
    known = TEXT + (GUIDE / "prompts.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[\"\.](askfirst-(?!alert-\$)[a-z]+)", code()))
    assert {"askfirst-answer", "askfirst-scan"} <= named
    assert [one for one in sorted(named) if f"`{one}`" not in known and one not in TAGS] == []


def test_the_guide_and_the_tests_have_the_same_policy() -> None:
    assert POLICY in TEXT


def test_no_module_asks_for_what_a_strict_policy_refuses() -> None:
    for forbidden in ("innerHTML =", "insertAdjacentHTML", "eval(", ".style", "document.write"):
        assert forbidden not in code()


def test_the_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = [one for name, one in lock["packages"].items() if name]
    assert packages
    assert [one for one in packages if "resolved" in one or not one["integrity"]] == []


@pytest.mark.browser
def test_the_examples_of_the_guide_work(everything: Page) -> None:
    for tag in TAGS:
        assert everything.evaluate("tag => !!customElements.get(tag)", tag)
        expect(everything.locator(tag).first).to_be_visible()
    assert everything.locator("[name^=askfirst_]").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    "page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
def test_nobody_is_shut_out(everything: Page) -> None:
    everything.get_by_role("button", name="Scan with your phone").click()
    assert violations(everything) == []


@pytest.mark.browser
def test_nobody_is_shut_out_while_a_code_is_awaited(shop: Shop, everything: Page) -> None:
    shop.answer(
        "/login/code", {"id": "1", "reminder": "Go to WhatsApp.", "open_url": "https://wa.me/1"}
    )
    shop.answer("/login/check", {"result": "wrong", "tries_left": 2})
    whole = everything.locator("askfirst-code")
    whole.get_by_label("Mobile number").fill("+447700900123")
    whole.get_by_role("button", name="On WhatsApp").click()
    whole.get_by_label("Code").fill("1234")
    assert violations(everything) == []
    whole.get_by_role("button", name="Check").click()
    expect(whole.get_by_role("alert")).not_to_be_empty()
    assert violations(everything) == []


def violations(page: Page) -> list[str]:
    """Ask axe what is wrong with the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(({ violations }) => violations)")
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
