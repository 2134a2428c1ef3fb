"""Bugs in files of stops and in choices: a no is lost, or something becomes more permissive."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_FILE = "domain/opt_out/stop_file.py"
_IMPORT = "usecases/opt_out/import_stops.py"
_FILE_TESTS = "tests/unit/domain/opt_out/test_stop_file.py"
_CHOICES = "tests/properties/test_choices.py"
_REST = "tests/web/api/test_choices.py"
_IMPORT_TESTS = "tests/contract/test_import_stops.py"

STOPS = (
    Mutant(
        name="a quote that is never closed swallows the rest of a file of stops",
        path=_FILE,
        old="            return None, 1\n",
        new="            return None, len(self._lines)\n",
        tests=(f"{_FILE_TESTS}::test_a_quote_that_is_never_closed_costs_its_own_row_only",),
    ),
    Mutant(
        name="a row of a newer file is taken for the one before the person said yes again",
        path=_IMPORT,
        old="*stop.purposes, stop.said_at or digest)",
        new="*stop.purposes, stop.said_at)",
        tests=(
            (
                f"{_IMPORT_TESTS}::"
                "test_a_newer_file_without_times_stops_whoever_is_in_it_again[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="a stop of a file whose time is not understood is dropped",
        path=_IMPORT,
        old="occurred_at=min(stop.said_at or now, now),",
        new="occurred_at=min(stop.said_at or Instant(0), now),",
        tests=(
            (
                f"{_IMPORT_TESTS}::"
                "test_where_the_time_is_missing_or_doubtful_the_stop_counts_from_now[sqlite-soon]"
            ),
        ),
    ),
    Mutant(
        name="of several names in a row of a file of stops only the first stops",
        path=_IMPORT,
        old="        for alias in stop.aliases\n    )\n    return",
        new="        for alias in stop.aliases[:1]\n    )\n    return",
        tests=(f"{_IMPORT_TESTS}::test_each_name_of_a_row_stops[sqlite]",),
    ),
    Mutant(
        name="a second pause shortens the first",
        path="domain/consent/pauses.py",
        old="max(one.until, other.until))",
        new="other.until)",
        tests=(f"{_CHOICES}::test_of_several_pauses_the_latest_moment_counts",),
    ),
    Mutant(
        name="a pause is not looked at by the gate",
        path="decision/decide.py",
        old="    PAUSE,\n    SERVICE_WINDOW",
        new="    SERVICE_WINDOW",
        tests=(f"{_REST}::test_a_pause_waits_until_its_moment_and_no_longer",),
    ),
    Mutant(
        name="a merge forgets what one side paused",
        path="domain/consent/standing.py",
        old="        pauses=both(one.pauses, other.pauses),\n",
        new="        pauses=one.pauses,\n",
        tests=(f"{_CHOICES}::test_a_pause_of_either_side_holds_for_both_after_a_merge",),
    ),
    Mutant(
        name="a typed yes ends a pause",
        path="domain/consent/pauses.py",
        old="if not lifts(yes, pause.mark) or",
        new="if yes.mark.at <= pause.mark.at or",
        tests=(f"{_CHOICES}::test_a_yes_ends_a_pause_only_as_it_would_lift_a_no",),
    ),
    Mutant(
        name="a business makes messages more frequent than the person chose",
        path="domain/consent/pauses.py",
        old="return chosen if event.source is Source.FORM else rarer(old, chosen)",
        new="return chosen",
        tests=(
            (
                f"{_CHOICES}::"
                "test_what_a_business_says_for_the_person_never_makes_messages_more_frequent"
            ),
        ),
    ),
)
