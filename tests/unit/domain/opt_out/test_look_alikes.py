"""Ordinary talk with a shop has words such as list, number, delete and not: it is no stop."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from benchmarks.opt_out import read_corpus
from tests.support.opt_out import read_typed_stop

LOOK_ALIKES: Final = read_corpus(Path(__file__).parents[3] / "corpora" / "opt_out" / "look_alikes")


@pytest.mark.parametrize("language", LOOK_ALIKES)
def test_ordinary_talk_is_no_stop(language: str) -> None:
    lines = LOOK_ALIKES[language]
    assert {line.expect for line in lines} == {"none"}
    assert [line.text for line in lines if read_typed_stop(line.text)] == []
