"""Bugs in erasing people: something is left, or the no goes with the person."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_ERASURES = "storage/erasures.py"
_SUPPRESSIONS = "storage/consent/suppressions.py"
_EVERYTHING = "tests/contract/test_erasure_finds_everything.py"
_CONTRACT = "tests/contract/test_erasure.py"
_NOTHING_LEFT = f"{_EVERYTHING}::test_an_erasure_leaves_nothing_but_the_suppression[sqlite]"

ERASING = (
    Mutant(
        name="an erasure forgets the evidence",
        path=_ERASURES,
        old='        yield "erase_evidence", (*place, erased.position)\n',
        new="",
        tests=(_NOTHING_LEFT,),
    ),
    Mutant(
        name="an erasure forgets the stops that wait for a confirmation",
        path=_ERASURES,
        old='    "erase_stop_confirmations",\n',
        new="",
        tests=(_NOTHING_LEFT,),
    ),
    Mutant(
        name="an erasure forgets what an operator had to look at",
        path=_ERASURES,
        old='    "erase_reviews",\n',
        new="",
        tests=(_NOTHING_LEFT,),
    ),
    Mutant(
        name="an erasure leaves messages to people who were not known yet",
        path=_ERASURES,
        old='                await self._statements.write("empty_decision", business_id, row[0])\n',
        new=(
            "                if row[2] is None:\n                    continue\n"
            '                await self._statements.write("empty_decision", business_id, row[0])\n'
        ),
        tests=(_NOTHING_LEFT,),
    ),
    Mutant(
        name="an erasure forgets the suppression",
        path=_ERASURES,
        old='        yield "suppress_aliases", (*place, erased.at)\n',
        new="",
        tests=(f"{_CONTRACT}::test_a_claim_of_a_yes_is_refused[sqlite-api]",),
    ),
    Mutant(
        name="a code brings back who was erased",
        path=_SUPPRESSIONS,
        old="    if act.kind not in _YESES or is_own_word(act):\n",
        new="    if act.kind not in _YESES or act.number_proof is NumberProof.PROVEN:\n",
        tests=(f"{_CONTRACT}::test_what_anybody_may_say_is_held_as_a_no",),
    ),
    Mutant(
        name="a yes to one thing lifts the no to all that was erased",
        path="storage/consent/contact_book.py",
        old="self._append(workspace, change, target, inherited_no(handover.at, source))",
        new="pass",
        tests=(f"{_CONTRACT}::test_a_yes_of_their_own_to_one_thing_lifts_nothing_else",),
    ),
    Mutant(
        name="an erasure is acknowledged before older sends are out",
        path="storage/sqlite/store.py",
        old="        if written.fenced:\n",
        new="        if written.fenced and not change.is_erasure:\n",
        tests=(f"{_CONTRACT}::test_an_erasure_waits_for_sends_as_a_stop_does[sqlite]",),
    ),
)
