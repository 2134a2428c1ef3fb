"""Six acts in every order of arrival, told twice and told again after eight days: rule 3 holds.

A no ends every yes that was recorded before it, whenever it was said. A yes lifts a no only if it
was both recorded later and said later. Meta tells the same thing up to eight days long.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import view
from askfirst.domain.values.purpose import MARKETING, UTILITY, Purpose
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.consent.change import WriteBatch, WriteEntry
from tests.support.builders import BUSINESS, person, statement
from tests.support.clocks import FakeClock, at

ORDERS_A_BATCH = 60


@dataclass(frozen=True)
class Act:
    """What a person did, so many seconds after noon."""

    kind: EventKind
    second: int
    purposes: tuple[str, ...] = (MARKETING.name,)
    proof: NumberProof = NumberProof.PROVEN

    @property
    def is_yes(self) -> bool:
        return self.kind is EventKind.GRANTED

    def is_about(self, purpose: Purpose) -> bool:
        return not self.purposes or purpose.name in self.purposes


YES, NO, STOP = EventKind.GRANTED, EventKind.REFUSED, EventKind.WITHDRAWN
SETS = {
    "yes and no in turn": [
        Act(YES, 1),
        Act(NO, 2),
        Act(YES, 3),
        Act(STOP, 4),
        Act(YES, 5),
        Act(STOP, 6, ()),
    ],
    "the last word is a yes": [
        Act(STOP, 1, ()),
        Act(YES, 2),
        Act(STOP, 3),
        Act(YES, 4, (MARKETING.name, UTILITY.name)),
        Act(NO, 5, (UTILITY.name,)),
        Act(YES, 6),
    ],
    "at the same moment": [
        Act(YES, 1),
        Act(STOP, 1),
        Act(YES, 2),
        Act(NO, 2),
        Act(YES, 2, (UTILITY.name,)),
        Act(YES, 3, proof=NumberProof.TYPED),
    ],
}


def lets_through(recorded: Sequence[Act], purpose: Purpose) -> bool:
    """Rule 3, word for word: is there a yes that no recorded no ends, and that lifts all before?"""
    said = [(place, act) for place, act in enumerate(recorded) if act.is_about(purpose)]
    noes = [(place, act) for place, act in said if not act.is_yes]
    for place, yes in said:
        later_no = any(other > place for other, _ in noes)
        lifts = yes.proof is not NumberProof.TYPED
        lifts_all = all(lifts and yes.second > no.second for _, no in noes)
        if yes.is_yes and not later_no and lifts_all:
            return True
    return False


def told(number: int, order: Sequence[int], acts: Sequence[Act]) -> list[WriteEntry]:
    """What Meta tells of one person: each act with the id that it always has."""
    return [
        WriteEntry(
            acts=(
                statement(
                    acts[index].kind,
                    person(number),
                    at=at(acts[index].second),
                    purposes=acts[index].purposes,
                    number_proof=acts[index].proof,
                    assurance=Assurance.CONFIRMED,
                    source=Source.WEBHOOK,
                ),
            ),
            source_id=f"{number}|{index}",
            source_at=at(acts[index].second),
        )
        for index in order
    ]


@pytest.mark.parametrize("acts", SETS.values(), ids=SETS)
async def test_in_every_order_with_doubles_and_replays_rule_3_holds(
    store: Store, clock: FakeClock, acts: list[Act]
) -> None:
    orders = list(enumerate(itertools.permutations(range(len(acts))), start=1))
    clock.advance(60)
    for part in _parts(orders):
        first: list[WriteEntry] = []
        again: list[WriteEntry] = []
        for number, order in part:
            entries = told(number, order, acts)
            first += [entry for one in entries for entry in (one, one)]
            again += reversed(entries)
        now = clock.now()
        change = WriteBatch(business_id=BUSINESS, recorded_at=now, items=tuple(first))
        committed = await store.ledger.commit(change)
        assert (len(committed.events), committed.duplicates) == (len(again), len(again))
        later = Instant(now + 8 * DAY)
        replay = WriteBatch(business_id=BUSINESS, recorded_at=later, items=tuple(again))
        assert (await store.ledger.commit(replay)).events == ()
    for number, order in orders:
        contact = await store.ledger.find(BUSINESS, person(number))
        assert contact is not None
        standing = await store.ledger.standing(BUSINESS, contact)
        for purpose in (MARKETING, UTILITY):
            expected = lets_through([acts[index] for index in order], purpose)
            assert bool(view(standing, purpose).alive) == expected, (order, purpose.name)


def _parts(
    orders: list[tuple[int, tuple[int, ...]]],
) -> list[list[tuple[int, tuple[int, ...]]]]:
    return [
        orders[start : start + ORDERS_A_BATCH] for start in range(0, len(orders), ORDERS_A_BATCH)
    ]
