"""Campaigns on both backends: each label sums to the whole by reason, and leads to people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decision import CampaignReason, Verdict
from askfirst.decision.reason import Reason
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId, Prefix, mint
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.decision_archive import ReasonCount
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet
from askfirst.usecases.sending.send_message import send_message
from askfirst.usecases.sending.show_decision import list_campaign
from askfirst.usecases.sending.summarize_campaign import (
    list_campaigns,
    permilles,
    summarize_campaign,
    summarize_campaigns,
)
from askfirst.usecases.stats.count_decisions import count_decisions
from tests.support.builders import (
    ANA,
    BEN,
    BUSINESS,
    CLEO,
    RIVAL,
    change,
    decision,
    decision_record,
    grant,
    question,
    sender,
    stop,
)
from tests.support.clocks import NOON, at
from tests.support.evidence import OFFER
from tests.support.services import World

SPRING = "spring_sale"
_EPOCH = Instant(0)


async def run_campaign(world: World) -> None:
    """Ana said yes and gets one of two offers; Ben stopped, nobody knows Cleo: they get none."""
    await world.store.directory.put_sender(sender(), "token", NOON)
    await world.store.ledger.commit(change(grant(ANA)))
    await world.store.ledger.commit(change(grant(BEN)))
    await world.store.ledger.commit(change(stop(BEN, at=at(1))))
    for seconds, person in enumerate((ANA, ANA, BEN, BEN, CLEO)):
        world.clock.set(at(60 + seconds))
        asked = question(person, campaign=SPRING)
        await send_message(world.services, replace(OFFER, question=asked))
    await send_message(world.services, OFFER)


async def counted(
    world: World,
    campaign: str = SPRING,
    since: Instant = _EPOCH,
    business: BusinessId = BUSINESS,
) -> list[tuple[str, str, int, int]]:
    found = await summarize_campaign(world.services, business, campaign, since)
    assert sum(share.permille for share in found.shares) == (1000 if found.shares else 0)
    return [
        (share.counted.verdict.value, share.counted.reason.value, *share.counted[2:])
        for share in found.shares
    ]


async def test_a_label_sums_up_by_reason_with_people(world: World) -> None:
    await run_campaign(world)
    assert await counted(world) == [
        ("deny", "withdrawn", 2, 1),
        ("allow", "opted_in", 1, 1),
        ("deny", "no_opt_in", 1, 0),
        ("wait", "frequency_cap", 1, 1),
    ]


async def test_all_labels_are_summed_up_each_to_the_whole(world: World) -> None:
    await run_campaign(world)
    autumn = question(CLEO, campaign="Autumn")
    await send_message(world.services, replace(OFFER, question=autumn))
    found = await summarize_campaigns(world.services, BUSINESS, _EPOCH, "", 9)
    assert [(one.campaign, one.decisions) for one in found] == [("Autumn", 1), (SPRING, 5)]
    assert {sum(share.permille for share in one.shares) for one in found} == {1000}
    (later,) = await summarize_campaigns(world.services, BUSINESS, _EPOCH, "Autumn", 9)
    assert later.campaign == SPRING
    assert await summarize_campaigns(world.services, RIVAL, _EPOCH, "", 9) == ()
    assert await summarize_campaigns(world.services, BUSINESS, at(3600), "", 9) == ()


async def test_labels_ever_are_those_since_the_first_page_by_page(world: World) -> None:
    await decide_under_labels(world, range(30), Random(4))
    archive = world.services.decision_archive
    since_the_first = await archive.labels(BUSINESS, Instant(1), "", 10)
    assert since_the_first == ("autumn", SPRING)
    ever = await list_campaigns(world.services, BUSINESS, "", 1)
    ever += await list_campaigns(world.services, BUSINESS, ever[-1], 2)
    assert ever == since_the_first
    assert await list_campaigns(world.services, RIVAL, "", 2) == ()


async def test_a_summary_begins_when_it_is_asked_to(world: World) -> None:
    await run_campaign(world)
    assert await counted(world, since=at(63)) == [
        ("deny", "no_opt_in", 1, 0),
        ("deny", "withdrawn", 1, 1),
    ]
    assert await counted(world, since=at(60)) == await counted(world)


async def test_a_label_is_of_one_business_and_nothing_is_counted_twice(world: World) -> None:
    await run_campaign(world)
    assert await counted(world, business=RIVAL) == []
    assert await counted(world, "winter") == []


async def test_each_number_leads_to_its_decisions_page_by_page(world: World) -> None:
    await run_campaign(world)
    summary = await summarize_campaign(world.services, BUSINESS, SPRING, Instant(0))
    for share in summary.shares:
        label = CampaignReason(business_id=BUSINESS, campaign=SPRING, reason=share.counted.reason)
        listed: list[DecisionSheet] = []
        after = ""
        while page := await list_campaign(world.services, label, after, 1):
            listed += page
            after = page[-1].record.decision_id
        people = {sheet.record.contact_id for sheet in listed} - {None}
        assert (len(listed), len(people)) == (share.counted.decisions, share.counted.people)
        assert {sheet.record.question.campaign for sheet in listed} == {SPRING}
        assert {sheet.record.decision.reason for sheet in listed} == {share.counted.reason}
        assert all(sheet.matches is not False for sheet in listed)


async def test_a_list_begins_when_it_is_asked_to(world: World) -> None:
    await run_campaign(world)
    since = CampaignReason(
        business_id=BUSINESS, campaign=SPRING, reason=Reason.WITHDRAWN, since=at(63)
    )
    assert len(await list_campaign(world.services, since, "", 9)) == 1


async def test_a_label_is_kept_with_each_decision(store: Store) -> None:
    labelled = decision_record(question=question(campaign=SPRING))
    await store.decisions.record(labelled)
    await store.decisions.record(decision_record(2))
    kept = await store.decisions.decisions(BUSINESS, "", 9)
    assert [record.question.campaign for record in kept] == [SPRING, ""]


async def test_waiting_and_refusal_for_one_reason_are_two_lines(world: World) -> None:
    asked = question(campaign=SPRING)
    for number, verdict in enumerate((Verdict.DENY, Verdict.WAIT)):
        told = decision(verdict, reasons=(Reason.PAUSED_BY_PERSON,))
        await world.store.decisions.record(decision_record(number, question=asked, decision=told))
    assert [line[0] for line in await counted(world)] == ["deny", "wait"]


async def decide_under_labels(world: World, numbers: Iterable[int], dice: Random) -> None:
    """Write decisions down, an hour apart, on people of whom some come again."""
    for number in numbers:
        verdict = dice.choice((Verdict.ALLOW, Verdict.DENY, Verdict.WAIT))
        reason = dice.choice((Reason.OPTED_IN, Reason.NO_OPT_IN, Reason.WITHDRAWN))
        when = at(number * 3600)
        record = decision_record(
            number,
            dice.choice((None, *(ContactId(f"ctc_{who}") for who in range(4)))),
            decided_at=when,
            question=question(campaign=dice.choice((SPRING, "autumn", ""))),
            decision=decision(verdict, reasons=(reason,)),
        )
        name = mint(Prefix.DECISION, when // 1000, bytes(16))
        await world.store.decisions.record(replace(record, decision_id=DecisionId(name)))


async def counted_and_scanned(world: World) -> tuple[list[ReasonCount], list[ReasonCount]]:
    """Count each label out of the counts, and by a look at each of its decisions."""
    archive = world.store.decision_archive
    moments = (Instant(0), Instant(1))  # of the second no counts are kept
    labels = (SPRING, "autumn", "winter")
    told, scanned = [
        sorted(
            [one for label in labels for one in await archive.count_campaign(BUSINESS, label, m)]
        )
        for m in moments
    ]
    return told, scanned


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_counted_of_a_label_is_what_its_decisions_say(
    world: World, seed: int
) -> None:
    dice = Random(seed)
    await decide_under_labels(world, range(60), dice)
    until = at(80 * 3600)
    is_done = False
    steps = 0
    while not is_done:
        told, scanned = await counted_and_scanned(world)
        assert told == scanned
        assert sum(one.decisions for one in told) > 20
        is_done = await world.store.decision_counts.advance_campaigns(BUSINESS, until, 13)
        steps += 1
    assert steps == 5
    await decide_under_labels(world, range(60, 75), dice)
    told, scanned = await counted_and_scanned(world)
    assert told == scanned
    assert await world.store.decision_counts.advance_campaigns(BUSINESS, until, 100)
    assert await counted_and_scanned(world) == (told, scanned)


async def test_two_that_count_labels_at_once_count_nothing_twice(world: World) -> None:
    await decide_under_labels(world, range(40), Random(5))
    counts, until = world.store.decision_counts, at(50 * 3600)
    await asyncio.gather(*(counts.advance_campaigns(BUSINESS, until, 7) for _ in range(4)))
    while not await counts.advance_campaigns(BUSINESS, until, 7):
        pass
    told, scanned = await counted_and_scanned(world)
    assert told == scanned


async def test_labels_are_counted_by_the_task_that_follows(world: World) -> None:
    await decide_under_labels(world, range(20), Random(6))
    world.clock.set(at(30 * 3600))
    assert await count_decisions(world.services, BUSINESS)
    told, scanned = await counted_and_scanned(world)
    assert told == scanned


@pytest.mark.parametrize("label", ["", "447700900123", "spring sale", "-spring", "s" * 65, "é"])
async def test_what_is_no_label_is_named(sqlite_world: World, label: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        await summarize_campaign(sqlite_world.services, BUSINESS, label, Instant(0))
    assert wrong.value.field == "campaign"


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=60))
def test_parts_sum_to_the_whole_and_none_is_off_by_a_tenth(counts: list[int]) -> None:
    parts, total = permilles(counts), sum(counts)
    assert sum(parts) == 1000
    exact = [1000 * count / total for count in counts]
    assert all(abs(part - one) < 1 + 1e-6 for part, one in zip(parts, exact, strict=True))
