"""Each planted bug in what is kept, acted on and handed on turns a test red."""

from __future__ import annotations

import pytest

from tests.promise.mutants.mutant import Copy, Mutant, is_seen
from tests.promise.mutants.nursery import Nursery
from tests.promise.sizes import ARE_ALL_PLANTED
from tests.promise.test_mutants import KEPT, named

_CHOSEN = [mutant for mutant in KEPT if mutant.is_quick or ARE_ALL_PLANTED]


@pytest.mark.parametrize("mutant", _CHOSEN, ids=named)
def test_a_planted_bug_is_seen(mutant: Mutant, copy: Copy, nursery: Nursery) -> None:
    seen, said = is_seen(mutant, copy, nursery)
    assert seen, said
