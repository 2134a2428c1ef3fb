"""Pages of the documentation, cut into what a reader can run and what they can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
REFERENCE = ROOT / "docs" / "reference"

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?\)")
_ANYTHING = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One fenced block. `expected` is the `text` block right after it: what it prints."""

    language: str
    text: str
    line: int
    runs: bool
    expected: str | None = None


def documents() -> list[Path]:
    """List every page: those at the top, and everything under docs."""
    return sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))


def snippets(page: Path) -> list[Snippet]:
    """Cut the fenced blocks out of a page."""
    text = page.read_text(encoding="utf-8")
    found: list[Snippet] = []
    end_before = 0
    for block in _FENCE.finditer(text):
        language, _, mark = block["info"].partition(" ")
        follows = not text[end_before : block.start()].strip()
        end_before = block.end()
        if language == "text" and found and found[-1].runs and follows:
            before = found.pop()
            found.append(
                Snippet(before.language, before.text, before.line, before.runs, block["text"])
            )
            continue
        line = text.count("\n", 0, block.start()) + 1
        runs = language in ("sh", "python") and mark != "norun"
        found.append(Snippet(language, block["text"], line, runs))
    return found


def links(page: Path) -> list[str]:
    """Return the targets of a page's links, those in code left out."""
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text(encoding="utf-8")))
    return _LINK.findall(text)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    names = (re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(text))
    return {name.replace(" ", "-") for name in names}


def agrees(expected: str, printed: str) -> bool:
    """Compare without regard to white space; `…` stands for anything."""
    parts = "".join(expected.split()).split(_ANYTHING)
    pattern = ".*?".join(map(re.escape, parts))
    return re.fullmatch(pattern, "".join(printed.split()), re.DOTALL) is not None
