"""Bugs in the console: a role that is not looked at, a form of anybody's, an endless session."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_DOORS = "tests/web/console/test_doors.py"
_ROLES = f"{_DOORS}::test_a_role_goes_through_where_it_may_and_nowhere_else"
_PAGES = "tests/web/console/test_console.py"
_SIGN_IN = "tests/unit/usecases/operators/test_sign_in.py"
_STORED = "tests/contract/test_operators.py"

_IMPORTS = "tests/web/console/test_imports.py"
_SCREENS = "tests/web/console/test_screens.py"
_FLOW = "tests/web/console/test_flow.py"
_SIGN_ON = "tests/web/console/test_single_sign_on.py"
_PASSKEYS = "tests/unit/usecases/operators/test_passkeys.py"

_DRAFTS = "tests/web/console/test_drafts.py"
_REVIEWS = "tests/contract/test_draft_reviews.py"

CONSOLE = (
    Mutant(
        name="a token for another sign-on lets somebody in",
        path="delivery/single_sign_on.py",
        old="            and hmac.compare_digest(given.encode(), nonce.encode())\n",
        new="",
        tests=(f"{_SIGN_ON}::test_a_token_that_does_not_hold_lets_nobody_in",),
    ),
    Mutant(
        name="a token for somebody else's application lets somebody in",
        path="delivery/single_sign_on.py",
        old="            and own in names\n",
        new="",
        is_quick=False,
        tests=(f"{_SIGN_ON}::test_a_token_that_does_not_hold_lets_nobody_in",),
    ),
    Mutant(
        name="an address that nobody checked takes an invitation up",
        path="delivery/single_sign_on.py",
        old='and claims.get("email_verified") is True else',
        new="else",
        tests=(f"{_SIGN_ON}::test_an_address_that_is_not_vouched_for_finds_no_invitation",),
    ),
    Mutant(
        name="an invitation that is over is taken up by single sign-on",
        path="usecases/operators/single_sign_on.py",
        old="    if not operator.is_live and digest is None:\n"
        "        return SignOnFault.STRANGER\n",
        new="    if not operator.is_live and digest is None:\n        return operator\n",
        is_quick=False,
        tests=(f"{_SIGN_ON}::test_who_was_not_invited_stays_outside",),
    ),
    Mutant(
        name="a browser comes back with a state of somebody else's",
        path="usecases/operators/single_sign_on.py",
        old="    if not secrets.is_state(given.state):\n        return SignOnFault.WRONG\n",
        new="",
        is_quick=False,
        tests=(f"{_SIGN_ON}::test_a_way_back_counts_once_at_the_browser_that_began_and_in_time",),
    ),
    Mutant(
        name="an answer of a passkey is sent again and counts",
        path="storage/sqlite/operators.sql",
        old="DELETE FROM passkey_challenge WHERE business_id = ?1 AND digest = ?2\nRETURNING",
        new="UPDATE passkey_challenge SET sealed = sealed WHERE business_id = ?1 AND digest = ?2\n"
        "RETURNING",
        tests=(f"{_STORED}::test_a_question_to_a_browser_is_used_up_once[sqlite]",),
    ),
    Mutant(
        name="a question to a browser is answered for ever",
        path="usecases/operators/passkeys.py",
        old="    is_open = asked is not None and services.clock.now() < asked.expires_at\n",
        new="    is_open = True\n",
        is_quick=False,
        tests=(f"{_PASSKEYS}::test_an_answer_is_of_the_browser_that_was_asked_and_of_its_time",),
    ),
    Mutant(
        name="somebody who found a key comes in without being verified",
        path="adapters/operators/passkeys.py",
        old="                credential_current_sign_count=0,\n"
        "                require_user_verification=True,\n",
        new="                credential_current_sign_count=0,\n",
        tests=(f"{_PASSKEYS}::test_what_is_not_for_this_site_or_not_signed_right_does_not_count",),
    ),
    Mutant(
        name="two of one passkey come in with the same count",
        path="storage/sqlite/operators.sql",
        old="(sign_count < ?3 OR",
        new="(sign_count <= ?3 OR",
        is_quick=False,
        tests=(f"{_STORED}::test_of_uses_with_the_same_count_at_once_one_counts[sqlite]",),
    ),
    Mutant(
        name="a passkey works after its owner's access ended",
        path="storage/operators/operators.py",
        old='place\n            yield "drop_passkeys", place\n\n    async def find',
        new="place\n\n    async def find",
        is_quick=False,
        tests=(f"{_STORED}::test_passkeys_end_with_the_access_and_with_a_new_password[sqlite]",),
    ),
    Mutant(
        name="a session left open is enough to add a passkey",
        path="usecases/operators/passkeys.py",
        old="    if is_fresh(seat.session, services.clock.now()):\n",
        new="    if is_fresh(seat.session, seat.session.created_at):\n",
        tests=(f"{_PASSKEYS}::test_who_signed_in_a_while_ago_types_the_password_again",),
    ),
    Mutant(
        name="somebody who wrote some of a draft publishes it",
        path="domain/prompts/drafts/draft_review.py",
        old="    if review.is_writer(by) or asked.by == by:\n",
        new="    if asked.by == by:\n",
        tests=(
            f"{_REVIEWS}::test_whoever_wrote_some_of_it_is_a_writer_to_the_end[sqlite]",
            f"{_DRAFTS}::test_whoever_changed_a_word_is_a_writer_too",
        ),
    ),
    Mutant(
        name="a draft that was declined is published all the same",
        path="domain/prompts/drafts/draft_review.py",
        old="not asked.waits or asked.hash",
        new="asked.hash",
        tests=(f"{_DRAFTS}::test_a_declined_draft_tells_its_writer_why",),
    ),
    Mutant(
        name="a draft that changed is published without another look",
        path="storage/prompts/prompts.py",
        old="    if before is not None and draft_hash(before) != draft_hash(prompt):\n",
        new="    if before is None:\n",
        tests=(f"{_REVIEWS}::test_a_draft_that_changed_has_to_be_looked_at_anew[sqlite]",),
    ),
    Mutant(
        name="two who publish at once do not wait for each other",
        path="storage/prompts/prompts.py",
        old='    yield "hold_questions", (business_id,)\n'
        "    draft = yield from _draft(business_id, key)\n"
        "    review = yield from _review(business_id, key)\n    return check_reviewed",
        new="    draft = yield from _draft(business_id, key)\n"
        "    review = yield from _review(business_id, key)\n    return check_reviewed",
        is_quick=False,
        tests=(f"{_REVIEWS}::test_of_two_servers_one_publishes_what_the_other_does_not_change",),
    ),
    Mutant(
        name="everybody publishes drafts",
        path="web/console/app.py",
        old='    _door("POST", "/prompts/{key}/publish", take_publication, _P.PUBLISH),\n',
        new='    _door("POST", "/prompts/{key}/publish", take_publication, _P.OVERVIEW),\n',
        is_quick=False,
        tests=(f"{_ROLES}[viewer]",),
    ),
    Mutant(
        name="anybody who sees people confirms an import",
        path="web/console/app.py",
        old='    _door("POST", "/imports/{import}/confirm", take_confirm, _P.LISTS),\n',
        new='    _door("POST", "/imports/{import}/confirm", take_confirm, _P.PEOPLE),\n',
        is_quick=False,
        tests=(f"{_ROLES}[viewer]",),
    ),
    Mutant(
        name="a file is taken from a form of anybody's",
        path="web/console/bulk/uploads.py",
        old="    check_token(form.fields, desk.secret)\n",
        new="",
        tests=(
            f"{_IMPORTS}::test_nothing_of_a_file_is_read_for_a_form_of_another_session_or_site",
        ),
    ),
    Mutant(
        name="everybody who sees people takes held messages back",
        path="web/console/app.py",
        old='    _door("POST", "/held/{held}/cancel", take_back, _P.BRAKES),\n',
        new='    _door("POST", "/held/{held}/cancel", take_back, _P.PEOPLE),\n',
        is_quick=False,
        tests=(f"{_ROLES}[viewer]",),
    ),
    Mutant(
        name="a message is said to be taken back and leaves all the same",
        path="web/console/held/held.py",
        old="        await cancel_held(desk.services, desk.business_id, held_id)\n",
        new="        assert held_id\n",
        is_quick=False,
        tests=(f"{_FLOW}::test_a_message_that_is_taken_back_does_not_leave",),
    ),
    Mutant(
        name="half a file is imported as if it were whole",
        path="web/bulk/file_form.py",
        old="    if parser.state is not MultipartState.END:\n        raise BodyIncomplete\n",
        new="",
        tests=(f"{_IMPORTS}::test_a_file_that_ends_before_its_end_is_not_kept",),
    ),
    Mutant(
        name="any preview is confirmed, whatever the operator saw",
        path="web/console/bulk/one_import.py",
        old='        seen = field_of(form, "hash")\n',
        new='        seen = job.preview.hash if job.preview else field_of(form, "hash")\n',
        tests=(f"{_IMPORTS}::test_a_preview_that_has_changed_is_not_confirmed",),
    ),
    Mutant(
        name="rows with numbers leave and the log does not know",
        path="web/console/bulk/screens.py",
        old="desk.actor, AuditAct.SCREEN_ROWS_TAKEN, about=about)",
        new="desk.actor, AuditAct.LIST_SCREENED, about=about)",
        tests=(f"{_SCREENS}::test_rows_of_an_answer_come_down_once_the_log_knows",),
    ),
    Mutant(
        name="a role is not looked at where people are erased",
        path="web/console/app.py",
        old='    _door("POST", "/people/{contact}/erase", take_erase, _P.ERASE),\n',
        new='    _door("POST", "/people/{contact}/erase", take_erase, _P.PEOPLE),\n',
        tests=(f"{_ROLES}[viewer]",),
    ),
    Mutant(
        name="a form without the token of its session is taken",
        path="web/console/desk.py",
        old="    if not secret or not hmac.compare_digest(given,",
        new="    if not secret and not hmac.compare_digest(given,",
        tests=(f"{_DOORS}::test_a_form_needs_the_token_of_its_session",),
    ),
    Mutant(
        name="a form of another site is taken",
        path="web/console/entrance.py",
        old="    if given not in (bureau.origin,",
        new='    if given == "null" and given not in (bureau.origin,',
        is_quick=False,
        tests=(f"{_DOORS}::test_a_form_of_another_site_does_nothing",),
    ),
    Mutant(
        name="a session goes on after its operator signed out",
        path="domain/operators/operator_session.py",
        old="        return self.ended_at is None and self.created_at",
        new="        return self.created_at",
        tests=(f"{_SIGN_IN}::test_who_signs_out_is_out",),
    ),
    Mutant(
        name="the log of one business is read by another",
        path="storage/sqlite/operators.sql",
        old="FROM audit_entry\nWHERE business_id = ?1 AND (?2 = ''",
        new="FROM audit_entry\nWHERE ?1 <> '' AND (?2 = ''",
        tests=(f"{_STORED}::test_the_log_is_read_from_its_end[sqlite]",),
    ),
    Mutant(
        name="a guess is looked at however many came before",
        path="usecases/operators/sign_in.py",
        old="    if opens_at is not None:\n",
        new="    if opens_at is not None and opens_at < now:\n",
        is_quick=False,
        tests=(f"{_SIGN_IN}::test_each_guess_past_the_fifth_waits_longer_than_the_one_before",),
    ),
    Mutant(
        name="a code of an authenticator counts twice",
        path="storage/sqlite/operators.sql",
        old="AND totp_step < ?3 RETURNING",
        new="AND totp_step <= ?3 RETURNING",
        is_quick=False,
        tests=(
            f"{_SIGN_IN}::test_a_code_is_asked_for_once_an_authenticator_is_set_up_and_counts_once",
        ),
    ),
    Mutant(
        name="a number is shown without a line in the log",
        path="usecases/operators/look_at_person.py",
        old="    await write_down(services, actor, act, contact_id=found, reason=reason)\n",
        new="    _ = act\n",
        is_quick=False,
        tests=(f"{_PAGES}::test_a_number_is_masked_until_a_reason_is_given_which_the_log_keeps",),
    ),
)
