"""A code is asked for: what is counted, kept and answered before anything leaves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from askfirst.decision.policy import Policy
from askfirst.domain.codes.code import Channel, Code, CodeState, Result
from askfirst.domain.codes.code_template import CodeApp, CodeVariant
from askfirst.domain.consent.event import Assurance
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.value import replace
from askfirst.domain.values.errors import (
    Conflict,
    InvalidInput,
    TooMany,
    Unavailable,
    UnknownReference,
)
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.timestamp import SECOND
from askfirst.ports.tenants.tokens import TokenKind
from askfirst.usecases.codes.request_code import Requested
from tests.support.builders import BEN, BUSINESS, OTHER_SENDER, RIVAL, sender
from tests.support.clocks import NOON
from tests.support.code_desk import WORDS, CodeDesk, open_code_desk
from tests.support.services import World

KEY = ("form-1", b"d" * 32)
INBOUND = (Channel.WHATSAPP_INBOUND,)
WHATSAPP = (Channel.WHATSAPP,)
SMS = (Channel.SMS,)


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


def inbound_in_britain(desk: CodeDesk) -> CodeDesk:
    policy = Policy(inbound_first=frozenset({"GB"}))
    return desk.changed(policy=policy)


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
    assert requested.job is not None
    assert requested.job.digits not in repr(requested)


async def test_a_code_lives_as_long_as_the_rules_say(desk: CodeDesk) -> None:
    code = (await desk.with_rules(life=600 * SECOND).request()).code
    assert (code.expires_at, code.resend_at) == (NOON + 600 * SECOND, NOON + 30 * SECOND)


@pytest.mark.parametrize("digits", [6, 8, 10])
async def test_a_code_is_as_long_as_the_rules_say(desk: CodeDesk, digits: int) -> None:
    await desk.with_rules(digits=digits).ask()
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
    tapped = desk.with_rules(variant=CodeVariant.ZERO_TAP, apps=apps)
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
    other = sender(OTHER_SENDER, business_id=RIVAL)
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
    done = [one for one in results if isinstance(one, Requested) and one.job]
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


async def test_nothing_is_counted_for_numbers_that_prove_themselves(desk: CodeDesk) -> None:
    small = desk.with_rules(business_most=1, everybody_most=1, budget=0)
    for _ in range(20):
        await small.request(channels=INBOUND, address=NetworkAddress("203.0.113.7"))
    assert desk.world.telemetry.refusals == []


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
