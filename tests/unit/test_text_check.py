"""What the check of texts calls wrong: one of each is planted in a copy of the texts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import text_check

PAGES = "src/askfirst/web/locale"
PROMPTS = "src/askfirst/bootstrap/locale"
SAVE = 'msgstr "Speichern"'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The texts of the repository, without its code."""
    for folder in (*text_check.CATALOGUES, "docs", "examples/shop/locale"):
        shutil.copytree(text_check.ROOT / folder, tmp_path / folder)
    for file in (*text_check.SPOKEN, "README.md", "examples/shop/README.md"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(text_check.ROOT / file, tmp_path / file)
    return tmp_path


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def catalogue(root: Path, folder: str, locale: str) -> Path:
    name = text_check.CATALOGUES[folder]
    return root / folder / locale / "LC_MESSAGES" / f"{name}.po"


def test_nothing_is_wrong_with_the_texts_as_they_are(copy: Path) -> None:
    assert list(text_check.complaints_about(copy)) == []


@pytest.mark.parametrize(
    ("folder", "locale", "before", "after", "words"),
    [
        (PAGES, "de", " mit der Endung {digits}", "", "{digits}"),
        (PAGES, "de", SAVE, 'msgstr "Diese Auswahl gleich für immer speichern."', "for 40"),
        (PAGES, "de", SAVE, 'msgstr ""', "is not translated"),
        (PAGES, "de", SAVE, 'msgstr "Speichern "', "spaces too many"),
        (PAGES, "de", 'msgid "Save"', 'msgid "Save it"', "translate it anew"),
        (PROMPTS, "de", 'msgstr "Per WhatsApp"', 'msgstr "Gern über WhatsApp hier"', "room for 20"),
        (PROMPTS, "ru", " Никому", " Никому и никогда", "one text message"),
        (PROMPTS, "en", 'msgstr "Yes, please"', 'msgstr "Yes, told"', "“told”"),
        (PROMPTS, "en", 'msgstr "Yes, please"', 'msgstr "Via WhatsApp"', "on WhatsApp"),
        (PROMPTS, "en", 'msgstr "Open WhatsApp"', 'msgstr "Recieve it"', "misspelt"),
    ],
)  # fmt: skip
def test_a_fault_in_a_catalogue_is_found(
    copy: Path, folder: str, locale: str, before: str, after: str, words: str
) -> None:
    replace(catalogue(copy, folder, locale), before, after)
    found = list(text_check.complaints_about(copy))
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Whoever has the link", "anyone who"),
        ("The link is over.", "has expired"),
        ("It is taken up later.", "process"),
        ("The server hears it.", "receives"),
        ("Nobody of that name.", "with this number"),
        ("A surer yes.", "higher assurance"),
        ("Where the ledger is.", "on the server"),
        ("We recieve it.", "misspelt"),
    ],
)
def test_a_fault_on_a_page_is_found(copy: Path, said: str, words: str) -> None:
    replace(copy / "docs" / "guide" / "receipts.md", "# Receipts\n", f"# Receipts\n\n{said}\n")
    found = list(text_check.complaints_about(copy))
    assert len(found) == 1
    assert words in found[0]


def test_code_on_a_page_is_not_read(copy: Path) -> None:
    code = "```sh\necho told\n```\n\n`told` [page](told.md)\n"
    replace(copy / "docs" / "guide" / "receipts.md", "# Receipts\n", f"# Receipts\n\n{code}")
    assert list(text_check.complaints_about(copy)) == []
