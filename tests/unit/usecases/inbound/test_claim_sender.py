"""A number and its account are a business's only on Meta's word."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.values.errors import Conflict, InvalidInput, Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.usecases.inbound.register_sender import register_sender
from tests.support.builders import BUSINESS, OTHER_SENDER, RIVAL, SENDER, WABA, sender
from tests.support.clocks import NOON
from tests.support.services import World

TOKEN = "EAAG-meta"
THEIRS = "EAAG-theirs"


async def nothing_is_claimed(world: World) -> bool:
    owner = world.store.directory.owner
    return await owner(SENDER, WABA) is None and not await world.store.directory.senders(BUSINESS)


async def test_the_first_claim_is_proven_with_the_token_that_is_given(world: World) -> None:
    await register_sender(world.services, sender(), TOKEN)
    assert world.accounts.asked == [(WABA, TOKEN)]
    assert await world.store.directory.owner(SENDER, None) == BUSINESS
    assert await world.store.directory.owner(None, WABA) == BUSINESS


async def test_without_a_token_nothing_is_claimed(world: World) -> None:
    with pytest.raises(InvalidInput) as told:
        await register_sender(world.services, sender(), None)
    assert (told.value.field, "whatsapp_business_management" in told.value.message) == (
        "token",
        True,
    )
    assert await nothing_is_claimed(world)


async def test_a_token_that_may_not_read_the_account_proves_nothing(world: World) -> None:
    world.accounts.bad_tokens.add(TOKEN)
    with pytest.raises(InvalidInput) as told:
        await register_sender(world.services, sender(), TOKEN)
    assert told.value.field == "token"
    assert TOKEN not in told.value.message
    assert await nothing_is_claimed(world)


async def test_a_number_that_meta_does_not_list_in_the_account_is_not_claimed(
    world: World,
) -> None:
    world.accounts.unlisted.add(SENDER)
    with pytest.raises(InvalidInput) as told:
        await register_sender(world.services, sender(), TOKEN)
    assert told.value.field == "waba_id"
    assert await nothing_is_claimed(world)


async def test_where_meta_does_not_answer_nothing_is_claimed(world: World) -> None:
    world.accounts.is_answering = False
    with pytest.raises(Unavailable):
        await register_sender(world.services, sender(), TOKEN)
    assert await nothing_is_claimed(world)


@pytest.mark.parametrize("token", [THEIRS, None])
@pytest.mark.parametrize(
    "claim",
    [
        {"waba_id": WABA},
        {"waba_id": WabaId("1")},
        {"waba_id": WABA, "phone_number_id": OTHER_SENDER},
    ],
)
async def test_what_another_business_has_is_not_claimed_whatever_the_proof(
    world: World, claim: dict[str, Any], token: str | None
) -> None:
    await register_sender(world.services, sender(), TOKEN)
    theirs = {"phone_number_id": SENDER, "business_id": RIVAL} | claim
    with pytest.raises(Conflict) as told:
        await register_sender(world.services, sender(**theirs), token)
    assert BUSINESS not in told.value.message
    assert await world.store.directory.senders(RIVAL) == ()
    assert await world.store.directory.owner(SENDER, WABA) == BUSINESS


async def test_an_account_is_another_s_too_where_only_the_account_was_claimed(
    world: World,
) -> None:
    await world.store.directory.claim_waba(BUSINESS, WABA, NOON)
    with pytest.raises(Conflict):
        await register_sender(world.services, sender(business_id=RIVAL, waba_id=WABA), THEIRS)
    assert await world.store.directory.senders(RIVAL) == ()


async def test_a_number_of_another_s_account_is_not_claimed_under_one_s_own(world: World) -> None:
    await register_sender(world.services, sender(), TOKEN)
    world.accounts.unlisted.add(OTHER_SENDER)
    with pytest.raises(InvalidInput):
        await register_sender(world.services, sender(OTHER_SENDER, business_id=RIVAL), THEIRS)
    assert await world.store.directory.owner(OTHER_SENDER, WABA) == BUSINESS


async def test_of_two_that_prove_the_same_at_once_one_has_it(world: World) -> None:
    claims = [
        register_sender(world.services, sender(business_id=business, waba_id=WABA), TOKEN)
        for business in (BUSINESS, RIVAL)
    ]
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [Conflict]


async def test_a_change_of_one_s_own_sender_needs_no_proof(world: World) -> None:
    await register_sender(world.services, sender(), TOKEN)
    world.accounts.asked.clear()
    world.accounts.is_answering = False
    await register_sender(world.services, sender(state=SenderState.PAUSED), None)
    assert world.accounts.asked == []
    (found,) = await world.store.directory.senders(BUSINESS)
    assert found.state is SenderState.PAUSED


async def test_a_second_number_of_the_account_is_proven_with_the_token_that_is_stored(
    world: World,
) -> None:
    await register_sender(world.services, sender(), TOKEN)
    await register_sender(world.services, sender(OTHER_SENDER), None)
    assert world.accounts.asked[1:] == [(WABA, TOKEN)]


async def test_a_sender_that_moves_to_another_account_proves_that_one(world: World) -> None:
    await register_sender(world.services, sender(), TOKEN)
    await register_sender(world.services, sender(waba_id=WabaId("101")), None)
    assert world.accounts.asked[1:] == [("101", TOKEN)]
    assert await world.store.directory.owner(PhoneNumberId("999"), WabaId("101")) == BUSINESS


async def test_a_token_of_one_account_is_not_shown_for_another(world: World) -> None:
    await register_sender(world.services, sender(), TOKEN)
    elsewhere = sender(OTHER_SENDER, waba_id=WabaId("101"))
    with pytest.raises(InvalidInput):
        await register_sender(world.services, elsewhere, None)
    assert len(world.accounts.asked) == 1
