"""Bugs in what follows from Meta's answers: places, deferrals, and who cannot be reached."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_ANSWERS = "tests/contract/test_meta_answers.py"
_STATUS = "usecases/sending/delivery_status.py"
_PLAIN = "usecases/inbound/plain_reports.py"
_DELIVERIES = "storage/consent/deliveries.py"
_UNREACHABLE = "tests/web/webhooks/test_unreachable.py"
_NAMES = "tests/web/webhooks/test_names.py"
_SHORT = "tests/unit/usecases/inbound/test_plain_reports.py"
_ARRIVALS = "tests/contract/test_arrivals.py"
_ONCE = "test_plain_statuses_of_one_delivery_and_of_one_batch_are_counted_once_each"

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
    Mutant(
        name="a plain status does not end that somebody cannot be reached",
        path=_DELIVERIES,
        old="            workspace.contacts[found].hear(report.at)\n",
        new="            pass\n",
        tests=(f"{_UNREACHABLE}::test_what_arrives_later_ends_that_somebody_cannot_be_reached",),
    ),
    Mutant(
        name="a status with an error is taken as plain",
        path=_PLAIN,
        old=" or notice.codes or notice.status == FAILED:\n",
        new=":\n",
        tests=(f"{_UNREACHABLE}::test_what_arrives_later_ends_that_somebody_cannot_be_reached",),
    ),
    Mutant(
        name="a status that did not fail is taken as plain whatever error it has",
        path=_PLAIN,
        old=" or notice.codes or notice.status == FAILED:\n",
        new=" or notice.status == FAILED:\n",
        tests=(f"{_SHORT}::test_a_status_with_an_error_is_never_plain",),
    ),
    Mutant(
        name="names that are news in a plain status are not learnt",
        path=_DELIVERIES,
        old="        if report.is_lesson and not _are_together(workspace, report):\n",
        new="        if not report.aliases and not _are_together(workspace, report):\n",
        tests=(f"{_NAMES}::test_the_names_may_stand_in_the_contacts_of_a_status",),
    ),
    Mutant(
        name="a second delivery of a plain lesson is remembered as known",
        path=_PLAIN,
        old="    if committed.duplicates:\n        return\n",
        new="",
        tests=(f"{_SHORT}::test_a_lesson_that_is_out_of_date_is_not_remembered",),
    ),
    Mutant(
        name="what plain statuses tell of messages is not counted for the brakes",
        path=_DELIVERIES,
        old="        if report.message_id:\n            note_arrival(",
        new="        if not report.aliases:\n            note_arrival(",
        tests=(f"{_ARRIVALS}::{_ONCE}[sqlite]",),
    ),
    Mutant(
        name="plain statuses that two businesses share are all taken for the first",
        path=_PLAIN,
        old="        if (notice.waba_id, notice.phone_number_id) != route:\n",
        new="        if not notice.source_id:\n",
        tests=(f"{_SHORT}::test_statuses_of_two_businesses_reach_each_of_them",),
    ),
    Mutant(
        name="nobody is woken for a plain status that goes on to receivers",
        path="storage/consent/planner.py",
        old="return _TOLD if change.forwarding and workspace.receivers else _NOTHING_TO_DO",
        new="return _NOTHING_TO_DO",
        tests=(f"{_SHORT}::test_a_plain_status_wakes_who_forwards_it",),
    ),
)
