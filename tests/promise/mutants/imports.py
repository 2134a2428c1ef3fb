"""Bugs in imports: a yes that revives, a row that counts twice, a number that is guessed."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_TESTS = "tests/contract/test_imports.py"
_RANGES = "tests/unit/adapters/test_number_ranges.py"
_ROWS = "tests/unit/usecases/bulk/test_list_rows.py"
_SCREENS = "tests/contract/test_screens.py"
_NEWCOMERS = "storage/consent/newcomers.py"
_NEW = "tests/properties/test_newcomers.py"
_BOTH = f"{_NEW}::test_both_ways_write_the_same_events_standings_and_names"
_VERDICT = "domain/bulk/verdict.py"
_NUMBERS = "tests/unit/usecases/bulk/test_file_numbers.py"

_ENTRIES = "tests/properties/test_import_entries.py"
_TURNS = "tests/contract/test_import_turns.py"

IMPORTS = (
    Mutant(
        name="a small import waits until a large one is read",
        path="usecases/bulk/imports/preparations.py",
        old="timeout=span / SECOND)",
        new="timeout=None)",
        tests=(f"{_TURNS}::test_a_small_file_is_done_while_a_large_one_is_being_read[sqlite]",),
    ),
    Mutant(
        name="a small import waits until a large one is written",
        path="usecases/bulk/imports/run_import.py",
        old="        if services.clock.steady() > until:\n",
        new="        if services.clock.steady() < 0:\n",
        tests=(f"{_TURNS}::test_a_small_file_is_written_while_a_large_one_is[sqlite]",),
    ),
    Mutant(
        name="a reading that paused goes on with what was answered since",
        path="usecases/bulk/imports/preparations.py",
        old="if reading is None or reading.revision != job.revision:",
        new="if reading is None:",
        tests=(f"{_TURNS}::test_what_was_answered_since_is_read_as_it_was_answered[sqlite]",),
    ),
    Mutant(
        name="a small list waits until a large one is screened",
        path="bootstrap/background_tasks.py",
        old="SCREENS_AT_ONCE, overlaps=True)",
        new="1)",
        tests=(f"{_SCREENS}::test_a_small_list_is_done_while_a_large_one_is_screened[sqlite]",),
    ),
    Mutant(
        name="a row of an import is named without what it is about",
        path="usecases/bulk/imports/judge_rows.py",
        old="_said_name(row.purposes, ",
        new="_said_name((), ",
        tests=(f"{_ENTRIES}::test_the_evidence_and_the_name_of_a_row_are_plain_json",),
    ),
    Mutant(
        name="an import is judged without the noes of the ledger",
        path=_VERDICT,
        old="    if any(one.answer in _NOES for one in seen):\n",
        new="    if not seen:\n",
        tests=(f"{_TESTS}::test_a_yes_of_a_file_never_lifts_a_no[sqlite]",),
    ),
    Mutant(
        name="a yes of a file that also says no counts",
        path=_VERDICT,
        old="    if others.no_before and row.said is Said.YES:\n",
        new="    if others.no_before and row.said is Said.NO:\n",
        tests=(f"{_TESTS}::test_a_no_of_the_file_stands_whatever_yes_the_file_has[sqlite]",),
    ),
    Mutant(
        name="a name that stands twice in a file is taken for two people",
        path="adapters/tables/file_facts.py",
        old="            self._again[place] |= bit\n",
        new="            pass\n",
        tests=(f"{_TESTS}::test_a_no_of_the_file_stands_whatever_yes_the_file_has[sqlite]",),
    ),
    Mutant(
        name="days are read before the file has settled their order",
        path="usecases/bulk/imports/prepare_import.py",
        old="        is_swapped = self.swaps and settings.date_order is None\n",
        new="        is_swapped = False\n",
        tests=(f"{_TESTS}::test_each_row_is_read_as_the_whole_file_settles_it",),
    ),
    Mutant(
        name="rows about another channel count until the file names WhatsApp",
        path="usecases/bulk/imports/prepare_import.py",
        old="(self.channels and not settings.only)",
        new="False",
        tests=(f"{_TESTS}::test_only_rows_about_whatsapp_count_however_late_the_file_says_so",),
    ),
    Mutant(
        name="a row that was written before is not known again",
        path="storage/bulk/imports.py",
        old="if found.has(one) else []",
        new="if not found.has(one) else []",
        tests=(f"{_TESTS}::test_the_same_file_again_changes_nothing_even_after_a_new_yes[sqlite]",),
    ),
    Mutant(
        name="a yes without a time counts from now",
        path="usecases/bulk/imports/judge_rows.py",
        old="        occurred_at=row.said_at or EARLIEST,\n",
        new="        occurred_at=row.said_at or now,\n",
        tests=(f"{_TESTS}::test_a_yes_without_a_time_is_older_than_any_no[sqlite]",),
    ),
    Mutant(
        name="a part of an import is written twice",
        path="storage/sqlite/imports.sql",
        old="WHERE business_id = ?1 AND import_id = ?2 AND done = ?3\n",
        new="WHERE business_id = ?1 AND import_id = ?2 AND ?3 >= 0\n",
        tests=(f"{_TESTS}::test_a_part_is_written_once_whoever_comes_second[sqlite]",),
    ),
    Mutant(
        name="somebody erased is taken for a newcomer of an import",
        path=_NEWCOMERS,
        old="            or not workspace.suppressed.isdisjoint(lookups)\n",
        new="",
        tests=(f"{_NEW}::test_somebody_erased_is_no_newcomer",),
    ),
    Mutant(
        name="a neighbour's no does not count for a newcomer of an import",
        path=_NEWCOMERS,
        old="            or bool(alias.neighbour_keys)\n",
        new="",
        tests=(f"{_NEW}::test_a_no_of_a_newcomer_is_one_of_the_neighbouring_number_too",),
    ),
    Mutant(
        name="the standing of a newcomer is that of another moment",
        path=_NEWCOMERS,
        old="_AT: _number(event.occurred_at)",
        new="_AT: _number(event.recorded_at)",
        tests=(_BOTH,),
    ),
    Mutant(
        name="an error of a spreadsheet is an empty cell",
        path="adapters/tables/typed_tables.py",
        old="            cells = _with_errors(row, wrong) if wrong else row\n",
        new="            cells = row\n",
        tests=("tests/unit/adapters/test_tables.py::test_an_error_in_a_workbook_is_no_empty_cell",),
    ),
    Mutant(
        name="a list is screened at two positions of the ledger",
        path="storage/sqlite/reading.py",
        old='                connection.execute("BEGIN")\n',
        new="",
        tests=(
            f"{_SCREENS}::test_all_rows_are_answered_at_one_position_whatever_is_said_meanwhile[sqlite]",
        ),
    ),
    Mutant(
        name="who is unknown may be written to, in a list that is screened",
        path="usecases/bulk/screens/screening.py",
        old="        told = self._told.get((likeness, home))\n",
        new="        told = next(iter(self._told.values()), None)\n",
        tests=(f"{_SCREENS}::test_strangers_of_another_country_are_judged_by_theirs[sqlite]",),
    ),
    Mutant(
        name="an old yes is as good as a new one in a list that is screened",
        path="storage/bulk/snapshots.py",
        old="        key = (yes.sort, yes_class(yes.at, yes.position), row[",
        new="        key = (yes.sort, row[",
        tests=(f"{_SCREENS}::test_people_with_one_yes_each_have_the_answers_of_the_gate[sqlite]",),
    ),
    Mutant(
        name="of somebody with one yes nothing else is looked at in a list that is screened",
        path="storage/bulk/snapshots.py",
        old="yes_class(yes.at, yes.position), row[_STANDING + 1 :])",
        new="yes_class(yes.at, yes.position))",
        tests=(
            f"{_SCREENS}::test_who_was_sent_enough_waits_beside_who_is_alike_but_for_that[sqlite]",
        ),
    ),
    Mutant(
        name="a number belongs where others with one digit less in common do",
        path="adapters/number_ranges.py",
        old="    return max((len(known), *found))\n",
        new="    return max((len(known), *found)) - 1\n",
        tests=(f"{_RANGES}::test_numbers_that_share_a_range_have_the_home_that_the_plan_tells",),
    ),
    Mutant(
        name="a reading that has ended keeps the place of others",
        path="usecases/bulk/imports/preparations.py",
        old="                del self._begun[job.import_id]\n",
        new="                pass\n",
        tests=(
            f"{_TURNS}::test_a_reading_that_ends_between_two_turns_gives_its_place_away[sqlite]",
        ),
    ),
    Mutant(
        name="a header that is met again in a list is somebody",
        path="usecases/bulk/screens/list_rows.py",
        old="                    and first.strip() not in header\n",
        new="",
        tests=(f"{_ROWS}::test_a_row_names_whom_it_names_in_an_import",),
    ),
    Mutant(
        name="all imported lists are one for the brakes of a screening",
        path="usecases/bulk/screens/screening.py",
        old="        return self._policy.age_class(at, self.now), list_of(position)\n",
        new="        return self._policy.age_class(at, self.now), list_of(1)\n",
        tests=(
            f"{_SCREENS}::test_a_brake_on_one_list_of_imported_people_holds_that_list_only[sqlite]",
        ),
    ),
    Mutant(
        name="a no of a neighbouring number is not seen in a list that is screened",
        path="storage/bulk/snapshots.py",
        old="        near = [_row(base, rows[one]) for one in nearby if one in rows]\n",
        new="        near = []\n",
        tests=(f"{_SCREENS}::test_facts_of_a_snapshot_are_those_that_the_gate_reads[sqlite]",),
    ),
    Mutant(
        name="an answer about e-mail is one about WhatsApp",
        path="domain/bulk/columns.py",
        old="    return any(words.has_word(one, name) for one in _OTHER_CHANNELS)\n",
        new="    return False\n",
        tests=(
            f"{_TESTS}::test_an_answer_of_another_channel_is_never_taken_by_itself[sqlite-Email]",
        ),
    ),
    Mutant(
        name="a number with two readings is guessed",
        path="usecases/bulk/imports/read_file_number.py",
        old="    if dialled and whole and dialled != whole:\n",
        new="    if dialled and whole and not digits:\n",
        tests=(f"{_NUMBERS}::test_what_has_no_reading_or_two_is_refused_by_name",),
    ),
)
