"""Coming in and going out: invited, with a password, a code, a session; and whoever guesses."""

from __future__ import annotations

import pyotp
import pytest

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import INVITATION_LIFE, Operator, OperatorRole
from askfirst.domain.operators.operator_session import IDLE_LIFE, WHOLE_LIFE
from askfirst.domain.values.errors import (
    Conflict,
    InvalidInput,
    NotAuthenticated,
    TooMany,
    UnknownReference,
)
from askfirst.domain.values.timestamp import MINUTE, SECOND
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.manage_team import (
    change_role,
    drop_authenticator,
    end_access,
    end_session,
    list_sessions,
    set_authenticator,
)
from askfirst.usecases.operators.sign_in import (
    Seat,
    SignInTry,
    form_token,
    know_operator,
    sign_in,
    sign_out,
)
from askfirst.usecases.operators.write_down import Actor, read_audit
from tests.support.builders import BUSINESS, RIVAL
from tests.support.services import World

PASSWORD = "a long enough phrase"
EMAIL = "ana@example.com"
SERVER = Actor(business_id=BUSINESS, operator_id=None)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def hire(
    world: World, email: str = EMAIL, role: OperatorRole = OperatorRole.ADMIN
) -> Operator:
    made = await invite_operator(world.services, SERVER, email, role)
    secret = made.link.rpartition("/")[2]
    return await join(world.services, BUSINESS, secret, "Ana", PASSWORD)


def typed(
    email: str = EMAIL, password: str = PASSWORD, code: str = "", address: str = "203.0.113.7"
) -> SignInTry:
    return SignInTry(
        business_id=BUSINESS, email=email, password=password, code=code, address=address
    )


async def come_in(world: World, code: str = "") -> tuple[Seat, str]:
    return await sign_in(world.services, typed(code=code))


async def acts(world: World) -> list[AuditAct]:
    return [one.act for one in await read_audit(world.services, BUSINESS, "", 100)]


async def test_who_is_invited_chooses_a_password_and_comes_in(sqlite_world: World) -> None:
    operator = await hire(sqlite_world)
    seat, secret = await come_in(sqlite_world)
    assert seat.operator.operator_id == operator.operator_id
    known = await know_operator(sqlite_world.services, BUSINESS, secret)
    assert known == seat
    assert await know_operator(sqlite_world.services, RIVAL, secret) is None
    assert await acts(sqlite_world) == [AuditAct.SIGNED_IN, AuditAct.JOINED, AuditAct.INVITED]


async def test_an_invitation_is_over_after_its_time_and_works_once(sqlite_world: World) -> None:
    made = await invite_operator(sqlite_world.services, SERVER, EMAIL, OperatorRole.ADMIN)
    secret = made.link.rpartition("/")[2]
    with pytest.raises(InvalidInput, match="12 to 256"):
        await join(sqlite_world.services, BUSINESS, secret, "Ana", "short")
    await join(sqlite_world.services, BUSINESS, secret, "Ana", PASSWORD)
    with pytest.raises(UnknownReference):
        await join(sqlite_world.services, BUSINESS, secret, "Ben", PASSWORD)
    late = await invite_operator(
        sqlite_world.services, SERVER, "b@example.com", OperatorRole.VIEWER
    )
    sqlite_world.clock.advance(INVITATION_LIFE / SECOND)
    with pytest.raises(UnknownReference):
        await join(sqlite_world.services, BUSINESS, late.link.rpartition("/")[2], "Ben", PASSWORD)


@pytest.mark.parametrize(
    "wrong",
    [
        typed(email="nobody@example.com"),
        typed(password="another long phrase"),
        typed(password=""),
    ],
    ids=["unknown", "wrong password", "no password"],
)
async def test_whoever_does_not_come_in_is_told_the_same(
    sqlite_world: World, wrong: SignInTry
) -> None:
    await hire(sqlite_world)
    with pytest.raises(NotAuthenticated) as told:
        await sign_in(sqlite_world.services, wrong)
    assert str(told.value) == "the address, the password or the code is not right"
    assert (await acts(sqlite_world))[0] is AuditAct.SIGN_IN_REFUSED


