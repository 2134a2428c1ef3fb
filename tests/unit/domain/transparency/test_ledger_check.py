"""Gaps, the head, and what is said of damage."""

from __future__ import annotations

import pytest

from askfirst.domain.transparency.ledger_check import (
    Damage,
    DamageKind,
    Gap,
    Head,
    LedgerState,
    extend,
    gaps_between,
)
from askfirst.domain.values.ids import BusinessId, Position


def leaves(*positions: int) -> list[tuple[Position, bytes]]:
    return [(Position(one), bytes([one]) * 32) for one in positions]


@pytest.mark.parametrize(
    ("after", "there", "upto", "gaps"),
    [
        (0, [1, 2, 3], 3, []),
        (0, [], 0, []),
        (0, [2, 3], 3, [Gap(1, 1)]),
        (0, [1, 4], 4, [Gap(2, 3)]),
        (0, [1, 2], 5, [Gap(3, 5)]),
        (7, [9], 12, [Gap(8, 8), Gap(10, 12)]),
        (3, [], 5, [Gap(4, 5)]),
    ],
)
def test_what_is_missing_is_named(after: int, there: list[int], upto: int, gaps: list[Gap]) -> None:
    assert gaps_between(after, there, upto) == gaps


@pytest.mark.parametrize(
    ("accepted", "gaps"),
    [
        ([Gap(4, 6)], []),
        ([Gap(1, 9)], []),
        ([Gap(5, 5)], [Gap(4, 4), Gap(6, 6)]),
        ([Gap(6, 6), Gap(4, 4)], [Gap(5, 5)]),
        ([Gap(1, 4)], [Gap(5, 6)]),
        ([Gap(7, 9)], [Gap(4, 6)]),
    ],
)
def test_what_was_accepted_is_not_missing(accepted: list[Gap], gaps: list[Gap]) -> None:
    assert gaps_between(0, [1, 2, 3, 7], 7, accepted) == gaps


def test_a_head_is_the_same_in_whatever_steps_it_is_made() -> None:
    assert extend(extend(Head(), leaves(1, 2)), leaves(3)) == extend(Head(), leaves(1, 2, 3))
    assert extend(Head(), leaves(1, 2, 3)).position == 3
    assert extend(Head(), []) == Head()


@pytest.mark.parametrize("other", [leaves(1, 3), leaves(2, 3), leaves(1, 2, 4)])
def test_another_past_leads_to_another_head(other: list[tuple[Position, bytes]]) -> None:
    assert extend(Head(), other).history != extend(Head(), leaves(1, 2, 3)).history


@pytest.mark.parametrize("kind", DamageKind)
def test_every_damage_is_said_in_a_sentence(kind: DamageKind) -> None:
    damage = Damage(kind=kind, business_id=BusinessId("acme"), first=3, last=5, what="con_1")
    assert "{" not in str(damage)
    assert damage.state in (LedgerState.BEHIND, LedgerState.ALTERED)


def test_one_position_is_said_as_one() -> None:
    kind, acme = DamageKind.BEHIND_HEAD, BusinessId("acme")
    one = Damage(kind=kind, business_id=acme, first=3, last=3)
    more = Damage(kind=kind, business_id=acme, first=3, last=5)
    assert str(one).startswith("position 3 of acme is missing")
    assert str(more).startswith("positions 3 to 5 of acme are missing")
