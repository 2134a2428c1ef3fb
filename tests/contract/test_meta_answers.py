"""What Meta answers decides what comes next, by whichever door and in whatever order it comes."""

from __future__ import annotations

from itertools import permutations

import pytest

from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.database.store import Store
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.brakes.signal import BRAKING_CODES
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.sending.meta_answer import Effect
from askfirst.domain.sending.meta_answers import META_ANSWERS, answer_of
from askfirst.domain.sending.reachability import NO_OBSTACLES, Obstacles
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.purpose import AUTHENTICATION, UTILITY
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND, Instant
from askfirst.ports.consent.change import MessagingLimitObserved
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.send_message import conclude_send, send_message
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    SENDER,
    acquaintance,
    change,
    from_template,
    grant,
    opening,
    person,
    question,
    sender,
    template,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.notices import reported
from tests.support.outcomes import settled
from tests.support.reading import contact_of
from tests.support.services import ACCEPTED, World, build_world
from tests.support.tasks import run_due

NONE = Policy(
    caps=Caps(limits={}),
    duplicates=Duplicates(minutes={}),
    pace=Pacing(pair_seconds=6, messages_per_second=80),
)
ONE_A_DAY = replace(NONE, caps=Caps(limits={"marketing": (Frequency(1, 1),)}))
OFFER = from_template(ANA)
CODES = sorted(META_ANSWERS)
SURE, UNSURE = 131026, 131000


async def world_of(store: Store, policy: Policy = NONE) -> World:
    clock = FakeClock()
    world = build_world(store, clock, policy=policy, ids=SystemIds(clock))
    await store.directory.put_sender(sender(SENDER), "EAAG", NOON)
    await store.directory.put_templates((template(seen_at=Instant(NOON - HOUR)),))
    for name in (ANA, BEN):
        yes = [grant(name, at=at(-9), purposes=("marketing", "utility", "authentication"))]
        await store.ledger.commit(change(*yes))
    return world


async def send(
    world: World, asked: SendRequest = OFFER, code: int = 0, name: str = ""
) -> Reason | None:
    """Send a message that Meta takes, or answers with a code; returns why it did not leave."""
    world.connections.reply = replace(ACCEPTED, status=400) if code else ACCEPTED
    became = await send_message(
        world.services, Send(question=asked, target="/v24.0/200/messages", headers={}, body=b"{}")
    )
    if isinstance(became, Refused):
        return became.decision.reason
    assert isinstance(became, Sent)
    await conclude_send(world.services, became, name, (), code)
    await settled(world)
    return None


async def hear(world: World, *notices: InboundEvent) -> None:
    """Take what Meta tells by webhook, and do what follows."""
    await take_webhook(world.services, notices, b"{}")
    await run_due(world, Queue.LOST)


def failed(code: int, name: str = "wamid.1", moment: Instant = NOON) -> InboundEvent:
    said = reported(code, source_id=f"{name}|{code}|{moment}", occurred_at=moment)
    return replace(said, message_id=name)


def arrived(name: str = "wamid.1", moment: Instant = NOON) -> InboundEvent:
    said = reported(status="delivered", source_id=f"{name}|d|{moment}", occurred_at=moment)
    return replace(said, message_id=name)


async def obstacles(world: World, name: Alias = ANA) -> Obstacles:
    return await world.store.ledger.obstacles(BUSINESS, await contact_of(world.store, name))


async def reason(world: World, asked: SendRequest = OFFER) -> Reason:
    return (await check_send(world.services, asked)).reason


EXPECTED = {
    Effect.NATIVE_STOP: Reason.NATIVE_STOPPED,
    Effect.SUSPENSION: Reason.SUSPENDED,
    Effect.DEFERRAL: Reason.DEFERRED_BY_META,
    Effect.HOLD_OUT: Reason.IN_EXPERIMENT,
    Effect.SLOW_PAIR: Reason.PAIR_RATE,
    Effect.SLOW_SENDER: Reason.THROUGHPUT,
    Effect.TEMPLATE_PAUSED: Reason.TEMPLATE_OUT_OF_SERVICE,
    Effect.TEMPLATE_DISABLED: Reason.TEMPLATE_OUT_OF_SERVICE,
}
BRAKED = {
    131031: Reason.BRAKE_HELD,
    131042: Reason.BRAKE,
    131048: Reason.BRAKE,
    131064: Reason.BRAKE,
    368: Reason.BRAKE_HELD,
}


