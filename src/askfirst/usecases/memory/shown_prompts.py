"""What a process remembers of questions: how often they were shown, and what was filled in.

How often is counted in memory, and written down every few seconds. A question is shown without a
write where anybody may look at it, so nothing else tells of it. What a process has not written down
yet when it is killed is lost: some seconds of looks, no answer.

The same content gives the same words, so they are kept. What they are made of is looked up each
time, so nothing that another process changes is missed: a published revision never changes, and
name and country of the business are part of the content.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.ids import BusinessId

_WORDINGS_MAX: Final = 10_000
_KEPT_MAX: Final = 4096


class Content(NamedTuple):
    """All that the words of a question depend on in one process.

    `owner` is nobody where `revision` is that of a question that comes with askfirst.
    """

    owner: BusinessId | None
    key: str
    revision: int
    locale: str
    filling: Filling
    country: str


class FilledPrompts:
    """The questions of one process. Those that speak of one order are not kept: they are used once.

    Only what may be shown belongs here.
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[Content, FilledPrompt] = {}

    def find(self, content: Content) -> FilledPrompt | None:
        """Return what was filled in before; None where it was not, or is kept no more."""
        return self._kept.get(content)

    def keep(self, content: Content, filled: FilledPrompt) -> None:
        """Keep a question, in place of the one that was kept first where there are very many."""
        if content.filling.order:
            return
        if len(self._kept) >= _KEPT_MAX:
            del self._kept[next(iter(self._kept))]
        self._kept[content] = filled


class ShownPrompts:
    """The count of one process, for all businesses, and the words that it filled in before."""

    __slots__ = ("_counts", "filled")

    def __init__(self) -> None:
        self.filled = FilledPrompts()
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
    """Whatever brings along what is remembered of questions."""

    @property
    def shown_prompts(self) -> ShownPrompts:
        """How often questions were shown, and with which words."""
        ...
