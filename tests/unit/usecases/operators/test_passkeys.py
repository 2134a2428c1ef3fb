"""Coming in by a passkey: what counts, and everything that does not."""

from __future__ import annotations

import json

import pytest

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole, SignInWay, ways_of
from askfirst.domain.operators.passkey import (
    CHALLENGE_LIFE,
    FRESH_FOR,
    PASSKEYS_MAX,
    PasskeyFault,
    PasskeyRefused,
    RelyingParty,
    relying_party_of,
)
from askfirst.domain.tenants.deployment import Site
from askfirst.domain.value import replace
from askfirst.domain.values.errors import (
    Conflict,
    InvalidInput,
    NotAuthenticated,
    TooMany,
    UnknownReference,
)
from askfirst.domain.values.ids import PasskeyId
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.manage_team import end_access
from askfirst.usecases.operators.passkeys import (
    PasskeyTry,
    add_passkey,
    ask_for_passkey,
    ask_to_sign_in,
    list_passkeys,
    name_passkey,
    remove_passkey,
    sign_in_by_passkey,
)
from askfirst.usecases.operators.sign_in import Seat, SignInTry, sign_in
from askfirst.usecases.operators.write_down import Actor, read_audit
from tests.support.builders import BUSINESS, RIVAL
from tests.support.services import World, changed
from tests.support.software_authenticator import PRESENT, SoftwareKey

ORIGIN = "https://ask.example"
PASSWORD = "a long enough phrase"
EMAIL = "ana@example.com"
ADDRESS = "203.0.113.7"
BROWSER = "what this browser alone has"
SERVER = Actor(business_id=BUSINESS, operator_id=None)


@pytest.fixture
def world(sqlite_world: World) -> World:
    site = Site(public_url=f"{ORIGIN}/askfirst")
    return replace(sqlite_world, services=changed(sqlite_world.services, site=site))


def key() -> SoftwareKey:
    return SoftwareKey(ORIGIN, "ask.example")


async def seat_of(world: World, email: str = EMAIL) -> Seat:
    made = await invite_operator(world.services, SERVER, email, OperatorRole.ADMIN)
    await join(world.services, BUSINESS, made.link.rpartition("/")[2], "Ana", PASSWORD)
    typed = SignInTry(business_id=BUSINESS, email=email, password=PASSWORD)
    return (await sign_in(world.services, typed))[0]


async def add(world: World, seat: Seat, made: SoftwareKey, label: str = "laptop") -> PasskeyId:
    question = await ask_for_passkey(world.services, seat, "session", "", ADDRESS)
    kept = await add_passkey(world.services, seat, "session", made.make(question), label)
    return kept.passkey_id


async def ask(world: World, secret: str = BROWSER) -> str:
    return await ask_to_sign_in(world.services, BUSINESS, secret, ADDRESS)


async def send(world: World, answer: str, secret: str = BROWSER) -> Seat:
    given = PasskeyTry(business_id=BUSINESS, secret=secret, answer=answer, address=ADDRESS)
    return (await sign_in_by_passkey(world.services, given))[0]


async def check_refused(
    world: World, answer: str, fault: PasskeyFault, secret: str = BROWSER
) -> None:
    with pytest.raises(PasskeyRefused) as told:
        await send(world, answer, secret)
    assert told.value.fault is fault
    line = (await read_audit(world.services, BUSINESS, "", 1))[0]
    assert (line.act, line.about) == (AuditAct.SIGN_IN_REFUSED, f"passkey/{fault.value}")


async def test_a_passkey_is_added_and_its_owner_comes_in_by_it_alone(world: World) -> None:
    seat, made = await seat_of(world), key()
    passkey_id = await add(world, seat, made)
    here = await send(world, made.sign(await ask(world)))
    assert here.operator.operator_id == seat.operator.operator_id
    lines = await read_audit(world.services, BUSINESS, "", 2)
    assert [line.act for line in lines] == [AuditAct.SIGNED_IN, AuditAct.PASSKEY_ADDED]
    assert lines[0].about == f"{here.session.session_id}/{passkey_id}"
    (kept,) = (await list_passkeys(world.services, BUSINESS))[seat.operator.operator_id]
    assert (kept.label, kept.transports, kept.sign_count) == ("laptop", ("usb",), 1)
    assert kept.used_at == world.clock.now()
    assert ways_of(seat.operator, 1) == (SignInWay.PASSWORD, SignInWay.PASSKEY)


