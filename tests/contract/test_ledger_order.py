"""A no ends what was recorded before it; a yes lifts a no if it was recorded and said later."""

from __future__ import annotations

import itertools

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import Assurance, EventKind, Source
from askfirst.domain.consent.standing import EVERYTHING, Answer
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from tests.support.builders import (
    ANA,
    BEN,
    BUSINESS,
    MARKETING,
    change,
    grant,
    refuse,
    statement,
    stop,
)
from tests.support.clocks import at
from tests.support.reading import answer_of, assert_sound, standing_of

MICROSECOND = 0.000001


async def commit_late(store: Store, *acts: Statement) -> None:
    """Each in a change of its own, all recorded at the end of the story."""
    for act in acts:
        await store.ledger.commit(change(act, at=at(1000)))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("no", [refuse, stop])
async def test_a_yes_and_a_no_at_the_same_instant_are_a_no(
    store: Store, order: tuple[int, int], no: type
) -> None:
    acts = (grant(at=at(5)), no(at=at(5)))
    await commit_late(store, *[acts[place] for place in order])
    assert await answer_of(store) in (Answer.REFUSED, Answer.WITHDRAWN)
    await assert_sound(store)


async def test_one_microsecond_decides(store: Store) -> None:
    await commit_late(store, stop(at=at(5)), grant(at=at(5 + MICROSECOND)))
    assert await answer_of(store) is Answer.GRANTED
    await commit_late(store, stop(at=at(5 + 2 * MICROSECOND)))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_an_old_yes_delivered_late_does_not_override_a_newer_no(store: Store) -> None:
    await commit_late(store, stop(at=at(10)), grant(at=at(5)))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_a_stop_delivered_late_ends_a_newer_yes_and_says_so(store: Store) -> None:
    await commit_late(store, grant(at=at(10)), stop(at=at(5)))
    assert await answer_of(store) is Answer.WITHDRAWN
    no = (await standing_of(store)).scopes[EVERYTHING].no
    assert no is not None
    assert no.ended == at(10)
    await assert_sound(store)


async def test_after_a_late_stop_the_person_can_say_yes_again(store: Store) -> None:
    await commit_late(store, grant(at=at(10)), stop(at=at(5)), grant(at=at(11)))
    assert await answer_of(store) is Answer.GRANTED


async def test_a_yes_from_a_clock_that_was_a_day_ahead_does_not_outlast_a_stop(
    store: Store,
) -> None:
    """The clock ran ahead for a moment and was put right: the stop is said long before the yes."""
    day = 24 * 60 * 60
    await store.ledger.commit(change(grant(at=at(day)), at=at(day)))
    await store.ledger.commit(change(stop(at=at(20)), at=at(20)))
    assert await answer_of(store) is Answer.WITHDRAWN


@pytest.mark.parametrize("source", [Source.IMPORT, Source.HISTORY])
async def test_history_is_folded_by_time(store: Store, source: Source) -> None:
    await commit_late(store, grant(at=at(10)), stop(at=at(5), source=source))
    assert await answer_of(store) is Answer.GRANTED
    await commit_late(store, stop(at=at(15), source=source))
    assert await answer_of(store) is Answer.WITHDRAWN
    await commit_late(store, grant(at=at(20), source=source))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_late_acts_count_by_when_they_were_recorded_and_when_they_were_said(
    store: Store,
) -> None:
    story = (grant(at=at(1)), stop(at=at(20)), grant(at=at(30), purposes=("utility",)))
    await commit_late(store, *story)
    await commit_late(store, grant(at=at(25)))
    assert await answer_of(store) is Answer.GRANTED
    await commit_late(store, refuse(at=at(26)))
    assert await answer_of(store) is Answer.REFUSED
    assert await answer_of(store, purpose="utility") is Answer.GRANTED
    await assert_sound(store)


async def test_several_late_acts_in_one_batch_all_count(store: Store) -> None:
    await commit_late(store, grant(at=at(50)), grant(BEN, at=at(50)))
    late = [grant(at=at(20)), stop(at=at(60)), grant(at=at(55)), stop(BEN, at=at(40))]
    items = tuple(WriteEntry(acts=(act,), source_id=f"late-{n}") for n, act in enumerate(late))
    await store.ledger.commit(WriteBatch(business_id=BUSINESS, recorded_at=at(1000), items=items))
    assert await answer_of(store, ANA) is Answer.WITHDRAWN
    assert await answer_of(store, BEN) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_in_one_change_the_order_of_its_acts_is_that_of_recording(store: Store) -> None:
    acts = (stop(at=at(20)), grant(at=at(30)), refuse(at=at(10), purposes=("utility",)))
    await store.ledger.commit(change(*acts, at=at(1000)))
    assert await answer_of(store) is Answer.GRANTED
    assert await answer_of(store, purpose="utility") is Answer.REFUSED
    await assert_sound(store)


STORY = (
    grant(at=at(1)),
    refuse(at=at(2)),
    statement(EventKind.SUSPENDED, at=at(3)),
    grant(at=at(3), purposes=("marketing", "utility")),
    statement(EventKind.NATIVE_STOPPED, at=at(4), purposes=MARKETING),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(STORY))))[::9])
async def test_no_order_of_arrival_allows_what_was_stopped(
    store: Store, order: tuple[int, ...]
) -> None:
    await commit_late(store, *[STORY[place] for place in order])
    assert await answer_of(store) in {Answer.SUSPENDED, Answer.REFUSED}
    await assert_sound(store)


async def test_an_asserted_yes_never_lifts_a_no(store: Store) -> None:
    claim = grant(at=at(10), assurance=Assurance.ASSERTED)
    await commit_late(store, stop(at=at(5)), claim)
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)
