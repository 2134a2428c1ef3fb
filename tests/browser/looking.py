"""How pages look: pictures that are kept in `test-results`, and what axe finds in them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

_ROOT = Path(__file__).resolve().parents[2]
AXE = _ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = _ROOT / "test-results" / "screenshots"
_QUALITY = 60  # as good to look at as any, and a third of the size
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 360, "height": 740}


def open_all(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def take(page: Page, name: str, *, is_whole: bool = True) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.jpg"
    page.screenshot(path=path, full_page=is_whole, type="jpeg", quality=_QUALITY)


VIOLATIONS = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return violations.map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 120))]);
}"""
