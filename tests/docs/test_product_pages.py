"""The pages of whole products: each recording has one, and each says how to see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recording import NAMES, read_recording
from tests.docs.pages import GUIDE, ROOT, links

PRODUCTS = GUIDE / "products"
RECORDINGS = ROOT / "examples" / "products"


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_has_a_page_that_says_how_it_is_played(name: str) -> None:
    page = PRODUCTS / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    assert f"`python examples/products/play.py {name}`" in text
    assert f"../../../examples/products/{name}.toml" in links(page)
    assert f"{name}.md" in links(PRODUCTS / "README.md")
    assert text.startswith(f"# {read_recording(name).product.partition(' (')[0]}")


def test_there_is_a_page_for_nothing_else() -> None:
    pages = {page.stem for page in PRODUCTS.glob("*.md")}
    assert pages == {*NAMES, "README", "rewriting-proxy"}


def test_the_overview_shows_steps_as_they_are_played() -> None:
    steps = read_recording("chatwoot").steps
    overview = (PRODUCTS / "README.md").read_text(encoding="utf-8")
    for place in (1, 23, 24, 25):
        assert f"✓ {place:2} {steps[place - 1].says}\n" in overview
    assert f"Each of {len(steps)} steps went as Chatwoot needs it." in overview


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*.json")), ids=lambda path: path.name)
def test_a_workflow_can_be_read_and_sends_through_askfirst(path: Path) -> None:
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    addresses = [one["parameters"]["url"] for one in nodes if "url" in one["parameters"]]
    assert addresses
    assert all(url.startswith("https://askfirst.example/v26.0/") for url in addresses)
