"""What a check of the ledger can find, and the head that a ledger is held against.

A leaf hash stands beside each event, so an event that was changed no longer fits its own. The head
is kept outside the database: the newest position with its leaf hash, and one hash over all leaf
hashes up to there, so that neither an older copy nor a history written anew passes for the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from askfirst.domain.values.ids import BusinessId, ContactId, Position

EVERY_BUSINESS = BusinessId("")
"""Stands where damage is to the whole database."""

LEDGER_ITSELF = ContactId("con_" + "0" * 26)
"""The contact of events that are about the ledger and about nobody; it never has a standing."""

EMPTY_HISTORY = bytes(32)
_POSITION_BYTES = 8


class LedgerState(StrEnum):
    """What the gate knows of the ledger that it decides on."""

    SOUND = "sound"
    BEHIND = "behind"
    ALTERED = "altered"


class DamageKind(StrEnum):
    """What does not fit."""

    BEHIND_HEAD = "behind_head"
    HEAD_DIFFERS = "head_differs"
    HEAD_MISSING = "head_missing"
    HEAD_UNREADABLE = "head_unreadable"
    OTHER_DATABASE = "other_database"
    HASH_DIFFERS = "hash_differs"
    EVENTS_MISSING = "events_missing"
    HISTORY_DIFFERS = "history_differs"
    STANDING_DIFFERS = "standing_differs"
    CONTACT_MISSING = "contact_missing"
    NAME_ASTRAY = "name_astray"
    GUARD_MISSING = "guard_missing"


_OF_THE_HEAD = frozenset(
    {
        DamageKind.BEHIND_HEAD,
        DamageKind.HEAD_DIFFERS,
        DamageKind.HEAD_MISSING,
        DamageKind.HEAD_UNREADABLE,
        DamageKind.OTHER_DATABASE,
    }
)

_SENTENCES = {
    DamageKind.BEHIND_HEAD: "{positions} of {business} {are} missing: the database is an older one",
    DamageKind.HEAD_DIFFERS: "position {last} of {business} is not the event that the head names",
    DamageKind.HEAD_MISSING: "the file of the head is gone: nobody knows what the newest event was",
    DamageKind.HEAD_UNREADABLE: "the file of the head cannot be read: {what}",
    DamageKind.OTHER_DATABASE: "the head is of another database: {what}",
    DamageKind.HASH_DIFFERS: "the event at position {last} of {business} was changed",
    DamageKind.EVENTS_MISSING: "{positions} of {business} {are} missing",
    DamageKind.HISTORY_DIFFERS: "events of {business} up to position {last} were written anew",
    DamageKind.STANDING_DIFFERS: "what {what} of {business} may get is not what its events say",
    DamageKind.CONTACT_MISSING: "the event at position {last} of {business} has no contact {what}",
    DamageKind.NAME_ASTRAY: "a name of {business} leads to {what}, which was merged or is gone",
    DamageKind.GUARD_MISSING: "{what}, which keeps events as they are, is missing or was changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing that does not fit; holds random ids and positions, nothing about a person.

    `first` and `last` are positions, both included; 0 where it is about none.
    """

    kind: DamageKind
    business_id: BusinessId = EVERY_BUSINESS
    first: int = 0
    last: int = 0
    what: str = ""

    @property
    def state(self) -> LedgerState:
        """Return whether the ledger is behind its head, or was altered."""
        return LedgerState.BEHIND if self.kind in _OF_THE_HEAD else LedgerState.ALTERED

    def __str__(self) -> str:
        one = self.first == self.last
        positions = f"position {self.last}" if one else f"positions {self.first} to {self.last}"
        return _SENTENCES[self.kind].format(
            positions=positions,
            are="is" if one else "are",
            business=self.business_id,
            last=self.last,
            what=self.what,
        )


class Head(NamedTuple):
    """The newest event of a business: its position, its leaf hash, the hash over all of them."""

    position: Position = Position(0)
    leaf_hash: bytes = b""
    history: bytes = EMPTY_HISTORY


class Gap(NamedTuple):
    """Positions that are missing, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """An operator's word that the ledger counts as it is, and why: what was damaged is named.

    `gaps` are positions that stay empty for ever, `leaves` changed events by position, with the
    leaf hash of what stands there now.
    """

    reason: str
    gaps: tuple[Gap, ...] = ()
    leaves: tuple[tuple[int, bytes], ...] = ()


def extend(head: Head, leaves: Iterable[tuple[Position, bytes]]) -> Head:
    """Take further leaves, in the order of their positions."""
    position, leaf_hash, history = head
    sha256 = hashlib.sha256
    for position, leaf_hash in leaves:
        named = history + position.to_bytes(_POSITION_BYTES, "big") + leaf_hash
        history = sha256(named).digest()
    return Head(position, leaf_hash, history)


def gaps_between(
    after: int, positions: Iterable[int], upto: int, accepted: Sequence[Gap] = ()
) -> list[Gap]:
    """Find what is missing after a position up to another; `positions` rise and lie between."""
    found: list[Gap] = []
    last = after
    for position in positions:
        if position != last + 1:
            found.append(Gap(last + 1, position - 1))
        last = position
    if last < upto:
        found.append(Gap(last + 1, upto))
    return [rest for gap in found for rest in _without(gap, accepted)]


def _without(gap: Gap, accepted: Sequence[Gap]) -> list[Gap]:
    """Take what was accepted out of a gap."""
    rests, first = [], gap.first
    for known in sorted(accepted):
        if known.last < first or known.first > gap.last:
            continue
        if known.first > first:
            rests.append(Gap(first, known.first - 1))
        first = known.last + 1
    if first <= gap.last:
        rests.append(Gap(first, gap.last))
    return rests
