"""The contract of `ports.sending.gate` about what was sent: counted where it is written down."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest

from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.database.store import Store
from askfirst.decision.decision import Decision
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY, HOUR, SECOND
from askfirst.ports.consent.change import MessagingLimitObserved
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.ports.sending.http_connection import NotSent
from askfirst.storage.platform.sql_files import load_statements
from askfirst.usecases.consent.export_contact import export_contact
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.send_message import conclude_send, send_message
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    OTHER_SENDER,
    SENDER,
    acquaintance,
    change,
    free_form,
    grant,
    opening,
    person,
    question,
    sender,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.outcomes import settled
from tests.support.reading import contact_of
from tests.support.services import ACCEPTED, World, build_world
from tests.support.stores import Home, PostgresHome

SENDERS = (SENDER, OTHER_SENDER)
REFUSED = replace(ACCEPTED, status=400, body=b'{"error":{"code":131000}}')


def policy(**parts: Any) -> Policy:
    """One message a day, and nothing else."""
    known: dict[str, Any] = {
        "caps": Caps(limits={"marketing": (Frequency(1, 1),)}),
        "duplicates": Duplicates(minutes={}),
        "pace": Pacing(pair_seconds=0, messages_per_second=0),
    }
    return Policy(**(known | parts))


def no_caps(**parts: Any) -> Policy:
    return policy(**({"caps": Caps(limits={})} | parts))


async def world_of(store: Store, policy: Policy, clock: FakeClock | None = None) -> World:
    """Whom we may write to, and from which senders."""
    clock = clock or FakeClock()
    made = build_world(store, clock, policy=policy, ids=SystemIds(clock))
    for number in SENDERS:
        await store.directory.put_sender(sender(number), "EAAG", NOON)
    for name in (ANA, BEN):
        await store.ledger.commit(change(grant(name, at=at(-9))))
    return made


def message(*recipients: Alias, **parts: Any) -> Send:
    asked: SendRequest = question(*recipients, **parts)
    return Send(question=asked, target="/v24.0/200/messages", headers={}, body=b"{}")


async def send(world: World, *recipients: Alias, **parts: Any) -> Reason | None:
    """Send a message; returns why it did not leave."""
    became = await send_message(world.services, message(*recipients, **parts))
    if isinstance(became, Refused):
        return became.decision.reason
    if isinstance(became, Sent):
        code = 0 if became.answer.is_success else 131000
        await conclude_send(world.services, became, "", (), code)
    return None


async def test_of_a_hundred_sends_at_once_a_cap_of_one_lets_one_leave(home: Home) -> None:
    """Over two senders, and on PostgreSQL over three servers."""
    servers = 3 if home.backend == "postgres" else 1
    stores = [await home.open() for _ in range(servers)]
    worlds = [await world_of(store, policy()) for store in stores]
    reasons = await asyncio.gather(
        *(send(worlds[n % servers], ANA, sender=SENDERS[n % 2]) for n in range(100))
    )
    assert Counter(reasons) == {None: 1, Reason.FREQUENCY_CAP: 99}
    assert sum(len(world.connections.sent) for world in worlds) == 1
    for store in stores:
        await store.close()


@pytest.mark.postgres
async def test_a_send_is_counted_behind_whoever_counts_for_that_person(
    postgres_home: PostgresHome,
) -> None:
    """As another server holds the person's lock: it reads what was sent when that one is done."""
    store = await postgres_home.open()
    world = await world_of(store, policy())
    contact = await contact_of(store, ANA)
    sql = load_statements("askfirst.storage.postgres")["lock_traffic"]
    other = await asyncpg.connect(postgres_home.url)
    async with other.transaction():
        await other.execute(sql, BUSINESS, [f"contact:{contact}"])
        sending = asyncio.create_task(send(world))
        await asyncio.sleep(0.3)
        assert not sending.done()
    assert await sending is None
    await other.close()
    await store.close()


