"""Bugs in what is kept: durability, deduplication, keys, hashes."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_ASKING = "tests/web/api/test_asking.py"
_PLANNER = "storage/consent/planner.py"
_BATCHES = "tests/contract/test_batch_insert.py"
_OPENING = "tests/contract/test_opening.py"
_LEDGER = "tests/contract/test_ledger.py"
_DELIVERY = "tests/unit/usecases/events/test_deliver_to_subscription.py"
_SHARED_READS = "tests/unit/storage/test_shared_reads.py"
_ENDPOINTS = "tests/unit/delivery/test_endpoints.py"

KEEPING = (
    Mutant(
        name="a read that has begun is shared",
        path="storage/postgres/platform/shared_reads.py",
        old="            del self._waiting[place]  # who",
        new="            # who",
        tests=(f"{_SHARED_READS}::test_who_asks_once_it_has_begun_is_answered_by_a_later_read",),
    ),
    Mutant(
        name="PostgreSQL may run with fsync off",
        path="storage/postgres/connection.py",
        old='_MUST_BE_ON = ("fsync", "full_page_writes")',
        new='_MUST_BE_ON = ("full_page_writes",)',
        tests=(f"{_OPENING}::TestPostgres::test_a_server_that_may_lose_a_commit_is_refused",),
        is_quick=False,
    ),
    Mutant(
        name="PostgreSQL may commit asynchronously",
        path="storage/postgres/connection.py",
        old='_DURABLE = ("on", "remote_apply", "remote_write")',
        new='_DURABLE = ("on", "remote_apply", "remote_write", "local", "off")',
        tests=(
            (
                f"{_OPENING}::TestPostgres"
                "::test_asynchronous_commit_is_refused_wherever_it_is_set[off-DATABASE]"
            ),
        ),
    ),
    Mutant(
        name="PostgreSQL may commit before the standby has it",
        path="storage/postgres/connection.py",
        old='_DURABLE = ("on", "remote_apply", "remote_write")',
        new='_DURABLE = ("on", "remote_apply", "remote_write", "local")',
        tests=(
            (
                f"{_OPENING}::TestPostgres"
                "::test_asynchronous_commit_is_refused_wherever_it_is_set[local-DATABASE]"
            ),
        ),
    ),
    Mutant(
        name="the gate may read a standby",
        path="storage/postgres/connection.py",
        old='if told["is_standby"]:',
        new="if False:",
        tests=(f"{_OPENING}::TestPostgres::test_a_standby_is_refused",),
        is_quick=False,
    ),
    Mutant(
        name="a row that was not written is not missed",
        path="storage/postgres/batch_insert.py",
        old='    if int(status.rpartition(" ")[2]) == len(rows):\n',
        new="    if status:\n",
        tests=(f"{_BATCHES}::test_a_change_of_which_a_row_was_not_written_is_not_acknowledged",),
    ),
    Mutant(
        name="SQLite runs with synchronous NORMAL",
        path="storage/sqlite/connection.py",
        old="_SYNCHRONOUS_FULL = 2\n",
        new="_SYNCHRONOUS_FULL = 1\n",
        tests=(_OPENING + "::TestSqlite",),
    ),
    Mutant(
        name="a full queue answers as if it had taken the write",
        path="storage/platform/committer.py",
        old='            raise Unavailable("too many writes are waiting")\n',
        new="            done = asyncio.get_running_loop().create_future()\n"
        "            done.set_result(None)\n"
        "            return done\n",
        tests=("tests/unit/storage/test_committer.py::test_a_full_queue_takes_no_more",),
    ),
    Mutant(
        name="no_dedupe",
        path=_PLANNER,
        old="            if any(lookup in workspace.seen for lookup in lookups):\n",
        new="            if not lookups:\n",
        tests=(f"{_LEDGER}::test_a_known_source_id_is_skipped_and_counted[sqlite]",),
    ),
    Mutant(
        name="deduplication is forgotten with the bodies",
        path="storage/sqlite/statements.sql",
        old="-- name: sweep_webhooks\n",
        new="-- name: sweep_webhooks\n"
        "DELETE FROM seen WHERE business_id = ?1 AND ?2 > 0 AND ?3 > 0;\n"
        "-- name: sweep_webhooks_of_before\n",
        tests=(f"{_LEDGER}::test_sweeping_forgets_bodies_and_keeps_source_ids[sqlite]",),
    ),
    Mutant(
        name="a batch stops at the first item it cannot use",
        path=_PLANNER,
        old="            duplicates += not self._plan_item(workspace, change, item)\n",
        new="            if not self._plan_item(workspace, change, item):\n"
        "                duplicates += 1\n"
        "                break\n",
        tests=(
            f"{_LEDGER}::test_a_duplicate_item_does_not_hold_back_the_new_ones_beside_it[sqlite]",
        ),
    ),
    Mutant(
        name="a new key no longer finds old suppressions",
        path="storage/platform/keyring.py",
        old="for one in self._hashers]",
        new="for one in self._hashers[:1]]",
        tests=(
            (
                "tests/contract/test_ledger_reopen.py"
                "::test_a_rotated_keyring_finds_what_older_keys_wrote[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="a leaf is written without lengths",
        path="domain/consent/event.py",
        old='    return len(part).to_bytes(4, "big") + part\n',
        new="    return part\n",
        tests=("tests/properties/test_leaf.py",),
    ),
    Mutant(
        name="a statement forgets its business",
        path="storage/sqlite/codes.sql",
        old="FROM code WHERE business_id = ?1 AND code_id = ?2;",
        new="FROM code WHERE ?1 = ?1 AND code_id = ?2;",
        tests=(
            "tests/contract/test_sql_files.py::test_a_statement_is_about_one_business",
            "tests/contract/test_codes.py::test_another_business_finds_nothing[sqlite]",
        ),
    ),
    Mutant(
        name="what is asked for while a task is done is lost",
        path="storage/sqlite/tasks.sql",
        old="  AND again_at IS NULL\n",
        new="",
        tests=(
            (
                "tests/contract/test_tasks.py::"
                "test_what_is_asked_for_while_it_is_done_is_done_once_more[sqlite]"
            ),
        ),
    ),
    Mutant(
        name="an endpoint is posted two events of one contact at once",
        path="usecases/events/deliver_to_subscription.py",
        old="if len(wave) == WAVE_MAX or about & whom:",
        new="if len(wave) == WAVE_MAX:",
        tests=(f"{_DELIVERY}::test_events_about_one_contact_are_never_out_at_once[sqlite]",),
    ),
    Mutant(
        name="a subscription moves over an event that was not taken",
        path="usecases/events/deliver_to_subscription.py",
        old="taken = failures.index(True) if any(failures) else len(wave)",
        new="taken = len(wave)",
        tests=(
            f"{_DELIVERY}::test_what_is_refused_is_tried_again_and_holds_up_what_comes_after[sqlite]",
        ),
    ),
    Mutant(
        name="a name that leads into a network is called",
        path="delivery/endpoints.py",
        old="if not found or not all(url.may_reach(address) for address in found):",
        new="if not found or not any(url.may_reach(address) for address in found):",
        tests=(f"{_ENDPOINTS}::test_a_name_that_leads_into_a_network_is_not_called[found6]",),
    ),
    Mutant(
        name="words that were filled in are shown whatever the country forbids now",
        path="usecases/prompts/show_prompt.py",
        old="content = Content(owner, key, revision, locale, filling, country)",
        new='content = Content(owner, key, revision, locale, filling, "")',
        tests=(f"{_ASKING}::test_words_that_a_new_country_forbids_are_shown_no_more",),
    ),
    Mutant(
        name="words that were filled in are shown whatever was published since",
        path="usecases/prompts/show_prompt.py",
        old="content = Content(owner, key, revision, locale, filling, country)",
        new="content = Content(owner, key, 0, locale, filling, country)",
        tests=(f"{_ASKING}::test_a_new_revision_is_shown_at_once_in_place_of_the_one_before",),
    ),
    Mutant(
        name="a business is shown the words of another",
        path="usecases/prompts/show_prompt.py",
        old="owner = business_id if revision else None",
        new="owner = None",
        tests=(f"{_ASKING}::test_each_business_is_shown_its_own_words",),
    ),
    Mutant(
        name="what rests is not written when the store closes",
        path="storage/platform/committer.py",
        old="        if self._waiting:\n            self._end_rest()\n",
        new="",
        tests=("tests/unit/storage/test_committer.py::test_closing_writes_what_rests[False]",),
    ),
)
