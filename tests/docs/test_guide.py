"""Every snippet of the guide and of the README runs, and prints what the page says it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import GUIDE, ROOT, agrees, snippets
from tests.docs.shell import Ran, demo, free_ports, run_page
from tests.support.stores import PostgresHouse

DURING_THE_DEMO = (
    ROOT / "README.md",
    GUIDE / "first-steps.md",
    GUIDE / "guard-your-client.md",
    GUIDE / "record-consent.md",
    GUIDE / "everyday-jobs.md",
    GUIDE / "sign-up.md",
    GUIDE / "after-an-order.md",
    GUIDE / "notices.md",
    GUIDE / "customers-start-the-chat.md",
    GUIDE / "confirm-the-number.md",
    GUIDE / "phone-and-paper.md",
    GUIDE / "import.md",
    GUIDE / "screen.md",
    GUIDE / "export.md",
    GUIDE / "hosted-pages.md",
    GUIDE / "receipts.md",
    GUIDE / "codes.md",
    GUIDE / "gdpr-requests.md",
    GUIDE / "evidence.md",
    GUIDE / "figures.md",
)
WITH_OWN_SERVER = (
    GUIDE / "webhooks.md",
    GUIDE / "subscriptions.md",
    GUIDE / "templates.md",
    GUIDE / "forwarding.md",
    GUIDE / "templates-and-policy.md",
    GUIDE / "explain-a-decision.md",
    GUIDE / "brakes.md",
    GUIDE / "console.md",
    GUIDE / "simulator.md",
    GUIDE / "campaign-simulation.md",
    GUIDE / "products" / "rewriting-proxy.md",
)
WITH_POSTGRES = GUIDE / "operate.md"
WITH_TESTS_OF_THEIR_OWN = (GUIDE / "prompts.md", GUIDE / "elements.md")
LANGUAGES = {"sh", "python", "toml", "text", "html"}


def complaints(page: Path, ran: list[Ran]) -> list[str]:
    """Return where a page promises what does not happen."""
    found = []
    for one in ran:
        expected = one.snippet.expected
        as_said = one.status == 0 if expected is None else agrees(expected, one.printed)
        if one.status is None or not as_said:
            said = f"\nthe page says:\n{expected}" if expected else ""
            place = f"{page.name}:{one.snippet.line}"
            found.append(f"{place}: status {one.status}, printed:\n{one.printed}{said}")
    return found


def test_each_page_of_the_guide_is_run() -> None:
    pages = {*DURING_THE_DEMO, *WITH_OWN_SERVER, WITH_POSTGRES, *WITH_TESTS_OF_THEIR_OWN}
    of_products = (GUIDE / "products").glob("*.md")
    running = {page for page in of_products if any(one.runs for one in snippets(page))}
    assert pages - {ROOT / "README.md"} == set(GUIDE.glob("*.md")) | running


@pytest.mark.parametrize("page", [*DURING_THE_DEMO, *WITH_OWN_SERVER, WITH_POSTGRES])
def test_each_block_says_what_it_is(page: Path) -> None:
    assert {snippet.language for snippet in snippets(page)} <= LANGUAGES


@pytest.mark.parametrize("page", DURING_THE_DEMO, ids=lambda page: page.name)
def test_a_page_runs_beside_the_demo(page: Path, tmp_path: Path) -> None:
    ports = free_ports()
    with demo(tmp_path, ports) as key:
        ran = run_page(snippets(page), tmp_path, ports, key=key)
    assert not complaints(page, ran)


@pytest.mark.parametrize("page", WITH_OWN_SERVER, ids=lambda page: page.name)
def test_a_page_starts_what_it_needs(page: Path, tmp_path: Path) -> None:
    assert not complaints(page, run_page(snippets(page), tmp_path, free_ports()))


@pytest.mark.postgres
async def test_the_page_for_operators_runs(tmp_path: Path, postgres_house: PostgresHouse) -> None:
    home = await postgres_house.new_database("askfirst_docs")
    try:
        variables = {"DATABASE": home.url}
        ran = run_page(snippets(WITH_POSTGRES), tmp_path, free_ports(), variables=variables)
    finally:
        await postgres_house.remove(home)
    assert not complaints(WITH_POSTGRES, ran)
