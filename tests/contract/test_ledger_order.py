"""When a person acted counts, not when we heard of it; at the same instant the no wins."""

from __future__ import annotations

import itertools

import pytest

from askfirst.domain.event import Assurance, EventKind
from askfirst.domain.standing import Answer
from askfirst.ports.change import Change, Item, Statement
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
from tests.support.reading import answer_of, assert_sound
from tests.support.stores import Store

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


async def test_a_stop_delivered_late_does_not_undo_a_newer_yes(store: Store) -> None:
    await commit_late(store, grant(at=at(10)), stop(at=at(5)))
    assert await answer_of(store) is Answer.GRANTED
    await assert_sound(store)


async def test_a_late_act_is_folded_with_the_history_from_before_the_store_was_opened(
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


async def test_several_late_acts_in_one_batch_are_all_folded_in_their_order(store: Store) -> None:
    await commit_late(store, grant(at=at(50)), grant(BEN, at=at(50)))
    late = [grant(at=at(20)), stop(at=at(60)), grant(at=at(55)), stop(BEN, at=at(40))]
    items = tuple(Item(acts=(act,), source_id=f"late-{n}") for n, act in enumerate(late))
    await store.ledger.commit(Change(business_id=BUSINESS, recorded_at=at(1000), items=items))
    assert await answer_of(store, ANA) is Answer.WITHDRAWN
    assert await answer_of(store, BEN) is Answer.GRANTED
    await assert_sound(store)


async def test_a_contact_made_and_told_in_any_order_in_one_change_stands_the_same(
    store: Store,
) -> None:
    acts = (grant(at=at(30)), stop(at=at(20)), refuse(at=at(10)))
    await store.ledger.commit(change(*acts, at=at(1000)))
    assert await answer_of(store) is Answer.GRANTED
    await assert_sound(store)


STORY = (
    grant(at=at(1)),
    refuse(at=at(2)),
    statement(EventKind.SUSPENDED, at=at(3)),
    grant(at=at(3), purposes=("marketing", "utility")),
    statement(EventKind.NATIVE_STOPPED, at=at(4), purposes=MARKETING),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(STORY))))[::9])
async def test_the_order_of_arrival_does_not_matter(store: Store, order: tuple[int, ...]) -> None:
    await commit_late(store, *[STORY[place] for place in order])
    assert await answer_of(store) is Answer.SUSPENDED
    await assert_sound(store)


async def test_an_asserted_yes_never_lifts_a_no(store: Store) -> None:
    claim = grant(at=at(10), assurance=Assurance.ASSERTED)
    await commit_late(store, stop(at=at(5)), claim)
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)