def expected(code: int) -> Reason:
    effect = answer_of(code).effect
    return BRAKED[code] if effect is Effect.BRAKE else EXPECTED.get(effect, Reason.OPTED_IN)


def test_the_table_says_brake_of_just_the_codes_that_set_one() -> None:
    assert {code for code in CODES if answer_of(code).effect is Effect.BRAKE} == set(BRAKING_CODES)


@pytest.mark.parametrize("code", CODES)
async def test_each_code_in_the_answer_to_a_send_has_the_effect_of_its_row(
    store: Store, code: int
) -> None:
    world = await world_of(store)
    assert await send(world, code=code) is None
    assert await reason(world) is expected(code)


@pytest.mark.parametrize("code", CODES)
async def test_each_code_in_a_later_status_has_the_same_effect(store: Store, code: int) -> None:
    world = await world_of(store)
    assert await send(world, name="wamid.1") is None
    await hear(world, failed(code))
    assert await reason(world) is expected(code)


@pytest.mark.parametrize("code", CODES)
async def test_each_code_gives_the_place_back_where_its_row_says_so(
    store: Store, code: int
) -> None:
    world = await world_of(store, ONE_A_DAY)
    assert await send(world, name="wamid.1") is None
    assert await reason(world) is Reason.FREQUENCY_CAP
    await hear(world, failed(code))
    effect, is_lost = answer_of(code).effect, answer_of(code).is_surely_lost
    is_unknown = not is_lost and effect in {Effect.NOTHING, Effect.SLOW_SENDER}
    assert await reason(world) is (Reason.FREQUENCY_CAP if is_unknown else expected(code))


async def test_a_message_that_arrived_and_failed_keeps_its_place(store: Store) -> None:
    """Of several devices one may have it. Source: Meta, "Support"."""
    for notices in permutations((arrived(), failed(UNSURE))):
        world = await world_of(store, ONE_A_DAY)
        await send(world, name="wamid.1")
        await hear(world, *notices)
        assert await reason(world) is Reason.FREQUENCY_CAP


async def test_a_place_is_given_back_once_however_often_it_is_said(store: Store) -> None:
    world = await world_of(store, NONE)
    await store.ledger.commit(change(MessagingLimitObserved(limit=2)))
    assert await send(world, name="wamid.1") is None
    assert await send(world, from_template(BEN), name="wamid.2") is None
    for second in range(3):
        await hear(world, failed(131047, moment=Instant(NOON + second * SECOND)))
    facts = await store.gate.look(OFFER)
    assert facts.traffic.people.counted(NOON) == 1
    assert facts.traffic.sent == ()
    facts = await store.gate.look(from_template(BEN))
    assert len(facts.traffic.sent) == 1


async def test_a_failure_at_once_and_by_status_gives_back_one_place(store: Store) -> None:
    world = await world_of(
        store, replace(NONE, caps=Caps(limits={"marketing": (Frequency(2, 1),)}))
    )
    assert await send(world, name="wamid.1") is None
    assert await send(world, name="wamid.2", code=131047) is None
    await hear(world, failed(131047, "wamid.2"), failed(131047, "wamid.2", at(1)))
    assert len((await store.gate.look(OFFER)).traffic.sent) == 1


async def test_a_status_before_the_answer_is_written_down_counts(store: Store) -> None:
    world = await world_of(store, ONE_A_DAY)
    world.connections.reply = ACCEPTED
    became = await send_message(
        world.services, Send(question=OFFER, target="/v24.0/200/messages", headers={}, body=b"{}")
    )
    assert isinstance(became, Sent)
    await hear(world, failed(131047))
    assert await reason(world) is Reason.FREQUENCY_CAP
    await conclude_send(world.services, became, "wamid.1", ())
    await settled(world)
    world.clock.advance(6)
    await run_due(world, Queue.LOST)
    assert await reason(world) is Reason.OPTED_IN


