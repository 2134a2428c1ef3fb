"""Bugs in the fold of what was said, and in whose names are whose."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_STANDING, _PLANNER = "domain/consent/standing.py", "storage/consent/planner.py"
_STAMP, _REPLIES = "domain/consent/stamp.py", "storage/consent/chat_replies.py"
_ORDER, _MERGES = "tests/contract/test_ledger_order.py", "tests/contract/test_ledger_merges.py"
_PROPERTIES = "tests/properties/test_standing.py"
_NOTICES = "tests/properties/test_notices.py"
_DOUBTS, _LAWS = "tests/contract/test_doubts.py", "tests/properties/test_doubts.py"

STANDINGS = (
    Mutant(
        name="each message that may be a stop is asked about",
        path=_REPLIES,
        old="standing.doubt is not None and standing.doubt.first == standing.through\n",
        new="standing.doubt is not None\n",
        tests=(f"{_DOUBTS}::test_one_question_waits_however_often_it_is_said[sqlite]",),
    ),
    Mutant(
        name="the button of an older question answers a newer one",
        path=_REPLIES,
        old="bool(doubt and answered and doubt.first <= answered <= doubt.mark.position)\n",
        new="bool(doubt and answered)\n",
        tests=(f"{_DOUBTS}::test_an_answer_to_another_question_is_not_recorded[sqlite-1]",),
    ),
    Mutant(
        name="a yes on a page says what a message meant",
        path=_STANDING,
        old="    proven = (yes for yes in alive if yes.number_proof is NumberProof.PROVEN)\n",
        new="    proven = alive\n",
        tests=(f"{_LAWS}::test_of_a_yes_to_offers_only_one_from_the_number_ends_it",),
    ),
    Mutant(
        name="a merge forgets what may be a stop",
        path=_STANDING,
        old="        doubt=_merged_doubt(one.doubt, other.doubt, link),\n",
        new="",
        tests=(f"{_LAWS}::test_merging_keeps_the_doubt_of_either_side",),
    ),
    Mutant(
        name="a late START overrides a STOP",
        path=_STAMP,
        old="return yes.can_lift and yes.mark.at > no.at and yes.mark.position > no.position",
        new="return yes.can_lift and yes.mark.position > no.position",
        tests=(f"{_ORDER}::test_an_old_yes_delivered_late_does_not_override_a_newer_no[sqlite]",),
    ),
    Mutant(
        name="at a tie the yes wins",
        path=_STAMP,
        old="return yes.can_lift and yes.mark.at > no.at and",
        new="return yes.can_lift and yes.mark.at >= no.at and",
        tests=(f"{_ORDER}::test_a_yes_and_a_no_at_the_same_instant_are_a_no",),
    ),
    Mutant(
        name="the fold goes by time alone",
        path=_STANDING,
        old="_keep(scopes, purpose, lambda _: False)",
        new="_keep(scopes, purpose, lambda yes: yes.mark.at > event.occurred_at)",
        tests=(f"{_ORDER}::test_a_stop_delivered_late_ends_a_newer_yes_and_says_so[sqlite]",),
    ),
    Mutant(
        name="an import overrides a STOP",
        path=_STAMP,
        old="return not is_claim and not event.is_history",
        new="return not is_claim or event.is_history",
        tests=(f"{_PROPERTIES}::test_a_proven_yes_of_a_file_lifts_no_older_stop",),
    ),
    Mutant(
        name="a notice speaks where there was a no",
        path=_STANDING,
        old="if standing.suspended or any(scope.no for scope in on_the_way):",
        new="if standing.suspended:",
        tests=(f"{_NOTICES}::test_a_notice_changes_nothing_where_there_ever_was_a_no",),
    ),
    Mutant(
        name="a notice opens marketing",
        path="decision/rules/notice.py",
        old="if purpose.category is not Category.UTILITY or terms",
        new="if terms",
        tests=("tests/unit/decision/test_notice_rule.py::test_no_policy_makes_it_open_marketing",),
    ),
    Mutant(
        name="a notice is taken for a yes",
        path="usecases/consent/record_consent.py",
        old="if consent.verb is ConsentVerb.GRANT and is_notice:",
        new="if False:",
        tests=("tests/web/api/test_notices.py::test_a_notice_is_no_yes_and_a_question_no_notice",),
    ),
    Mutant(
        name="a yes that anybody may have typed lifts a STOP",
        path=_STAMP,
        old="or event.number_proof is NumberProof.TYPED",
        new="or event.number_proof is None",
        tests=(f"{_PROPERTIES}::test_a_yes_that_anybody_may_have_typed_lifts_no_stop",),
    ),
    Mutant(
        name="the younger yes wins a merge",
        path=_STANDING,
        old="        elif Answer.GRANTED in answers:\n            scope, suspended = _closed(",
        new="        elif Answer.GRANTED in answers:\n"
        "            for yes in (*mine.yeses, *theirs.yeses):\n"
        "                scope = scope._replace(yeses=with_grant(scope.yeses, yes))\n"
        "        elif False:\n            scope, suspended = _closed(",
        tests=(f"{_PROPERTIES}::test_whoever_objects_outdoes_whoever_agrees",),
    ),
    Mutant(
        name="a merge keeps the newer side only",
        path=_STANDING,
        old="    scopes: dict[str, PurposeState] = {}\n    suspended = newer_of(",
        new="    if one.through != other.through:\n"
        "        newer = one if one.through > other.through else other\n"
        "        return replace(newer, through=link.position)\n"
        "    scopes: dict[str, PurposeState] = {}\n    suspended = newer_of(",
        tests=(f"{_MERGES}::test_a_merge_takes_the_most_restrictive_answer",),
    ),
    Mutant(
        name="an erasure forgets the STOP",
        path=_STANDING,
        old="def _deny(standing: Standing, event: Event) -> Standing:\n",
        new="def _deny(standing: Standing, event: Event) -> Standing:\n"
        "    if event.kind is EventKind.ERASED:\n"
        "        return NOTHING_SAID\n",
        tests=(f"{_PROPERTIES}::test_erasing_keeps_every_no_against_claims",),
    ),
    Mutant(
        name="Meta's resume lifts a stop that was said after it",
        path=_STANDING,
        old="if key not in lifted or event.occurred_at <= stop.at or event.is_history",
        new="if key not in lifted or event.is_history",
        tests=(f"{_PROPERTIES}::test_an_old_resume_of_metas_lifts_no_newer_stop",),
    ),
    Mutant(
        name="a number that changed hands without notice keeps its yes",
        path="storage/consent/contact_book.py",
        old="left = self._contradicted(workspace, act.aliases, found)",
        new="left: list[ContactId] = []",
        tests=("tests/contract/test_identity.py::test_a_number_with_another_id_has_a_new_owner",),
    ),
    Mutant(
        name="a number change leaves the old number its yes",
        path=_PLANNER,
        old="        self._append(workspace, change, old, signed_statement(handover, "
        "EventKind.SUSPENDED))\n        known",
        new="        known",
        tests=(
            (
                "tests/unit/usecases/inbound/test_take_webhook.py"
                "::test_a_number_change_suspends_the_old_number_and_promises_nothing_for_the_new"
            ),
        ),
    ),
    Mutant(
        name="a number change leaves the STOP behind",
        path=_PLANNER,
        old="for statement in (signed_statement(handover, EventKind.SUSPENDED), *inherited):",
        new="for statement in (signed_statement(handover, EventKind.SUSPENDED),):",
        tests=(
            (
                "tests/unit/usecases/inbound/test_take_webhook.py"
                "::test_a_number_change_copies_every_no_to_the_new_number"
            ),
        ),
    ),
    Mutant(
        name="a STOP of the neighbouring number does not count",
        path="storage/sending/decision_rows.py",
        old="restrict(",
        new="(lambda own, _: own)(",
        tests=(
            (
                "tests/contract/test_gate.py"
                "::TestNeighbours::test_a_no_counts_for_the_number_that_may_be_the_same"
            ),
        ),
    ),
)
