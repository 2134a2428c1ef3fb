"""An event with everything that came in with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from askfirst.domain.consent.event import Event
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import DecisionId


class EvidenceState(StrEnum):
    """What became of what was given to prove an event."""

    NONE = "none"
    KEPT = "kept"
    ALTERED = "altered"
    """It is not what the event's hash commits to."""
    ERASED = "erased"
    """The person was erased, and with them what named them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSheet:
    """An event, the words that were shown, what was given to prove it, and what rested on it.

    `evidence` is JSON values where it is JSON, or else a text; `names` are those of the person
    now, and empty where nobody asked for them.
    """

    event: Event
    words: PromptVersion | None
    evidence: Any
    state: EvidenceState
    names: tuple[Alias, ...]
    decisions: tuple[DecisionId, ...]

    @property
    def witness(self) -> Any:
        """Who took the answer down, where somebody did."""
        return self._part("witness")

    @property
    def note(self) -> str | None:
        """What an operator wrote beside it."""
        return self._text("note")

    @property
    def typed(self) -> str | None:
        """What the person wrote in the chat, where that is what was acted on."""
        return self._text("words")

    def _text(self, name: str) -> str | None:
        part = self._part(name)
        return part if isinstance(part, str) else None

    def _part(self, name: str) -> Any:
        return self.evidence.get(name) if isinstance(self.evidence, dict) else None
