"""How often questions were shown: counted in memory, and written down every few seconds.

A question is shown without a write where anybody may look at it, so nothing else tells of it. What
a process has not written down yet when it is killed is lost: some seconds of looks, no answer.
"""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.ids import BusinessId

_WORDINGS_MAX: Final = 10_000


class ShownPrompts:
    """The count of one process, for all businesses."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[tuple[BusinessId, PromptVersion], int] = {}

    def note(self, business_id: BusinessId, version: PromptVersion) -> None:
        """Count one look; where very many wordings wait to be written down, new ones are not."""
        place = (business_id, version)
        if place in self._counts or len(self._counts) < _WORDINGS_MAX:
            self._counts[place] = self._counts.get(place, 0) + 1

    def take(self) -> dict[BusinessId, dict[PromptVersion, int]]:
        """Return what was counted by business, and begin anew."""
        counted, self._counts = self._counts, {}
        sorted_out: dict[BusinessId, dict[PromptVersion, int]] = {}
        for (business_id, version), count in counted.items():
            sorted_out.setdefault(business_id, {})[version] = count
        return sorted_out

    def put_back(self, business_id: BusinessId, counts: dict[PromptVersion, int]) -> None:
        """Count again what could not be written down."""
        for version, count in counts.items():
            place = (business_id, version)
            self._counts[place] = self._counts.get(place, 0) + count


class HasShownPrompts(Protocol):
    """Whatever brings the count of shown questions along."""

    @property
    def shown_prompts(self) -> ShownPrompts:
        """How often questions were shown."""
        ...
