"""A no that came late and ended a newer yes is listed, until thirty days later; nothing else is."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.stats.figures import FORMAT
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.consent.change import Statement
from askfirst.ports.stats.statistics import ListedLateStop
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.stats.follow_ledger import begin_build, follow_stretch, take_over
from askfirst.usecases.stats.list_late_stops import count_late_stops, list_late_stops
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    RIVAL,
    acquaintance,
    change,
    grant,
    person,
    refuse,
    stop,
)
from tests.support.clocks import at
from tests.support.counting import count_ledger
from tests.support.reading import contact_of
from tests.support.services import World

EARLIER, LATER = at(-3600), at(-60)


async def listed(world: World, business: BusinessId = BUSINESS) -> list[ListedLateStop]:
    await count_ledger(world.services, business)
    found = await list_late_stops(world.services, business, None, 50)
    assert found is not None
    assert await count_late_stops(world.services, business) == len(found)
    return list(found)


async def come_late(world: World, *names: Alias) -> None:
    """A yes is recorded, and then a stop that was said before it."""
    await world.services.ledger.commit(change(grant(*names, at=LATER)))
    await world.services.ledger.commit(change(stop(*names, at=EARLIER, purposes=("marketing",))))


async def test_a_late_stop_is_listed_with_what_it_ended(world: World) -> None:
    await come_late(world, ANA)
    ((late, names),) = await listed(world)
    assert (late.contact_id, late.position) == (await contact_of(world.store, ANA), 2)
    assert (late.said_at, late.purposes) == (EARLIER, ("marketing",))
    assert late.recorded_at >= LATER
    assert names == (ANA,)


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param([stop(at=EARLIER), grant(at=LATER)], id="the yes came after"),
        pytest.param([grant(at=EARLIER), stop(at=LATER)], id="in order"),
        pytest.param([grant(at=EARLIER), stop(at=EARLIER)], id="at once"),
        pytest.param([stop(at=EARLIER)], id="nothing to end"),
        pytest.param(
            [grant(at=LATER), stop(at=EARLIER, purposes=("utility",))], id="another purpose"
        ),
        pytest.param([grant(at=LATER), stop(at=EARLIER, source=Source.HISTORY)], id="history"),
    ],
)
async def test_a_stop_that_ended_no_newer_yes_is_not_listed(
    world: World, acts: list[Statement]
) -> None:
    for act in acts:
        await world.services.ledger.commit(change(act))
    assert await listed(world) == []


async def test_a_refusal_of_everything_names_what_it_ended(world: World) -> None:
    both = ("marketing.offers", "utility")
    await world.services.ledger.commit(change(grant(at=LATER, purposes=both)))
    await world.services.ledger.commit(change(stop(at=EARLIER, purposes=())))
    await world.services.ledger.commit(change(refuse(at=EARLIER)))
    (one,) = await listed(world)
    assert one.stop.purposes == both


async def test_an_older_yes_that_came_in_between_hides_none(world: World) -> None:
    await world.services.ledger.commit(change(grant(at=LATER)))
    await world.services.ledger.commit(change(grant(at=at(-7200), purposes=("utility",))))
    await world.services.ledger.commit(change(stop(at=EARLIER)))
    (one,) = await listed(world)
    assert one.stop.purposes == ("marketing",)


async def test_a_later_no_does_not_make_it_forgotten(world: World) -> None:
    """The mark of the standing is that of the newest no; the list keeps each."""
    await come_late(world, ANA)
    await world.services.ledger.commit(change(stop(at=at(0))))
    assert [one.stop.position for one in await listed(world)] == [2]


@pytest.mark.parametrize(("late", "other"), [(ANA, ANA_BSUID), (ANA_BSUID, ANA)])
async def test_it_goes_with_whoever_the_person_turns_out_to_be(
    world: World, late: Alias, other: Alias
) -> None:
    """Whichever of the two contacts stays."""
    await world.services.ledger.commit(change(grant(ANA, at=EARLIER)))
    await world.services.ledger.commit(change(grant(ANA_BSUID, at=EARLIER)))
    await come_late(world, late)
    await listed(world)
    await world.services.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    (one,) = await listed(world)
    assert one.stop.contact_id == await contact_of(world.store, other)
    assert set(one.names) == {ANA, ANA_BSUID}


async def test_it_is_gone_with_the_person_at_once(world: World) -> None:
    await come_late(world, ANA)
    await come_late(world, BEN)
    await listed(world)
    order = EraseOrder(
        business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.CLI
    )
    await erase_contact(world.services, order)
    assert await count_late_stops(world.services, BUSINESS) == 1
    assert [one.names for one in await listed(world)] == [(BEN,)]


async def test_nobody_sees_those_of_another_business(world: World) -> None:
    await come_late(world, ANA)
    await world.services.ledger.commit(change(grant(BEN, at=LATER), business=RIVAL))
    await world.services.ledger.commit(change(stop(BEN, at=EARLIER), business=RIVAL))
    assert [one.names for one in await listed(world)] == [(ANA,)]
    assert [one.names for one in await listed(world, RIVAL)] == [(BEN,)]


async def test_they_are_listed_for_thirty_days(world: World) -> None:
    await come_late(world, ANA)
    world.clock.advance(29 * 24 * 3600)
    assert len(await listed(world)) == 1
    world.clock.advance(2 * 24 * 3600)
    assert await listed(world) == []


async def test_pages_have_each_once_the_newest_first(world: World) -> None:
    for number in range(1, 6):
        await come_late(world, person(number))
    whole = [one.stop for one in await listed(world)]
    assert [one.position for one in whole] == [10, 8, 6, 4, 2]
    paged, before = [], None
    while page := await list_late_stops(world.services, BUSINESS, before, 2):
        paged += [one.stop for one in page]
        before = (paged[-1].recorded_at, paged[-1].position)
    assert paged == whole


async def test_they_are_made_anew_with_the_figures(world: World) -> None:
    await come_late(world, ANA)
    whole = await listed(world)
    builds = await world.services.statistics.builds(BUSINESS)
    again = await begin_build(world.services, BUSINESS, builds, "UTC")
    await follow_stretch(world.services, again, 100)
    assert await listed(world) == whole
    again = (await world.services.statistics.builds(BUSINESS))[-1]
    await take_over(world.services, again)
    assert await listed(world) == whole
    assert (await world.services.statistics.builds(BUSINESS))[0].number == again.number


async def test_before_anything_was_counted_nobody_says_that_there_are_none(world: World) -> None:
    """Nor where figures were counted by a version that knew of no late stops."""
    await come_late(world, ANA)
    assert await list_late_stops(world.services, BUSINESS, None, 50) is None
    await count_ledger(world.services, BUSINESS)
    (build,) = await world.services.statistics.builds(BUSINESS)
    old = replace(build, number=build.number + 1, format=FORMAT - 1, is_live=False)
    assert await world.services.statistics.begin(old)
    assert await world.services.statistics.go_live(old)
    assert await list_late_stops(world.services, BUSINESS, None, 50) is None
    assert await count_late_stops(world.services, BUSINESS) == 0
