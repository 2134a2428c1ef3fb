"""Names that are known to be one person's: what need not be learnt again for a while.

Three statuses come for a message, and each names the person by number and user id. Only a lesson
is saved by remembering, never an allow; and it is forgotten soon, since a number may change hands.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Final, Protocol

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import MINUTE, Instant

REMEMBERED_FOR: Final = 10 * MINUTE
_PEOPLE_MAX: Final = 20_000
_KEY: Final = attrgetter("key")


class KnownNames:
    """The memory of one process, for all businesses."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until: dict[tuple[str, ...], Instant] = {}

    def has(self, business_id: BusinessId, names: tuple[Alias, ...], now: Instant) -> bool:
        """Return whether these names were learnt together in the last ten minutes."""
        return self._until.get((business_id, *map(_KEY, names)), 0) > now

    def remember(self, business_id: BusinessId, names: tuple[Alias, ...], now: Instant) -> None:
        """Take names that the ledger knows together by now: only after it has committed them."""
        if len(self._until) >= _PEOPLE_MAX:
            self._until.clear()
        self._until[business_id, *map(_KEY, names)] = Instant(now + REMEMBERED_FOR)

    def forget(self) -> None:
        """Forget everything: some names may belong to somebody else from now on."""
        self._until.clear()


class HasKnownNames(Protocol):
    """Whatever brings names that are known to be one person's along."""

    @property
    def known_names(self) -> KnownNames:
        """Names that are known to be one person's."""
        ...
