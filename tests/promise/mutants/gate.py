"""Bugs on the way out: what is asked, when, under which lock, and what is done in doubt."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_SEND, _RULES = "usecases/sending/send_message.py", "decision/rules"
_DECISIONS = "tests/properties/test_decide.py"
_RESERVATIONS = "tests/contract/test_reservations.py"
_CAPS, _TRAFFIC = "tests/contract/test_caps.py", "storage/sending/traffic_rows.py"
_SENDING = "tests/unit/usecases/sending/test_send_message.py"
_AT_ONCE = "test_of_reservations_at_once_as_many_are_made_as_the_bound_says"

_OWN_HOURS = "tests/unit/decision/test_own_hours.py"
_COUNTRY_RULES = "tests/unit/adapters/test_country_rules.py"
_POLICY_WATCH = "tests/unit/bootstrap/test_policy_watch.py"
_DOUBTS = "tests/unit/usecases/opt_out/test_ask_what_was_meant.py"
_LINKS = "tests/unit/usecases/inbound/test_send_link.py"

_EXPLAINED = "tests/unit/decision/test_explain.py"
_CAMPAIGNS = "tests/contract/test_campaigns.py"
_DRY_RUN = "tests/properties/test_dry_run.py"

_ZONES = "tests/web/api/test_time_zones.py"
_HOLDING = "tests/web/gateway/test_holding.py"

GATE = (
    Mutant(
        name="a zone that the business knows is not asked",
        path=f"{_RULES}/quiet_hours.py",
        old="    if case.facts.time_zones:",
        new="    if not case.policy and case.facts.time_zones:",
        tests=(f"{_ZONES}::test_who_lives_elsewhere_gets_offers_by_the_clock_there[sqlite]",),
    ),
    Mutant(
        name="a held message leaves on the decision that let it wait",
        path=_SEND,
        old="    if not record.decision.allowed:\n",
        new="    if not record.decision.allowed and not send.question.held:\n",
        tests=(f"{_HOLDING}::test_decided_anew_it_may_be_refused[sqlite]",),
    ),
    Mutant(
        name="a stop does not end what is held",
        path="storage/consent/workspace.py",
        old="        if event.kind in ENDING:\n",
        new="        if event.kind in ENDING and not people:\n",
        tests=(f"{_HOLDING}::test_a_stop_in_between_ends_it_whatever_follows[sqlite-everything]",),
    ),
    Mutant(
        name="a held message may leave twice",
        path="storage/sqlite/held.sql",
        old="WHERE business_id = ?1 AND held_id = ?2 AND state = 'held';",
        new="WHERE business_id = ?1 AND held_id = ?2;",
        tests=(f"{_HOLDING}::test_two_workers_with_one_task_send_once[sqlite]",),
    ),
    Mutant(
        name="offers leave at night",
        path=f"{_RULES}/quiet_hours.py",
        old="return PASS if opening == case.now else",
        new="return PASS if opening else",
        tests=(f"{_OWN_HOURS}::test_only_marketing_waits_for_the_day",),
    ),
    Mutant(
        name="where no time zone is known it is always day",
        path=f"{_RULES}/quiet_hours.py",
        old="return Deny(Reason.TIME_ZONE_UNKNOWN)",
        new="return PASS",
        tests=(f"{_OWN_HOURS}::test_where_no_time_zone_is_known_doubt_means_no",),
    ),
    Mutant(
        name="of several time zones one is looked at",
        path="decision/countries/own_hours.py",
        old="for zone in place.zones)",
        new="for zone in place.zones[:1])",
        tests=(f"{_OWN_HOURS}::test_where_several_zones_are_possible_all_have_to_be_open",),
    ),
    Mutant(
        name="a business widens the hours of a law",
        path="decision/countries/own_hours.py",
        old="and not hours.lies_in(rule.hours)",
        new="and not hours.days",
        tests=(f"{_OWN_HOURS}::test_a_business_may_not_widen_them",),
    ),
    Mutant(
        name="a policy widens the caps of a law",
        path="decision/rules/limits/caps.py",
        old="for legal in policy.legal_caps(case.request.country, case.request.place.areas):",
        new="for legal in policy.legal_caps(str(), ()):",
        tests=("tests/unit/decision/test_legal_caps.py::test_no_policy_widens_the_caps_of_a_law",),
    ),
    Mutant(
        name="one zone stands for a whole area code",
        path="adapters/number_places.py",
        old="if prefix.startswith(area_code)",
        new="if prefix == area_code",
        tests=(f"{_COUNTRY_RULES}::test_a_number_may_be_in_all_zones_of_its_first_digits",),
    ),
    Mutant(
        name="a policy file is read while it is written",
        path="bootstrap/policy_watch.py",
        old="if not is_at_rest or stamp == self._read:",
        new="if stamp == self._read:",
        tests=(f"{_POLICY_WATCH}::test_a_file_that_is_still_being_written_is_left_alone",),
    ),
    Mutant(
        name="a policy that is not understood ends the one before",
        path="bootstrap/policy_watch.py",
        old="            self._in_force.refuse(error)\n",
        new="            self._in_force.take(Policy())\n",
        tests=(
            f"{_POLICY_WATCH}::test_a_file_that_is_not_understood_changes_nothing_and_says_why",
        ),
    ),
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
        path=f"{_RULES}/own_messages/stop_question.py",
        old="        bound=1,\n",
        new="        bound=2,\n",
        tests=(f"{_DOUBTS}::test_two_workers_with_one_task_ask_once[sqlite]",),
    ),
    Mutant(
        name="a link is sent as often as it is asked for",
        path=f"{_RULES}/own_messages/preference_link.py",
        old="        bound=1,\n",
        new="        bound=2,\n",
        tests=(f"{_LINKS}::test_two_workers_with_one_task_send_once[sqlite]",),
    ),
    Mutant(
        name="what may be a stop asks for a link as well",
        path="usecases/inbound/handle_event.py",
        old="    if reading.certainty is not Certainty.NONE or not isinstance(",
        new="    if not isinstance(",
        tests=(
            f"{_LINKS}::test_what_may_be_a_stop_asks_for_no_link_whatever_it_means[sqlite-unsure]",
        ),
    ),
    Mutant(
        name="the window does not matter to a link",
        path=f"{_RULES}/window.py",
        old="    facts = case.facts\n",
        new="    if case.request.kind is MessageKind.PREFERENCE_LINK:\n"
        "        return Pass(Reason.WINDOW_OPEN)\n"
        "    facts = case.facts\n",
        tests=(
            f"{_LINKS}::test_a_stop_after_the_wish_wins[sqlite]",
            f"{_LINKS}::test_it_does_not_come_once_the_window_is_closed[sqlite]",
        ),
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
        old="        objection = await services.decisions.record(record)\n    except asyncio",
        new="        objection = await services.decisions.record(record)\n"
        "    except Unavailable:\n"
        "        objection = None\n"
        "    except asyncio",
        tests=(f"{_SENDING}::test_nothing_leaves_where_the_row_cannot_be_written",),
    ),
    Mutant(
        name="a reservation that is used up is not heard of",
        path=_SEND,
        old="    if objection is not None:\n",
        new="    if objection is not None and not record.decision.allowed:\n",
        tests=(f"{_SENDING}::test_nothing_leaves_where_a_reservation_is_used_up",),
    ),
    Mutant(
        name="count, then send",
        path=_TRAFFIC,
        old="        if not decision.allowed:\n            return decision\n",
        new="",
        tests=(
            f"{_CAPS}::test_of_a_hundred_sends_at_once_a_cap_of_one_lets_one_leave[sqlite]",
            f"{_CAPS}::test_of_a_hundred_sends_at_once_a_cap_of_one_lets_one_leave[postgres]",
        ),
    ),
    Mutant(
        name="reservations made together are taken for made",
        path="storage/postgres/decisions.py",
        old="                raise _UsedUp\n",
        new="                continue\n",
        tests=(f"{_RESERVATIONS}::{_AT_ONCE}[postgres-1]",),
    ),
    Mutant(
        name="what is counted is read before the lock",
        path="storage/postgres/decisions.py",
        old="        if subjects:\n",
        new="        if not subjects:\n",
        tests=(f"{_CAPS}::test_a_send_is_counted_behind_whoever_counts_for_that_person",),
    ),
    Mutant(
        name="a failed send gives back another place, too",
        path="storage/sqlite/statements.sql",
        old="contact_id = ?2 AND decision_id = ?3\nRETURNING is_outside;",
        new="contact_id = ?2 AND ?3 <> ''\nRETURNING is_outside;",
        tests=(f"{_CAPS}::test_a_place_is_given_back_once[sqlite]",),
    ),
    Mutant(
        name="an unknown outcome gives its place back",
        path=_SEND,
        old="gives_back=record.contact_id if left_at is None else None",
        new="gives_back=record.contact_id",
        tests=(f"{_CAPS}::test_a_send_whose_outcome_is_unknown_keeps_its_place[sqlite]",),
    ),
    Mutant(
        name="trouble of Meta's own gives a place back",
        path=_SEND,
        old="    is_trouble = answer.status >= INTERNAL_SERVER_ERROR",
        new="    is_trouble = False",
        tests=(f"{_CAPS}::test_trouble_of_metas_own_leaves_open_whether_it_was_sent[sqlite]",),
    ),
    Mutant(
        name="what was sent is forgotten in a merge",
        path="storage/sqlite/writer.py",
        old='sql["move_sent_messages"], (survivor, business_id, other)',
        new='sql["move_sent_messages"], (survivor, business_id, "")',
        tests=(f"{_CAPS}::test_what_was_sent_to_both_sides_counts_after_a_merge[sqlite]",),
    ),
    Mutant(
        name="a window holds one message too many",
        path=f"{_RULES}/limits/caps.py",
        old="    if len(times) < cap.count:\n",
        new="    if len(times) <= cap.count:\n",
        tests=("tests/properties/test_caps.py",),
    ),
    Mutant(
        name="a burst is smoothed for ever",
        path="usecases/sending/smoothing.py",
        old="        if again is None or again > began + smoother.most:\n",
        new="        if again is None:\n",
        tests=(
            "tests/unit/usecases/sending/test_smoothing.py::test_a_wait_that_is_too_long_is_said",
        ),
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
        path="storage/sqlite/sending/decision_group.py",
        old='                self._run("ROLLBACK TO reserving")\n',
        new="",
        tests=(f"{_RESERVATIONS}::test_of_several_reservations_all_are_made_or_none[sqlite]",),
    ),
    Mutant(
        name="a duplicate is not looked for again where it is counted",
        path=f"{_RULES}/limits/duplicate.py",
        old="    is_of_traffic=True,\n",
        new="",
        tests=("tests/properties/test_judged_again.py",),
    ),
    Mutant(
        name="what was allowed stays allowed, whatever is counted by then",
        path="decision/decide.py",
        old="            if rule.judge(case) is not PASS:\n",
        new="            if rule.judge(case) is None:\n",
        tests=("tests/properties/test_judged_again.py",),
    ),
    Mutant(
        name="what is judged again is judged on what was read before",
        path="decision/decide.py",
        old="replace(case, traffic=traffic)",
        new="case",
        tests=(f"{_CAPS}::test_of_a_hundred_sends_at_once_a_cap_of_one_lets_one_leave[sqlite]",),
    ),
    Mutant(
        name="what sends of one transaction took is forgotten by the next of them",
        path="storage/sqlite/writer.py",
        old="                if group is None:\n",
        new="                if group is not None or group is None:\n",
        tests=(f"{_CAPS}::test_of_a_hundred_sends_at_once_a_cap_of_one_lets_one_leave[sqlite]",),
    ),
    Mutant(
        name="what is given back is not there yet",
        path="storage/sqlite/writer.py",
        old="                _end(groups)  # it may take back what a group has done\n",
        new="",
        tests=(f"{_CAPS}::test_what_is_given_back_with_its_own_decision_is_not_counted",),
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
        old="    try:\n        objection = await services.decisions.record(record)\n",
        new="    if record.decision.allowed:\n"
        '        way.connection.send("POST", send.target, send.headers, send.body)\n'
        "    try:\n        objection = await services.decisions.record(record)\n",
        tests=(f"{_SENDING}::test_the_order_is_connection_lock_row_first_byte_lock_answer",),
    ),
    Mutant(
        name="the lock is let go before the first byte",
        path=_SEND,
        old="        async with services.gate.hold(send.question) as held:\n"
        "            admitted = await _admit(services, policy, send, held, way)",
        new="        async with services.gate.hold(send.question) as held:\n"
        "            pass\n"
        "        admitted = await _admit(services, policy, send, held, way)",
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
    Mutant(
        name="who asks is told what another policy says",
        path="usecases/sending/check_send.py",
        old="rules.decide(facts, services.policy, question, services.clock.now())\n",
        new="rules.decide(facts, type(services.policy)(), question, services.clock.now())\n",
        tests=(f"{_DRY_RUN}::test_who_asks_gets_the_verdict_of_who_sends",),
    ),
    Mutant(
        name="an explanation leaves the exceptions out",
        path="decision/telling/explain.py",
        old="    decision = RuleBook(tuple(_noting(rule, heard) for rule in rules)).judge(case)\n",
        new="    asked = tuple(_noting(rule, heard) for rule in rules if not rule.lifts)\n"
        "    decision = RuleBook(asked).judge(case)\n",
        tests=(f"{_EXPLAINED}::test_a_no_that_an_exception_lifts_gave_way",),
    ),
    Mutant(
        name="a no that gave way passes for the one that spoke",
        path="decision/telling/explain.py",
        old="    if reason is decision.reason and rule.number == decision.rule:\n",
        new="    if rule.number == decision.rule:\n",
        tests=(f"{_EXPLAINED}::test_a_no_that_an_exception_lifts_gave_way",),
    ),
    Mutant(
        name="the label of a campaign is not kept",
        path="storage/sending/decision_rows.py",
        old="        question.campaign or None,\n",
        new="        None,\n",
        tests=(f"{_CAMPAIGNS}::test_a_label_is_kept_with_each_decision[sqlite]",),
    ),
    Mutant(
        name="a part of a campaign is lost in rounding",
        path="usecases/sending/summarize_campaign.py",
        old="        parts[place] += 1\n",
        new="        parts[place] += 0\n",
        tests=(f"{_CAMPAIGNS}::test_parts_sum_to_the_whole_and_none_is_off_by_a_tenth",),
    ),
    Mutant(
        name="the people of a campaign are counted by decision",
        path="storage/sqlite/decision_archive.sql",
        old="count(*), count(DISTINCT contact_id)",
        new="count(*), count(contact_id)",
        tests=(f"{_CAMPAIGNS}::test_a_summary_begins_when_it_is_asked_to[sqlite]",),
    ),
)
