"""What arrived is counted with the webhook that tells it: `WriteBatch.reports`, and `plain`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.database.store import Store
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.value import replace
from askfirst.ports.brakes.brakes import Report
from askfirst.ports.consent.change import PlainReport, WriteBatch
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.send_message import conclude_send, send_message
from tests.support.builders import (
    BUSINESS,
    change,
    from_template,
    grant,
    opening,
    outcome,
    person,
    sender,
    template,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.services import build_world
from tests.support.stores import Home, PostgresHome

_NO_CAPS = Policy(
    caps=Caps(limits={}),
    duplicates=Duplicates(minutes={}),
    pace=Pacing(pair_seconds=0, messages_per_second=0),
)
_COUNTED = """
SELECT mark, sum(count) FROM brake_count WHERE subject LIKE 'template%' GROUP BY mark ORDER BY mark
"""
_BUSY = "SELECT pg_advisory_lock(hashtextextended($1, 2))"


async def sent_offers(store: Store, people: int) -> None:
    """Send everybody an offer, and wait until Meta's answers are written down."""
    clock = FakeClock()
    world = build_world(store, clock, policy=_NO_CAPS, ids=SystemIds(clock))
    await store.directory.put_sender(sender(), "EAAG", NOON)
    await store.directory.put_templates((template("offer"),))
    await store.ledger.commit(change(*(grant(person(one), at=at(-9)) for one in range(people))))
    for one in range(people):
        question = from_template(person(one), name="offer")
        send = Send(question=question, target="/v24.0/200/messages", headers={}, body=b"{}")
        became = await send_message(world.services, send)
        assert isinstance(became, Sent)
        await conclude_send(world.services, became, message(one), ())
    await store.decisions.conclude(outcome(9_999))


def message(one: int) -> str:
    return f"wamid.{one}"


async def told(store: Store, *reports: Report) -> None:
    await store.ledger.commit(replace(change(opening()), reports=reports))


def plain(*told: tuple[str, Mark | None]) -> WriteBatch:
    """Make a batch of statuses that ask for nothing."""
    reports = [PlainReport((person(0),), NOON, one, mark, False, "", 0) for one, mark in told]
    return replace(change(), plain=tuple(reports))


async def counts(home: Home) -> dict[str, int]:
    rows: list[Sequence[object]] = await home.raw(_COUNTED)
    return {str(row[0]): int(str(row[1])) for row in rows}


async def test_what_arrived_and_what_was_read_is_counted_once_however_often_it_is_told(
    home: Home,
) -> None:
    store = await home.open()
    await sent_offers(store, 4)
    await told(store, Report(message(0), Mark.DELIVERED), Report(message(1), Mark.DELIVERED))
    assert await counts(home) == {"delivered": 2}
    await told(store, Report(message(0), Mark.READ), Report(message(1), Mark.DELIVERED))
    assert await counts(home) == {"delivered": 2, "read": 1}
    await told(store, Report(message(0), Mark.READ), Report(message(0), Mark.DELIVERED))
    assert await counts(home) == {"delivered": 2, "read": 1}
    await store.close()


async def test_plain_statuses_of_one_delivery_and_of_one_batch_are_counted_once_each(
    home: Home,
) -> None:
    store = await home.open()
    await sent_offers(store, 2)
    words = (Mark.DELIVERED, Mark.READ, Mark.DELIVERED, None)
    one = plain(*((message(0), word) for word in words))
    other = plain((message(0), Mark.READ), (message(1), Mark.DELIVERED), ("", Mark.READ))
    await asyncio.gather(*(store.ledger.commit(batch) for batch in (one, other, one)))
    assert await counts(home) == {"delivered": 2, "read": 1}
    await store.ledger.commit(one)
    assert await counts(home) == {"delivered": 2, "read": 1}
    await store.close()


async def test_what_was_read_has_arrived_whatever_came_first(home: Home) -> None:
    store = await home.open()
    await sent_offers(store, 1)
    await told(store, Report(message(0), Mark.READ))
    await told(store, Report(message(0), Mark.DELIVERED))
    assert await counts(home) == {"delivered": 1, "read": 1}
    await store.close()


async def test_many_that_come_at_once_are_all_counted(home: Home) -> None:
    store = await home.open()
    await sent_offers(store, 12)
    reports = [Report(message(one), Mark.READ) for one in range(12)]
    await asyncio.gather(*(told(store, report) for report in (*reports, *reports)))
    assert await counts(home) == {"delivered": 12, "read": 12}
    await store.close()


async def test_messages_that_were_no_marketing_are_not_counted(home: Home) -> None:
    store = await home.open()
    await sent_offers(store, 1)
    await told(store, Report("wamid.of.an.order", Mark.DELIVERED))
    assert await counts(home) == {}
    await store.close()


@pytest.mark.postgres
async def test_who_writes_events_does_not_wait_for_somebody_who_is_at_the_brakes(
    postgres_home: PostgresHome,
) -> None:
    """The event is written at once; what arrived is counted when they are done, before the answer.

    So a webhook that is acknowledged was counted, too.
    """
    store = await postgres_home.open()
    await sent_offers(store, 1)
    busy = await asyncpg.connect(postgres_home.url)
    await busy.execute(_BUSY, f"{BUSINESS}:brakes")
    webhook = asyncio.create_task(told(store, Report(message(0), Mark.DELIVERED)))
    async with asyncio.timeout(20):
        while not await postgres_home.raw("SELECT 1 FROM opening"):
            await asyncio.sleep(0.01)
    assert await counts(postgres_home) == {}
    assert not webhook.done()
    await busy.close()
    await webhook
    assert await counts(postgres_home) == {"delivered": 1}
    await store.close()
