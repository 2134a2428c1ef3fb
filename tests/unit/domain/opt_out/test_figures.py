"""The figures reached on the corpus are held: what is understood today is understood tomorrow.

`floors.json` has the recall and the false stops of each language, tuning and frozen. A change that
makes a figure better raises its floor: `python -m tests.unit.domain.opt_out.test_figures`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from benchmarks.opt_out import Score, read_corpus, score
from tests.support.opt_out import OPT_OUT

CORPUS: Final = Path(__file__).parents[3] / "corpora" / "opt_out"
FLOORS: Final = Path(__file__).with_name("floors.json")
CORPORA: Final = ("tuning", "frozen")


def reached(kind: str) -> dict[str, Score]:
    return {name: score(OPT_OUT, lines) for name, lines in read_corpus(CORPUS / kind).items()}


@pytest.mark.parametrize("kind", CORPORA)
def test_each_language_is_understood_as_well_as_before(kind: str) -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))[kind]
    now = reached(kind)
    assert now.keys() == floors.keys()
    worse = {
        name: (figures, floors[name])
        for name, figures in now.items()
        if figures.recall < floors[name]["recall"]
        or figures.scope < floors[name]["scope"]
        or figures.false_stops > floors[name]["false_stops"]
        or figures.unsure < floors[name]["unsure"]
    }
    assert worse == {}


if __name__ == "__main__":
    floors = {kind: {n: s._asdict() for n, s in reached(kind).items()} for kind in CORPORA}
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