async def test_both_questions_ask_for_a_passkey_without_a_name_and_for_who_holds_it(
    world: World,
) -> None:
    seat, made = await seat_of(world), key()
    question = json.loads(await ask_for_passkey(world.services, seat, "session", "", ADDRESS))
    assert question["rp"]["id"] == "ask.example"
    wanted = question["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    await add(world, seat, made)
    again = json.loads(await ask_for_passkey(world.services, seat, "session", "", ADDRESS))
    assert len(again["excludeCredentials"]) == 1
    asked = json.loads(await ask(world))
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")


async def test_an_answer_counts_once(world: World) -> None:
    seat, made = await seat_of(world), key()
    await add(world, seat, made)
    answer = made.sign(await ask(world))
    await send(world, answer)
    await check_refused(world, answer, PasskeyFault.OVER)
    await ask(world)
    await check_refused(world, answer, PasskeyFault.WRONG)


async def test_an_answer_is_of_the_browser_that_was_asked_and_of_its_time(world: World) -> None:
    seat, made = await seat_of(world), key()
    await add(world, seat, made)
    answer = made.sign(await ask(world))
    await check_refused(world, answer, PasskeyFault.OVER, "another browser")
    await check_refused(world, answer, PasskeyFault.OVER, "")
    world.clock.advance(CHALLENGE_LIFE / SECOND)
    await check_refused(world, answer, PasskeyFault.OVER)


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://ask.example.evil.example"},
        {"origin": "http://ask.example"},
        {"rp_id": "example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"owner": b"opr_somebody"},
        {"owner": b""},
        {"key": key().key},
    ],
    ids=lambda bent: "-".join(f"{name}" for name in bent),
)
async def test_what_is_not_for_this_site_or_not_signed_right_does_not_count(
    world: World, bent: dict[str, object]
) -> None:
    seat, made = await seat_of(world), key()
    await add(world, seat, made)
    for name, value in bent.items():
        setattr(made, name, value)
    await check_refused(world, made.sign(await ask(world)), PasskeyFault.WRONG)


async def test_a_count_that_does_not_go_on_is_a_copy(world: World) -> None:
    seat, made = await seat_of(world), key()
    await add(world, seat, made)
    await send(world, made.sign(await ask(world), step=5))
    for step in (0, -1):
        await check_refused(world, made.sign(await ask(world), step=step), PasskeyFault.COPIED)
    await send(world, made.sign(await ask(world), step=9))


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "[" * 4000, '{"id":"AA","rawId":"AA","type":"public-key"}', "\ud800"],
)
async def test_nonsense_is_a_refusal_and_no_error(world: World, answer: str) -> None:
    await ask(world)
    await check_refused(world, answer, PasskeyFault.UNKNOWN)


