"""Every planted bug turns the test red that the lists in `tests/promise/mutants` name for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promise.mutants.erasing import ERASING
from tests.promise.mutants.evidence import EVIDENCE
from tests.promise.mutants.gate import GATE
from tests.promise.mutants.keeping import KEEPING
from tests.promise.mutants.mutant import Mutant, NotApplicable, is_seen, patched, plant
from tests.promise.mutants.standings import STANDINGS
from tests.promise.sizes import IS_FULL

MUTANTS = (*STANDINGS, *GATE, *KEEPING, *EVIDENCE, *ERASING)
_CHOSEN = [mutant for mutant in MUTANTS if mutant.is_quick or IS_FULL]


def named(mutant: Mutant) -> str:
    return mutant.name


@pytest.mark.parametrize("mutant", _CHOSEN, ids=named)
def test_a_planted_bug_is_seen(mutant: Mutant, tmp_path: Path) -> None:
    seen, said = is_seen(mutant, plant(mutant, tmp_path))
    assert seen, said


@pytest.mark.parametrize("mutant", MUTANTS, ids=named)
def test_a_patch_still_fits_the_source(mutant: Mutant) -> None:
    assert mutant.new in patched(mutant)


def test_a_patch_that_no_longer_fits_is_noticed() -> None:
    gone = Mutant(name="gone", path="domain/consent/event.py", old="no such line", new="", tests=())
    with pytest.raises(NotApplicable):
        patched(gone)


def test_a_harmless_change_is_not_taken_for_a_bug(tmp_path: Path) -> None:
    """Tests that cannot run at all, or run well, are no sight of a bug."""
    place = "tests/unit/domain/prompts/test_quick_reply.py"
    old = "PREFIX = "
    harmless = Mutant(
        name="harmless",
        path="domain/prompts/quick_reply.py",
        old=old,
        new="# as before\n" + old,
        tests=(place,),
    )
    source = plant(harmless, tmp_path)
    assert not is_seen(harmless, source)[0]
    nowhere = Mutant(
        name="nowhere", path=harmless.path, old=old, new=old, tests=(place + "::no_such_test",)
    )
    assert not is_seen(nowhere, source)[0]
