"""The glossary and the code: every word has its place, and the place is there."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.prompts.prompt import Surface
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([a-z -]+) \| (.+) \| `([\w.]+)` \|$", PAGE, re.MULTILINE)
MEANINGS = {word: meaning for word, meaning, _ in ROWS}


def test_every_line_of_the_table_is_a_word() -> None:
    assert len(ROWS) == PAGE.count("\n| ") - 1
    assert [word for word, _, _ in ROWS if word != "acknowledged"] == sorted(
        MEANINGS.keys() - {"acknowledged"}
    )


@pytest.mark.parametrize(("word", "place"), [(word, place) for word, _, place in ROWS])
def test_a_word_has_its_place_in_the_code(word: str, place: str) -> None:
    module, _, name = place.rpartition(".")
    assert getattr(import_module(module), name).__doc__, word


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("assurance", Assurance),
        ("event", EventKind),
        ("number proof", NumberProof),
        ("surface", Surface),
    ],
)
def test_a_closed_list_is_told_whole(
    word: str, values: type[Assurance | EventKind | NumberProof | Surface]
) -> None:
    told = set(re.findall(r"`(\w+)`", MEANINGS[word]))
    assert told == {value.name.lower() for value in values}