async def test_a_message_that_left_elsewhere_is_looked_for_a_few_times(store: Store) -> None:
    world = await world_of(store, ONE_A_DAY)
    await hear(world, failed(131047, "wamid.elsewhere"))
    for _ in range(9):
        world.clock.advance(60)
        await run_due(world, Queue.LOST)
    assert await run_due(world, Queue.LOST) == 0


async def test_a_place_is_found_after_two_contacts_became_one(store: Store) -> None:
    world = await world_of(store, ONE_A_DAY)
    await store.ledger.commit(change(grant(ANA_BSUID, at=at(-8))))
    asked = from_template(ANA_BSUID)
    assert await send(world, asked, name="wamid.1") is None
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(1))))
    assert await reason(world) is Reason.FREQUENCY_CAP
    await hear(world, failed(131047))
    assert await reason(world) is Reason.OPTED_IN


async def test_any_order_of_statuses_has_the_same_end(store: Store) -> None:
    days = [Instant(NOON - (3 - day) * DAY) for day in range(4)]
    notices = (
        failed(131026, "wamid.1", days[0]),
        arrived("wamid.2", days[1]),
        failed(131026, "wamid.3", days[2]),
        failed(131049, "wamid.4", days[3]),
    )
    ends: set[tuple[int, ...]] = set()
    fresh = await world_of(store)
    for number, order in enumerate(permutations(notices)):
        name = person(number)
        await store.ledger.commit(change(grant(name, at=at(-9))))
        for notice in order:
            renamed = replace(
                notice,
                aliases=(name,),
                source_id=f"{notice.source_id}|{name.value}",
            )
            await hear(fresh, renamed, renamed)
        known = await obstacles(fresh, name)
        assert known.deferred_until is not None
        assert NOON + DAY <= known.deferred_until <= NOON + 30 * HOUR
        ends.add(known.failed_days)
    assert ends == {(days[2] // DAY,)}


async def test_three_days_of_failure_are_a_week_of_rest_and_no_stop(store: Store) -> None:
    world = await world_of(store)
    for day in (3, 2, 1):
        assert await reason(world) is Reason.OPTED_IN
        await hear(world, failed(SURE, f"wamid.{day}", Instant(NOON - day * DAY)))
    checked = await check_send(world.services, OFFER)
    assert (checked.reason, checked.retry_at) == (
        Reason.UNREACHABLE,
        ((NOON - DAY) // DAY + 7) * DAY,
    )
    assert (
        await reason(
            world, question(purpose=None, kind=OFFER.kind, template="offer", language="en")
        )
        is Reason.UNREACHABLE
    )
    await store.ledger.commit(change(opening(at=at(0))))
    assert await reason(world) is Reason.OPTED_IN
    assert await obstacles(world) == NO_OBSTACLES


async def test_only_marketing_outside_windows_waits_for_meta(
    store: Store,
) -> None:
    world = await world_of(store)
    await hear(world, failed(131049))
    checked = await check_send(world.services, OFFER)
    assert checked.reason is Reason.DEFERRED_BY_META
    assert checked.retry_at is not None
    assert NOON + DAY <= checked.retry_at <= NOON + 30 * HOUR
    assert await reason(world, question(purpose=UTILITY)) is Reason.OPTED_IN
    assert await reason(world, question(purpose=AUTHENTICATION)) is Reason.OPTED_IN
    await store.ledger.commit(change(opening(at=at(0))))
    assert await reason(world) is Reason.OPTED_IN
    world.clock.set(checked.retry_at)
    assert await reason(world) is Reason.OPTED_IN


async def test_the_pair_waits_a_minute_and_others_do_not(store: Store) -> None:
    world = await world_of(store)
    assert await send(world, code=131056) is None
    checked = await check_send(world.services, OFFER)
    assert (checked.reason, checked.retry_at) == (Reason.PAIR_RATE, NOON + MINUTE)
    assert await reason(world, from_template(BEN)) is Reason.OPTED_IN


async def test_a_paused_template_is_known_by_the_failure_of_a_message(store: Store) -> None:
    world = await world_of(store)
    assert await send(world, name="wamid.1") is None
    await hear(world, failed(132015))
    (known,) = await store.directory.templates(BUSINESS, "", 9)
    assert known.state is TemplateState.PAUSED
