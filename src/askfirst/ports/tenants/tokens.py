"""Texts that we give away and know again: signed, so that nobody can make or change one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol


class TokenKind(StrEnum):
    """What a token is for; one kind never passes for another."""

    PROMPT = "prompt"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    THANKS = "thanks"
    CODE = "code"
    MEDIA = "media"
    UPLOAD = "upload"


class Tokens(Protocol):
    """Signs and reads tokens. They are not secret: what is in one can be read by whoever has it."""

    def sign(self, kind: TokenKind, fields: Mapping[str, Any]) -> str:
        """Write fields (JSON values) as a token, safe in URLs and forms."""
        ...

    def read(self, kind: TokenKind, text: str) -> Mapping[str, Any]:
        """Return the fields back; InvalidInput where we did not sign exactly this."""
        ...


class HasTokens(Protocol):
    """Whatever brings prompt tokens along."""

    @property
    def tokens(self) -> Tokens:
        """Prompt tokens."""
        ...
