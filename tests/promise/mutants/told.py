"""Bugs in what a commit tells of the standing that it left."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_PROOF = "tests/unit/usecases/consent/test_needs_proof.py"
_PATH, _TESTS = "storage/consent/told_standings.py", "tests/contract/test_told_standings.py"

TOLD = (
    Mutant(
        name="an answer is told without the noes of a neighbouring number",
        path=_PATH,
        old="        standing = restrict(standing, neighbour.standing)\n",
        new="        pass\n",
        tests=(f"{_TESTS}::test_the_no_of_a_neighbouring_number_is_in_it[sqlite]",),
    ),
    Mutant(
        name="what is in force is told before a stop waited for the sends under way",
        path=_PATH,
        old=" or result.fenced:\n",
        new=":\n",
        tests=(f"{_TESTS}::test_nothing_is_told_of_a_write_that_waits_for_sends[sqlite]",),
    ),
    Mutant(
        name="what policy says of a yes is remembered without how sure it is",
        path="usecases/consent/tell_effect.py",
        old="event.purposes, event.assurance, event.number_proof)",
        new="event.purposes, event.assurance)",
        tests=(f"{_PROOF}::test_what_is_remembered_is_what_the_rules_say",),
    ),
    Mutant(
        name="a yes is told to be in force although its transaction erases the person",
        path="storage/sqlite/writer.py",
        old="return [not_told(result) for part in planned for result in part]",
        new="return [result for part in planned for result in part]",
        tests=(f"{_TESTS}::test_nothing_is_told_beside_an_erasure[sqlite]",),
    ),
)
