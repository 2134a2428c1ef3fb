"""What differs between two wordings of a question, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from askfirst.domain.prompts.catalogue import Prompt, Wording

_WORDS: Final = re.compile(
    r"\{\w+\}|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u0e00-\u0e7f\u3040-\u30ff"
    r"\u3400-\u9fff\uac00-\ud7af]+|\s+|.",
    re.DOTALL,
)
"""A place to fill in, a sign of a script without spaces, a word, or what is between words."""
FIELDS: Final = tuple(field.name for field in fields(Wording))


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of text that was kept, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of one language that differs: its pieces in the order of reading."""

    locale: str
    field: str
    pieces: tuple[DiffPiece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptChanges:
    """All that differs between two versions of a question; languages by their locale."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    fields: tuple[FieldChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.fields)


def changes_between(before: Prompt, after: Prompt) -> PromptChanges:
    """Compare two versions of a question; a language that is new is told once, not word by word."""
    both = [locale for locale in after.wordings if locale in before.wordings]
    return PromptChanges(
        added=tuple(locale for locale in after.wordings if locale not in before.wordings),
        removed=tuple(locale for locale in before.wordings if locale not in after.wordings),
        fields=tuple(
            FieldChange(locale=locale, field=name, pieces=tuple(_pieces(old, new)))
            for locale in both
            for name in FIELDS
            if (old := getattr(before.wordings[locale], name))
            != (new := getattr(after.wordings[locale], name))
        ),
    )


def _pieces(before: str, after: str) -> Iterator[DiffPiece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield DiffPiece(Change.KEPT, "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield DiffPiece(Change.REMOVED, "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield DiffPiece(Change.ADDED, "".join(new[new_from:new_to]))
