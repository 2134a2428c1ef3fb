"""Bugs at the gateway: a token or a key goes astray, a caller reaches past the gate."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_SAYS_NEW = (
    "tests/unit/graph/test_answer.py"
    "::test_an_answer_says_something_new_where_it_names_more_than_the_number_that_was_asked_for"
)
_HOSTS = "tests/unit/delivery/test_media_files.py"
_ACCOUNTS = "tests/unit/delivery/test_accounts.py"
_FILES = "tests/web/gateway/test_files.py"
_MANAGING = "tests/web/gateway/test_managing.py"
_ANSWERS = "tests/web/gateway/test_answers.py"
_CALLERS = "tests/web/gateway/test_callers.py"
_BEGINS = "test_a_key_in_the_address_begins_an_upload_and_changes_nothing_else"

_CLOSED = "tests/web/test_fail_closed.py"
_QUESTION = f"{_CLOSED}::test_a_question_whose_prompt_cannot_be_read_stays"

GATEWAY = (
    Mutant(
        name="what hangs is waited for",
        path="usecases/sending/patience.py",
        old="loop.call_later(max(self.left, 0), self._end, task)",
        new="loop.call_later(3600, self._end, task)",
        tests=(f"{_QUESTION}[sqlite-slow]",),
    ),
    Mutant(
        name="Meta's token goes to whatever host an answer names",
        path="delivery/media_files.py",
        old="(is_tls and port == usual and host in self._hosts)",
        new="is_tls",
        tests=(f"{_HOSTS}::test_no_other_host_is_ever_called_or_looked_up",),
    ),
    Mutant(
        name="an address of a file is good for every key",
        path="usecases/tenants/signed_addresses.py",
        old='    if fields["c"] != _digest(caller):\n',
        new='    if not fields["c"]:\n',
        tests=(f"{_FILES}::test_an_address_is_good_for_the_key_that_asked",),
    ),
    Mutant(
        name="the address of a file is Meta's",
        path="web/gateway/endpoint.py",
        old="                if shown is not None:\n                    return shown\n",
        new="",
        tests=(f"{_FILES}::test_the_address_of_a_file_is_ours_and_the_rest_is_as_meta_says",),
    ),
    Mutant(
        name="a key in an address may do everything",
        path="web/gateway/calling.py",
        old='scope["method"] == "GET" or scope["path"].endswith(_UPLOADS)',
        new="True",
        tests=(f"{_CALLERS}::{_BEGINS}",),
    ),
    Mutant(
        name="Meta's token stands in the address of the next page",
        path="web/gateway/answers.py",
        old="not in _SECRETS]",
        new='not in {"input_token"}]',
        tests=(f"{_ANSWERS}::test_addresses_of_the_graph_api_become_the_gateways",),
    ),
    Mutant(
        name="a key that may send changes templates",
        path="web/gateway/routes.py",
        old="MANAGERS: Final = frozenset({ApiScope.MANAGE})\n",
        new="MANAGERS: Final = frozenset({ApiScope.MANAGE, ApiScope.SEND})\n",
        tests=(f"{_MANAGING}::test_a_key_that_may_send_changes_nothing",),
    ),
    Mutant(
        name="a block is Meta's affair alone",
        path="web/gateway/blocks.py",
        old='    if method == "POST":\n',
        new='    if method == "PUT":\n',
        tests=(f"{_MANAGING}::test_a_block_is_a_stop_before_meta_hears_of_it[sqlite]",),
    ),
    Mutant(
        name="whoever may write may call",
        path="graph/sending/voice_call.py",
        old="        kind = MessageKind.DIRECT\n",
        new="        kind = MessageKind.FREE_FORM\n",
        tests=(f"{_MANAGING}::test_a_call_needs_what_marketing_needs",),
    ),
    Mutant(
        name="every node at Meta is the business's",
        path="delivery/accounts.py",
        old="            if template_id in page.phone_number_ids:\n",
        new="            if page.phone_number_ids:\n",
        tests=(f"{_ACCOUNTS}::test_a_template_of_another_account_is_none_of_the_accounts",),
    ),
    Mutant(
        name="the id that Meta names beside a number is not learnt",
        path="graph/sending/send_answer.py",
        old="return not user_id and wa_id in",
        new="return wa_id in",
        tests=(f"{_SAYS_NEW}[contact2-False]",),
    ),
)
