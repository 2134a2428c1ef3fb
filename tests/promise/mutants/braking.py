"""Bugs in brakes: what is to be held leaves, or what is well is held."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_TESTS = "tests/contract/test_brakes.py"
_ARRIVALS = "tests/contract/test_arrivals.py"
_BUSY = "test_who_writes_events_does_not_wait_for_somebody_who_is_at_the_brakes"
_UNIT = "tests/unit/domain/test_brakes.py"

BRAKING = (
    Mutant(
        name="what is new is counted, and never rests",
        path="storage/brakes/send_watch.py",
        old="            if now < filled_at + WATCH_REST_MAX:\n",
        new="            if now < filled_at:\n",
        tests=(f"{_TESTS}::test_what_is_new_rests_after_200_sends_however_fast_they_go[sqlite]",),
    ),
    Mutant(
        name="a restriction holds everything",
        path="decision/rules/limits/brakes.py",
        old="_is_on(brake.subject, case) and _is_about(brake.holds, case)",
        new="_is_on(brake.subject, case)",
        tests=(f"{_TESTS}::test_a_restriction_stops_what_it_names_and_nothing_else[sqlite]",),
    ),
    Mutant(
        name="a brake of one sender is one of all",
        path="decision/rules/limits/brakes.py",
        old="_is_on(brake.subject, case) and",
        new="brake.subject.name and",
        tests=(f"{_TESTS}::test_metas_spam_limit_stops_the_marketing_of_its_sender_alone[sqlite]",),
    ),
    Mutant(
        name="red is over with its time, and nobody looks",
        path="domain/brakes/brake.py",
        old="        if self.cause.is_counted:\n",
        new="        if not self.cause:\n",
        tests=(f"{_UNIT}::test_a_red_brake_that_nobody_has_settled_yet_is_yellow_not_gone",),
    ),
    Mutant(
        name="a single stop is a verdict",
        path="domain/brakes/verdicts.py",
        old="    weight = NARROW_WEIGHT if scope in NARROW else WIDE_WEIGHT\n",
        new="    weight = 1\n",
        tests=(f"{_UNIT}::test_few_messages_are_no_verdict_and_many_are",),
    ),
    Mutant(
        name="what an operator forgave is counted again",
        path="storage/brakes/brake_steps.py",
        old="                if sent_at >= judged_from[subject]:\n",
        new="                if sent_at >= 0:\n",
        tests=(f"{_TESTS}::test_what_was_forgiven_by_an_operator_is_not_counted_again[sqlite]",),
    ),
    Mutant(
        name="what arrived is counted each time it is told",
        path="storage/brakes/arrivals.py",
        old="        if new := told[message] & ~marks:\n",
        new="        if new := told[message]:\n",
        tests=(
            (
                f"{_ARRIVALS}::test_what_arrived_and_what_was_read_is_counted_once"
                "_however_often_it_is_told[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="who writes events waits for somebody who is at the brakes",
        path="storage/brakes/arrivals.py",
        old='    if not (yield "try_lock_brakes", (steps.business_id,)):\n',
        new='    if not (yield "lock_brakes", (steps.business_id,)):\n',
        tests=(f"{_ARRIVALS}::{_BUSY}",),
        is_quick=False,
    ),
    Mutant(
        name="what arrived while somebody was at the brakes is never counted",
        path="storage/postgres/store.py",
        old="        if written.uncounted:\n",
        new="        if written.uncounted and written.is_told:\n",
        tests=(f"{_ARRIVALS}::{_BUSY}",),
        is_quick=False,
    ),
)