async def test_a_bent_piece_of_a_right_answer_is_a_refusal_and_no_error(world: World) -> None:
    seat, made = await seat_of(world), key()
    await add(world, seat, made)
    pieces = ("clientDataJSON", "authenticatorData", "signature", "userHandle")
    for number, piece in enumerate(pieces * 4):
        world.clock.advance(1800)
        answer = json.loads(made.sign(await ask(world)))
        answer["response"][piece] = ("", "AA", "!!", 7)[number // len(pieces)]
        with pytest.raises(PasskeyRefused):
            await send(world, json.dumps(answer))


async def test_a_removed_passkey_is_unknown_and_so_is_one_of_another_business(
    world: World,
) -> None:
    seat, made = await seat_of(world), key()
    passkey_id = await add(world, seat, made)
    with pytest.raises(UnknownReference):
        await remove_passkey(world.services, await seat_of(world, "b@example.com"), passkey_id)
    question = await ask_to_sign_in(world.services, RIVAL, BROWSER, ADDRESS)
    there = PasskeyTry(business_id=RIVAL, secret=BROWSER, answer=made.sign(question))
    with pytest.raises(PasskeyRefused):
        await sign_in_by_passkey(world.services, there)
    await remove_passkey(world.services, seat, passkey_id)
    await check_refused(world, made.sign(await ask(world)), PasskeyFault.UNKNOWN)
    acts = [line.act for line in await read_audit(world.services, BUSINESS, "", 9)]
    assert AuditAct.PASSKEY_REMOVED in acts


async def test_whose_access_ended_comes_in_by_no_passkey_and_a_new_invitation_drops_them(
    world: World,
) -> None:
    await seat_of(world)
    ben, made, other = await seat_of(world, "ben@example.com"), key(), key()
    await add(world, ben, made)
    await end_access(world.services, SERVER, ben.operator.operator_id)
    await check_refused(world, made.sign(await ask(world)), PasskeyFault.UNKNOWN)
    ben = await seat_of(world, "ben@example.com")
    await add(world, ben, other)
    await seat_of(world, "ben@example.com")
    assert await list_passkeys(world.services, BUSINESS) == {}


async def test_refusals_make_the_next_try_wait_and_guesses_at_a_password_do_not(
    world: World,
) -> None:
    seat, made = await seat_of(world), key()
    await add(world, seat, made)
    for number in range(6):
        guess = SignInTry(business_id=BUSINESS, email=EMAIL, password=f"guess {number}, no more")
        with pytest.raises((NotAuthenticated, TooMany)):
            await sign_in(world.services, guess)
    await send(world, made.sign(await ask(world)))
    made.origin = "https://evil.example"
    for _ in range(5):
        await check_refused(world, made.sign(await ask(world)), PasskeyFault.WRONG)
    made.origin = ORIGIN
    with pytest.raises(TooMany):
        await send(world, made.sign(await ask(world)))
    world.clock.advance(5)
    await send(world, made.sign(await ask(world)))


async def test_one_address_cannot_ask_for_ever(world: World) -> None:
    for _ in range(60):
        await ask(world)
    with pytest.raises(TooMany):
        await ask(world)
    await ask_to_sign_in(world.services, BUSINESS, BROWSER, "198.51.100.9")


async def test_who_signed_in_a_while_ago_types_the_password_again(world: World) -> None:
    seat, made = await seat_of(world), key()
    world.clock.advance(FRESH_FOR / SECOND)
    for wrong in ("", "another long phrase"):
        with pytest.raises(NotAuthenticated):
            await ask_for_passkey(world.services, seat, "session", wrong, ADDRESS)
    question = await ask_for_passkey(world.services, seat, "session", PASSWORD, ADDRESS)
    await add_passkey(world.services, seat, "session", made.make(question), "laptop")
    acts = [line.act for line in await read_audit(world.services, BUSINESS, "", 3)]
    assert acts == [AuditAct.PASSKEY_ADDED, *[AuditAct.PASSKEY_REFUSED] * 2]
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await ask_for_passkey(world.services, seat, "session", "a guess again", ADDRESS)
    with pytest.raises(TooMany):
        await ask_for_passkey(world.services, seat, "session", PASSWORD, ADDRESS)


async def test_a_passkey_is_added_by_an_answer_to_ones_own_question_alone(world: World) -> None:
    ana, ben, made = await seat_of(world), await seat_of(world, "ben@example.com"), key()
    question = await ask_for_passkey(world.services, ana, "session", "", ADDRESS)
    answer = made.make(question)
    for seat, secret in ((ana, "another session"), (ben, "session"), (ana, "session")):
        with pytest.raises(PasskeyRefused) as told:
            await add_passkey(world.services, seat, secret, answer, "laptop")
        assert told.value.fault is PasskeyFault.OVER  # the second used the question up
    for bent in ({"origin": "https://evil.example"}, {"rp_id": "evil"}, {"flags": PRESENT}):
        question = await ask_for_passkey(world.services, ana, "session", "", ADDRESS)
        answer = replace(made, **bent).make(question)
        with pytest.raises(PasskeyRefused) as told:
            await add_passkey(world.services, ana, "session", answer, "laptop")
        assert told.value.fault is PasskeyFault.WRONG
    assert await list_passkeys(world.services, BUSINESS) == {}


async def test_a_passkey_has_a_name_which_its_owner_changes(world: World) -> None:
    seat = await seat_of(world)
    passkey_id = await add(world, seat, key(), "  work   laptop ")
    for wrong in ("", "x" * 61, "a\x00b"):
        with pytest.raises(InvalidInput):
            await name_passkey(world.services, seat, passkey_id, wrong)
    await name_passkey(world.services, seat, passkey_id, "phone")
    with pytest.raises(UnknownReference):
        await name_passkey(
            world.services, await seat_of(world, "b@example.com"), passkey_id, "mine"
        )
    (kept,) = (await list_passkeys(world.services, BUSINESS))[seat.operator.operator_id]
    assert kept.label == "phone"


async def test_there_is_an_end_to_passkeys(world: World) -> None:
    seat = await seat_of(world)
    for _ in range(PASSKEYS_MAX):
        await add(world, seat, key())
    with pytest.raises(Conflict):
        await ask_for_passkey(world.services, seat, "session", "", ADDRESS)


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("https://ask.example", RelyingParty("ask.example", "https://ask.example")),
        ("https://Ask.Example:8443/x", RelyingParty("ask.example", "https://ask.example:8443")),
        ("http://localhost:8080", RelyingParty("localhost", "http://localhost:8080")),
        ("http://ask.example", None),
        ("http://127.0.0.1:8080", None),
        ("https://203.0.113.7", None),
        ("https://[2001:db8::7]", None),
    ],
)
def test_passkeys_are_for_a_name_that_browsers_trust(
    address: str, party: RelyingParty | None
) -> None:
    assert relying_party_of(address) == party


async def test_where_browsers_make_none_none_is_asked_for(sqlite_world: World) -> None:
    with pytest.raises(Conflict):
        await ask_to_sign_in(sqlite_world.services, BUSINESS, BROWSER, ADDRESS)
