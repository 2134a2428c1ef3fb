"""The reference has what the program has, and the guide names nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from askfirst.bootstrap.settings import PREFIX, Settings
from askfirst.decision.decide import RULES
from askfirst.decision.reason import Reason
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.web.api.app import ROUTES
from askfirst.web.metrics import Metrics
from askfirst.web.problems import KINDS
from scripts import reference
from tests.docs.pages import GUIDE, REFERENCE, ROOT, documents
from tests.support.commands import groups_and_commands

_VARIABLE = re.compile(rf"\b{PREFIX}([A-Z_]+)\b")
_WRONG_ON_PURPOSE = {"WEBHOOK_SECRET"}  # in operate.md, to show that it is refused


def text_of(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", reference.pages())
def test_a_page_is_what_the_script_writes(name: str) -> None:
    assert reference.current(name) == reference.pages()[name], "run python scripts/reference.py"


def test_nothing_else_lies_among_the_pages() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(reference.pages())


def test_the_script_says_which_page_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    assert reference.main(["--check"]) == 1
    assert "reasons.md is not up to date" in capsys.readouterr().out
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0


def test_every_reason_is_explained() -> None:
    page = text_of("reasons.md")
    for reason in Reason:
        assert f"| `{reason}` | {reason.explanation} |" in page


@pytest.mark.parametrize("page", [REFERENCE / "reasons.md", ROOT / "docs" / "architecture.md"])
def test_the_rules_are_listed_in_the_order_in_which_they_are_asked(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert reference.rules_table() in text, "run python scripts/reference.py"
    listed = re.findall(r"^\| (\d) \| ([a-z -]+) \|", text, re.MULTILINE)
    assert listed == [(str(rule.number), rule.name) for rule in RULES]


def test_every_problem_is_listed_with_its_status() -> None:
    page = text_of("errors.md")
    for kind in KINDS.values():
        assert f"| `{kind.code}` | {kind.status} | {kind.title} |" in page


def test_every_setting_is_described() -> None:
    page = text_of("settings.md")
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"## `{PREFIX}{name.upper()}`\n\n{field.description}\n" in page


def test_every_command_has_a_section() -> None:
    sections = re.findall(r"^## `(.+)`$", text_of("cli.md"), re.MULTILINE)
    assert sections == ["askfirst", *(f"askfirst {name}" for name in groups_and_commands())]


def test_every_operation_has_a_section() -> None:
    sections = re.findall(r"^## `(.+)`$", text_of("api.md"), re.MULTILINE)
    assert set(sections) == {f"{route.method} {route.path}" for route in ROUTES}


def test_every_metric_is_listed() -> None:
    page = text_of("metrics.md")
    for family in Metrics().registry.collect():
        assert f"| `{family.name.removesuffix('_created')}" in page


def test_every_scope_is_in_the_guide() -> None:
    page = (GUIDE / "guard-your-client.md").read_text(encoding="utf-8")
    assert all(f"`{scope}`" in page for scope in ApiScope)


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    named = {
        name
        for page in documents()
        for name in _VARIABLE.findall(page.read_text(encoding="utf-8"))
        if not name.startswith("TEST_")
    }
    assert named - _WRONG_ON_PURPOSE <= {name.upper() for name in Settings.model_fields}
