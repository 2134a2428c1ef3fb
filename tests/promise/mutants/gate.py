"""Bugs on the way out: what is asked, when, under which lock, and what is done in doubt."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_SEND, _RULES = "usecases/sending/send_message.py", "decision/rules"
_DECISIONS = "tests/properties/test_decide.py"
_RESERVATIONS = "tests/contract/test_reservations.py"
_SENDING = "tests/unit/usecases/sending/test_send_message.py"

_DOUBTS = "tests/unit/usecases/opt_out/test_ask_what_was_meant.py"

GATE = (
    Mutant(
        name="what may be a stop is forgotten",
        path="usecases/inbound/handle_event.py",
        old="    is_doubt = reading.certainty is Certainty.UNSURE\n",
        new="    is_doubt = reading.certainty is Certainty.UNSURE and reading.is_stop\n",
        tests=(f"{_DOUBTS}::test_marketing_rests_at_once_and_the_rest_goes_on[sqlite]",),
    ),
    Mutant(
        name="silence resumes marketing",
        path=f"{_RULES}/opt_in.py",
        old="    if facts.standing.doubt and doubt_about(facts.standing, purpose):\n",
        new="    doubt = doubt_about(facts.standing, purpose)\n"
        "    if doubt and case.now - doubt.at < DAY:\n",
        tests=(f"{_DOUBTS}::test_silence_resumes_nothing[sqlite]",),
    ),
    Mutant(
        name="two workers ask the same question",
        path=f"{_RULES}/stop_question.py",
        old="        bound=1,\n",
        new="        bound=2,\n",
        tests=(f"{_DOUBTS}::test_two_workers_with_one_task_ask_once[sqlite]",),
    ),
    Mutant(
        name="a permit is used however old it is",
        path=_SEND,
        old="    if lasted >= PERMIT_LIFE or not held.alive():",
        new="    if not held.alive():",
        tests=(f"{_SENDING}::test_a_permit_older_than_two_seconds_is_not_used",),
    ),
    Mutant(
        name="a lost lock is not looked at before the first byte",
        path=_SEND,
        old="    if lasted >= PERMIT_LIFE or not held.alive():",
        new="    if lasted >= PERMIT_LIFE:",
        tests=(f"{_SENDING}::test_nothing_leaves_once_the_lock_is_lost",),
    ),
    Mutant(
        name="trouble with the log of decisions is an allow",
        path=_SEND,
        old="    used_up = await services.decisions.record(record)\n",
        new="    try:\n"
        "        used_up = await services.decisions.record(record)\n"
        "    except Unavailable:\n"
        "        used_up = None\n",
        tests=(f"{_SENDING}::test_nothing_leaves_where_the_row_cannot_be_written",),
    ),
    Mutant(
        name="a reservation that is used up is not heard of",
        path=_SEND,
        old="    if used_up is not None:\n",
        new="    if used_up is not None and not record.decision.allowed:\n",
        tests=(f"{_SENDING}::test_nothing_leaves_where_a_reservation_is_used_up",),
    ),
    Mutant(
        name="the bound of a reservation is ignored in SQLite",
        path="storage/sqlite/statements.sql",
        old="WHERE r.business_id = ?1 AND r.used < ?4;",
        new="WHERE r.business_id = ?1 AND 0 < ?4;",
        tests=(f"{_RESERVATIONS}::test_what_is_bound_to_once_is_used_once[sqlite]",),
    ),
    Mutant(
        name="the bound of a reservation is ignored in PostgreSQL",
        path="storage/postgres/statements.sql",
        old="WHERE r.business_id = $1 AND r.used < $4\n",
        new="WHERE r.business_id = $1 AND 0 < $4\n",
        tests=(f"{_RESERVATIONS}::test_what_is_bound_to_once_is_used_once[postgres]",),
    ),
    Mutant(
        name="a refused decision keeps what it reserved in SQLite",
        path="storage/sqlite/decisions.py",
        old='                connection.execute("ROLLBACK TO reserving")\n',
        new="",
        tests=(f"{_RESERVATIONS}::test_of_several_reservations_all_are_made_or_none[sqlite]",),
    ),
    Mutant(
        name="a refused decision keeps what it reserved in PostgreSQL",
        path="storage/postgres/decisions.py",
        old='"ROLLBACK TO reserving; RELEASE reserving"',
        new='"RELEASE reserving"',
        tests=(f"{_RESERVATIONS}::test_of_several_reservations_all_are_made_or_none[postgres]",),
    ),
    Mutant(
        name="an unknown outcome is sent again without a decision",
        path=_SEND,
        old="    except OutcomeUnknown:\n        _conclude(",
        new="    except OutcomeUnknown:\n"
        "        again = await services.connections.open()\n"
        '        again.send("POST", send.target, send.headers, send.body)\n'
        "        again.release()\n"
        "        _conclude(",
        tests=(f"{_SENDING}::test_a_message_without_an_answer_is_lost_and_not_sent_again",),
    ),
    Mutant(
        name="the decision is written down after the message left",
        path=_SEND,
        old="    used_up = await services.decisions.record(record)\n",
        new="    if record.decision.allowed:\n"
        '        line.send("POST", send.target, send.headers, send.body)\n'
        "    used_up = await services.decisions.record(record)\n",
        tests=(f"{_SENDING}::test_the_order_is_connection_lock_row_first_byte_lock_answer",),
    ),
    Mutant(
        name="the lock is let go before the first byte",
        path=_SEND,
        old="        async with services.gate.hold(send.question) as held:\n"
        "            admitted = await _admit(services, send, held, connection)",
        new="        async with services.gate.hold(send.question) as held:\n"
        "            pass\n"
        "        admitted = await _admit(services, send, held, connection)",
        tests=(f"{_SENDING}::test_a_stop_is_acknowledged_only_after_the_message_left",),
    ),
    Mutant(
        name="the purpose of a message does not matter",
        path=f"{_RULES}/opt_in.py",
        old="    seen = view(facts.standing, purpose)\n",
        new="    seen = view(facts.standing, type(purpose)(Category.MARKETING.value))\n",
        tests=("tests/web/api/test_check.py::test_each_question_has_its_reason",),
    ),
    Mutant(
        name="an unknown template is what the caller calls it",
        path="decision/decide.py",
        old="    if facts.template is None:\n        return MARKETING\n",
        new="    if facts.template is None:\n        return SERVICE\n",
        tests=("tests/web/gateway/test_sending.py::test_an_unknown_template_is_marketing",),
    ),
    Mutant(
        name="exception by timing",
        path=f"{_RULES}/window.py",
        old="    return Deny(Reason.WITHDRAWN)\n",
        new="    if case.now - stop.at < 300_000_000 and facts.confirmed_stop < stop.position:\n"
        "        return Pass(Reason.STOP_CONFIRMATION)\n"
        "    return Deny(Reason.WITHDRAWN)\n",
        tests=(
            f"{_DECISIONS}::test_a_stop_never_turns_a_no_to_a_reply_into_a_yes",
            f"{_SENDING}::test_no_reply_of_a_clients_follows_a_stop",
        ),
    ),
    Mutant(
        name="a restore opens the gate at once",
        path=f"{_RULES}/service.py",
        old="    if facts.ledger is LedgerState.SOUND or case.purpose is SERVICE:\n",
        new="    if facts.ledger is not None or case.purpose is SERVICE:\n",
        tests=(
            "tests/unit/decision/test_ledger_rule.py",
            "tests/contract/test_audit.py::test_behind_the_head_only_service_messages_leave[sqlite]",
        ),
    ),
    Mutant(
        name="relay by scanning",
        path="web/gateway/rewriting.py",
        old="    fields = read_fields(content_type, body)\n",
        new="    if b'\"batch\"' not in body[:64].lstrip():\n"
        "        return content_type or JSON, body\n"
        "    fields = read_fields(content_type, body)\n",
        tests=(
            "tests/web/gateway/test_relay.py::test_a_body_that_is_not_known_whole_does_not_leave",
        ),
    ),
    Mutant(
        name="a second delivery of a stop is not fenced",
        path="storage/consent/planner.py",
        old="                self._fence_again(workspace, item)\n",
        new="",
        tests=(
            (
                "tests/contract/test_gate.py"
                "::TestHold::test_a_second_delivery_of_a_stop_waits_like_the_first[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="a merge waits for sends to one side only",
        path="storage/consent/contact_book.py",
        old="        workspace.fenced.add(other.contact_id)\n",
        new="",
        tests=(
            "tests/contract/test_gate.py::TestHold::test_a_merge_waits_for_sends_to_either_side",
        ),
    ),
    Mutant(
        name="ready without a look through the gate",
        path="storage/postgres/store.py",
        old="        await self._reading.write(self.gate.check)\n",
        new='        await self._reading.write(lambda one: one.fetchval("SELECT 1"))\n',
        tests=(
            (
                "tests/contract/test_opening.py"
                "::test_a_database_on_which_the_gate_cannot_decide_is_not_ready[postgres]"
            ),
        ),
    ),
    Mutant(
        name="no_settle",
        path="storage/postgres/fence.py",
        old="            await asyncio.sleep(max(0.0, self._settle_seconds - age))\n",
        new="            await asyncio.sleep(0 * age)\n",
        tests=("tests/contract/test_young_connections.py",),
    ),
    Mutant(
        name="a lock's session is as old as the connection",
        path="storage/postgres/fence.py",
        old="            age = max(0.0, min(ages))\n",
        new="            age = max(0.0, ages[0])\n",
        tests=("tests/contract/test_young_connections.py",),
    ),
)
