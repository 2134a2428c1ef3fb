"""Decisions are made once more from the ledger, on both backends, and compared."""

from __future__ import annotations

import pytest

from askfirst.decision.countries.hours import ALWAYS
from askfirst.decision.countries.own_hours import OwnHours
from askfirst.decision.policy import Policy, Terms
from askfirst.decision.reason import Reason
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Assurance, Source
from askfirst.domain.value import replace
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import ContactId, DecisionId
from askfirst.domain.values.purpose import Category
from askfirst.ports.sending.gate import ArchivedDecision
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.sending.decisions.decision_sheet import Incomparable
from askfirst.usecases.sending.show_decision import list_decisions, show_decision
from tests.support.builders import ANA, ANA_BSUID, BUSINESS, RIVAL, decision_record, free_form
from tests.support.clocks import at
from tests.support.evidence import OFFER, offered, said_by_phone, stopped_in_chat, tell_story
from tests.support.law import LAW, TIMELESS
from tests.support.reading import contact_of
from tests.support.services import World, changed

STRICT = Policy(
    purposes={**Policy().purposes, Category.MARKETING: Terms(assurance_min=Assurance.CONFIRMED)}
)


async def sheets(world: World) -> list[tuple[str, bool | None, int | None]]:
    found = await list_decisions(world.services, BUSINESS, ANA, "", 99)
    return [(one.record.decision.verdict.value, one.matches, one.basis) for one in found]


async def test_what_the_ledger_gives_is_what_was_decided(world: World) -> None:
    await tell_story(world)
    assert await sheets(world) == [("allow", True, 2), ("deny", True, 3)]


async def test_a_decision_is_judged_as_of_its_position_and_not_as_of_now(world: World) -> None:
    (first, _) = await tell_story(world)
    sheet = await show_decision(world.services, BUSINESS, first)
    assert sheet is not None
    assert (sheet.record.decision.reason, sheet.matches) == (Reason.OPTED_IN, True)


async def test_a_decision_is_judged_by_the_policy_that_was_in_force(world: World) -> None:
    await tell_story(world)
    strict = replace(world, services=changed(world.services, policy=STRICT))
    await said_by_phone(strict)
    await offered(strict, 300)
    found = await list_decisions(world.services, BUSINESS, ANA, "", 99)
    fingerprints = [one.record.decision.policy_fingerprint for one in found]
    assert fingerprints == [Policy(law=TIMELESS).fingerprint] * 2 + [STRICT.fingerprint]
    assert [one.matches for one in found] == [True] * 3


async def test_a_reply_in_the_window_is_made_again_too(world: World) -> None:
    await tell_story(world)
    reply = replace(OFFER, question=free_form())
    await offered(world, 210, reply)
    assert (await sheets(world))[-1][1:] == (True, None)


async def test_what_spoke_beside_the_rules_is_kept(world: World) -> None:
    await tell_story(world)
    await offered(world, 220, replace(OFFER, objection=Reason.QUESTION_ALTERED))
    assert (await sheets(world))[-1][:2] == ("deny", True)


async def test_a_decision_that_the_ledger_does_not_bear_out_says_what_differs(
    world: World,
) -> None:
    (_, second) = await tell_story(world)
    kept = await world.store.decision_archive.find(BUSINESS, second)
    assert kept is not None
    allowed = replace(
        kept.record.decision,
        verdict=(await _first(world)).record.decision.verdict,
        reasons=(Reason.OPTED_IN,),
    )
    forged = replace(kept.record, decision_id=DecisionId(f"dec_{9:026d}"), decision=allowed)
    await world.store.decisions.record(forged)
    sheet = await show_decision(world.services, BUSINESS, forged.decision_id)
    assert sheet is not None
    assert sheet.matches is False
    assert {one.part: (one.stored, one.derived) for one in sheet.differences} == {
        "verdict": ("allow", "deny"),
        "reasons": ("opted_in", "withdrawn"),
    }


async def _first(world: World) -> ArchivedDecision:
    return (
        await world.store.decision_archive.of_contact(
            BUSINESS, await contact_of(world.store), "", 1
        )
    )[0]


async def test_a_decision_from_before_is_not_called_the_same(world: World) -> None:
    await tell_story(world)
    old = decision_record(8, await contact_of(world.store))
    await world.store.decisions.record(old)
    sheet = await show_decision(world.services, BUSINESS, old.decision_id)
    assert sheet is not None
    assert (sheet.matches, sheet.incomparable) == (None, Incomparable.CIRCUMSTANCES_UNKNOWN)


async def test_a_policy_that_was_not_kept_is_said(world: World) -> None:
    await tell_story(world)
    kept = (await _first(world)).record
    lost = replace(kept.decision, policy_fingerprint="pol_0123456789abcdef")
    await world.store.decisions.record(
        replace(kept, decision_id=DecisionId(f"dec_{7:026d}"), decision=lost)
    )
    sheet = await show_decision(world.services, BUSINESS, DecisionId(f"dec_{7:026d}"))
    assert sheet is not None
    assert (sheet.matches, sheet.incomparable) == (None, Incomparable.POLICY_UNKNOWN)


async def test_decisions_on_somebody_who_was_erased_are_found_by_their_id(world: World) -> None:
    await tell_story(world)
    ana = await contact_of(world.store)
    await erase_contact(
        world.services,
        EraseOrder(
            business_id=BUSINESS, person=ana, reason=EraseReason.REQUESTED, source=Source.CLI
        ),
    )
    found = await list_decisions(world.services, BUSINESS, ana, "", 99)
    assert [one.matches for one in found] == [True, True]
    with pytest.raises(UnknownReference):
        await list_decisions(world.services, BUSINESS, ANA, "", 99)


async def test_decisions_come_in_pages_and_are_nobody_elses(world: World) -> None:
    first, second = await tell_story(world)
    (page,) = await list_decisions(world.services, BUSINESS, ANA, first, 99)
    assert page.record.decision_id == second
    assert await show_decision(world.services, RIVAL, first) is None
    for nobody in (ANA_BSUID, ContactId(f"con_{999:026d}")):
        with pytest.raises(UnknownReference):
            await list_decisions(world.services, BUSINESS, nobody, "", 99)


async def test_a_policy_is_read_back_as_it_was(world: World) -> None:
    policy = Policy(
        topics=frozenset({"marketing.offers"}),
        topic_days={"utility.order": 60, "marketing.offers": 90},
        inbound_first=frozenset({"IN"}),
        hours=OwnHours(default=ALWAYS, countries={"NL": ALWAYS}, follows_calls_rules=False),
        law=LAW,
    )
    await world.store.decision_archive.keep_policy(BUSINESS, policy)
    await world.store.decision_archive.keep_policy(BUSINESS, policy)
    archive, calendar = world.store.decision_archive, LAW.calendar
    assert await archive.policy(BUSINESS, policy.fingerprint, calendar) == policy
    assert await archive.policy(RIVAL, policy.fingerprint, calendar) is None


async def test_a_stop_is_what_the_second_decision_rests_on(world: World) -> None:
    await tell_story(world)
    position = await stopped_in_chat(world, 300)
    await offered(world, 400)
    assert (await sheets(world))[-1] == ("deny", True, position)
    assert at(400) > at(300)
