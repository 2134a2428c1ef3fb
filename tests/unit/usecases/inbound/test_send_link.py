"""Who asks in the chat for their preference page is sent its link: once a day, never after a no."""

from __future__ import annotations

import asyncio
import json

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.decision.reason import Reason
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.consent.stop_confirmation import ConfirmationFate
from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.inbound.link_wish import LINK_NAME
from askfirst.domain.opt_out.reading import Certainty
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import Position
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.consent.manage_links import open_link
from askfirst.usecases.inbound.send_link import send_link
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import ANA, BEN, BUSINESS, change, grant, sender
from tests.support.clocks import NOON, at
from tests.support.notices import moved, reported, typed
from tests.support.services import World
from tests.support.tasks import run_due

CATALOGUE = built_in_catalogue()
SENT = (ConfirmationFate.SENT, "")


@pytest.fixture
async def world(world: World) -> World:
    """A business with one sender, to which Ana once said yes."""
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await directory.put_sender(sender(), "meta-token", NOON)
    await world.store.ledger.commit(change(grant(at=at(-86_400))))
    return world


async def hear(world: World, *notices: InboundEvent) -> None:
    await take_webhook(world.services, notices, b"{}")


async def write(world: World, text: str, name: str = "wamid.1", **parts: object) -> None:
    world.clock.advance(2)
    await hear(world, typed(text, source_id=name, occurred_at=world.clock.now(), **parts))


async def answers(world: World, wait: float = 1) -> list[str]:
    """Let time pass and the process look; gives the texts with a link that left so far."""
    world.clock.advance(wait)
    await run_due(world, Queue.LINKS)
    bodies = [json.loads(request.body) for request in world.connections.sent]
    return [
        body["text"]["body"] for body in bodies if body["biz_opaque_callback_data"] == LINK_NAME
    ]


@pytest.mark.parametrize("words", ["My message settings", "PREFERENCES!", "manage my messages."])
async def test_the_link_to_their_own_page_comes_as_a_reply(world: World, words: str) -> None:
    await write(world, words)
    (text,) = await answers(world)
    above, address = text.splitlines()
    assert above.startswith("This page shows which messages you get from Acme on WhatsApp")
    opened = await open_link(world.services, BUSINESS, address.rpartition("/")[2])
    assert opened
    assert opened.contact_id == await world.store.ledger.find(BUSINESS, ANA)
    assert world.connections.sent[0].body.count(b'"preview_url":false') == 1
    assert world.telemetry.links == [SENT]


async def test_who_never_said_anything_is_answered_alike(world: World) -> None:
    await write(world, "my settings", aliases=(BEN,))
    (text,) = await answers(world)
    assert text.startswith("This page shows which messages you get from Acme on WhatsApp")


@pytest.mark.parametrize("locale", CATALOGUE.vocabularies)
async def test_it_is_asked_for_in_every_language_and_answered_in_it(
    world: World, locale: str
) -> None:
    await write(world, CATALOGUE.vocabularies[locale].link_ask)
    (text,) = await answers(world)
    assert text.startswith(CATALOGUE.vocabularies[locale].link_text.partition("{")[0])


async def test_where_languages_share_the_words_the_number_decides(world: World) -> None:
    portugal = phone_alias("351912345678")
    await write(world, "preferências", aliases=(portugal,))
    (text,) = await answers(world)
    assert text.startswith("Esta página mostra que mensagens recebe de Acme por WhatsApp")


@pytest.mark.parametrize("locale", CATALOGUE.vocabularies)
def test_no_words_that_ask_for_the_page_may_be_a_stop(locale: str) -> None:
    vocabulary = CATALOGUE.vocabularies[locale]
    for words in (vocabulary.link_ask, *vocabulary.link_wishes.split(",")):
        assert CATALOGUE.opt_out.read_typed(words).certainty is Certainty.NONE, words


@pytest.mark.parametrize(
    "words",
    ["STOP, my settings", "my settings are spam", "where are my settings in your shop?", "link"],
)
async def test_a_stop_or_any_other_talk_asks_for_nothing(world: World, words: str) -> None:
    await write(world, words)
    assert await answers(world) == []


