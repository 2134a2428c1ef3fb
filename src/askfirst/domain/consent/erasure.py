"""Erasing a person, and finding them in what was kept as it came.

GDPR, Article 17 (erasure), with its grounds, and Articles 15 and 20 (access, portability).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.phone import spellings


class EraseReason(StrEnum):
    """Why a person is erased. A closed list: a free text would be personal data that stays."""

    REQUESTED = "requested"
    """They asked for it: they withdraw consent or object (GDPR, Article 17(1)(b) and (c))."""
    NOT_NEEDED = "not_needed"
    """Their data is no longer needed (Article 17(1)(a))."""
    UNLAWFUL = "unlawful"
    """Their data should never have been taken, for example a bought list (Article 17(1)(d))."""
    LEGAL_OBLIGATION = "legal_obligation"
    """A law or an authority demands it (Article 17(1)(e))."""
    CHILD = "child"
    """They were a child when their data was taken (Article 17(1)(f))."""


class PersonMarks:
    """How the names of one person look in a body that was kept as it came.

    Numbers are found in all their spellings, with what people put between digits, and inside Meta's
    message ids, which hold the number in base64.
    """

    def __init__(self, names: Iterable[Alias]) -> None:
        numbers: set[str] = set()
        ids: set[str] = set()
        for name in names:
            if name.is_number:
                numbers.update(spellings(name.value))
            else:
                ids.add(name.value)
        parts = [b"[^0-9]{0,2}".join(digit.encode() for digit in one) for one in sorted(numbers)]
        parts += [re.escape(text) for one in sorted(numbers) for text in _in_base64(one.encode())]
        parts += [re.escape(one.encode()) for one in sorted(ids)]
        self._pattern = re.compile(b"|".join(parts)) if parts else None

    def are_in(self, content: bytes) -> bool:
        """Return whether the person is named there."""
        return self._pattern is not None and self._pattern.search(content) is not None

    def only_theirs(self, value: Any) -> Any:
        """Return JSON without the entries of its lists that do not name the person.

        So a delivery that tells of several people can be shown to one of them (GDPR, Article
        15(4)).
        """
        if isinstance(value, dict):
            return {key: self.only_theirs(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.only_theirs(part) for part in value if self.are_in(_text(part))]
        return value


def without_person(value: Any, marks: PersonMarks, nodes: frozenset[str]) -> Any:
    """Return a delivery of Meta's without what it tells one business of a person.

    `nodes` are the business's accounts and numbers; what is for others stays as it is.
    """
    if not isinstance(value, dict) or not isinstance(value.get("entry"), list):
        return value
    entries = [_entry_without(entry, marks, nodes) for entry in value["entry"]]
    return {**value, "entry": entries}


def _entry_without(entry: Any, marks: PersonMarks, nodes: frozenset[str]) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
        return entry
    is_own = str(entry.get("id")) in nodes
    changes = [
        change
        for change in entry["changes"]
        if not ((is_own or _number_of(change) in nodes) and marks.are_in(_text(change)))
    ]
    return {**entry, "changes": changes}


def _number_of(change: Any) -> str:
    value = change.get("value") if isinstance(change, dict) else None
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return str(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""


def _text(value: Any) -> bytes:
    """Write a part of a JSON document, to be looked through."""
    return json.dumps(value, ensure_ascii=False).encode()


def _in_base64(content: bytes) -> list[bytes]:
    """Return what base64 makes of bytes in the midst of others: three alignments."""
    found = []
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + content)
        found.append(encoded[-(-before * 8 // 6) : (before + len(content)) * 8 // 6])
    return found
