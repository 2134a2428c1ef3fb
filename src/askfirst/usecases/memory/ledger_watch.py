"""What this process knows to be wrong with the ledger, and so for whom sends are held.

In memory only, and asked before every send. Where it was found and how it ends is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from askfirst.domain.transparency.ledger_check import EVERY_BUSINESS, Damage, LedgerState
from askfirst.domain.values.ids import BusinessId

_MOST = 100
"""How much damage is remembered of one business: it is held by the first."""


class LedgerWatch:
    """Damage by business. `tell` hears of each once, while it is there."""

    def __init__(self, tell: Callable[[Damage], None]) -> None:
        self._tell = tell
        self._damages: tuple[Damage, ...] = ()
        self._states: dict[BusinessId, LedgerState] = {}
        self._of_all: LedgerState = LedgerState.SOUND
        self._looked_at: set[BusinessId] = set()

    def state(self, business_id: BusinessId) -> LedgerState:
        """Return how the ledger of a business is."""
        if not self._damages:
            return LedgerState.SOUND
        own = self._states.get(business_id, LedgerState.SOUND)
        return self._of_all if own is LedgerState.SOUND else own

    def damages(self, business_id: BusinessId | None = None) -> tuple[Damage, ...]:
        """Return all damage, or that of one business (or of the whole database)."""
        if business_id is None:
            return self._damages
        return tuple(one for one in self._damages if one.business_id == business_id)

    def has_to_look(self, business_id: BusinessId) -> bool:
        """Return whether the kept head was not yet found in the database."""
        return business_id not in self._looked_at

    def looked_at(self, business_id: BusinessId) -> None:
        """The kept head was found; it is looked for again after `look_again`."""
        self._looked_at.add(business_id)

    def look_again(self) -> None:
        """A database may be restored while a server runs: look for every head anew."""
        self._looked_at.clear()

    def note(self, damages: Iterable[Damage]) -> None:
        """Add what was found."""
        self.replace(self._damages, (*self._damages, *damages))

    def replace(self, old: Iterable[Damage], new: Iterable[Damage]) -> None:
        """Forget what is mended, and add what was found."""
        gone = set(old)
        kept = [one for one in self._damages if one not in gone]
        before, counts = set(self._damages), dict[BusinessId, int]()
        merged: list[Damage] = []
        for one in dict.fromkeys((*kept, *new)):
            counts[one.business_id] = counts.get(one.business_id, 0) + 1
            if counts[one.business_id] <= _MOST:
                merged.append(one)
        self._damages = tuple(merged)
        self._states = {one.business_id: one.state for one in merged}
        behind = {one.business_id: one.state for one in merged if one.state is LedgerState.BEHIND}
        self._states |= behind
        self._of_all = self._states.get(EVERY_BUSINESS, LedgerState.SOUND)
        for one in merged:
            if one not in before:
                self._tell(one)


class HasLedgerWatch(Protocol):
    """Whatever brings what is known to be wrong with the ledger along."""

    @property
    def watch(self) -> LedgerWatch:
        """What is known to be wrong with the ledger."""
        ...