async def test_who_was_only_invited_cannot_come_in(sqlite_world: World) -> None:
    await invite_operator(sqlite_world.services, SERVER, EMAIL, OperatorRole.ADMIN)
    with pytest.raises(NotAuthenticated):
        await sign_in(sqlite_world.services, typed(password=""))


async def test_each_guess_past_the_fifth_waits_longer_than_the_one_before(
    sqlite_world: World,
) -> None:
    await hire(sqlite_world)
    waits = []
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await sign_in(sqlite_world.services, typed(password="a guess of somebody"))
    for _ in range(4):
        with pytest.raises(TooMany) as told:
            await come_in(sqlite_world)
        assert told.value.retry_after_seconds
        waits.append(told.value.retry_after_seconds)
        sqlite_world.clock.advance(told.value.retry_after_seconds)
        with pytest.raises(NotAuthenticated):
            await sign_in(sqlite_world.services, typed(password="a guess of somebody"))
    assert waits == [5, 10, 20, 40]


async def test_the_right_password_behind_the_wait_ends_it(sqlite_world: World) -> None:
    await hire(sqlite_world)
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await sign_in(sqlite_world.services, typed(password="a guess of somebody"))
    sqlite_world.clock.advance(5)
    await come_in(sqlite_world)
    await come_in(sqlite_world)


async def test_one_address_that_tries_many_operators_waits_too(sqlite_world: World) -> None:
    for number in range(20):
        with pytest.raises(NotAuthenticated):
            await sign_in(sqlite_world.services, typed(email=f"guess{number}@example.com"))
    with pytest.raises(TooMany):
        await sign_in(sqlite_world.services, typed(email="guess20@example.com"))
    elsewhere = typed(email="guess20@example.com", address="198.51.100.9")
    with pytest.raises(NotAuthenticated):
        await sign_in(sqlite_world.services, elsewhere)


