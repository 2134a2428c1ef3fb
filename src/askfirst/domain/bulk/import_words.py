"""The words of tables: what columns are called, and what stands in them, in many languages.

A header and a cell are compared as plain words: small letters, no marks, no punctuation. The words
come from outside, as data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN: Final = re.compile(r"[\W_]+")
_SYMBOLS: Final = {
    **dict.fromkeys("✓✔☑✅", " yes "),
    **dict.fromkeys("✗✘☒❌✖", " no "),
}
"""What stands for a tick or a cross, and for nothing else."""
_LATIN: Final = re.compile(r"[a-z0-9 ]+")


class Concept(StrEnum):
    """What a word is about."""

    PHONE = "phone"
    NUMBER = "number"
    MOBILE = "mobile"
    FAX = "fax"
    COUNTRY = "country"
    CALLING_CODE = "calling_code"
    CONSENT = "consent"
    OPT_OUT = "opt_out"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    SMS = "sms"
    CHANNEL = "channel"
    DATE = "date"
    STOPPED_AT = "stopped_at"
    ENDS_AT = "ends_at"
    WORDING = "wording"
    METHOD = "method"
    COLLECTED_BY = "collected_by"
    LOCALE = "locale"
    NOTE = "note"
    UNRELATED = "unrelated"
    TOTAL = "total"
    YES = "yes"
    NO = "no"
    UNASKED = "unasked"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The file of one product: known by columns that only it has together.

    `columns` tell what they hold, by their names in plain words; `unread` are about something else
    than they seem. `no_is_unasked`: its *no* may be of somebody who was never asked.
    """

    name: str
    needs: tuple[str, ...]
    columns: Mapping[str, str]
    unread: frozenset[str] = frozenset()
    no_is_unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWords:
    """All that is known. `country_of` tells the ISO code of a country by its plain name, if any."""

    words: Mapping[Concept, frozenset[str]]
    country_of: Callable[[str], str]
    presets: tuple[Preset, ...] = ()

    def is_word(self, concept: Concept, text: str) -> bool:
        """Whether plain words are one of the concept's, as a whole."""
        return text in self.words.get(concept, frozenset())

    def has_word(self, concept: Concept, text: str) -> bool:
        """Whether one of the concept's words stands among plain words."""
        return any(_stands_in(word, text) for word in self.words.get(concept, frozenset()))

    def preset(self, name: str) -> Preset | None:
        """Return the preset of a name; None where there is none."""
        return next((one for one in self.presets if one.name == name), None)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Write words plainly, so that spellings of one compare as equal."""
    text = "".join(_SYMBOLS.get(char, char) for char in text[:300])
    text = unicodedata.normalize("NFKD", _HUMP.sub(" ", text)).casefold()
    text = "".join(char for char in text if not _is_mark(char))
    return _BETWEEN.sub(" ", text).strip()


def _is_mark(char: str) -> bool:
    """Whether it is an accent, or says only how others are shown."""
    return unicodedata.category(char) in ("Mn", "Cf")


def _stands_in(word: str, text: str) -> bool:
    """Whole words in scripts that part words with blanks; anywhere in the others."""
    if _LATIN.fullmatch(word):
        return f" {word} " in f" {text} "
    return word in text