async def test_a_cap_counts_over_all_senders_and_for_one_person(store: Store) -> None:
    world = await world_of(store, policy())
    assert await send(world, ANA, sender=SENDER) is None
    assert await send(world, ANA, sender=OTHER_SENDER) is Reason.FREQUENCY_CAP
    assert await send(world, BEN, sender=SENDER) is None


async def test_the_gateway_and_a_check_say_the_same_and_when(store: Store) -> None:
    world = await world_of(store, policy())
    assert await send(world) is None
    world.clock.advance(60)
    checked = await check_send(world.services, question())
    assert (checked.reason, checked.retry_at) == (Reason.FREQUENCY_CAP, NOON + DAY)
    refused = await send_message(world.services, message())
    assert isinstance(refused, Refused)
    assert refused.decision == checked


async def test_a_place_is_free_again_when_its_window_is_over(store: Store) -> None:
    world = await world_of(store, policy())
    assert await send(world) is None
    world.clock.advance(86_400 - 0.000001)
    assert await send(world) is Reason.FREQUENCY_CAP
    world.clock.advance(0.000001)
    assert await send(world) is None


async def test_a_send_that_surely_failed_gives_its_place_back(store: Store) -> None:
    world = await world_of(store, policy())
    world.connections.reply = REFUSED
    assert await send(world) is None
    await settled(world)
    assert await send(world) is None
    await settled(world)
    assert len(world.connections.sent) == 2


async def test_a_send_that_never_left_gives_its_place_back(store: Store) -> None:
    world = await world_of(store, policy())
    world.connections.can_send = False
    with pytest.raises(NotSent):
        await send(world)
    await settled(world)
    world.connections.can_send = True
    assert await send(world) is None


async def test_a_send_whose_outcome_is_unknown_keeps_its_place(store: Store) -> None:
    world = await world_of(store, policy())
    world.connections.is_answered = False
    unknown = await send_message(world.services, message())
    assert isinstance(unknown, UnknownOutcome)
    await settled(world)
    assert await send(world) is Reason.FREQUENCY_CAP


async def test_trouble_of_metas_own_leaves_open_whether_it_was_sent(store: Store) -> None:
    world = await world_of(store, policy())
    world.connections.reply = replace(REFUSED, status=500)
    assert await send(world) is None
    await settled(world)
    assert await send(world) is Reason.FREQUENCY_CAP


async def test_a_place_is_given_back_once(store: Store) -> None:
    world = await world_of(store, policy(caps=Caps(limits={"marketing": (Frequency(2, 1),)})))
    sent = [await send_message(world.services, message()) for _ in range(2)]
    first = sent[0]
    assert isinstance(first, Sent)
    failed = replace(first, answer=REFUSED)
    for _ in range(3):
        await conclude_send(world.services, failed, "", (), 131000)
    await settled(world)
    assert await send(world) is None
    assert await send(world) is Reason.FREQUENCY_CAP


async def test_what_is_given_back_with_its_own_decision_is_not_counted(store: Store) -> None:
    """A send that is given up while it is written down: both come into one transaction."""
    world = await world_of(store, policy())
    written = asyncio.create_task(send_message(world.services, message()))
    recording = asyncio.Event()
    record = store.decisions.record

    async def told(one: DecisionRecord) -> Decision | None:
        recording.set()
        return await record(one)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store.decisions, "record", told)
        await recording.wait()
        written.cancel()
        with pytest.raises(asyncio.CancelledError):
            await written
    await settled(world)
    assert await send(world) is None
    assert await send(world) is Reason.FREQUENCY_CAP


async def test_what_was_sent_to_both_sides_counts_after_a_merge(store: Store) -> None:
    world = await world_of(store, policy(caps=Caps(limits={"marketing": (Frequency(2, 1),)})))
    await store.ledger.commit(change(grant(ANA_BSUID, at=at(-8))))
    assert await send(world, ANA) is None
    assert await send(world, ANA_BSUID) is None
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(1))))
    assert await send(world, ANA) is Reason.FREQUENCY_CAP


