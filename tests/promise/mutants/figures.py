"""Bugs in figures: what is late stays wrong, what is one is counted twice."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_PERSON = "domain/stats/person.py"
_TESTS = "tests/unit/domain/stats/test_person.py"
_FOLLOW = "usecases/stats/follow_ledger.py"
_COUNTS = "tests/contract/test_statistics.py"

FIGURES = (
    Mutant(
        name="a late no counts on the day on which it came",
        path=_PERSON,
        old="        at = max(event.occurred_at, self._turned.get((contact, name), 0))\n",
        new="        at = max(event.recorded_at, self._turned.get((contact, name), 0))\n",
        tests=(f"{_TESTS}::test_a_no_that_comes_late_counts_on_the_day_on_which_it_was_said",),
    ),
    Mutant(
        name="two contacts of one person can both be written to",
        path=_PERSON,
        old="            if name not in new or name in old:  # both were counted\n",
        new="            if name not in new:\n",
        tests=(f"{_TESTS}::test_two_contacts_who_turn_out_to_be_one_person_are_one",),
    ),
    Mutant(
        name="who is counted anew is not taken away first",
        path=_FOLLOW,
        old="        add(counts, count_person(events, told, days, stretch.locales), -1)\n",
        new="        add(counts, count_person(events, told, days, stretch.locales), 0)\n",
        tests=(f"{_COUNTS}::test_a_late_no_corrects_figures_that_were_counted[sqlite]",),
    ),
    Mutant(
        name="two processes count one stretch",
        path="storage/sqlite/stats.sql",
        old="WHERE business_id = ?1 AND build = ?2 AND position = ?3 AND sends_through = ?4\n",
        new="WHERE business_id = ?1 AND build = ?2 AND ?3 >= 0 AND ?4 >= 0\n",
        tests=(f"{_COUNTS}::test_of_two_who_follow_at_once_one_moves_the_counts[sqlite]",),
    ),
)
