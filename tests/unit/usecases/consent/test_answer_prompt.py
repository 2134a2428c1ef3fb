"""Answers from pages that anybody may look at: how many, and to which words."""

from __future__ import annotations

from contextlib import suppress

import pytest

from askfirst.domain.consent.answer_limits import ADDRESS_MOST, BUSINESS_MOST, answer_uses
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput, TooMany
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.rate_limit import LimitName
from askfirst.usecases.consent.answer_prompt import PublicAnswer, answer_prompt
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.prompts.show_prompt import open_token, show_openly
from tests.support.asking import open_business, public_answer
from tests.support.builders import ANA, BUSINESS
from tests.support.clocks import NOON
from tests.support.reading import all_events
from tests.support.services import World

EVERYBODY = answer_uses("203.0.113.7", ANA)[-1]
"""What one answer takes of the limit that all open pages of a business share."""


@pytest.fixture
async def world(sqlite_world: World) -> World:
    return await open_business(sqlite_world)


async def test_all_addresses_of_one_connection_are_one(world: World) -> None:
    for number in range(ADDRESS_MOST):
        phone, address = f"+4477009{number:05d}", f"2001:db8:1:2::{number:x}"
        await answer_prompt(
            world.services, await public_answer(world, phone=phone, address=address)
        )
    late = await public_answer(world, phone="+447700999999", address="2001:db8:1:2:3::1")
    with pytest.raises(TooMany):
        await answer_prompt(world.services, late)
    assert world.telemetry.answers_refused == [LimitName.ANSWERS_ADDRESS]
    await answer_prompt(world.services, replace(late, address="2001:db8:1:3::1"))


async def test_no_script_ends_thousands_of_yeses(world: World) -> None:
    """Whatever addresses it has: all open pages of a business have one limit together."""
    most = replace(EVERYBODY, amount=BUSINESS_MOST - 1)
    assert await world.services.limits.take(BUSINESS, (most,), world.clock.now()) is None
    no = {"verb": ConsentVerb.REFUSE, "address": "203.0.113.8"}
    await answer_prompt(world.services, await public_answer(world, **no))
    with pytest.raises(TooMany) as too_many:
        await answer_prompt(world.services, await public_answer(world, **no))
    assert too_many.value.policy == LimitName.ANSWERS_BUSINESS
    assert too_many.value.retry_after_seconds == 3600
    assert world.telemetry.answers_refused == [LimitName.ANSWERS_BUSINESS]
    assert len(await all_events(world.store)) == 1


async def test_what_one_address_has_too_many_of_is_not_taken_from_the_others(world: World) -> None:
    for number in range(ADDRESS_MOST + 5):
        answer = await public_answer(world, phone=f"+4477009{number:05d}")
        with suppress(TooMany):
            await answer_prompt(world.services, answer)
    limits, now = world.services.limits, world.clock.now()
    rest = replace(EVERYBODY, amount=BUSINESS_MOST - ADDRESS_MOST)
    assert await limits.take(BUSINESS, (rest,), now) is None
    assert await limits.take(BUSINESS, (EVERYBODY,), now) is LimitName.ANSWERS_BUSINESS


async def seen_openly(world: World) -> PublicAnswer:
    """What somebody sends who has looked at an open page; nobody has answered it before."""
    shown = await show_openly(world.services, BUSINESS, "signup", "fr", ())
    assert await world.services.prompts.version(BUSINESS, shown.filled.version.hash) is None
    return await public_answer(world, token=shown.token)


async def test_words_of_an_open_page_are_kept_when_they_are_answered(world: World) -> None:
    answer = await seen_openly(world)
    (event,) = (await answer_prompt(world.services, answer)).events
    assert event.prompt is not None
    words = await world.services.prompts.version(BUSINESS, event.prompt)
    assert words is not None
    assert (words.hash, words.locale) == (event.prompt, "fr")


async def test_words_that_were_changed_before_the_answer_are_no_proof(world: World) -> None:
    answer = await seen_openly(world)
    await world.services.directory.put_business(
        Business(business_id=BUSINESS, name="Another name"), NOON
    )
    with pytest.raises(InvalidInput) as told:
        await answer_prompt(world.services, answer)
    assert told.value.field == "prompt.token"
    assert await all_events(world.store) == ()
    no = replace(answer, verb=ConsentVerb.REFUSE)
    (event,) = (await answer_prompt(world.services, no)).events
    assert (event.kind, event.prompt) == (EventKind.REFUSED, None)


@pytest.mark.parametrize("is_renamed", [False, True])
async def test_a_no_to_an_open_page_counts_whether_its_words_are_known(
    world: World, is_renamed: bool
) -> None:
    token = open_token(world.services, (await seen_openly(world)).token)
    if is_renamed:
        renamed = Business(business_id=BUSINESS, name="Another name")
        await world.services.directory.put_business(renamed, NOON)
    no = Consent(
        business_id=BUSINESS,
        verb=ConsentVerb.REFUSE,
        alias=ANA,
        purposes=(MARKETING,),
        surface=token.surface,
        source=Source.API,
        prompt=token,
    )
    (event,) = (await record_consent(world.services, no)).events
    assert event.prompt == (None if is_renamed else token.prompt)
    yes = replace(no, verb=ConsentVerb.GRANT)
    if is_renamed:
        with pytest.raises(InvalidInput, match="render the question again"):
            await record_consent(world.services, yes)