async def test_a_decision_about_somebody_who_was_merged_meanwhile_is_not_used(store: Store) -> None:
    world = await world_of(store, policy())
    await store.ledger.commit(change(grant(ANA_BSUID, at=at(-8))))
    gone = await contact_of(store, ANA)
    other = await contact_of(store, ANA_BSUID)
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(1))))
    left = {await contact_of(store, ANA)}
    assert left < {gone, other}
    assert await send(world, ANA) is None
    assert await send(world, ANA_BSUID) is Reason.FREQUENCY_CAP


async def test_the_same_content_goes_to_a_person_once(store: Store) -> None:
    hours = Duplicates(minutes={Category.MARKETING: 60})
    world = await world_of(store, no_caps(duplicates=hours))
    assert await send(world, ANA, content="a" * 64) is None
    assert await send(world, ANA, content="a" * 64) is Reason.DUPLICATE
    assert await send(world, ANA, content="b" * 64) is None
    assert await send(world, BEN, content="a" * 64) is None
    world.clock.advance(3600)
    assert await send(world, ANA, content="a" * 64) is None


async def test_of_many_equal_messages_at_once_one_leaves(store: Store) -> None:
    hours = Duplicates(minutes={Category.MARKETING: 60})
    world = await world_of(store, no_caps(duplicates=hours))
    reasons = await asyncio.gather(*(send(world, ANA, content="a" * 64) for _ in range(30)))
    assert Counter(reasons) == {None: 1, Reason.DUPLICATE: 29}


async def test_a_retry_of_what_surely_failed_is_no_duplicate(store: Store) -> None:
    hours = Duplicates(minutes={Category.MARKETING: 60})
    world = await world_of(store, no_caps(duplicates=hours))
    world.connections.reply = REFUSED
    assert await send(world, ANA, content="a" * 64) is None
    await settled(world)
    assert await send(world, ANA, content="a" * 64) is None


async def test_a_pair_that_is_too_fast_waits_and_others_do_not(store: Store) -> None:
    world = await world_of(
        store, no_caps(pace=Pacing(pair_seconds=6, pair_burst=3, messages_per_second=0))
    )
    reasons = await asyncio.gather(*(send(world, ANA) for _ in range(9)))
    assert Counter(reasons) == {None: 3, Reason.PAIR_RATE: 6}
    assert await send(world, BEN) is None
    assert await send(world, ANA, sender=OTHER_SENDER) is None
    world.clock.advance(17.9)
    checked = await check_send(world.services, question())
    assert (checked.reason, checked.retry_at) == (Reason.PAIR_RATE, NOON + 18 * SECOND)
    world.clock.advance(0.1)
    assert await send(world, ANA) is None


async def test_a_sender_that_is_too_fast_waits(store: Store) -> None:
    world = await world_of(store, no_caps(pace=Pacing(pair_seconds=0, messages_per_second=20)))
    reasons = [await send(world, (ANA, BEN)[n % 2]) for n in range(4)]
    assert reasons == [None, None, Reason.THROUGHPUT, Reason.THROUGHPUT]
    assert await send(world, ANA, sender=OTHER_SENDER) is None
    world.clock.advance(0.1)
    assert await send(world, ANA) is None


async def limit(store: Store, people: int | None) -> None:
    await store.ledger.commit(change(MessagingLimitObserved(limit=people)))


async def test_no_more_people_are_written_to_than_meta_allows(store: Store) -> None:
    world = await world_of(store, no_caps())
    people = [person(number) for number in range(6)]
    for name in people:
        await store.ledger.commit(change(grant(name, at=at(-9))))
    await limit(store, 4)
    reasons = await asyncio.gather(*(send(world, name) for name in people))
    assert Counter(reasons) == {None: 4, Reason.MESSAGING_LIMIT: 2}
    reached = people[reasons.index(None)]
    shut = people[reasons.index(Reason.MESSAGING_LIMIT)]
    assert await send(world, reached) is None, "who was written to today counts once"
    await store.ledger.commit(change(opening(shut, at=at(1))))
    world.clock.advance(2)
    assert await send(world, shut) is None, "in an open window nobody is counted"
    world.clock.advance(25 * 3600)
    assert await send(world, shut) is None, "the day is over"


