"""The question that was asked, or the notice that was shown, word for word.

A published version never changes: its name is the hash of its content, so an event that
carries the hash proves what was shown. Drafts and catalogues live elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NewType

from askfirst.domain.values.errors import InvalidInput

PromptHash = NewType("PromptHash", str)
"""`sha256:` and 64 hexadecimal digits."""

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2}|_[0-9]{3})?", re.ASCII)
_HASH = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_TEXT_MAX = 4096
_HASHES_KEPT = 1024
_SHOWABLE = re.compile(r"[^\0\ud800-\udfff]*")  # the rest is shown nowhere and kept by no store


class PromptKind(StrEnum):
    """Whether something is asked. A notice informs, and has no answer but a no."""

    QUESTION = "question"
    NOTICE = "notice"


class Surface(StrEnum):
    """Where the question is asked, or where the answer came from."""

    SIGNUP = "signup"
    LOGIN = "login"
    CODE = "code"
    ORDER = "order"
    QR = "qr"
    LINK = "link"
    CHAT = "chat"
    PREFERENCES = "preferences"
    PHONE = "phone"
    PAPER = "paper"
    IMPORT = "import"
    API = "api"


OPEN_SURFACES: Final = frozenset({Surface.SIGNUP, Surface.LOGIN, Surface.CODE, Surface.ORDER})
"""Where whoever opens the page is asked. What is read out, printed, sent into a chat or shown to
one person only has its own way in; from a stranger's browser it would be a forgery."""


NOTICE_SURFACES: Final = frozenset({Surface.SIGNUP, Surface.LOGIN, Surface.ORDER})
"""Where a notice is shown: on pages where people leave their number, read it, and can say no."""

CHAT_SURFACES: Final = frozenset({Surface.CHAT, Surface.ORDER})
"""Asked in the chat itself, or sent there later, as after an order."""

_TAGS: Final = {
    PromptKind.QUESTION: b"askfirst/prompt/1",
    PromptKind.NOTICE: b"askfirst/notice/1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptVersion:
    """One wording of one question or notice in one language, as a person saw it."""

    key: str
    locale: str
    surface: Surface
    purposes: tuple[str, ...]
    text: str
    kind: PromptKind = PromptKind.QUESTION

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise InvalidInput(
                "prompt.key", "must be lower-case letters, digits, - or _, 64 at most"
            )
        if self.kind is PromptKind.NOTICE and self.surface not in NOTICE_SURFACES:
            raise InvalidInput("prompt.surface", "of a notice must be signup, login or order")
        if not _LOCALE.fullmatch(self.locale):
            raise InvalidInput("prompt.locale", "must be a locale such as fr or pt_BR")
        if not self.text.strip() or len(self.text) > _TEXT_MAX:
            raise InvalidInput(
                "prompt.text", f"must be the words shown, {_TEXT_MAX} characters at most"
            )
        if not _SHOWABLE.fullmatch(self.text):
            raise InvalidInput("prompt.text", "must not hold NUL or half a character")

    @property
    def hash(self) -> PromptHash:
        """Name the version by its content: equal content, equal name, on every machine.

        The tag in front tells the kind: no notice has the name of a question.
        """
        return _hash_of(self)


@lru_cache(maxsize=_HASHES_KEPT)
def _hash_of(version: PromptVersion) -> PromptHash:
    parts = (version.key, version.locale, version.surface.value, *version.purposes, version.text)
    digest = hashlib.sha256(_TAGS[version.kind])
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return PromptHash("sha256:" + digest.hexdigest())


def parse_prompt_hash(text: str, field: str) -> PromptHash:
    """Check the shape of a prompt version's name."""
    if not _HASH.fullmatch(text):
        raise InvalidInput(field, "must be a prompt version: sha256: and 64 hexadecimal digits")
    return PromptHash(text)
