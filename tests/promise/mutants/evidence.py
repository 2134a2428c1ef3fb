"""Bugs in what counts as said, and by whom: signatures, Meta's switch, codes, numbers."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_WEBHOOK = "usecases/inbound/handle_event.py"
_TAKING = "tests/unit/usecases/inbound/test_take_webhook.py"
_UNROUTED = "tests/unit/usecases/inbound/test_replay_dead_letters.py"
_TOKENS = "tests/unit/adapters/test_jws_tokens.py"
_AT_ONCE = "tests/contract/test_codes_at_once.py::test_of_many_at_once_a_limit"
_CODES = "tests/contract/test_codes.py"
_AGAIN = "tests/contract/test_decisions_again.py"
_NAMES = "tests/web/webhooks/test_names.py"
_PACK = "tests/web/pages/test_evidence_pack.py"

EVIDENCE = (
    Mutant(
        name="no_native",
        path=_WEBHOOK,
        old="            return (_statement(notice, at, EventKind.NATIVE_STOPPED, _MARKETING),)\n",
        new="            return ()\n",
        tests=(f"{_TAKING}::test_metas_stop_is_a_layer_of_its_own_that_only_metas_resume_lifts",),
    ),
    Mutant(
        name="the report that a person stopped marketing is dropped",
        path="usecases/sending/delivery_status.py",
        old="    (Effect.NATIVE_STOP, EventKind.NATIVE_STOPPED, (MARKETING.name,)),\n",
        new="",
        tests=(f"{_TAKING}::test_a_report_that_the_user_stopped_marketing_is_metas_stop",),
    ),
    Mutant(
        name="a status whose first name is known teaches no other",
        path="storage/consent/planner.py",
        old="            for other in act.aliases[1:]:\n",
        new="            for other in act.aliases[:1]:\n",
        tests=(f"{_NAMES}::test_a_stop_by_user_id_stops_the_number_once_a_status_names_both",),
    ),
    Mutant(
        name="Meta's resume is a yes of its own",
        path=_WEBHOOK,
        old="            return (_statement(notice, at, EventKind.NATIVE_RESUMED, _MARKETING),)\n",
        new="            return (\n"
        "                _statement(notice, at, EventKind.NATIVE_RESUMED, _MARKETING),\n"
        "                _statement(notice, at, EventKind.GRANTED, _MARKETING),\n"
        "            )\n",
        tests=(f"{_TAKING}::test_metas_resume_does_not_lift_a_withdrawal",),
    ),
    Mutant(
        name="a stop to a number that is not registered is dropped",
        path="usecases/inbound/route_events.py",
        old="await services.directory.owner(route.phone_number_id, route.waba_id)",
        new="await services.directory.owner(route.phone_number_id, None)",
        tests=(
            (
                f"{_UNROUTED}"
                "::test_a_stop_to_a_number_that_nobody_registered_counts_through_its_account"
            ),
        ),
    ),
    Mutant(
        name="a sender is claimed without proof",
        path="usecases/inbound/claim_sender.py",
        old="    await _prove(services, sender, token)\n",
        new="",
        tests=(
            (
                "tests/unit/usecases/inbound/test_claim_sender.py"
                "::test_a_token_that_may_not_read_the_account_proves_nothing"
            ),
        ),
    ),
    Mutant(
        name="a registration waits for the letters of another account",
        path="usecases/context/services.py",
        old="replay_dead_letters.take_up_account(self, waba_id, until)",
        new='replay_dead_letters.take_up_account(self, WabaId("0"), until)',
        tests=((f"{_UNROUTED}::test_registering_another_number_of_the_account_is_enough[sqlite]"),),
    ),
    Mutant(
        name="the signature is checked over a body that was written anew",
        path="web/webhooks/endpoint.py",
        old="        if not verify(body, signature, self._secrets):\n",
        new="        import json\n\n"
        "        if not verify(json.dumps(json.loads(body)).encode(), signature, self._secrets):\n",
        tests=("tests/web/webhooks/test_door.py::test_the_signature_is_of_the_bytes_that_came",),
    ),
    Mutant(
        name="a token of one kind passes for another",
        path="adapters/jws_tokens.py",
        old='        key = self._readers[kind].get(text.partition(".")[0])\n',
        new="        every = [keys.items() for keys in self._readers.values()]\n"
        '        key = dict(one for keys in every for one in keys).get(text.partition(".")[0])\n',
        tests=(f"{_TOKENS}::test_one_kind_never_passes_for_another",),
    ),
    Mutant(
        name="a token is read without a look at its signature",
        path="adapters/jws_tokens.py",
        old="        if not hmac.compare_digest(_signature(key, signed), claimed):\n",
        new="        if not hmac.compare_digest(claimed, claimed):\n",
        tests=(f"{_TOKENS}::test_a_token_with_other_fields_is_refused",),
    ),
    Mutant(
        name="a signature is compared letter by letter",
        path="graph/platform/signature.py",
        old="right |= hmac.compare_digest(expected, claimed) and bool(secret)",
        new="right |= expected == claimed and bool(secret)",
        tests=("tests/unit/test_constant_time.py",),
    ),
    Mutant(
        name="digits of another script make another number",
        path="domain/values/phone.py",
        old='DIGITS = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)',
        new='DIGITS = re.compile(r"[1-9]\\d{6,14}")',
        tests=("tests/unit/domain/values/test_phone.py",),
    ),
    Mutant(
        name="a wrong code is compared before it is counted",
        path="storage/sqlite/codes.sql",
        old="UPDATE code SET tries = tries + 1\n",
        new="UPDATE code SET tries = tries + 0\n",
        tests=(f"{_CODES}::test_a_thousand_wrong_tries_at_once_are_three[sqlite]",),
    ),
    Mutant(
        name="codes at once share what a limit has left",
        path="storage/postgres/platform/in_step.py",
        old="        raise Entangled\n",
        new="        pass\n",
        tests=(f"{_AT_ONCE}_lets_in_exactly_as_many_as_it_has_room_for[postgres]",),
    ),
    Mutant(
        name="a code is judged as it was typed",
        path="usecases/codes/check_code.py",
        old="digits=canonical(attempt.typed)",
        new="digits=attempt.typed",
        tests=(
            (
                "tests/unit/usecases/codes/test_check_code.py::test_a_code_is_used_up_in_every_spelling"
            ),
        ),
    ),
    Mutant(
        name="codes are limited by address only",
        path="usecases/limits/code_rate_limits.py",
        old="    if sheet.asked >= NUMBER_MOST:\n",
        new="    if sheet.asked >= NUMBER_MOST * 1_000:\n",
        tests=(
            (
                "tests/unit/usecases/codes/test_code_rate_limits.py"
                "::test_a_number_gets_five_codes_a_day_resends_included"
            ),
        ),
    ),
    Mutant(
        name="a lease is taken although somebody else has it",
        path="storage/sqlite/tasks.sql",
        old="AND t.due_at <= ?3\n",
        new="AND ?3 > 0\n",
        tests=(
            f"{_CODES}::test_what_was_noted_since_it_was_due_is_not_taken_up[sqlite]",
            (
                f"{_CODES}::test_what_is_due_is_taken_up_by_one_and_by_another_if_nothing_comes_of_it"
                "[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="what was given to prove an event does not come out again",
        path="usecases/consent/show_event.py",
        old="    kept = await services.event_archive.evidence(event)\n",
        new="    kept = None\n",
        tests=(
            (
                "tests/contract/test_event_archive.py"
                "::test_a_yes_by_phone_comes_out_with_witness_note_and_words[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="a decision is made again from what was said since",
        path="usecases/sending/show_decision.py",
        old="        while self._left and self._left[-1].position <= position:\n",
        new="        while self._left:\n",
        tests=(f"{_AGAIN}::test_what_the_ledger_gives_is_what_was_decided[sqlite]",),
    ),
    Mutant(
        name="a decision that the ledger does not bear out passes",
        path="usecases/sending/show_decision.py",
        old="        if getattr(stored, part) != getattr(derived, part)\n",
        new="        if getattr(stored, part) is None\n",
        tests=(
            (
                f"{_AGAIN}"
                "::test_a_decision_that_the_ledger_does_not_bear_out_says_what_differs[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="the list of a pack passes for a receipt",
        path="storage/consent/evidence/receipts.py",
        old="        return sign_receipt(manifest, key, MANIFEST)\n",
        new="        return sign_receipt(manifest, key)\n",
        tests=(f"{_PACK}::test_a_manifest_never_passes_for_a_receipt",),
    ),
    Mutant(
        name="a file of a pack is not compared with the signed list",
        path="bootstrap/commands/evidence_commands.py",
        old='        if hashlib.sha256(files[name]).hexdigest() != known["sha256"]:\n',
        new="        if not known:\n",
        tests=(f"{_PACK}::test_whatever_is_changed_in_a_pack_is_noticed",),
    ),
)
