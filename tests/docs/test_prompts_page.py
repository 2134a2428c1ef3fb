"""The page about questions: its snippets run, and it knows each rule, class and question."""

from __future__ import annotations

import re
from pathlib import Path

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.prompt_rule import LintSeverity
from askfirst.domain.prompts.prompt_rules import RULES
from tests.docs.pages import ROOT, agrees, snippets
from tests.docs.shell import free_ports, run_page

PAGE = ROOT / "docs" / "guide" / "prompts.md"
TEXT = PAGE.read_text(encoding="utf-8")
COUNTRIES = ("EU", "GB", "BR", "CA", "IN", "US")
TEMPLATES = ROOT / "src" / "askfirst" / "web" / "templates"


def test_each_snippet_prints_what_the_page_says(tmp_path: Path) -> None:
    ran = run_page(snippets(PAGE), tmp_path, free_ports())
    assert [one.status for one in ran] == [0] * len(ran)
    wrong = [
        one.printed
        for one in ran
        if one.snippet.expected is not None and not agrees(one.snippet.expected, one.printed)
    ]
    assert wrong == []


def test_each_rule_is_listed_with_the_countries_where_it_binds() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| .+ \| ([^|]+) \|$", TEXT, re.MULTILINE)
    for rule in RULES:
        binding = ", ".join(code for code in COUNTRIES if code in rule.errors_in)
        everywhere = "everywhere" if rule.severity is LintSeverity.ERROR else "nowhere"
        assert (rule.id, binding or everywhere) in listed


def test_each_question_is_listed() -> None:
    assert [key for key in built_in_catalogue().prompts if f"`{key}`" not in TEXT] == []


def test_each_class_is_listed() -> None:
    fragments = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("prompt*.html"))
    classes = set(re.findall(r'class="(askfirst-[a-z]+)"', fragments))
    assert classes == set(re.findall(r"`(askfirst-[a-z]+)`", TEXT))
