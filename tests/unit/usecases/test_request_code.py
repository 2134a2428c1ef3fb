"""A code is asked for: what is counted, kept and answered before anything leaves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from askfirst.decision.policy import Policy
from askfirst.domain.alias import Alias, phone_alias
from askfirst.domain.code import Channel, Code, CodeState, Result
from askfirst.domain.code_limits import CodeRules
from askfirst.domain.code_limits import Policy as Limit
from askfirst.domain.code_signal import CodeSignal
from askfirst.domain.code_template import CodeApp, CodeVariant
from askfirst.domain.errors import (
    Conflict,
    InvalidInput,
    TooMany,
    Unavailable,
    UnknownReference,
)
from askfirst.domain.event import Assurance
from askfirst.domain.ids import PhoneNumberId
from askfirst.domain.instant import DAY, HOUR, SECOND
from askfirst.domain.network_address import NetworkAddress
from askfirst.domain.notice import TextReceived
from askfirst.domain.profile import Profile
from askfirst.domain.prompt import Surface
from askfirst.ports.tokens import TokenKind
from askfirst.usecases.request_code import Requested
from askfirst.usecases.resend_code import resend_code
from askfirst.usecases.take_webhook import take_webhook
from tests.support.builders import ANA, BEN, BUSINESS, OTHER_SENDER, RIVAL, sender
from tests.support.clocks import NOON
from tests.support.code_desk import WORDS, CodeDesk, open_code_desk
from tests.support.notices import typed
from tests.support.services import World

KEY = ("form-1", b"d" * 32)
INBOUND = (Channel.WHATSAPP_INBOUND,)
WHATSAPP = (Channel.WHATSAPP,)
SMS = (Channel.SMS,)


def someone(block: int, end: int) -> Alias:
    """A number of one of many blocks of ten thousand."""
    return phone_alias(f"4477{block:04d}{end:04d}")


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


def with_rules(desk: CodeDesk, **parts: Any) -> CodeDesk:
    services = replace(desk.services, code_rules=CodeRules(**parts))
    return CodeDesk(replace(desk.world, services=services))


def inbound_in_britain(desk: CodeDesk) -> CodeDesk:
    policy = Policy(inbound_first=frozenset({"GB"}))
    return CodeDesk(replace(desk.world, services=replace(desk.services, policy=policy)))


async def refused(desk: CodeDesk, number: Alias = ANA, **parts: Any) -> Limit:
    """Ask for a code that a limit refuses; gives its name."""
    with pytest.raises(TooMany) as too_many:
        await desk.request(number, **parts)
    assert too_many.value.retry_after_seconds > 0
    return Limit(too_many.value.policy)


async def test_nothing_has_left_and_nothing_is_in_the_ledger_when_the_answer_goes_out(
    desk: CodeDesk,
) -> None:
    requested = await desk.request()
    assert desk.whatsapp == []
    assert desk.world.sms.sent == []
    assert await desk.events() == []
    assert await desk.now(requested.code) == requested.code


async def test_the_code_shows_in_no_repr(desk: CodeDesk) -> None:
    requested = await desk.request()
    assert requested.errand is not None
    assert requested.errand.digits not in repr(requested)


async def test_a_code_lives_as_long_as_the_rules_say(desk: CodeDesk) -> None:
    code = (await with_rules(desk, life=600 * SECOND).request()).code
    assert (code.expires_at, code.resend_at) == (NOON + 600 * SECOND, NOON + 30 * SECOND)


@pytest.mark.parametrize("digits", [6, 8, 10])
async def test_a_code_is_as_long_as_the_rules_say(desk: CodeDesk, digits: int) -> None:
    await with_rules(desk, digits=digits).ask()
    assert len(desk.digits) == digits


@pytest.mark.parametrize(
    ("country", "has_sms", "channels"),
    [("BR", True, SMS), ("BR", False, INBOUND), ("GB", True, INBOUND), ("GB", False, INBOUND)],
)
async def test_who_chose_nothing_gets_nothing_by_whatsapp(
    desk: CodeDesk, country: str, has_sms: bool, channels: tuple[Channel, ...]
) -> None:
    desk.world.sms.is_configured = has_sms
    code = await inbound_in_britain(desk).ask(channels=(), country=country)
    assert code.channels == channels
    assert await desk.events() == []
    assert desk.whatsapp == []


@pytest.mark.parametrize(
    ("has_sms", "channels"), [(True, (Channel.WHATSAPP, Channel.SMS)), (False, WHATSAPP)]
)
async def test_who_chose_whatsapp_in_the_question_gets_it_by_default(
    desk: CodeDesk, has_sms: bool, channels: tuple[Channel, ...]
) -> None:
    desk.world.sms.is_configured = has_sms
    code = await inbound_in_britain(desk).ask(channels=(), token=await desk.token())
    assert code.channels == channels
    assert [event.assurance for event in await desk.events()] == [Assurance.SHOWN]


@pytest.mark.parametrize("channels", [WHATSAPP, (Channel.SMS, Channel.WHATSAPP)])
async def test_zero_tap_is_for_those_who_were_asked(
    desk: CodeDesk, channels: tuple[Channel, ...]
) -> None:
    apps = (CodeApp("com.example.shop", "K8a/AINcGX7"),)
    tapped = with_rules(desk, variant=CodeVariant.ZERO_TAP, apps=apps)
    with pytest.raises(InvalidInput) as refusal:
        await tapped.request(channels=channels)
    assert refusal.value.field == "prompt.token"
    token = await desk.token()
    assert (await tapped.request(channels=channels, token=token)).code.channels == channels
    for other in (SMS, INBOUND):
        assert (await tapped.request(BEN, channels=other)).code.channels == other


async def test_sms_is_refused_where_nobody_sends_it(desk: CodeDesk) -> None:
    desk.world.sms.is_configured = False
    with pytest.raises(InvalidInput) as refusal:
        await desk.request()
    assert refusal.value.field == "channel"
    assert "ASKFIRST_SMS_URL" in refusal.value.message


@pytest.mark.parametrize("channels", [WHATSAPP, INBOUND])
async def test_without_a_sender_there_is_no_whatsapp(
    sqlite_world: World, channels: tuple[Channel, ...]
) -> None:
    with pytest.raises(Conflict):
        await CodeDesk(sqlite_world).request(channels=channels)


async def test_a_business_without_whatsapp_may_send_sms(sqlite_world: World) -> None:
    desk = CodeDesk(sqlite_world)
    code = await desk.ask(channels=(Channel.SMS,))
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_a_sender_must_be_ones_own(desk: CodeDesk) -> None:
    other = replace(sender(OTHER_SENDER), business_id=RIVAL)
    await desk.services.directory.put_sender(other, None, NOON)
    with pytest.raises(UnknownReference):
        await desk.request(sender=PhoneNumberId(OTHER_SENDER))


async def test_the_language_is_the_closest_of_ours(desk: CodeDesk) -> None:
    assert (await desk.request(locale="pt-AO")).code.locale == "pt_PT"
    with pytest.raises(InvalidInput) as refusal:
        await desk.request(BEN, locale="klingon")
    assert refusal.value.field == "locale"


@pytest.mark.parametrize(("spoken", "used"), [("de_AT", "de"), ("sv", "en"), ("en", "en")])
async def test_who_reads_none_of_our_languages_gets_a_code_in_that_of_the_business(
    desk: CodeDesk, spoken: str, used: str
) -> None:
    profile = Profile(locale=spoken)
    await desk.services.profiles.put_profile(BUSINESS, profile, NOON)
    assert (await desk.request(locale="sv-FI")).code.locale == used


@pytest.mark.parametrize("purpose", ["", "Log in", "login!", "x" * 65])
async def test_a_purpose_is_a_short_name(desk: CodeDesk, purpose: str) -> None:
    with pytest.raises(InvalidInput):
        await desk.request(purpose=purpose)


async def test_a_token_that_was_altered_or_is_anothers_is_refused(desk: CodeDesk) -> None:
    text = await desk.token()
    foreign = replace(WORDS, surface=Surface.SIGNUP)
    about_more = replace(WORDS, purposes=("marketing",))
    fields = {**desk.services.tokens.read(TokenKind.PROMPT, text), "b": RIVAL}
    bad = (
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        desk.services.tokens.sign(TokenKind.PROMPT, fields),
        desk.services.tokens.sign(TokenKind.CODE, fields),
        await desk.token(foreign),
        await desk.token(about_more),
        "nonsense",
    )
    for token in bad:
        with pytest.raises(InvalidInput) as refusal:
            await desk.request(token=token)
        assert refusal.value.field == "prompt.token"
    assert (await desk.request(token=text)).code.prompt == WORDS.hash


async def test_the_same_key_gives_the_same_request_and_nothing_to_do(desk: CodeDesk) -> None:
    first = await desk.request(key=KEY)
    again = await desk.request(key=KEY)
    assert again == Requested(code=first.code, is_replayed=True)
    with pytest.raises(Conflict):
        await desk.request(BEN, key=("form-1", b"e" * 32))


async def test_of_equal_requests_at_once_one_is_done(desk: CodeDesk) -> None:
    results = await asyncio.gather(
        *(desk.request(key=KEY) for _ in range(9)), return_exceptions=True
    )
    done = [one for one in results if isinstance(one, Requested) and one.errand]
    assert len(done) == 1
    assert all(isinstance(one, Requested | TooMany) for one in results)


async def test_a_new_code_ends_the_one_before_and_not_that_for_something_else(
    desk: CodeDesk,
) -> None:
    payment = await desk.ask(purpose="payment")
    paid = desk.digits
    desk.world.clock.advance(30)
    first = await desk.ask()
    digits = desk.digits
    desk.world.clock.advance(30)
    await desk.ask()
    assert await desk.type(first, digits) is Result.EXPIRED
    assert (await desk.now(first)).state is CodeState.VOID
    assert await desk.type(payment, paid) is Result.APPROVED


@pytest.mark.parametrize(("wait", "is_free"), [(29.999999, False), (30, True)])
async def test_a_number_waits_half_a_minute_for_its_next_code(
    desk: CodeDesk, wait: float, is_free: bool
) -> None:
    await desk.request()
    desk.world.clock.advance(wait)
    if is_free:
        await desk.request(purpose="payment")
    else:
        assert await refused(desk, purpose="payment") is Limit.COOL_DOWN
    await desk.request(BEN)


async def test_of_requests_for_one_number_at_once_one_gets_a_code(world: World) -> None:
    desk = await open_code_desk(world)
    results = await asyncio.gather(
        *(desk.request(purpose=f"p{n}") for n in range(20)), return_exceptions=True
    )
    assert sum(isinstance(one, Requested) for one in results) == 1
    assert sum(isinstance(one, TooMany) for one in results) == 19


async def test_a_number_gets_five_codes_a_day_resends_included(desk: CodeDesk) -> None:
    code = await desk.ask()
    for _ in range(2):
        desk.world.clock.advance(30)
        assert await resend_code(desk.services, BUSINESS, code.code_id)
    for _ in range(2):
        desk.world.clock.advance(3600)
        await desk.ask()
    desk.world.clock.advance(60)
    assert await refused(desk) is Limit.NUMBER
    await desk.request(channels=INBOUND)
    await desk.request(BEN)
    desk.world.clock.set(NOON + DAY)  # type: ignore[arg-type]
    await desk.request()


async def fail_through(desk: CodeDesk, codes: int) -> None:
    """Use up every try of so many codes, five a day."""
    for number in range(codes):
        if number and number % 5 == 0:
            desk.world.clock.advance(86_400)
        code = await desk.ask()
        await desk.fail(code, code.tries_max)
        desk.world.clock.advance(300)


async def test_a_number_is_frozen_after_thirty_wrong_tries_in_a_row(desk: CodeDesk) -> None:
    await fail_through(desk, 10)
    desk.world.clock.advance(86_400)
    assert await refused(desk) is Limit.FROZEN
    assert await refused(desk, purpose="payment") is Limit.FROZEN
    assert CodeSignal.FROZEN in desk.world.signals.alarms


async def test_an_approval_ends_the_row(desk: CodeDesk) -> None:
    await fail_through(desk, 9)
    desk.world.clock.advance(86_400)
    code = await desk.ask()
    assert await desk.type(code, desk.digits) is Result.APPROVED
    desk.world.clock.advance(300)
    await fail_through(desk, 3)


async def test_a_frozen_number_is_free_once_it_has_proven_itself(desk: CodeDesk) -> None:
    await fail_through(desk, 10)
    desk.world.clock.advance(86_400)
    proof = (await desk.request(channels=INBOUND)).proof
    assert proof is not None
    await hear(desk, typed(proof.proof.text, occurred_at=desk.world.clock.now()))
    desk.world.clock.advance(60)
    assert (await desk.request()).code.tries_max == 3


async def hear(desk: CodeDesk, notice: TextReceived) -> None:
    await take_webhook(desk.services, [notice], b"")


async def test_wrong_tries_in_a_row_are_never_more_than_thirty(desk: CodeDesk) -> None:
    """A code is allowed only the tries that are left; codes for other purposes count as tried."""
    await fail_through(desk, 9)
    desk.world.clock.advance(86_400)
    first = await desk.ask(purpose="payment")
    assert first.tries_max == 3
    desk.world.clock.advance(30)
    assert await refused(desk) is Limit.FROZEN
    desk.world.clock.advance(300)
    await desk.fail(first, 0)
    second = await desk.ask()
    assert second.tries_max == 3
    await desk.fail(second, 2)
    desk.world.clock.advance(60)
    third = await desk.ask()
    assert third.tries_max == 1
    await desk.fail(third, 1)
    desk.world.clock.advance(60)
    assert await refused(desk) is Limit.FROZEN


async def test_a_block_of_numbers_gets_ten_codes_that_nobody_types_in(desk: CodeDesk) -> None:
    for end in range(10):
        await desk.request(someone(1, end))
    assert await refused(desk, someone(1, 10)) is Limit.AREA_UNCONVERTED
    await desk.request(someone(2, 0))
    await desk.request(someone(1, 11), channels=INBOUND)
    desk.world.clock.advance(86_399)
    assert await refused(desk, someone(1, 12)) is Limit.AREA_UNCONVERTED
    desk.world.clock.advance(1)
    await desk.request(someone(1, 13))
    assert desk.world.signals.alarms == [CodeSignal.AREA_UNCONVERTED] * 2


async def test_a_code_that_is_typed_in_gives_its_block_itself_and_one_more(
    desk: CodeDesk,
) -> None:
    for end in range(9):
        await desk.request(someone(1, end))
    code = await desk.ask(someone(1, 9))
    assert await desk.type(code, desk.digits) is Result.APPROVED
    for end in range(10, 12):
        await desk.request(someone(1, end))
    assert await refused(desk, someone(1, 12)) is Limit.AREA_UNCONVERTED


async def test_a_block_gets_sixty_codes_an_hour_however_well_they_are_read(
    desk: CodeDesk,
) -> None:
    for end in range(60):
        code = await desk.ask(someone(1, end))
        assert await desk.type(code, desk.digits) is Result.APPROVED
    assert await refused(desk, someone(1, 60)) is Limit.AREA
    desk.world.clock.advance(HOUR / SECOND)
    await desk.request(someone(1, 61))


async def test_an_address_that_is_told_gets_twenty_codes_an_hour(desk: CodeDesk) -> None:
    for block in range(20):
        await desk.request(someone(block, 0), address=NetworkAddress("203.0.113.7"))
    assert (
        await refused(desk, someone(20, 0), address=NetworkAddress("203.0.113.7")) is Limit.ADDRESS
    )
    await desk.request(someone(21, 0), address=NetworkAddress("203.0.113.8"))
    await desk.request(someone(22, 0))


async def test_the_addresses_of_one_household_count_as_one(desk: CodeDesk) -> None:
    for block in range(20):
        await desk.request(someone(block, 0), address=NetworkAddress(f"2001:db8::{block + 1:x}:7"))
    address = NetworkAddress("2001:db8::ffff")
    assert await refused(desk, someone(20, 0), address=address) is Limit.ADDRESS
    await desk.request(someone(20, 0), address=NetworkAddress("2001:db8:0:1::ffff"))


async def test_an_address_that_had_its_codes_uses_up_none_of_a_block_or_a_number(
    desk: CodeDesk,
) -> None:
    for block in range(20):
        await desk.request(someone(block, 0), address=NetworkAddress("203.0.113.7"))
    for end in range(1, 12):
        refusal = await refused(desk, someone(0, end), address=NetworkAddress("203.0.113.7"))
        assert refusal is Limit.ADDRESS
    for end in range(1, 10):
        await desk.request(someone(0, end))


async def test_who_hammers_a_number_shuts_out_neither_it_nor_its_block(desk: CodeDesk) -> None:
    small = with_rules(desk, business_most=1)
    await small.request(someone(9, 0))
    for _ in range(70):
        assert await refused(small, someone(1, 0)) is Limit.BUSINESS
    for end in range(10):
        await desk.request(someone(1, end))


async def test_a_business_and_everybody_have_their_hours(desk: CodeDesk) -> None:
    small = with_rules(desk, business_most=3, everybody_most=4)
    for block in range(3):
        await small.request(someone(block, 0))
    assert await refused(small, someone(3, 0)) is Limit.BUSINESS
    rival = replace(sender(OTHER_SENDER), business_id=RIVAL)
    await desk.services.directory.put_sender(rival, None, NOON)
    await small.request(someone(4, 0), business_id=RIVAL)
    assert await refused(small, someone(5, 0), business_id=RIVAL) is Limit.EVERYBODY


async def test_what_everybody_s_limit_refuses_leaves_no_trace(desk: CodeDesk) -> None:
    small = with_rules(desk, everybody_most=1)
    code = await small.ask()
    desk.world.clock.advance(60)
    assert await refused(small, key=KEY) is Limit.EVERYBODY
    assert (await small.now(code)).state is CodeState.WAITING
    assert await small.type(code, small.digits) is Result.APPROVED
    desk.world.clock.advance(3_540)
    again = await small.request(key=KEY)
    assert not again.is_replayed
    assert again.errand is not None


async def test_who_is_refused_for_a_limit_of_their_own_uses_up_nothing_of_everybody_s(
    desk: CodeDesk,
) -> None:
    small = with_rules(desk, business_most=2, everybody_most=3)
    for block in range(2):
        await small.request(someone(block, 0))
    for block in range(2, 30):
        assert await refused(small, someone(block, 0)) is Limit.BUSINESS
    rival = replace(sender(OTHER_SENDER), business_id=RIVAL)
    await desk.services.directory.put_sender(rival, None, NOON)
    await small.request(someone(2, 0), business_id=RIVAL)
    assert await refused(small, someone(3, 0), business_id=RIVAL) is Limit.EVERYBODY


async def test_codes_cost_no_more_in_a_day_than_the_budget(desk: CodeDesk) -> None:
    poor = with_rules(desk, whatsapp_cost=40, budget=100)
    for block in range(2):
        await poor.request(someone(block, 0))
    assert await refused(poor, someone(3, 0)) is Limit.BUDGET
    assert CodeSignal.BUDGET in desk.world.signals.alarms
    desk.world.clock.advance(86_400)
    await poor.request(someone(4, 0))


async def test_what_one_number_is_refused_for_uses_up_nothing_that_others_share(
    desk: CodeDesk,
) -> None:
    small = with_rules(desk, business_most=2)
    await small.request(someone(1, 0))
    for _ in range(50):
        assert await refused(small, someone(1, 0)) is Limit.COOL_DOWN
    await small.request(someone(1, 1))


async def test_nothing_is_counted_for_numbers_that_prove_themselves(desk: CodeDesk) -> None:
    small = with_rules(desk, business_most=1, everybody_most=1, budget=0)
    for _ in range(20):
        await small.request(channels=INBOUND, address=NetworkAddress("203.0.113.7"))
    assert desk.world.signals.refusals == []


class NoStore:
    """A store in trouble."""

    def __getattr__(self, name: str) -> Any:
        async def fail(*_: object) -> None:
            raise Unavailable("the database cannot be written now")

        return fail


async def test_what_cannot_be_counted_is_refused(desk: CodeDesk) -> None:
    services = replace(desk.services, codes=NoStore())
    broken = CodeDesk(replace(desk.world, services=services))
    for channels in (WHATSAPP, INBOUND):
        with pytest.raises(Unavailable):
            await broken.ask(channels=channels)
    with pytest.raises(Unavailable):
        await broken.type(Code(**_parts()), "1")
    assert desk.whatsapp == []


def _parts() -> dict[str, Any]:
    from tests.support.codes import code

    made = code()
    return {name: getattr(made, name) for name in made.__slots__}
