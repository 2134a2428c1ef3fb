"""Webhooks go to receivers: none is lost, each comes at least once, in order for each sender."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.inbound.delivery import ForwardFate
from askfirst.domain.inbound.webhook_receiver import (
    EVENTS_TOLD_MAX,
    FAILING_FOR,
    ReceiverState,
    WebhookReceiver,
)
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import HOUR, MINUTE, SECOND
from askfirst.ports.inbound.receivers import KeptWebhook
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.inbound.forward_webhooks import PAGE_MAX, SET_ASIDE_AFTER
from askfirst.usecases.inbound.manage_receivers import (
    HandshakeRefused,
    ReceiverOrder,
    RedeliverOrder,
    add_receiver,
    find_failing_receivers,
    find_receiver,
    redeliver_webhooks,
    remove_receiver,
    set_receiver_state,
)
from askfirst.usecases.inbound.register_sender import register_sender
from tests.support.builders import (
    ANA,
    BUSINESS,
    OTHER_SENDER,
    OTHER_WABA,
    RIVAL,
    SENDER,
    sender,
)
from tests.support.clocks import NOON, FakeClock
from tests.support.receivers import SIGNATURE, FakeReceiverLines, both, deliver, delivery
from tests.support.services import World, build_world
from tests.support.tasks import run_due

URL = "https://chat.example/webhooks"
OTHER = "https://bot.example/webhooks"


@pytest.fixture
async def world(store: Store, clock: FakeClock) -> World:
    """A business with two senders; a rival has one in another account."""
    for business_id in (BUSINESS, RIVAL):
        await store.directory.put_business(Business(business_id=business_id, name="Acme"), NOON)
    for one in (sender(), sender(OTHER_SENDER), sender(PhoneNumberId("300"), business_id=RIVAL)):
        await store.directory.put_sender(one, "EAAG-meta", NOON)
    return build_world(store, clock)


def lines_of(world: World) -> FakeReceiverLines:
    lines = world.services.receiver_lines
    assert isinstance(lines, FakeReceiverLines)
    return lines


async def receiver(world: World, url: str = URL, **parts: Any) -> WebhookReceiver:
    order = ReceiverOrder(**({"business_id": BUSINESS, "url": url} | parts))
    return await add_receiver(world.services, order)


async def now(world: World, one: WebhookReceiver) -> WebhookReceiver:
    found = await find_receiver(world.services, BUSINESS, one.receiver_id)
    assert found is not None
    return found


async def forward(world: World, wait: float = 0) -> int:
    world.clock.advance(wait)
    return await run_due(world, Queue.FORWARDING)


def texts(bodies: list[bytes]) -> list[str]:
    values = [json.loads(body)["entry"][0]["changes"][0]["value"] for body in bodies]
    return [value["messages"][0]["text"]["body"] for value in values]


def refusing(why: Callable[[KeptWebhook], str]) -> Callable[[str, KeptWebhook], Awaitable[str]]:
    async def refuse(_: str, webhook: KeptWebhook) -> str:
        return why(webhook)

    return refuse


async def slow(_: str, webhook: KeptWebhook) -> str:
    """Some take longer than others, whatever their place."""
    for _turn in range(webhook.number * 7 % 5):
        await asyncio.sleep(0)
    return ""


async def test_a_webhook_comes_byte_for_byte_with_its_signature(world: World) -> None:
    await receiver(world)
    body = delivery("Grüße", number=1) + b" \n"
    await deliver(world.services, body, f"{SIGNATURE} sha1={'0b' * 20}")
    await forward(world)
    ((_, taken),) = lines_of(world).taken
    assert taken.body == body
    assert taken.signatures == f"{SIGNATURE} sha1={'0b' * 20}"
    assert world.telemetry.forwards == {ForwardFate.TAKEN: 1}
    assert await forward(world, 3600) == 0


async def test_nothing_is_forwarded_before_it_is_durable(world: World) -> None:
    await receiver(world)
    await deliver(world.services, delivery("STOP"))
    assert lines_of(world).posted == []
    contact = await world.store.ledger.find(BUSINESS, ANA)
    await forward(world)
    ((_, taken),) = lines_of(world).taken
    assert taken.told.startswith('withdrawn;id="evt_')
    assert taken.told.endswith(f';contact="{contact}"')


async def test_webhooks_of_one_sender_keep_their_order_and_all_come(world: World) -> None:
    one = await receiver(world)
    lines_of(world).refuses = slow
    for number in range(3 * PAGE_MAX):
        to = (SENDER, OTHER_SENDER)[number % 3 == 0]
        await deliver(world.services, delivery(str(number), number=number, sender=to))
    await forward(world)
    for to in (SENDER, OTHER_SENDER):
        found = [body for body in lines_of(world).bodies(URL) if f'"{to}"'.encode() in body]
        heard = list(map(int, texts(found)))
        assert heard == sorted(heard)
    assert len(lines_of(world).taken) == 3 * PAGE_MAX
    assert (await now(world, one)).waiting == 0


async def test_every_receiver_gets_what_it_wants_and_no_more(world: World) -> None:
    await receiver(world)
    await receiver(world, OTHER, fields=frozenset({"calls"}))
    await receiver(world, "https://x.example/", waba_id=WabaId("999"))
    await deliver(world.services, delivery("hello", number=1))
    await deliver(world.services, delivery("ring", number=2, field="calls"))
    await forward(world)
    assert texts(lines_of(world).bodies(URL)) == ["hello", "ring"]
    assert texts(lines_of(world).bodies(OTHER)) == ["ring"]
    assert lines_of(world).bodies("https://x.example/") == []


async def test_only_what_comes_after_it_was_made_is_forwarded(world: World) -> None:
    await deliver(world.services, delivery("before", number=1))
    await receiver(world)
    await deliver(world.services, delivery("after", number=2))
    await forward(world)
    assert texts(lines_of(world).bodies(URL)) == ["after"]


async def test_where_one_post_tells_two_businesses_something_each_hears_its_own_alone(
    world: World,
) -> None:
    await receiver(world)
    rival = delivery("theirs", number=2, sender="300", account=OTHER_WABA)
    await deliver(world.services, both(delivery("ours", number=1), rival))
    await forward(world)
    ((_, taken),) = lines_of(world).taken
    assert taken.signatures == ""  # the line cuts it, and signs what is left
    assert {place.phone_number_id for place in taken.places} == {SENDER}


async def test_what_waited_for_a_registration_is_forwarded_once_it_is_acted_on(
    world: World,
) -> None:
    await receiver(world)
    await deliver(world.services, delivery("early", number=1, sender="777", account="776"))
    assert await forward(world) <= 1
    assert lines_of(world).taken == []
    new = sender(PhoneNumberId("777"), waba_id=WabaId("776"))
    await register_sender(world.services, new, "EAAG-meta")
    await forward(world, 1)
    assert texts(lines_of(world).bodies(URL)) == ["early"]


async def test_a_large_delivery_is_forwarded_once_all_its_parts_are_durable(world: World) -> None:
    await receiver(world)
    parts = [delivery("STOP", number=number) for number in range(40)]
    await deliver(world.services, both(*parts))
    await forward(world)
    ((_, taken),) = lines_of(world).taken
    assert taken.told.count("withdrawn") == EVENTS_TOLD_MAX


async def test_a_receiver_that_is_down_gets_all_in_order_once_it_is_up(world: World) -> None:
    one = await receiver(world)
    lines = lines_of(world)
    lines.refuses = refusing(lambda _: "cannot connect")
    for number in range(5):
        await deliver(world.services, delivery(str(number), number=number))
    await forward(world)
    failing = await now(world, one)
    assert (failing.failing_since, failing.reason) == (world.clock.now(), "cannot connect")
    assert failing.waiting == 5
    (found,) = await find_failing_receivers(world.store.receivers, world.store.directory)
    assert found.severity is Severity.WARNING
    lines.refuses = None
    await forward(world, HOUR / SECOND)
    assert texts(lines.bodies(URL)) == list("01234")
    assert (await now(world, one)).failing_since is None


async def test_it_is_tried_less_and_less_often_and_parked_after_seven_days(world: World) -> None:
    one = await receiver(world)
    lines = lines_of(world)
    lines.refuses = refusing(lambda _: "answered 500")
    await deliver(world.services, delivery("hello"))
    tries = 0
    for _ in range(FAILING_FOR // (10 * MINUTE) + 12):
        tries += await forward(world, 10 * MINUTE / SECOND)
    assert 150 < tries < 400
    assert (await now(world, one)).state is ReceiverState.PARKED
    assert world.telemetry.parkings == [BUSINESS]
    (found,) = await find_failing_receivers(world.store.receivers, world.store.directory)
    assert found.severity is Severity.PROBLEM
    await deliver(world.services, delivery("later", number=2))
    assert await forward(world, 3600) == 0
    lines.refuses = None
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.LIVE)
    await forward(world)
    assert texts(lines.bodies(URL)) == ["hello", "later"]


async def test_one_that_says_it_is_gone_is_parked_at_once(world: World) -> None:
    one = await receiver(world)
    lines = lines_of(world)
    lines.refuses, lines.refused = refusing(lambda _: "answered 410"), {"is_gone": True}
    await deliver(world.services, delivery("hello"))
    await forward(world)
    assert (await now(world, one)).state is ReceiverState.PARKED


async def test_a_wait_that_is_asked_for_is_kept(world: World) -> None:
    await receiver(world)
    lines = lines_of(world)
    lines.refuses, lines.refused = refusing(lambda _: "answered 429"), {"retry_after": 600}
    await deliver(world.services, delivery("hello"))
    await forward(world)
    lines.refuses = None
    assert await forward(world, 500) == 0
    assert await forward(world, 101) == 1


async def test_after_a_failure_the_first_is_tried_alone(world: World) -> None:
    await receiver(world)
    lines = lines_of(world)
    lines.refuses = refusing(lambda one: "answered 500" if b'"body": "1"' in one.body else "")
    for number in range(1, 5):
        to = (OTHER_SENDER, SENDER)[number % 2]
        await deliver(world.services, delivery(str(number), number=number, sender=to))
    await forward(world)
    assert len(lines.posted) == 3  # of the other sender all, of this one the first
    await forward(world, HOUR / SECOND)
    assert len(lines.posted) == 4


async def test_what_alone_is_refused_again_and_again_is_set_aside(world: World) -> None:
    one = await receiver(world)
    lines = lines_of(world)
    lines.refuses = refusing(lambda one: "answered 500" if b"poison" in one.body else "")
    lines.refused = {"is_answer": True}
    await deliver(world.services, delivery("poison", number=1))
    await deliver(world.services, delivery("good", number=2))
    for _ in range(SET_ASIDE_AFTER - 1):
        await forward(world, HOUR / SECOND)
    assert lines.taken == []
    await forward(world, HOUR / SECOND)
    assert set(texts(lines.bodies(URL))) == {"good"}
    after = await now(world, one)
    assert (after.set_aside, after.waiting, after.failing_since) == (1, 0, None)
    assert world.telemetry.forwards[ForwardFate.SET_ASIDE] == 1
    (found,) = await find_failing_receivers(world.store.receivers, world.store.directory)
    assert found.severity is Severity.WARNING


async def test_a_server_that_cannot_be_reached_has_nothing_set_aside(world: World) -> None:
    one = await receiver(world)
    lines_of(world).refuses = refusing(lambda _: "cannot connect")
    for number in (1, 2):
        await deliver(world.services, delivery(str(number), number=number))
    for _ in range(2 * SET_ASIDE_AFTER):
        await forward(world, HOUR / SECOND)
    assert (await now(world, one)).set_aside == 0
    assert (await now(world, one)).waiting == 2


async def test_it_is_paused_and_goes_on_where_it_ended(world: World) -> None:
    one = await receiver(world)
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.PAUSED)
    await deliver(world.services, delivery("hello"))
    assert await forward(world) == 0
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.LIVE)
    await forward(world)
    assert texts(lines_of(world).bodies(URL)) == ["hello"]


async def test_webhooks_are_forwarded_again_from_a_number_or_a_moment_on(world: World) -> None:
    one = await receiver(world)
    for number in range(1, 4):
        world.clock.advance(60)
        await deliver(world.services, delivery(str(number), number=number))
    await forward(world)
    third = world.clock.now()
    for order in (RedeliverOrder(after=1), RedeliverOrder(since=third)):
        await redeliver_webhooks(world.services, BUSINESS, one.receiver_id, order)
        await forward(world)
    assert texts(lines_of(world).bodies(URL)) == ["1", "2", "3", "2", "3", "3"]


@pytest.mark.parametrize("parts", [{}, {"after": 1, "since": NOON}])
def test_forwarding_again_needs_one_place_to_begin(parts: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        RedeliverOrder(**parts)  # type: ignore[arg-type]


async def test_a_removed_one_gets_nothing_and_nothing_is_numbered_any_more(world: World) -> None:
    one = await receiver(world)
    assert await remove_receiver(world.services, BUSINESS, one.receiver_id)
    await deliver(world.services, delivery("hello"))
    assert await forward(world) == 0
    assert (await world.store.receivers.pending(BUSINESS, 0, 10)).webhooks == []


async def test_who_was_erased_is_forwarded_no_more(world: World) -> None:
    one = await receiver(world)
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.PAUSED)
    await deliver(world.services, delivery("STOP"))
    order = EraseOrder(
        business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.CLI
    )
    await erase_contact(world.services, order)
    await run_due(world, Queue.ERASURES)
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.LIVE)
    await forward(world, 1)
    assert lines_of(world).posted == []


async def test_what_is_kept_no_longer_is_waited_for_no_longer(world: World) -> None:
    one = await receiver(world)
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.PAUSED)
    await deliver(world.services, delivery("hello"))
    assert (await now(world, one)).waiting == 1
    world.clock.advance(1)
    assert await world.store.sweep(BUSINESS, world.clock.now()) == 1
    await set_receiver_state(world.services, BUSINESS, one.receiver_id, ReceiverState.LIVE)
    await forward(world)
    assert lines_of(world).posted == []
    assert (await now(world, one)).waiting == 0


async def test_a_receiver_with_a_token_is_asked_first(world: World) -> None:
    await receiver(world, verify_token="shake")
    ((url, token, challenge),) = lines_of(world).asked
    assert (url, token) == (URL, "shake")
    assert challenge.isdecimal()
    with pytest.raises(HandshakeRefused):
        await receiver(world, OTHER, verify_token="wrong")
    assert len(await world.store.receivers.list(BUSINESS, "", 10)) == 1


async def test_a_business_has_so_many_and_no_more(world: World) -> None:
    for number in range(8):
        await receiver(world, f"{URL}/{number}")
    with pytest.raises(Conflict):
        await receiver(world)


@pytest.mark.parametrize(
    "parts",
    [
        {"url": "http://chat.example/"},
        {"url": "https://[fd00::1]/"},
        {"url": "https://user@chat.example/"},
        {"fields": frozenset({"Messages!"})},
        {"waba_id": WabaId("abc")},
    ],
)
async def test_what_is_no_receiver_is_refused(world: World, parts: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        await receiver(world, **parts)
