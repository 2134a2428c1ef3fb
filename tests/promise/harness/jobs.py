"""The kinds of work in the background, as the kill drills do them: what makes each due, its end.

Each has a world before (`furnish`), an act that makes something due (`cause`), an act that leaves
all of it to the worker (`leave`), and complaints where something is lost or doubled in the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from askfirst.bootstrap.background_tasks import ensure_schedule, worker_of
from askfirst.bootstrap.settings import isolated_settings
from askfirst.domain.codes.code import Channel, DeliveryJob
from askfirst.domain.codes.code_signal import read_code_name
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.stop_confirmation import CONFIRMATION_NAME, QUESTION_NAME
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.ids import PhoneNumberId, Position, WabaId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.consent.change import WriteBatch
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.web.webhooks.reader import read_delivery
from tests.support.builders import BUSINESS, change, free_form, grant, sender
from tests.support.clocks import NOON, at
from tests.support.code_desk import CodeDesk
from tests.support.notices import typed
from tests.support.services import World, code_templates_of

_KEY = ("form-1", b"d" * 32)
_ACCOUNT, _NUMBER = WabaId("776"), PhoneNumberId("777")
_FAR = at(40 * 86_400)


class Kept(NamedTuple):
    """What outlived the processes: the world, and what reached Meta of all of them.

    `most`: how often the same may have been tried: once more where a process was killed over it.
    """

    world: World
    arrived: Sequence[str]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One kind of work.

    `second`: when the worker looks, on the clock of the drill. `lease`: how long it leases a task,
    in seconds. `is_repeated`: whoever was not answered asks again.
    """

    queues: frozenset[Queue]
    furnish: Callable[[World], Awaitable[None]]
    cause: Callable[[World], Awaitable[None]]
    leave: Callable[[World], Awaitable[None]]
    complain: Callable[[Kept], Awaitable[list[str]]]
    second: float
    lease: float
    is_repeated: Callable[[World], Awaitable[bool]]


async def work(world: World, job: Job) -> None:
    """Do what is due of a job, as a server does that starts now."""
    settings = isolated_settings(database_url="sqlite:///not-opened.db")
    watch = SimpleNamespace(is_trusted=True)
    wired = cast("Any", SimpleNamespace(services=world.services, store=world.store, watch=watch))
    worker = worker_of(wired, settings)
    if Queue.SCHEDULE in job.queues:
        await ensure_schedule(wired, settings)
    handlers = cast("Any", worker)._handlers
    cast("Any", worker)._handlers = {queue: handlers[queue] for queue in sorted(job.queues)}
    await worker.run_due()


async def _left(kept: Kept, *queues: Queue) -> list[str]:
    """Complain of tasks that stay, though nothing is to be done."""
    found = await kept.world.store.tasks.find_due(_FAR, queues)
    return [f"left: {due.waiting} {due.queue}" for due in found.queues]


async def _waits(kept: Kept, queue: Queue, count: int) -> list[str]:
    """Complain where it is not so many tasks that wait for their next time, and none is due."""
    tasks = kept.world.store.tasks
    now, later = [
        sum(due.waiting for due in (await tasks.find_due(moment, (queue,))).queues)
        for moment in (kept.world.clock.now(), _FAR)
    ]
    return [] if (now, later) == (0, count) else [f"lost: {queue} now {now}, later {later}"]


async def _always(_: World) -> bool:
    return True


async def _nothing(_: World) -> None:
    """Nothing has to be asked for: it recurs."""


async def _shop(world: World) -> None:
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await directory.put_sender(sender(), "EAAG-meta", NOON)
    await directory.put_templates(code_templates_of(sender()))
    await world.store.ledger.commit(change(grant(at=at(-86_400))))


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
    found = await _left(kept, Queue.CODES)
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
    found = await _left(kept, Queue.STOPS)
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
    found = await _left(kept, Queue.STOPS)
    if not doubts or not looked.standing.doubt:
        found.append("lost: the doubt")
    if doubts > 1 or sent > 1:
        found.append(f"doubled: {doubts} doubts, {sent} questions")
    return found if sent else [*found, "silent"]


async def _shop_and_letter(world: World) -> None:
    await _shop(world)
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
    found = await _left(kept, Queue.DEAD_LETTERS)
    if not stops or await kept.world.store.dead_letters.next_account(""):
        found.append("lost: the letter")
    return [*found, f"doubled: {stops} stops"] if stops > 1 else found


async def _template_complaints(kept: Kept) -> list[str]:
    """Read once, or once more after the process that read it first is gone."""
    known = await kept.world.store.directory.templates(BUSINESS, "", 99)
    reads = kept.arrived.count("templates")
    found = await _waits(kept, Queue.TEMPLATES, 1)
    if "offers" not in {one.name for one in known}:
        found.append("lost: the templates")
    return [*found, f"doubled: {reads} reads"] if reads > kept.most else found


async def _old_and_new_bodies(world: World) -> None:
    await _shop(world)
    for recorded_at in (Instant(NOON - 40 * DAY), NOON):
        batch = WriteBatch(business_id=BUSINESS, recorded_at=recorded_at, items=(), body=b"{}")
        await world.store.ledger.commit(batch)


async def _sweep_complaints(kept: Kept) -> list[str]:
    """What is old is forgotten, what is new is there, and the next time is set."""
    before = await kept.world.store.sweep(BUSINESS, Instant(NOON - DAY))
    after = await kept.world.store.sweep(BUSINESS, Instant(NOON + 1))
    found = await _waits(kept, Queue.SWEEPING, 2)
    return found if (before, after) == (0, 1) else [*found, f"lost: {before} old, {after} new"]


JOBS: Mapping[str, Job] = {
    "codes": Job(
        queues=frozenset({Queue.CODES}),
        furnish=_shop,
        cause=_send_code,
        leave=_leave_code,
        complain=_code_complaints,
        second=61,
        lease=60,
        is_repeated=_always,
    ),
    "stop_confirmations": Job(
        queues=frozenset({Queue.STOPS}),
        furnish=_shop,
        cause=_say_stop,
        leave=_say_stop,
        complain=_stop_complaints,
        second=2,
        lease=60,
        is_repeated=_always,
    ),
    "stop_questions": Job(
        queues=frozenset({Queue.STOPS}),
        furnish=_shop,
        cause=_say_what_may_be_a_stop,
        leave=_say_what_may_be_a_stop,
        complain=_question_complaints,
        second=2,
        lease=60,
        is_repeated=_always,
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
        furnish=_shop,
        cause=_nothing,
        leave=_nothing,
        complain=_template_complaints,
        second=1,
        lease=600,
        is_repeated=_always,
    ),
    "sweeping": Job(
        queues=frozenset({Queue.SCHEDULE, Queue.SWEEPING}),
        furnish=_old_and_new_bodies,
        cause=_nothing,
        leave=_nothing,
        complain=_sweep_complaints,
        second=1,
        lease=3600,
        is_repeated=_always,
    ),
}