async def test_a_person_counts_for_a_day_after_the_newest_message(store: Store) -> None:
    world = await world_of(store, no_caps())
    await limit(store, 1)
    assert await send(world, ANA) is None
    world.clock.advance(23 * 3600)
    assert await send(world, ANA) is None
    world.clock.advance(20 * 3600)
    assert await send(world, BEN) is Reason.MESSAGING_LIMIT
    checked = await check_send(world.services, question(BEN))
    assert checked.retry_at is not None
    assert 0 <= checked.retry_at - (NOON + 47 * HOUR) <= HOUR
    world.clock.set(checked.retry_at)
    assert await send(world, BEN) is None


async def test_a_person_whose_message_failed_is_not_counted(store: Store) -> None:
    world = await world_of(store, no_caps())
    await limit(store, 1)
    world.connections.reply = REFUSED
    assert await send(world, ANA) is None
    await settled(world)
    assert await send(world, BEN) is None


async def test_where_meta_takes_the_limit_away_there_is_none(store: Store) -> None:
    world = await world_of(store, no_caps())
    await limit(store, 1)
    assert await send(world, ANA) is None
    assert await send(world, BEN) is Reason.MESSAGING_LIMIT
    await limit(store, None)
    assert await send(world, BEN) is None


async def test_replies_are_counted_only_where_the_policy_says_so(store: Store) -> None:
    counted = Caps(limits={"overall": (Frequency(2, 1),)}, also_counted=frozenset({"service"}))
    for caps, last in (
        (replace(counted, also_counted=frozenset()), None),
        (counted, Reason.FREQUENCY_CAP),
    ):
        world = await world_of(store, policy(caps=caps))
        await store.ledger.commit(change(opening(BEN, at=at(-1))))
        for _ in range(2):
            assert isinstance(await send_message(world.services, message_reply(BEN)), Sent)
        third = await send_message(world.services, message_reply(BEN))
        assert (third.decision.reason if isinstance(third, Refused) else None) is last


def message_reply(name: Alias) -> Send:
    return replace(message(), question=free_form(name))


async def test_what_no_window_reaches_back_to_is_forgotten(home: Home) -> None:
    store = await home.open()
    world = await world_of(store, policy(pace=Pacing()))
    await limit(store, 9)
    assert await send(world) is None
    await store.sweep_traffic(BUSINESS, at(30 * 86_400))
    assert await home.raw("SELECT count(*) FROM sent_message") == [(1,)]
    await store.sweep_traffic(BUSINESS, at(32 * 86_400))
    for table in ("sent_message", "pace", "people_hour"):
        assert await home.raw(f"SELECT count(*) FROM {table}") == [(0,)]
    await store.close()


async def test_what_a_message_said_is_kept_as_a_keyed_hash_for_one_person(home: Home) -> None:
    store = await home.open()
    world = await world_of(store, no_caps())
    for name in (ANA, BEN):
        await send(world, name, content="a" * 64)
    await store.close()
    rows = await home.raw("SELECT content FROM sent_message")
    kept = {row[0] for row in rows}
    assert len(kept) == 2
    assert all(len(one) == 32 and "a" * 8 not in one for one in kept)


async def test_an_export_tells_what_caps_and_brakes_count_of_a_person(store: Store) -> None:
    world = await world_of(store, policy())
    assert await send(world, ANA) is None
    told = await export_contact(world.services, BUSINESS, ANA)
    (decision,) = told["decisions"]
    (counted,), (watched,) = told["counted_messages"], told["marketing_messages"]
    assert counted == {
        "decision": decision["id"],
        "sent_at": decision["decided_at"],
        "purpose": "marketing",
    }
    assert watched == {
        "decision": decision["id"],
        "sent_at": decision["decided_at"],
        "became": [],
    }
    assert told["unreachable_since"] is None
