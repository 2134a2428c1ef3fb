"""Every planted bug turns the test red that the lists in `tests/promise/mutants` name for it."""

from __future__ import annotations

import pytest

from tests.promise.mutants.answers import ANSWERS
from tests.promise.mutants.braking import BRAKING
from tests.promise.mutants.console import CONSOLE
from tests.promise.mutants.erasing import ERASING
from tests.promise.mutants.evidence import EVIDENCE
from tests.promise.mutants.exports import EXPORTS
from tests.promise.mutants.figures import FIGURES
from tests.promise.mutants.forwarding import FORWARDING
from tests.promise.mutants.gate import GATE
from tests.promise.mutants.gateway import GATEWAY
from tests.promise.mutants.imports import IMPORTS
from tests.promise.mutants.keeping import KEEPING
from tests.promise.mutants.mutant import Copy, Mutant, NotApplicable, is_seen, patched
from tests.promise.mutants.nursery import Nursery
from tests.promise.mutants.registry import REGISTRY
from tests.promise.mutants.standings import STANDINGS
from tests.promise.mutants.stops import STOPS
from tests.promise.mutants.told import TOLD
from tests.promise.sizes import ARE_ALL_PLANTED

DECIDING = (*STANDINGS, *TOLD, *GATE, *GATEWAY, *REGISTRY, *ANSWERS, *BRAKING)
KEEPERS = (*KEEPING, *EVIDENCE, *ERASING, *STOPS, *FORWARDING)
KEPT = (*KEEPERS, *IMPORTS, *FIGURES, *CONSOLE, *EXPORTS)
MUTANTS = (*DECIDING, *KEPT)
_CHOSEN = [mutant for mutant in DECIDING if mutant.is_quick or ARE_ALL_PLANTED]
"""The others are in a file of their own, so that they run beside these."""


def named(mutant: Mutant) -> str:
    return mutant.name


@pytest.mark.parametrize("mutant", _CHOSEN, ids=named)
def test_a_planted_bug_is_seen(mutant: Mutant, copy: Copy, nursery: Nursery) -> None:
    seen, said = is_seen(mutant, copy, nursery)
    assert seen, said


@pytest.mark.parametrize("mutant", MUTANTS, ids=named)
def test_a_patch_still_fits_the_source(mutant: Mutant) -> None:
    assert mutant.new in patched(mutant)


def test_a_patch_that_no_longer_fits_is_noticed() -> None:
    gone = Mutant(name="gone", path="domain/consent/event.py", old="no such line", new="", tests=())
    with pytest.raises(NotApplicable):
        patched(gone)


def test_a_harmless_change_is_not_taken_for_a_bug(copy: Copy, nursery: Nursery) -> None:
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
    assert not is_seen(harmless, copy, nursery)[0]
    nowhere = Mutant(
        name="nowhere", path=harmless.path, old=old, new=old, tests=(place + "::no_such_test",)
    )
    assert not is_seen(nowhere, copy, nursery)[0]