@pytest.mark.parametrize(
    "words", ["stop", "you send far too many messages"], ids=["stop", "unsure"]
)
async def test_what_may_be_a_stop_asks_for_no_link_whatever_it_means(
    world: World, words: str
) -> None:
    catalogue = replace(CATALOGUE, link_wishes={words: ("en",)})
    services = replace(world.services, catalogue=catalogue)
    await take_webhook(services, [typed(words, occurred_at=world.clock.now())], b"{}")
    assert await answers(world) == []


async def test_a_stop_after_the_wish_wins(world: World) -> None:
    await write(world, "my settings")
    await write(world, "STOP", name="wamid.2")
    assert await answers(world) == []
    assert world.telemetry.links == [(ConfirmationFate.REFUSED, Reason.WITHDRAWN)]


async def test_who_stopped_before_is_answered_and_stays_stopped(world: World) -> None:
    await write(world, "STOP")
    await write(world, "my settings", name="wamid.2")
    assert len(await answers(world)) == 1


async def test_it_comes_once_a_day_however_often_it_is_asked_for(world: World) -> None:
    for name in ("wamid.1", "wamid.1", "wamid.2"):
        await write(world, "my settings", name=name)
    await asyncio.gather(*(run_due(world, Queue.LINKS) for _ in range(3)))
    assert len(await answers(world)) == 1
    await write(world, "preferences", name="wamid.3")
    assert len(await answers(world)) == 1
    assert world.telemetry.links[-1] == (ConfirmationFate.REFUSED, Reason.LINK_SENT_TODAY)
    world.clock.advance(86_400)
    await write(world, "preferences", name="wamid.4")
    assert len(await answers(world)) == 2


async def test_two_workers_with_one_task_send_once(world: World) -> None:
    await write(world, "my settings")
    leased = await world.store.tasks.claim(BUSINESS, Queue.LINKS, at(10), at(70))
    assert leased
    await asyncio.gather(*(send_link(world.services, leased) for _ in range(2)))
    assert len(world.connections.sent) == 1
    assert sorted(fate for fate, _ in world.telemetry.links) == ["refused", "sent"]


async def test_it_does_not_come_once_the_window_is_closed(world: World) -> None:
    await write(world, "my settings")
    assert await answers(world, 86_400) == []
    assert world.telemetry.links == [(ConfirmationFate.REFUSED, Reason.WINDOW_CLOSED)]


async def test_a_number_that_changed_hands_meanwhile_gets_nothing(world: World) -> None:
    await write(world, "my settings")
    world.clock.advance(2)
    await hear(world, moved(BEN, occurred_at=world.clock.now()))
    assert await answers(world) == []


async def test_the_log_of_decisions_does_not_keep_the_link(world: World) -> None:
    await write(world, "my settings")
    (text,) = await answers(world)
    contact = await world.store.ledger.find(BUSINESS, ANA)
    assert contact
    names = await world.store.ledger.names(BUSINESS, contact)
    held = await world.store.erasures.held(BUSINESS, contact, names)
    (kept,) = held.messages.values()
    assert "…" in kept.decode()
    assert text.rpartition("/")[2] not in kept.decode()


async def test_who_is_erased_meanwhile_gets_nothing(world: World) -> None:
    await write(world, "my settings")
    reason = EraseReason.REQUESTED
    order = EraseOrder(business_id=BUSINESS, person=ANA, reason=reason, source=Source.API)
    await erase_contact(world.services, order)
    assert await answers(world) == []
    assert world.telemetry.links == []


async def test_a_report_that_it_failed_is_counted(world: World) -> None:
    await hear(world, reported(131_026, reference=LINK_NAME))
    assert world.telemetry.links == [(ConfirmationFate.FAILED, "131026")]


async def test_what_comes_with_an_old_delivery_is_not_answered(world: World) -> None:
    old = Instant(NOON - 2 * DAY)
    await hear(world, typed("my settings", source_id="wamid.old", occurred_at=old))
    assert await answers(world) == []
    assert await world.store.ledger.head(BUSINESS) == Position(1)
