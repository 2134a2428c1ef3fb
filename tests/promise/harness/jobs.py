"""The kinds of work in the background, as the kill drills do them: what makes each due, its end.

Each has a world before (`furnish`), an act that makes something due (`cause`), an act that leaves
all of it to the worker (`leave`), and complaints where something is lost or doubled in the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from askfirst.decision.question import MessageKind
from askfirst.domain.codes.code import Channel, DeliveryJob
from askfirst.domain.codes.code_signal import read_code_name
from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import (
    Assurance,
    EventFilter,
    EventKind,
    NumberProof,
    Source,
)
from askfirst.domain.consent.stop_confirmation import CONFIRMATION_NAME, QUESTION_NAME
from askfirst.domain.held.held_message import HeldState
from askfirst.domain.inbound.link_wish import LINK_NAME
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.ids import PhoneNumberId, Position, WabaId
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.consent.change import Statement, WriteBatch
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.events.deliver_to_subscription import WAVE_MAX
from askfirst.usecases.events.manage_subscriptions import SubscriptionOrder, create_subscription
from askfirst.usecases.held.hold_message import hold_message
from askfirst.usecases.inbound.forward_webhooks import PAGE_MAX
from askfirst.usecases.inbound.manage_receivers import ReceiverOrder, add_receiver
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Send
from askfirst.usecases.sending.send_message import send_message
from askfirst.web.webhooks.reader import read_delivery
from tests.promise.harness.export_job import EXPORTS
from tests.promise.harness.job import Job, Kept, always, left, nothing, shop, waits
from tests.support.builders import (
    ANA,
    BUSINESS,
    OTHER_SENDER,
    SENDER,
    change,
    free_form,
    grant,
    person,
    question,
    sender,
    stop,
)
from tests.support.clocks import NOON, at
from tests.support.code_desk import CodeDesk
from tests.support.notices import typed
from tests.support.receivers import deliver, delivery, posted_name
from tests.support.services import World
from tests.support.tasks import run_due

_HELD = "held"
_KEY = ("form-1", b"d" * 32)
_ACCOUNT, _NUMBER = WabaId("776"), PhoneNumberId("777")


async def _ask_for_code(world: World) -> DeliveryJob | None:
    """Somebody who was asked chooses WhatsApp: a yes that the gate takes without an exception."""
    desk = CodeDesk(world)
    token = await desk.token()
    requested = await desk.request(channels=(Channel.WHATSAPP,), key=_KEY, token=token)
    return requested.job


async def _leave_code(world: World) -> None:
    await _ask_for_code(world)


async def _send_code(world: World) -> None:
    if job := await _ask_for_code(world):
        await deliver_code(world.services, job)


async def _code_complaints(kept: Kept) -> list[str]:
    """One wish, and the code that is alive has left; an older one may have, and each once."""
    code = await kept.world.services.codes.find_by_key(BUSINESS, _KEY)
    if code is None:
        return ["lost: the request"]
    names = [name for one in kept.arrived if (name := read_code_name(one))]
    counted = Counter(name.made for name in names)
    events = await kept.world.store.ledger.events(BUSINESS, Position(0), 99)
    wishes = sum(one.surface is Surface.CODE and one.kind is EventKind.GRANTED for one in events)
    found = await left(kept, Queue.CODES)
    if not code.was_sent or code.made not in counted:
        found.append("lost: the code that is alive")
    if max(counted.values(), default=0) > 1 or len(counted) > kept.most or wishes > 1:
        found.append(f"doubled: {counted}, {wishes} wishes")
    return found if wishes else [*found, "lost: the wish"]


async def _say_stop(world: World) -> None:
    said = typed("STOP", source_id="wamid.1", occurred_at=NOON)
    await take_webhook(world.services, (said,), b"{}")


async def _stop_complaints(kept: Kept) -> list[str]:
    """One stop; one confirmation, or none where the right to it was used up before its byte."""
    events = await kept.world.store.ledger.events(BUSINESS, Position(0), 99)
    stops = sum(event.kind is EventKind.WITHDRAWN for event in events)
    sent = kept.arrived.count(CONFIRMATION_NAME)
    looked = await kept.world.store.gate.look(free_form())
    found = await left(kept, Queue.STOPS)
    if not stops or not looked.confirmed_stop:
        found.append("lost: the stop or its confirmation")
    if stops > 1 or sent > 1:
        found.append(f"doubled: {stops} stops, {sent} confirmations")
    return found if sent else [*found, "silent"]


async def _say_what_may_be_a_stop(world: World) -> None:
    said = typed("you send far too many messages", source_id="wamid.1", occurred_at=NOON)
    await take_webhook(world.services, (said,), b"{}")


async def _question_complaints(kept: Kept) -> list[str]:
    """One doubt; one question, or none where the right to it was used up before its byte."""
    events = await kept.world.store.ledger.events(BUSINESS, Position(0), 99)
    doubts = sum(event.kind is EventKind.DOUBTED for event in events)
    sent = kept.arrived.count(QUESTION_NAME)
    looked = await kept.world.store.gate.look(free_form())
    found = await left(kept, Queue.STOPS)
    if not doubts or not looked.standing.doubt:
        found.append("lost: the doubt")
    if doubts > 1 or sent > 1:
        found.append(f"doubled: {doubts} doubts, {sent} questions")
    return found if sent else [*found, "silent"]


async def _ask_for_link(world: World) -> None:
    said = typed("my message settings", source_id="wamid.1", occurred_at=NOON)
    await take_webhook(world.services, (said,), b"{}")


async def _link_complaints(kept: Kept) -> list[str]:
    """One wish; one link, or none where the right to it was used up before its byte."""
    contact_id = await kept.world.store.ledger.find(BUSINESS, ANA)
    if contact_id is None:
        return ["lost: the wish"]
    names = await kept.world.store.ledger.names(BUSINESS, contact_id)
    held = await kept.world.store.erasures.held(BUSINESS, contact_id, names)
    sent = kept.arrived.count(LINK_NAME)
    found = await left(kept, Queue.LINKS)
    if not held.links:
        found.append("lost: the link")
    if sent > 1 or len(held.links) > 1:
        found.append(f"doubled: {sent} messages, {len(held.links)} links")
    return found if sent else [*found, "silent"]


async def _shop_and_letter(world: World) -> None:
    await shop(world)
    message = {"from": "447700900123", "id": "wamid.1", "timestamp": str(NOON // 1_000_000)}
    text = {"type": "text", "text": {"body": "STOP"}}
    value = {"metadata": {"phone_number_id": _NUMBER}, "messages": [message | text]}
    entry = {"id": _ACCOUNT, "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    await take_webhook(world.services, read_delivery(body).notices, body)


async def _register(world: World) -> None:
    await register_sender(world.services, sender(_NUMBER, waba_id=_ACCOUNT), "EAAG-meta")


async def _claim(world: World) -> None:
    await world.store.directory.claim_waba(BUSINESS, _ACCOUNT, world.clock.now())


async def _is_unclaimed(world: World) -> bool:
    return await world.store.directory.owner(None, _ACCOUNT) is None


async def _letter_complaints(kept: Kept) -> list[str]:
    """What the letter said is in the ledger once, and the letter is gone."""
    events = await kept.world.store.ledger.events(BUSINESS, Position(0), 99)
    stops = sum(event.kind is EventKind.WITHDRAWN for event in events)
    found = await left(kept, Queue.DEAD_LETTERS)
    if not stops or await kept.world.store.dead_letters.next_account(""):
        found.append("lost: the letter")
    return [*found, f"doubled: {stops} stops"] if stops > 1 else found


async def _template_complaints(kept: Kept) -> list[str]:
    """Read once, or once more after the process that read it first is gone."""
    known = await kept.world.store.directory.templates(BUSINESS, "", 99)
    reads = kept.arrived.count("templates")
    found = await waits(kept, Queue.TEMPLATES, 1)
    if "offers" not in {one.name for one in known}:
        found.append("lost: the templates")
    return [*found, f"doubled: {reads} reads"] if reads > kept.most else found


async def _old_and_new_bodies(world: World) -> None:
    await shop(world)
    for recorded_at in (Instant(NOON - 40 * DAY), NOON):
        batch = WriteBatch(business_id=BUSINESS, recorded_at=recorded_at, items=(), body=b"{}")
        await world.store.ledger.commit(batch)


async def _sweep_complaints(kept: Kept) -> list[str]:
    """What is old is forgotten, what is new is there, and the next time is set."""
    before = await kept.world.store.sweep(BUSINESS, Instant(NOON - DAY))
    after = await kept.world.store.sweep(BUSINESS, Instant(NOON + 1))
    found = await waits(kept, Queue.SWEEPING, 2)
    return found if (before, after) == (0, 1) else [*found, f"lost: {before} old, {after} new"]


async def _shop_and_endpoints(world: World) -> None:
    """Two servers of the business: each hears of what comes from now on, and is done so far."""
    await shop(world)
    for number in range(2):
        url = f"https://shop.example/{number}"
        order = SubscriptionOrder(business_id=BUSINESS, url=url, wanted=EventFilter())
        await create_subscription(world.services, order)
    await run_due(world, Queue.SUBSCRIPTIONS)


async def _say_no(world: World) -> None:
    """One event; said again, it is known by its source."""
    await world.store.ledger.commit(change(stop(at=NOON), source_id="said", at=NOON))


async def _say_yes_and_no(world: World) -> None:
    """Ten events about four people."""
    for number in range(10):
        act = (grant, stop)[number % 2](person(number % 4), at=world.clock.now())
        await world.store.ledger.commit(change(act, source_id=f"said-{number}", at=NOON))


async def _subscription_complaints(kept: Kept) -> list[str]:
    """Each endpoint heard of each event; of those that a killed process posted, once more."""
    _, *events = await kept.world.store.ledger.events(BUSINESS, Position(0), 99)
    found = await left(kept, Queue.SUBSCRIPTIONS)
    counted = Counter(kept.arrived)
    names = [f"https://shop.example/{number} {one.event_id}" for number in (0, 1) for one in events]
    found += [f"lost: {name}" for name in names if not counted[name]]
    doubled = sum(counted.values()) - len(names)
    found += [f"doubled: {doubled}"] if doubled > WAVE_MAX * 2 * (kept.most - 1) else []
    return found if events else [*found, "lost: what was said"]


async def _shop_with_a_pause(world: World) -> None:
    """Ana wants to hear of her orders, but not within the next two seconds."""
    await shop(world)
    await world.store.ledger.commit(
        change(
            grant(purposes=("utility",)),
            Statement(
                aliases=(ANA,),
                kind=EventKind.PAUSED,
                occurred_at=NOON,
                source=Source.API,
                surface=Surface.PREFERENCES,
                purposes=("utility",),
                assurance=Assurance.SHOWN,
                number_proof=NumberProof.VOUCHED,
                choice=PauseUntil(at(2)),
            ),
        )
    )


async def _hand_over(world: World) -> None:
    """Asked again, it has the same content: one of both leaves."""
    await _hold(world, "c" * 64)


async def _hand_over_once(world: World) -> None:
    """No other rule of the gate keeps it from leaving twice."""
    await _hold(world, "")


async def _hold(world: World, content: str) -> None:
    asked = question(kind=MessageKind.DIRECT, purpose=Purpose("utility"), content=content)
    body = json.dumps({"biz_opaque_callback_data": _HELD}).encode()
    send = Send(question=asked, target="/v26.0/1/messages", headers={}, body=body)
    refused = await send_message(world.services, send)
    if isinstance(refused, Refused):
        await hold_message(world.services, send, refused, at(3600))


async def _held_complaints(kept: Kept) -> list[str]:
    """All that was held has ended, one has left; or none, where it was killed right before."""
    held = kept.world.store.held_messages
    ended = await held.list(BUSINESS, "", 9, is_open=False)
    states = Counter(one.state for one in ended)
    sent = kept.arrived.count(_HELD)
    found = await left(kept, Queue.HELD)
    if not ended or await held.list(BUSINESS, "", 9, is_open=True):
        found.append("lost: the message")
    if not sent and states[HeldState.UNKNOWN] != 1:
        found.append(f"lost: {states}")
    if sent > 1:
        found.append(f"doubled: {sent} messages")
    return found if sent else [*found, "silent"]


async def _shop_and_receivers(world: World) -> None:
    """Two servers of the business: each gets all that comes from now on."""
    await shop(world)
    await world.store.directory.put_sender(sender(OTHER_SENDER), "EAAG-meta", NOON)
    for number in range(2):
        order = ReceiverOrder(business_id=BUSINESS, url=f"https://chat.example/{number}")
        await add_receiver(world.services, order)


async def _take_one(world: World) -> None:
    await deliver(world.services, delivery("STOP", number=0))


async def _is_unkept(world: World) -> bool:
    """What is durable is forwarded, whether Meta delivers it again or not."""
    return not (await world.store.receivers.pending(BUSINESS, 0, 1)).webhooks


async def _take_ten(world: World) -> None:
    for number in range(10):
        to = (SENDER, OTHER_SENDER)[number % 2]
        await deliver(world.services, delivery("STOP", number=number, sender=to))


async def _forwarding_complaints(kept: Kept) -> list[str]:
    """Each receiver got each webhook as it was signed, those about one sender in their order."""
    found = await left(kept, Queue.FORWARDING)
    page = await kept.world.store.receivers.pending(BUSINESS, 0, 99)
    names = [posted_name(webhook) for webhook in page.webhooks]
    for number in (0, 1):
        url = f"https://chat.example/{number}"
        got = [one.removeprefix(f"{url} ") for one in kept.arrived if one.startswith(f"{url} ")]
        found += [f"lost: {url} {name}" for name in set(names) - set(got)]
        found += [f"altered: {url} {name}" for name in set(got) - set(names)]
        firsts = list(dict.fromkeys(got))
        for to in (SENDER, OTHER_SENDER):
            heard = [name for name in firsts if name.startswith(f"{to} ")]
            said = [name for name in dict.fromkeys(names) if name.startswith(f"{to} ")]
            found += [f"disordered: {url} {to}"] if heard != said else []
        doubled = len(got) - len(names)
        found += [f"doubled: {doubled}"] if doubled > PAGE_MAX * kept.most else []
    return found if names else [*found, "lost: what was delivered"]


JOBS: Mapping[str, Job] = {
    "codes": Job(
        queues=frozenset({Queue.CODES}),
        furnish=shop,
        cause=_send_code,
        leave=_leave_code,
        complain=_code_complaints,
        second=61,
        lease=60,
        is_repeated=always,
    ),
    "stop_confirmations": Job(
        queues=frozenset({Queue.STOPS}),
        furnish=shop,
        cause=_say_stop,
        leave=_say_stop,
        complain=_stop_complaints,
        second=2,
        lease=60,
        is_repeated=always,
    ),
    "stop_questions": Job(
        queues=frozenset({Queue.STOPS}),
        furnish=shop,
        cause=_say_what_may_be_a_stop,
        leave=_say_what_may_be_a_stop,
        complain=_question_complaints,
        second=2,
        lease=60,
        is_repeated=always,
    ),
    "preference_links": Job(
        queues=frozenset({Queue.LINKS}),
        furnish=shop,
        cause=_ask_for_link,
        leave=_ask_for_link,
        complain=_link_complaints,
        second=2,
        lease=60,
        is_repeated=always,
    ),
    "held_messages": Job(
        queues=frozenset({Queue.HELD}),
        furnish=_shop_with_a_pause,
        cause=_hand_over,
        leave=_hand_over_once,
        complain=_held_complaints,
        second=3,
        lease=120,
        is_repeated=always,
    ),
    "subscriptions": Job(
        queues=frozenset({Queue.SUBSCRIPTIONS}),
        furnish=_shop_and_endpoints,
        cause=_say_no,
        leave=_say_yes_and_no,
        complain=_subscription_complaints,
        second=2,
        lease=60,
        is_repeated=always,
    ),
    "forwarding": Job(
        queues=frozenset({Queue.FORWARDING}),
        furnish=_shop_and_receivers,
        cause=_take_one,
        leave=_take_ten,
        complain=_forwarding_complaints,
        second=2,
        lease=60,
        is_repeated=_is_unkept,
    ),
    "dead_letters": Job(
        queues=frozenset({Queue.DEAD_LETTERS}),
        furnish=_shop_and_letter,
        cause=_register,
        leave=_claim,
        complain=_letter_complaints,
        second=21,
        lease=60,
        is_repeated=_is_unclaimed,
    ),
    "templates": Job(
        queues=frozenset({Queue.SCHEDULE, Queue.TEMPLATES}),
        furnish=shop,
        cause=nothing,
        leave=nothing,
        complain=_template_complaints,
        second=1,
        lease=600,
        is_repeated=always,
    ),
    "sweeping": Job(
        queues=frozenset({Queue.SCHEDULE, Queue.SWEEPING}),
        furnish=_old_and_new_bodies,
        cause=nothing,
        leave=nothing,
        complain=_sweep_complaints,
        second=1,
        lease=3600,
        is_repeated=always,
    ),
    "exports": EXPORTS,
}