async def test_a_session_ends_where_it_is_not_used_and_after_a_day_of_work(
    sqlite_world: World,
) -> None:
    await hire(sqlite_world)
    _, secret = await come_in(sqlite_world)
    for _ in range(WHOLE_LIFE // IDLE_LIFE * 2 - 1):
        sqlite_world.clock.advance(IDLE_LIFE / SECOND / 2)
        assert await know_operator(sqlite_world.services, BUSINESS, secret)
    sqlite_world.clock.advance(IDLE_LIFE / SECOND / 2)
    assert await know_operator(sqlite_world.services, BUSINESS, secret) is None
    _, secret = await come_in(sqlite_world)
    sqlite_world.clock.advance(IDLE_LIFE / SECOND)
    assert await know_operator(sqlite_world.services, BUSINESS, secret) is None


async def test_who_signs_out_is_out(sqlite_world: World) -> None:
    await hire(sqlite_world)
    seat, secret = await come_in(sqlite_world)
    await sign_out(sqlite_world.services, seat)
    assert await know_operator(sqlite_world.services, BUSINESS, secret) is None


async def test_a_session_elsewhere_is_seen_and_ended(sqlite_world: World) -> None:
    await hire(sqlite_world)
    here, _ = await come_in(sqlite_world)
    there, secret = await come_in(sqlite_world)
    operator_id = here.operator.operator_id
    assert len(await list_sessions(sqlite_world.services, BUSINESS, operator_id)) == 2
    await end_session(sqlite_world.services, here, there.session.session_id)
    assert await know_operator(sqlite_world.services, BUSINESS, secret) is None
    with pytest.raises(UnknownReference):
        await end_session(sqlite_world.services, here, there.session.session_id)


async def test_a_code_is_asked_for_once_an_authenticator_is_set_up_and_counts_once(
    sqlite_world: World,
) -> None:
    await hire(sqlite_world)
    seat, _ = await come_in(sqlite_world)
    with pytest.raises(InvalidInput):
        await set_authenticator(sqlite_world.services, seat, SECRET, "000000")
    await set_authenticator(sqlite_world.services, seat, SECRET, code_now(sqlite_world))
    for wrong in ("", "000000", code_now(sqlite_world)):  # the last one was used to set it up
        with pytest.raises(NotAuthenticated):
            await come_in(sqlite_world, wrong)
    sqlite_world.clock.advance(30)
    seat, _ = await come_in(sqlite_world, code_now(sqlite_world))
    with pytest.raises(NotAuthenticated):
        await come_in(sqlite_world, code_now(sqlite_world))
    await drop_authenticator(sqlite_world.services, seat)
    await come_in(sqlite_world)


async def test_a_new_invitation_takes_the_place_of_a_lost_authenticator(
    sqlite_world: World,
) -> None:
    await hire(sqlite_world)
    seat, secret = await come_in(sqlite_world)
    await set_authenticator(sqlite_world.services, seat, SECRET, code_now(sqlite_world))
    await hire(sqlite_world)
    assert await know_operator(sqlite_world.services, BUSINESS, secret) is None
    await come_in(sqlite_world)


def code_now(world: World) -> str:
    return pyotp.TOTP(SECRET).generate_otp(world.clock.now() // (30 * SECOND))


async def test_whose_access_ends_is_out_at_once_and_may_be_invited_again(
    sqlite_world: World,
) -> None:
    await hire(sqlite_world)
    ben = await hire(sqlite_world, "ben@example.com", OperatorRole.SUPPORT)
    _, secret = await sign_in(sqlite_world.services, typed("ben@example.com"))
    await end_access(sqlite_world.services, SERVER, ben.operator_id)
    assert await know_operator(sqlite_world.services, BUSINESS, secret) is None
    with pytest.raises(NotAuthenticated):
        await sign_in(sqlite_world.services, typed("ben@example.com"))
    await hire(sqlite_world, "ben@example.com", OperatorRole.VIEWER)
    seat, _ = await sign_in(sqlite_world.services, typed("ben@example.com"))
    assert seat.operator.operator_id == ben.operator_id
    assert seat.operator.role is OperatorRole.VIEWER


async def test_a_changed_role_counts_with_the_next_request(sqlite_world: World) -> None:
    await hire(sqlite_world)
    ben = await hire(sqlite_world, "ben@example.com", OperatorRole.SUPPORT)
    _, secret = await sign_in(sqlite_world.services, typed("ben@example.com"))
    await change_role(sqlite_world.services, SERVER, ben.operator_id, OperatorRole.VIEWER)
    seat = await know_operator(sqlite_world.services, BUSINESS, secret)
    assert seat is not None
    assert seat.operator.role is OperatorRole.VIEWER


async def test_the_only_admin_stays_one(sqlite_world: World) -> None:
    ana = await hire(sqlite_world)
    with pytest.raises(Conflict, match="only admin"):
        await end_access(sqlite_world.services, SERVER, ana.operator_id)
    with pytest.raises(Conflict, match="only admin"):
        await change_role(sqlite_world.services, SERVER, ana.operator_id, OperatorRole.VIEWER)


async def test_the_token_of_a_form_is_of_its_session_and_tells_nothing_of_it() -> None:
    assert form_token("one") != form_token("two")
    assert "one" not in form_token("one")


async def test_a_use_of_a_session_is_written_down_at_most_once_a_minute(
    sqlite_world: World,
) -> None:
    await hire(sqlite_world)
    seat, secret = await come_in(sqlite_world)
    sqlite_world.clock.advance(MINUTE / SECOND - 1)
    known = await know_operator(sqlite_world.services, BUSINESS, secret)
    assert known == seat
    sqlite_world.clock.advance(1)
    known = await know_operator(sqlite_world.services, BUSINESS, secret)
    assert known is not None
    assert known.session.seen_at == sqlite_world.clock.now()
