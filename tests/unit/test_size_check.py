"""What the check of sizes calls a test that checks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import size_check


def complaints(folder: Path, body: str) -> list[str]:
    path = folder / "tests" / "test_it.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"def test_it() -> None:\n    {body}\n", encoding="utf-8")
    return list(size_check.complaints_about(path))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(size_check, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "body",
    [
        "assert it",
        "with pytest.raises(ValueError): it()",
        "with pytest.warns(UserWarning): it()",
        "expect(page.get_by_text('it')).to_be_visible()",
        "expect(page).not_to_have_url('/')",
        "drive(it, examples=1, steps=1)",
    ],
)
def test_a_test_that_says_what_must_be_so_is_one(folder: Path, body: str) -> None:
    assert complaints(folder, body) == []


@pytest.mark.parametrize(
    "body",
    [
        "it()",
        "with it(): pass",
        "raise it",
        "page.get_by_text('it').wait_for()",
        "page.expect_download()",
        "expect(page)",
        "store.drive()",
    ],
)
def test_a_test_that_only_calls_checks_nothing(folder: Path, body: str) -> None:
    (complaint,) = complaints(folder, body)
    assert complaint == "tests/test_it.py:1: test_it checks nothing"


@pytest.mark.parametrize("way", ["skip()", "xfail()", "mark.skip", "mark.skipif(1)"])
def test_a_way_out_is_told(folder: Path, way: str) -> None:
    (complaint,) = complaints(folder, f"assert py{'test'}.{way}")
    assert "a test that does not run proves nothing" in complaint


def test_a_test_that_runs_only_where_something_is_installed_is_told(folder: Path) -> None:
    (complaint,) = complaints(folder, f"assert py{'test'}.importorskip('it')")
    assert "proves nothing" in complaint


def test_the_examples_are_looked_at() -> None:
    assert any("examples" in path.parts for path in size_check.text_files())
