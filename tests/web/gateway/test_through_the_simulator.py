"""The whole way over real sockets: an unchanged client, the gateway, the simulator, and back."""

from __future__ import annotations

import asyncio

import pytest
from pywa.errors import ReEngagementMessage, UserStoppedMarketingMessages

from askfirst.domain.values.alias import Alias, AliasKind
from tests.support.builders import ANA, BUSINESS
from tests.web.gateway.town import NUMBER, Town


async def test_refused_then_yes_then_sent_then_stop_then_refused(town: Town) -> None:
    with pytest.raises(UserStoppedMarketingMessages) as refused:
        await town.offer()
    assert "There is no opt-in" in str(refused.value.details)
    await town.says_yes()
    assert (await town.offer()).startswith("wamid.")
    await town.simulator.courier.settle()
    await town.simulator.phones.write(NUMBER, "STOP")
    with pytest.raises(UserStoppedMarketingMessages) as stopped:
        await town.offer()
    assert "withdrew" in str(stopped.value.details)
    phone = town.simulator.world.phone(NUMBER)
    assert len(phone.inbox) == 1


async def test_a_reply_is_refused_until_the_customer_writes(town: Town) -> None:
    with pytest.raises(ReEngagementMessage):
        await asyncio.to_thread(town.client.send_message, NUMBER, "Hello")
    await town.simulator.phones.write(NUMBER, "Are you open?")
    sent = await asyncio.to_thread(town.client.send_message, NUMBER, "Until six")
    assert sent.id.startswith("wamid.")
    assert await asyncio.to_thread(town.client.mark_message_as_read, "wamid.any")


async def test_the_user_id_of_a_report_is_known_from_then_on(town: Town) -> None:
    await town.says_yes()
    await town.offer()
    await town.simulator.courier.settle()
    user_id = town.simulator.world.phone(NUMBER).user_id
    ledger = town.services.ledger
    found = await ledger.find(BUSINESS, Alias(AliasKind.BSUID, user_id))
    assert found == await ledger.find(BUSINESS, ANA)


async def test_templates_and_numbers_are_read_through(town: Town) -> None:
    listed = await asyncio.to_thread(town.client.get_templates)
    assert {template.name for template in listed} >= {"summer_offer", "order_update"}
