"""Pages lead somewhere, and say nothing about the machine or the day they were written on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import ROOT, agrees, anchors, documents, links, snippets

_OUTSIDE = ("https://", "http://", "mailto:")
# Spelt with classes of one letter, so that this file passes its own check.
MACHINE = re.compile(
    r"(?<![\w.])/(?:hom[e]|roo[t]|User[s]|wor[k])/\w"
    r"|C:\\User[s]"
    r"|extra-inde[x]|index-ur[l]|find-link[s]"
    r"|\b(?:pypi|registry|artifactory|nexus|mirror)[.\w-]*\.(?:intra|internal|local|corp|lan)\b"
    r"|\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
)
ABOUT_ADDRESSES = frozenset(
    {"tests/unit/delivery/test_endpoints.py", "tests/unit/domain/events/test_endpoint.py"}
)
"""What they hold is that private addresses are not called."""
MAKING = re.compile(
    r"\bissue \d|\bissue #|\b(?:this|our) session\b|\bmilestone|\broadmap|\bsprint\b"
    r"|\blanguage model|\b(?:coding|AI) (?:agent|assistant)|\bLLM\b|\bto be done\b|\bTB[D]\b"
    r"|\bwork in progress\b|\bnot yet implemented\b|\bshared/",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    """List the files of the repository, those that are new included; of a copy, all of its own."""
    if not (ROOT / ".git").exists():
        return [path for path in sorted(ROOT.rglob("*")) if path.is_file() and _is_own(path)]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in sorted(set(listed.split("\0"))) if (path := ROOT / name).is_file()]


def _is_own(path: Path) -> bool:
    """Return what belongs to a copy from what was installed or made in it."""
    made = {one.strip("/") for one in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
    return made.isdisjoint(path.relative_to(ROOT).parts) and path.suffix != ".pyc"


def text_in(path: Path) -> str:
    """Return a file's text; of one that is none, nothing."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(_OUTSIDE):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        named = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
        waiting += [one for one in named - reached if one.suffix == ".md" and one.exists()]
    assert {page for page in documents() if "decisions" not in page.parts} <= reached


def test_the_picture_loads_nothing_and_suits_light_and_dark() -> None:
    picture = (ROOT / "docs" / "pictures" / "askfirst.svg").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in picture
    assert not re.search(r"(?:href|url)\s*[=(]", picture)


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path.relative_to(ROOT).as_posix() not in ABOUT_ADDRESSES
        and (match := MACHINE.search(text_in(path)))
    ]
    assert not found


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_speaks_of_how_it_was_made(page: Path) -> None:
    assert MAKING.search(page.read_text(encoding="utf-8")) is None


def test_a_block_that_cannot_run_is_the_exception() -> None:
    blocks = [one for page in documents() for one in snippets(page)]
    kept_back = [one for one in blocks if one.language == "sh" and not one.runs]
    assert len(kept_back) <= len([one for one in blocks if one.runs]) // 4


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ('{"a": 1}', '{"a":1}', True),
        ('{"a": "…"}', '{"a":"anything, even\n lines"}', True),
        ('{"a": 1}', '{"a":2}', False),
        ('"deny" …', '"allow", "deny"', False),
    ],
)
def test_expected_output_is_compared(expected: str, printed: str, same: bool) -> None:
    assert agrees(expected, printed) is same
