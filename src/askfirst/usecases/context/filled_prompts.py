"""Questions that were filled in before: the same content gives the same words, so they are kept.

What they are made of is looked up each time, so nothing that another process changes is missed: a
published revision never changes, and name and country of the business are part of the content.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.values.ids import BusinessId

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


class HasFilledPrompts(Protocol):
    """Whatever brings questions along that were filled in before."""

    @property
    def filled_prompts(self) -> FilledPrompts:
        """Questions that were filled in before."""
        ...
