"""What another policy would have done to the sends of the last days, on both backends."""

from __future__ import annotations

import pytest

from askfirst.adapters.ids import SystemIds
from askfirst.decision.countries.place import Place
from askfirst.decision.decision import Verdict
from askfirst.decision.policy import Policy, Terms
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import Assurance
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from askfirst.usecases.sending.simulate_policy import Change, simulate_policy, simulate_policy_file
from tests.support.builders import BUSINESS, RIVAL, decision_record, sender
from tests.support.clocks import NOON, at
from tests.support.evidence import OFFER, offered, said_at_sign_up, tell_story
from tests.support.law import LAW, TIMELESS
from tests.support.services import World, changed

STRICT = Policy(
    purposes={**Policy().purposes, Category.MARKETING: Terms(assurance_min=Assurance.CONFIRMED)}
)
ALLOWED = (Reason.OPTED_IN, Verdict.ALLOW)
STOPPED = (Reason.WITHDRAWN, Verdict.DENY)


@pytest.fixture
def told(world: World) -> World:
    """A world whose decisions are named by their time, as a server's are."""
    return replace(world, services=changed(world.services, ids=SystemIds(world.clock)))


async def changes(world: World, policy: Policy, since: Instant = NOON) -> set[Change]:
    return set((await simulate_policy(world.services, BUSINESS, policy, since)).changes)


async def test_the_policy_that_was_in_force_would_have_changed_nothing(told: World) -> None:
    await tell_story(told)
    assert await changes(told, told.services.policy) == {
        Change(*ALLOWED, *ALLOWED, 1),
        Change(*STOPPED, *STOPPED, 1),
    }


async def test_a_stricter_policy_would_have_held_messages_back(told: World) -> None:
    await tell_story(told)
    found = await simulate_policy(told.services, BUSINESS, STRICT, NOON)
    assert set(found.changes) == {
        Change(*ALLOWED, Reason.ASSURANCE_TOO_LOW, Verdict.DENY, 1),
        Change(*STOPPED, *STOPPED, 1),
    }
    assert (found.count(Verdict.ALLOW, then=True), found.count(Verdict.ALLOW, then=False)) == (1, 0)
    assert found.unknown == 0


async def test_hours_are_those_of_the_time_and_place_of_the_send(told: World) -> None:
    await told.store.directory.put_sender(sender(), "token", NOON)
    await said_at_sign_up(told)
    hawaii = replace(OFFER.question, place=Place(zones=("Pacific/Honolulu",)))
    await offered(told, 60, replace(OFFER, question=hawaii))
    assert await changes(told, Policy(law=LAW)) == {
        Change(*ALLOWED, Reason.QUIET_HOURS, Verdict.WAIT, 1)
    }


async def test_a_place_that_was_not_kept_is_anywhere_in_the_country(told: World) -> None:
    await tell_story(told)
    found = await changes(told, Policy(law=LAW))
    assert all(one.would_be is not Reason.TIME_ZONE_UNKNOWN for one in found)


async def test_what_was_decided_before_is_left_out(told: World) -> None:
    await tell_story(told)
    assert await changes(told, STRICT, at(150)) == {Change(*STOPPED, *STOPPED, 1)}
    assert await changes(told, STRICT, Instant(NOON + HOUR)) == set()


async def test_what_cannot_be_made_again_is_counted_as_unknown(told: World) -> None:
    await tell_story(told)
    await told.store.decisions.record(decision_record(8))
    found = await simulate_policy(told.services, BUSINESS, STRICT, Instant(0))
    assert found.unknown == 1


async def test_it_is_nobody_elses_business(told: World) -> None:
    await tell_story(told)
    found = await simulate_policy(told.services, RIVAL, Policy(law=TIMELESS), NOON)
    assert (found.changes, found.unknown) == ((), 0)


async def test_a_file_is_simulated_for_so_many_days(told: World) -> None:
    await tell_story(told)
    strict = '[purposes.marketing]\nassurance_min = "confirmed"\n'
    found = await simulate_policy_file(told.services, BUSINESS, strict, 30)
    assert (found.count(Verdict.ALLOW, then=True), found.count(Verdict.ALLOW, then=False)) == (1, 0)
    assert found.in_force == told.services.policy.fingerprint != found.policy
    told.clock.set(Instant(NOON + 31 * DAY))
    assert (await simulate_policy_file(told.services, BUSINESS, strict, 30)).changes == ()


@pytest.mark.parametrize(
    ("text", "days", "field"), [("", 0, "days"), ("gate = 1", 1, "policy.gate")]
)
async def test_what_cannot_be_simulated_is_refused_by_its_name(
    told: World, text: str, days: int, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await simulate_policy_file(told.services, BUSINESS, text, days)
    assert refused.value.field == field
