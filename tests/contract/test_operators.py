"""The contract of `ports.operators`: who comes in, who is let out, and the log of what they do."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.operators.audit_entry import AuditAct, AuditEntry, LookReason
from askfirst.domain.operators.operator import Operator, OperatorRole
from askfirst.domain.operators.operator_session import SESSION_KEPT, OperatorSession
from askfirst.domain.operators.passkey import ChallengeUse, Passkey, PasskeyChallenge
from askfirst.domain.operators.sign_in_waits import SignInSubject
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import AuditEntryId, ContactId, OperatorId, PasskeyId, SessionId
from askfirst.domain.values.timestamp import Instant
from tests.support.builders import BUSINESS, RIVAL
from tests.support.clocks import at
from tests.support.stores import Home, RawRefused

ANA_AT_WORK = Operator(
    operator_id=OperatorId("opr_1"),
    business_id=BUSINESS,
    email="ana@example.com",
    name="Ana",
    role=OperatorRole.ADMIN,
    created_at=at(0),
    password="$argon2id$hash",
    totp_secret="ABCDEFGH",
)
SESSION = OperatorSession(
    session_id=SessionId("ses_1"),
    business_id=BUSINESS,
    operator_id=ANA_AT_WORK.operator_id,
    created_at=at(0),
    seen_at=at(0),
    address="203.0.113.7",
    browser="A browser",
)
PASSKEY = Passkey(
    passkey_id=PasskeyId("psk_1"),
    business_id=BUSINESS,
    operator_id=ANA_AT_WORK.operator_id,
    credential_id=b"credential",
    public_key=b"public key",
    sign_count=3,
    label="Work laptop",
    transports=("internal", "usb"),
    created_at=at(0),
)
ASKED = PasskeyChallenge(
    use=ChallengeUse.ADD,
    challenge=b"a challenge of thirty-two bytes",
    expires_at=at(300),
    owner=ANA_AT_WORK.operator_id,
)
TRIES = ((SignInSubject.OPERATOR, "ana@example.com"), (SignInSubject.ADDRESS, "203.0.113.7"))


async def hired(store: Store) -> Operator:
    assert await store.operators.add(ANA_AT_WORK)
    return ANA_AT_WORK


async def test_an_operator_is_found_as_they_were_kept_and_only_by_their_business(
    store: Store,
) -> None:
    await hired(store)
    assert await store.operators.find(BUSINESS, ANA_AT_WORK.operator_id) == ANA_AT_WORK
    assert await store.operators.of_email(BUSINESS, "ana@example.com") == ANA_AT_WORK
    assert await store.operators.list(BUSINESS) == (ANA_AT_WORK,)
    assert await store.operators.find(RIVAL, ANA_AT_WORK.operator_id) is None
    assert await store.operators.of_email(RIVAL, "ana@example.com") is None
    assert await store.operators.list(RIVAL) == ()


async def test_an_address_is_one_operator(store: Store) -> None:
    await hired(store)
    assert not await store.operators.add(replace(ANA_AT_WORK, operator_id=OperatorId("opr_2")))
    assert await store.operators.list(BUSINESS) == (ANA_AT_WORK,)


async def test_of_two_changes_at_once_the_second_is_told(store: Store) -> None:
    await hired(store)
    ended = replace(ANA_AT_WORK, ended_at=at(1))
    await store.operators.change(ended)
    with pytest.raises(Conflict):
        await store.operators.change(replace(ANA_AT_WORK, role=OperatorRole.VIEWER))
    found = await store.operators.find(BUSINESS, ANA_AT_WORK.operator_id)
    assert found == replace(ended, revision=1)


async def test_an_invitation_works_once_until_it_is_over_and_the_newest_one_only(
    store: Store,
) -> None:
    await hired(store)
    place = (BUSINESS, ANA_AT_WORK.operator_id)
    await store.operators.invite(*place, b"old", at(100))
    await store.operators.invite(*place, b"new", at(100))
    assert await store.operators.invited(BUSINESS, b"old", at(1)) is None
    assert await store.operators.invited(BUSINESS, b"new", at(100)) is None
    assert await store.operators.invited(RIVAL, b"new", at(1)) is None
    assert await store.operators.invited(BUSINESS, b"new", at(1)) == ANA_AT_WORK.operator_id
    tries = [store.operators.take_up(BUSINESS, b"new", ANA_AT_WORK, at(1)) for _ in range(5)]
    assert sorted(await asyncio.gather(*tries)) == [False, False, False, False, True]


async def test_taking_an_invitation_up_ends_the_sessions_from_before(store: Store) -> None:
    await hired(store)
    await store.operators.open_session(SESSION, b"digest")
    await store.operators.invite(BUSINESS, ANA_AT_WORK.operator_id, b"new", at(100))
    assert await store.operators.take_up(BUSINESS, b"new", ANA_AT_WORK, at(2))
    found = await store.operators.session(BUSINESS, b"digest")
    assert found == replace(SESSION, ended_at=at(2))


async def test_a_session_is_found_by_the_hash_of_its_secret_alone(store: Store) -> None:
    await store.operators.open_session(SESSION, b"digest")
    assert await store.operators.session(BUSINESS, b"digest") == SESSION
    assert await store.operators.session(RIVAL, b"digest") is None
    assert await store.operators.session(BUSINESS, b"other") is None
    await store.operators.see_session(SESSION, at(9))
    found = await store.operators.sessions(BUSINESS, SESSION.operator_id, at(9))
    assert found == (replace(SESSION, seen_at=at(9)),)
    assert await store.operators.sessions(BUSINESS, SESSION.operator_id, at(10)) == ()


async def test_a_session_is_ended_once_and_only_by_whose_it_is(store: Store) -> None:
    await store.operators.open_session(SESSION, b"digest")
    place = (SESSION.operator_id, SESSION.session_id, at(3))
    assert not await store.operators.end_session(BUSINESS, OperatorId("opr_2"), *place[1:])
    assert not await store.operators.end_session(RIVAL, *place)
    assert await store.operators.end_session(BUSINESS, *place)
    assert not await store.operators.end_session(BUSINESS, *place)
    assert await store.operators.sessions(BUSINESS, SESSION.operator_id, at(0)) == ()


async def test_whose_access_ends_loses_sessions_and_invitation(store: Store) -> None:
    await hired(store)
    await store.operators.open_session(SESSION, b"digest")
    await store.operators.invite(BUSINESS, ANA_AT_WORK.operator_id, b"new", at(100))
    await store.operators.change(replace(ANA_AT_WORK, ended_at=at(4)))
    found = await store.operators.session(BUSINESS, b"digest")
    assert found is not None
    assert found.ended_at == at(4)
    assert await store.operators.invited(BUSINESS, b"new", at(5)) is None


async def test_a_step_of_an_authenticator_is_used_once(store: Store) -> None:
    operator = await hired(store)
    assert await store.operators.use_step(operator, 7)
    assert not await store.operators.use_step(operator, 7)
    assert not await store.operators.use_step(operator, 6)
    assert await store.operators.use_step(operator, 8)


async def test_a_passkey_is_found_as_it_was_kept_and_only_by_its_business(store: Store) -> None:
    assert await store.passkeys.add(PASSKEY)
    assert await store.passkeys.of_credential(BUSINESS, b"credential") == PASSKEY
    assert await store.passkeys.list(BUSINESS) == (PASSKEY,)
    assert await store.passkeys.of_credential(BUSINESS, b"another") is None
    assert await store.passkeys.of_credential(RIVAL, b"credential") is None
    assert await store.passkeys.list(RIVAL) == ()


async def test_a_credential_is_one_passkey(store: Store) -> None:
    assert await store.passkeys.add(PASSKEY)
    again = replace(PASSKEY, passkey_id=PasskeyId("psk_2"), operator_id=OperatorId("opr_2"))
    assert not await store.passkeys.add(again)
    assert await store.passkeys.list(BUSINESS) == (PASSKEY,)


async def test_a_passkey_is_named_and_removed_by_whose_it_is(store: Store) -> None:
    await store.passkeys.add(PASSKEY)
    own, others = (BUSINESS, PASSKEY.operator_id), (BUSINESS, OperatorId("opr_2"))
    assert not await store.passkeys.name(*others, PASSKEY.passkey_id, "theirs")
    assert await store.passkeys.name(*own, PASSKEY.passkey_id, "Phone")
    assert await store.passkeys.list(BUSINESS) == (replace(PASSKEY, label="Phone"),)
    assert not await store.passkeys.remove(*others, PASSKEY.passkey_id)
    assert not await store.passkeys.remove(RIVAL, PASSKEY.operator_id, PASSKEY.passkey_id)
    assert await store.passkeys.remove(*own, PASSKEY.passkey_id)
    assert not await store.passkeys.remove(*own, PASSKEY.passkey_id)
    assert not await store.passkeys.use(PASSKEY, 9, at(1))


async def test_of_uses_with_the_same_count_at_once_one_counts(store: Store) -> None:
    await store.passkeys.add(PASSKEY)
    uses = [store.passkeys.use(PASSKEY, 4, at(1)) for _ in range(5)]
    assert sum(await asyncio.gather(*uses)) == 1
    assert not await store.passkeys.use(PASSKEY, 3, at(2))
    assert not await store.passkeys.use(PASSKEY, 0, at(2))
    assert await store.passkeys.list(BUSINESS) == (replace(PASSKEY, sign_count=4, used_at=at(1)),)


async def test_a_passkey_that_does_not_count_may_say_nothing_each_time(store: Store) -> None:
    silent = replace(PASSKEY, sign_count=0)
    await store.passkeys.add(silent)
    assert [await store.passkeys.use(silent, 0, at(n)) for n in (1, 2)] == [True, True]
    assert await store.passkeys.use(silent, 1, at(3))
    assert not await store.passkeys.use(silent, 0, at(4))


async def test_a_question_to_a_browser_is_used_up_once(store: Store) -> None:
    await store.passkeys.ask(BUSINESS, b"digest", ASKED)
    newer = replace(ASKED, challenge=b"another", use=ChallengeUse.SIGN_IN, owner=None)
    await store.passkeys.ask(BUSINESS, b"digest", newer)
    assert await store.passkeys.take(RIVAL, b"digest") is None
    assert await store.passkeys.take(BUSINESS, b"other") is None
    taken = await asyncio.gather(*(store.passkeys.take(BUSINESS, b"digest") for _ in range(5)))
    assert [one for one in taken if one] == [newer]


async def test_passkeys_end_with_the_access_and_with_a_new_password(store: Store) -> None:
    await hired(store)
    await store.passkeys.add(PASSKEY)
    await store.operators.change(replace(ANA_AT_WORK, name="Anna"))
    assert len(await store.passkeys.list(BUSINESS)) == 1
    await store.operators.change(replace(ANA_AT_WORK, revision=1, ended_at=at(4)))
    assert await store.passkeys.list(BUSINESS) == ()
    await store.passkeys.add(PASSKEY)
    await store.operators.invite(BUSINESS, ANA_AT_WORK.operator_id, b"new", at(100))
    invited = replace(ANA_AT_WORK, revision=2)
    assert await store.operators.take_up(BUSINESS, b"new", invited, at(5))
    assert await store.passkeys.list(BUSINESS) == ()


async def test_tries_at_the_same_moment_are_counted_one_by_one(store: Store) -> None:
    tries = [store.operators.try_sign_in(BUSINESS, TRIES, at(1)) for _ in range(12)]
    answers = await asyncio.gather(*tries)
    assert sum(one is None for one in answers) == 5
    assert await store.operators.try_sign_in(RIVAL, TRIES, at(1)) is None
    await store.operators.forget_tries(BUSINESS, TRIES[:1])
    assert await store.operators.try_sign_in(BUSINESS, TRIES, at(1)) is None


def line(number: int, contact: str = "con_1") -> AuditEntry:
    return AuditEntry(
        entry_id=AuditEntryId(f"aud_{number}"),
        business_id=BUSINESS,
        at=at(number),
        operator_id=ANA_AT_WORK.operator_id,
        act=AuditAct.NUMBER_SHOWN,
        contact_id=ContactId(contact) if contact else None,
        reason=LookReason.CALLER,
        about="ses_1",
    )


async def test_what_nobody_uses_any_more_is_forgotten(store: Store, home: Home) -> None:
    await hired(store)
    await store.operators.open_session(SESSION, b"secret")
    await store.operators.invite(BUSINESS, ANA_AT_WORK.operator_id, b"link", at(60))
    assert await store.operators.try_sign_in(BUSINESS, TRIES, at(0)) is None
    await store.operators.sweep(BUSINESS, at(60))
    kept = ("operator_session", "operator_invitation", "sign_in_tries")
    assert [len(await home.raw(f"SELECT 1 FROM {table}")) for table in kept] == [1, 1, 2]
    await store.operators.sweep(RIVAL, Instant(at(1) + SESSION_KEPT))
    assert [len(await home.raw(f"SELECT 1 FROM {table}")) for table in kept] == [1, 1, 2]
    await store.operators.sweep(BUSINESS, Instant(at(1) + SESSION_KEPT))
    assert [len(await home.raw(f"SELECT 1 FROM {table}")) for table in kept] == [0, 0, 0]


async def test_a_question_that_expired_is_forgotten(store: Store, home: Home) -> None:
    await store.passkeys.ask(BUSINESS, b"digest", ASKED)
    await store.passkeys.sweep(RIVAL, at(301))
    await store.passkeys.sweep(BUSINESS, at(300))
    assert len(await home.raw("SELECT 1 FROM passkey_challenge")) == 1
    await store.passkeys.sweep(BUSINESS, at(301))
    assert await home.raw("SELECT 1 FROM passkey_challenge") == []


async def test_the_log_is_read_from_its_end(store: Store) -> None:
    lines = (line(1), line(2, ""), line(3))
    for one in lines:
        await store.audit_log.add(one)
    assert await store.audit_log.page(BUSINESS, "", 2) == (lines[2], lines[1])
    assert await store.audit_log.page(BUSINESS, "aud_2", 2) == (lines[0],)
    assert await store.audit_log.page(RIVAL, "", 2) == ()
    about = await store.audit_log.about_person(BUSINESS, ContactId("con_1"), 9)
    assert about == (lines[2], lines[0])
    assert await store.audit_log.about_person(RIVAL, ContactId("con_1"), 9) == ()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET at = 0",
        "DELETE FROM audit_entry",
    ],
)
async def test_no_line_of_the_log_is_changed_or_taken_away(
    store: Store, home: Home, sql: str
) -> None:
    await store.audit_log.add(line(1))
    with pytest.raises(RawRefused, match="never"):
        await home.raw(sql)
    assert await store.audit_log.page(BUSINESS, "", 2) == (line(1),)


async def test_neither_address_nor_secret_lies_on_disk_as_it_is(store: Store, home: Home) -> None:
    await hired(store)
    await store.operators.open_session(SESSION, b"digest")
    await store.passkeys.add(PASSKEY)
    await store.passkeys.ask(BUSINESS, b"digest", ASKED)
    written = await home.raw_bytes()
    for told in (b"ana@example.com", b"$argon2id$hash", b"ABCDEFGH", b"203.0.113.7", b"A browser"):
        assert told not in written
    for told in (b"Work laptop", PASSKEY.public_key, PASSKEY.credential_id, ASKED.challenge):
        assert told not in written
