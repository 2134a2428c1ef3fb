"""The contract of `ports.gate.DecisionLog` about what decisions use up."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import STOP_CONFIRMATION_ONCE, Reservation
from askfirst.domain.value import replace
from askfirst.domain.values.ids import DecisionId
from askfirst.ports.sending.gate import DecisionRecord
from tests.support.builders import (
    BUSINESS,
    RIVAL,
    SENDER,
    change,
    decision,
    decision_record,
    opening,
    question,
    reservation,
    stop,
)
from tests.support.clocks import at
from tests.support.reading import contact_of
from tests.support.stores import Home

REASONS = (Reason.CODES_UNWANTED, Reason.OPT_IN_TOO_OLD, Reason.WITHDRAWN)
A, B, C = (reservation(key=key, reason=reason) for key, reason in zip("abc", REASONS, strict=True))


def using(number: int, *reservations: Reservation) -> DecisionRecord:
    return decision_record(number, decision=decision(reservations=reservations))


async def spoken(store: Store, record: DecisionRecord) -> Reason | None:
    """What speaks against a decision where it is written down."""
    objection = await store.decisions.record(record)
    assert objection is None or (not objection.allowed and objection.reservations == ())
    return objection.reason if objection else None


async def written(store: Store) -> list[DecisionId]:
    return [record.decision_id for record in await store.decisions.decisions(BUSINESS, "", 99)]


async def test_what_is_bound_to_once_is_used_once(store: Store) -> None:
    assert await store.decisions.record(using(1, A)) is None
    assert await spoken(store, using(2, A)) == A.reason
    assert await written(store) == [using(1).decision_id]


@pytest.mark.parametrize("bound", [1, 3])
async def test_of_reservations_at_once_as_many_are_made_as_the_bound_says(
    home: Home, bound: int
) -> None:
    """On PostgreSQL by two processes."""
    one = await home.open()
    other = await home.open() if home.backend == "postgres" else one
    scarce = reservation(bound=bound)
    used_up = await asyncio.gather(
        *(spoken((one, other)[number % 2], using(number, scarce)) for number in range(20))
    )
    assert used_up.count(None) == bound
    assert used_up.count(scarce.reason) == 20 - bound
    assert len(await written(one)) == bound
    await one.close()
    if other is not one:
        await other.close()


async def test_a_bound_counts_within_its_kind_key_and_business(store: Store) -> None:
    assert await store.decisions.record(using(1, A)) is None
    for number, free in enumerate((B, replace(A, kind="other")), start=2):
        assert await store.decisions.record(using(number, free)) is None
    rivals = replace(using(4, A), question=question(business_id=RIVAL))
    assert await store.decisions.record(rivals) is None


async def test_of_several_reservations_all_are_made_or_none(store: Store) -> None:
    assert await store.decisions.record(using(1, B)) is None
    assert await spoken(store, using(2, A, B, C)) == B.reason
    assert await store.decisions.record(using(3, A, C)) is None
    assert await written(store) == [using(1).decision_id, using(3).decision_id]


async def test_a_stop_is_not_confirmed_where_something_else_is_used_up(store: Store) -> None:
    await store.ledger.commit(change(opening(at=at(9))))
    said = stop(at=at(10), sender=SENDER, stop_languages=())
    position = (await store.ledger.commit(change(said))).events[-1].position
    once = reservation(kind=STOP_CONFIRMATION_ONCE, key=str(position))
    contact = await contact_of(store)
    await store.decisions.record(using(1, A))
    refused = replace(using(2, once, A), contact_id=contact)
    assert await spoken(store, refused) == A.reason
    assert await store.decisions.record(replace(using(3, once, B), contact_id=contact)) is None


async def test_in_one_batch_a_refused_decision_takes_nothing_from_the_others(store: Store) -> None:
    numbers = count(1)
    wanted = [using(next(numbers), *uses) for uses in ((A,), (B, A), (B,), (C, B), (C,), ())]
    used_up = await asyncio.gather(*(spoken(store, record) for record in wanted))
    assert used_up == [None, A.reason, None, B.reason, None, None]


async def test_a_decision_that_cannot_be_written_uses_nothing_up(store: Store) -> None:
    await store.decisions.record(using(1))
    with pytest.raises(Exception):  # noqa: B017, PT011 - each driver has its own
        await store.decisions.record(using(1, A, B))
    assert await store.decisions.record(using(2, A, B)) is None


async def test_reservations_are_read_back_with_the_decision(store: Store) -> None:
    kept = (A, replace(B, bound=7, reason=Reason.OPT_IN_TOO_OLD))
    await store.decisions.record(using(1, *kept))
    (found,) = await store.decisions.decisions(BUSINESS, "", 9)
    assert found.decision.reservations == kept


async def test_a_count_is_kept_until_it_has_ended_and_swept_after(home: Home) -> None:
    store = await home.open()
    await store.ledger.commit(change(opening(at=at(9))))
    await store.decisions.record(using(1, replace(A, ends_at=at(20))))
    await store.decisions.record(using(2, replace(B, ends_at=at(40))))
    await store.sweep(BUSINESS, at(30))
    assert await store.decisions.record(using(3, A)) is None
    assert await spoken(store, using(4, B)) == B.reason
    await store.close()


@pytest.mark.parametrize("wrong", [{"kind": ""}, {"kind": "A b"}, {"key": ""}, {"bound": 0}])
def test_a_reservation_of_nothing_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="bound of at least 1"):
        reservation(**wrong)
