"""The contract of `ports.brakes`: what sets brakes, what they hold, and what lifts them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.database.store import Store
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.domain.brakes.brake import (
    WATCH_REST,
    WATCHED_SENDS,
    Brake,
    BrakeStep,
    Cause,
    Colour,
    Hold,
)
from askfirst.domain.brakes.course import hand_signal
from askfirst.domain.brakes.signal import Signal, signals_of_codes
from askfirst.domain.brakes.subject import BrakeScope, Subject
from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND, Instant
from askfirst.ports.brakes.brakes import Report
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.send_message import conclude_send, send_message
from tests.support.builders import (
    BUSINESS,
    OTHER_SENDER,
    SENDER,
    change,
    free_form,
    from_template,
    grant,
    opening,
    outcome,
    person,
    sender,
    stop,
    template,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.services import World, build_world
from tests.support.stores import Home

NO_CAPS = Policy(
    caps=Caps(limits={}),
    duplicates=Duplicates(minutes={}),
    pace=Pacing(pair_seconds=0, messages_per_second=0),
)
TEMPLATE = Subject(BrakeScope.TEMPLATE, "offer")
ALL = Subject(BrakeScope.BUSINESS)


class Shop:
    """A business with some customers, and one template of offers."""

    def __init__(self, store: Store) -> None:
        self.clock = FakeClock()
        self.store = store
        self.world: World = build_world(
            store, self.clock, policy=NO_CAPS, ids=SystemIds(self.clock)
        )
        self.messages = 0

    async def open(self, customers: int, **parts: Any) -> Shop:
        for number in (SENDER, OTHER_SENDER):
            await self.store.directory.put_sender(sender(number), "EAAG", NOON)
        await self.store.directory.put_templates(
            tuple(template(name) for name in ("offer", "news"))
        )
        await self.join(range(customers), **parts)
        await self.look()
        return self

    async def join(self, customers: Iterable[int], **parts: Any) -> None:
        await self.store.ledger.commit(
            change(*(grant(person(one), at=at(-9), **parts) for one in customers))
        )

    def wait(self, span: int) -> None:
        self.clock.advance(span / SECOND)

    async def look(self) -> None:
        await self.store.brakes.follow(BUSINESS, self.clock.now())

    async def send(self, customer: int, name: str = "offer", **parts: Any) -> Reason | None:
        """Send a message, which arrives; gives why it did not leave."""
        asked = from_template(person(customer), name=name, **parts)
        send = Send(question=asked, target="/v24.0/200/messages", headers={}, body=b"{}")
        became = await send_message(self.world.services, send)
        if isinstance(became, Refused):
            return became.decision.reason
        assert isinstance(became, Sent)
        self.messages += 1
        await conclude_send(self.world.services, became, f"wamid.{customer}.{name}", ())
        return None

    async def arrive(self, customer: int, name: str = "offer", mark: Mark = Mark.DELIVERED) -> None:
        report = Report(f"wamid.{customer}.{name}", mark)
        await self.store.brakes.report(BUSINESS, (report,), self.clock.now())

    async def object(self, customer: int, **parts: Any) -> None:
        now = self.clock.now()
        await self.store.ledger.commit(
            replace(change(stop(person(customer), at=now, **parts)), recorded_at=now)
        )

    async def signal(self, *signals: Signal) -> None:
        await self.store.brakes.signal(BUSINESS, signals, self.clock.now())

    async def brakes(self) -> tuple[Brake, ...]:
        return await self.store.brakes.list(BUSINESS, "", 100, with_lifted=False)

    async def pause(self, holds: Hold = Hold.MARKETING, subject: Subject = ALL) -> None:
        await self.signal(hand_signal(subject, holds, None, "Kim", "wrong prices"))


async def settled(shop: Shop) -> None:
    """Wait until what Meta answered is written down: it goes in its order."""
    shop.messages += 1
    await shop.store.decisions.conclude(outcome(10_000 + shop.messages))


async def test_a_campaign_that_people_object_to_is_stopped_within_its_first_200_sends(
    store: Store,
) -> None:
    """One in eight says stop: red, long before the plan of a thousand is through."""
    shop = await Shop(store).open(1_000)
    reasons: Counter[Reason | None] = Counter()
    for customer in range(1_000):
        reason = await shop.send(customer, campaign="spring")
        reasons[reason] += 1
        if reason is Reason.BRAKE:
            break
        if reason is None:
            await settled(shop)
            await shop.arrive(customer)
            shop.wait(SECOND)
            if reasons[None] % 8 == 0:
                await shop.object(customer)
                await shop.look()
    assert reasons[Reason.BRAKE] == 1
    assert reasons[None] < WATCHED_SENDS
    colours = {brake.subject: brake.colour for brake in await shop.brakes()}
    assert colours[Subject(BrakeScope.CAMPAIGN, "spring")] is Colour.RED
    assert colours[Subject(BrakeScope.SENDER, SENDER)] is Colour.YELLOW


async def test_what_is_new_rests_after_200_sends_however_fast_they_go(home: Home) -> None:
    """Nobody had time to object: over several servers, at once, exactly 200 leave."""
    servers = 2 if home.backend == "postgres" else 1
    stores = [await home.open() for _ in range(servers)]
    shops = [await Shop(stores[0]).open(260)]
    shops += [Shop(store) for store in stores[1:]]
    reasons = await asyncio.gather(*(shops[n % servers].send(n) for n in range(260)))
    assert Counter(reasons) == {None: WATCHED_SENDS, Reason.NEW_AND_WATCHED: 60}
    (brake, method) = await shops[0].brakes()
    assert {brake.cause, method.cause} == {Cause.NEW}
    for store in stores:
        await store.close()


async def test_what_is_new_goes_on_after_an_hour_if_it_arrives_and_few_object(
    store: Store,
) -> None:
    shop = await Shop(store).open(260)
    for customer in range(WATCHED_SENDS):
        await shop.send(customer)
    await settled(shop)
    for customer in range(150):
        await shop.arrive(customer)
    shop.wait(WATCH_REST - SECOND)
    await shop.look()
    assert await shop.send(250) is Reason.NEW_AND_WATCHED
    shop.wait(SECOND)
    await shop.look()
    assert await shop.brakes() == ()
    assert [await shop.send(customer) for customer in range(200, 260)] == [None] * 60


async def test_red_eases_to_yellow_after_a_day_and_lifts_after_another(store: Store) -> None:
    shop = await Shop(store).open(40)
    await _objected(shop)
    assert await shop.send(30) is Reason.BRAKE
    shop.wait(DAY)
    await shop.look()
    assert {brake.colour for brake in await shop.brakes()} == {Colour.YELLOW}
    reasons = Counter([await shop.send(customer) for customer in range(20, 40)])
    assert set(reasons) == {None, Reason.BRAKE_HALVED}
    shop.wait(DAY)
    await shop.look()
    assert await shop.brakes() == ()


async def _objected(shop: Shop) -> None:
    """Twenty got an offer, and most of them said stop."""
    for customer in range(20):
        assert await shop.send(customer) is None
    await settled(shop)
    for customer in range(20):
        await shop.arrive(customer)
    shop.wait(MINUTE)
    for customer in range(15):
        await shop.object(customer)
    await shop.look()


async def test_a_stop_is_counted_once_however_often_it_is_looked_at(store: Store) -> None:
    shop = await Shop(store).open(5)
    await shop.send(1)
    shop.wait(MINUTE)
    await shop.object(1)
    for _ in range(30):
        await shop.look()
    assert await shop.brakes() == ()


async def test_a_no_to_codes_alone_speaks_against_no_marketing(store: Store) -> None:
    shop = await Shop(store).open(20)
    for customer in range(20):
        await shop.send(customer)
    shop.wait(MINUTE)
    for customer in range(20):
        await shop.object(customer, purposes=("authentication",))
    await shop.look()
    assert await shop.brakes() == ()


async def test_a_restriction_stops_what_it_names_and_nothing_else(store: Store) -> None:
    shop = await Shop(store).open(3)
    await store.ledger.commit(change(opening(person(1), at=at(-1))))
    await store.directory.put_templates((template("order", category=Category.UTILITY),))
    await store.ledger.commit(change(grant(person(1), at=at(-8), purposes=("utility",))))
    waba = Subject(BrakeScope.WABA, sender().waba_id)
    until = Instant(NOON + DAY)
    await shop.signal(
        Signal(waba, Cause.RESTRICTION, Colour.RESTRICTED, Hold.UTILITY, until, "restricted")
    )
    assert await shop.send(1, name="order") is Reason.BRAKE
    assert await shop.send(1) is None
    reply = await check_send(shop.world.services, free_form(person(1)))
    assert reply.allowed
    shop.wait(DAY)
    assert await shop.send(1, name="order") is None


async def test_metas_spam_limit_stops_the_marketing_of_its_sender_alone(store: Store) -> None:
    shop = await Shop(store).open(3)
    await shop.signal(*signals_of_codes((131048,), SENDER, None, NOON))
    assert await shop.send(1) is Reason.BRAKE
    assert await shop.send(1, sender=OTHER_SENDER) is None


async def test_a_pause_by_hand_holds_what_was_asked_for_and_names_who_paused(
    store: Store,
) -> None:
    shop = await Shop(store).open(3)
    await store.ledger.commit(change(opening(person(1), at=at(-1))))
    await shop.pause()
    decision = await check_send(shop.world.services, from_template(person(1)))
    assert decision.reason is Reason.PAUSED_BY_OPERATOR
    assert "Kim paused it" in decision.said
    assert "wrong prices" in decision.said
    assert (await check_send(shop.world.services, free_form(person(1)))).allowed
    await shop.pause(Hold.EVERYTHING)
    reply = await check_send(shop.world.services, free_form(person(1)))
    assert reply.reason is Reason.PAUSED_BY_OPERATOR


async def test_a_brake_is_lifted_once_with_a_reason_and_its_history_stays(store: Store) -> None:
    shop = await Shop(store).open(3)
    await shop.pause()
    (brake,) = await shop.brakes()
    lift = (BUSINESS, brake.brake_id, "Ada", "prices are right", shop.clock.now())
    assert await store.brakes.lift(*lift)
    assert await store.brakes.lift(*lift) is None
    assert await shop.send(1) is None
    changes = await store.brakes.changes(BUSINESS, brake.brake_id)
    assert [(one.step, one.by, one.reason) for one in changes] == [
        (BrakeStep.SET, "Kim", "wrong prices"),
        (BrakeStep.LIFTED, "Ada", "prices are right"),
    ]
    other = BusinessId("another")
    assert await store.brakes.list(other, "", 10, with_lifted=True) == ()


async def test_what_was_forgiven_by_an_operator_is_not_counted_again(store: Store) -> None:
    shop = await Shop(store).open(40)
    await _objected(shop)
    for brake in await shop.brakes():
        await store.brakes.lift(BUSINESS, brake.brake_id, "Ada", "was a fault", shop.clock.now())
    for customer in range(15, 20):
        await shop.object(customer)
    await shop.look()
    assert await shop.brakes() == ()


async def test_what_does_not_arrive_any_more_is_a_hint_of_blocks(store: Store) -> None:
    shop = await Shop(store).open(30)
    for customer in range(30):
        await shop.send(customer)
    await settled(shop)
    for customer in range(30):
        await shop.arrive(customer)
    shop.wait(HOUR)
    for customer in range(30):
        await shop.send(customer, name="news")
    await settled(shop)
    shop.wait(DAY)
    await shop.look()
    found = {brake.subject: brake.cause for brake in await shop.brakes()}
    assert found[Subject(BrakeScope.TEMPLATE, "news")] is Cause.BLOCKS
    assert TEMPLATE not in found


async def test_a_report_told_twice_counts_once(store: Store) -> None:
    shop = await Shop(store).open(1)
    await shop.send(0)
    await settled(shop)
    for _ in range(5):
        await shop.arrive(0)
    rows = await _counts(shop)
    assert rows == {"delivered": 1}


async def _counts(shop: Shop) -> dict[str, int]:
    statements = shop.store.brakes._statements  # type: ignore[attr-defined]
    rows = await statements.fetch("brake_counts", BUSINESS, TEMPLATE.key, 0)
    return {mark: count for _, mark, count in rows}
