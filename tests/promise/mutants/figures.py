"""Bugs in figures: what is late stays wrong, what is one is counted twice."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_PERSON = "domain/stats/person.py"
_TESTS = "tests/unit/domain/stats/test_person.py"
_FOLLOW = "usecases/stats/follow_ledger.py"
_COUNTS = "tests/contract/test_statistics.py"
_LATE = "domain/consent/late_stops.py"
_LISTED = "tests/contract/test_late_stops.py"

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
    Mutant(
        name="a no that was said before a yes is a late stop, whatever it ended",
        path=_LATE,
        old="        if event.kind in _NOES and _is_marked(after, event.position):\n",
        new="        if event.kind in _NOES:\n",
        tests=(f"{_LISTED}::test_a_stop_that_ended_no_newer_yes_is_not_listed",),
    ),
    Mutant(
        name="of people who are counted together, one keeps their late stop",
        path=_FOLLOW,
        old="        late += late_stops(events)\n",
        new="        late = list(late_stops(events))\n",
        tests=(f"{_LISTED}::test_pages_have_each_once_the_newest_first[sqlite]",),
    ),
    Mutant(
        name="a newer yes is forgotten where an older one was recorded after it",
        path=_LATE,
        old="            newest_yes = max(newest_yes, event.occurred_at)\n",
        new="            newest_yes = event.occurred_at\n",
        tests=(f"{_LISTED}::test_an_older_yes_that_came_in_between_hides_none[sqlite]",),
    ),
    Mutant(
        name="late stops of another business are listed",
        path="storage/sqlite/stats.sql",
        old="WHERE business_id = ?1 AND build = ?2 AND recorded_at >= ?3 AND (",
        new="WHERE business_id > '' AND ?1 > '' AND build = ?2 AND recorded_at >= ?3 AND (",
        tests=(f"{_LISTED}::test_nobody_sees_those_of_another_business[sqlite]",),
    ),
    Mutant(
        name="a late stop outlives the erasure of the person",
        path="storage/erasures.py",
        old='    "erase_late_stops",\n',
        new="",
        tests=(f"{_LISTED}::test_it_is_gone_with_the_person_at_once[sqlite]",),
    ),
    Mutant(
        name="a late stop of a merged contact stays with the one that is no more",
        path="storage/stats/statistics.py",
        old="json.dumps([*move.people, *move.gone]))\n",
        new="json.dumps([*move.people]))\n",
        tests=(f"{_LISTED}::test_it_goes_with_whoever_the_person_turns_out_to_be",),
    ),
    Mutant(
        name="two that count labels at once count decisions twice",
        path="storage/stats/decision_counts.py",
        old='    if not (yield "move_campaigns_counted", stretch):\n        return False\n',
        new='    yield "move_campaigns_counted", stretch\n',
        tests=(
            "tests/contract/test_campaigns.py::test_two_that_count_labels_at_once_count_nothing_twice[postgres]",
        ),
    ),
    Mutant(
        name="who had the same answer before is counted once more for a label",
        path="storage/sqlite/stats.sql",
        old="AND e.decision_id <= ?2\n",
        new="AND e.decision_id < ''\n",
        tests=(
            "tests/contract/test_campaigns.py::test_what_was_counted_of_a_label_is_what_its_decisions_say[sqlite-0]",
        ),
    ),
)
