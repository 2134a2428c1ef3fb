"""Bugs in what follows from Meta's answers: places, deferrals, and who cannot be reached."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_ANSWERS = "tests/contract/test_meta_answers.py"
_STATUS = "usecases/sending/delivery_status.py"

ANSWERS = (
    Mutant(
        name="a place is given back twice: once for the failure, once for another message",
        path="storage/sqlite/statements.sql",
        old="AND contact_id = ?2 AND decision_id = ?3\nRETURNING is_outside;",
        new="AND contact_id = ?2 AND ?3 = ?3\nRETURNING is_outside;",
        tests=(f"{_ANSWERS}::test_a_failure_at_once_and_by_status_gives_back_one_place[sqlite]",),
    ),
    Mutant(
        name="a failure of which nothing is sure gives its place back",
        path=_STATUS,
        old="[code for code in notice.codes if answer_of(code).is_surely_lost]",
        new="list(notice.codes)",
        tests=(f"{_ANSWERS}::test_a_message_that_arrived_and_failed_keeps_its_place[sqlite]",),
    ),
    Mutant(
        name="a status that is faster than the answer is forgotten",
        path="usecases/inbound/settle_lost_message.py",
        old="if leased.attempts < TIMES_MAX:",
        new="if leased.attempts < 0:",
        tests=(f"{_ANSWERS}::test_a_status_before_the_answer_is_written_down_counts[sqlite]",),
    ),
    Mutant(
        name="a failure that is late counts although something has arrived since",
        path="domain/sending/reachability.py",
        old="{day for day in failed_days if day > reached_day}",
        new="set(failed_days)",
        tests=(f"{_ANSWERS}::test_any_order_of_statuses_has_the_same_end[sqlite]",),
    ),
    Mutant(
        name="what has arrived ends failures that came after it",
        path="storage/consent/workspace.py",
        old="known.failed_at is None and not known.failed_days",
        new="True",
        tests=(f"{_ANSWERS}::test_any_order_of_statuses_has_the_same_end[sqlite]",),
    ),
    Mutant(
        name="marketing that Meta deferred is sent again at once",
        path="decision/rules/limits/obstacles.py",
        old="return PASS if until is None or until <= case.now else Wait(until, reason)",
        new="return PASS",
        tests=(f"{_ANSWERS}::test_only_marketing_outside_windows_waits_for_meta[sqlite]",),
    ),
    Mutant(
        name="a number that cannot be reached has stopped marketing",
        path="domain/sending/meta_answers.py",
        old="        effect=Effect.UNREACHABLE,\n",
        new="        effect=Effect.NATIVE_STOP,\n",
        tests=(f"{_ANSWERS}::test_three_days_of_failure_are_a_week_of_rest_and_no_stop[sqlite]",),
    ),
)
