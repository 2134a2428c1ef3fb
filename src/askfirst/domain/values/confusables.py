"""Text that is what it looks like: no hidden characters, no letters that pass for others.

A name such as "Раypal" with two Cyrillic letters, or one that turns the reading direction, makes
a person agree to somebody else's messages. Source: Unicode UTS 39 (mixed scripts), UAX 9.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from askfirst.domain.values.errors import InvalidInput

NAME_LENGTH_MAX: Final = 100
FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

_ISOLATES: Final = re.compile(f"{FIRST_STRONG_ISOLATE}[^\u2066-\u2069]*{POP_ISOLATE}")
# Invisible, but not in the category Cf: fillers, joiners, selectors, the empty Braille cell.
_FILLERS: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_JOINERS: Final = "\u200c\u200d"
_EMOJI_SELECTOR: Final = "\ufe0f"
_SPACES: Final = " \u00a0\u202f\u3000"
_HIDING: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Scripts whose letters pass for one another's.
_ALIKE: Final = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN", "LISU"})
# Letters that are written joined: there, a joiner changes what is seen.
_JOINED: Final = (
    *("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA"),
    *("TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN"),
)
_PASS_FOR_LATIN: Final = frozenset("асеорхуіјѕԁһԛԝӏкАВЕЗІЈКМНОРСТУХЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ")
# Legal forms and initials such as ООО, written beside Latin names every day.
_CAPITALS_MAX: Final = 3
_DRESSED_UP = ("MATHEMATICAL", "CIRCLED", "NEGATIVE", "SQUARED", "PARENTHESIZED", "MODIFIER")
_MARKS_MAX: Final = 3
_NAMES_KEPT: Final = 1024


def hidden_characters(text: str) -> tuple[str, ...]:
    """Name the characters that a reader cannot see; whole isolates around a word are no trick."""
    for whole in _ISOLATES.findall(text):
        text = text.replace(whole, whole[1:-1])
    found = (_name(char) for at, char in enumerate(text) if _is_hidden(text, at))
    return tuple(dict.fromkeys(found))


def mixed_words(text: str) -> tuple[str, ...]:
    """Return the words whose letters come from scripts that pass for one another."""
    found = (word for word in _words(text) if len(_scripts(word) & _ALIKE) > 1)
    return tuple(dict.fromkeys(found))


def check_name(text: str, field: str) -> str:
    """Return the name of a business back where it is what it looks like."""
    fault = _first_fault(text)
    if fault is not None:
        raise InvalidInput(field, fault)
    return text


@lru_cache(maxsize=_NAMES_KEPT)
def _first_fault(text: str) -> str | None:
    return next(name_faults(text), None)


def name_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with a name that is shown to people, each as what would be right."""
    if not text.strip() or len(text) > NAME_LENGTH_MAX:
        yield f"must be the name that customers know, {NAME_LENGTH_MAX} characters at most"
    if text != text.strip() or re.search(r"[^\S \u3000]", text):
        yield "must not have other white space than single spaces inside"
    if "{" in text or "}" in text:
        yield "must not hold { or }"
    if hidden := (*hidden_characters(text), *map(_name, re.findall("[\u2066-\u2069]", text))):
        yield "must not hold characters that cannot be seen: " + ", ".join(dict.fromkeys(hidden))
    if mixed := (*mixed_words(text), *_disguised(text)):
        yield "must not mix letters that look like those of another script: " + ", ".join(mixed)
    if any(_letter_kind(char) in _DRESSED_UP for char in text):
        yield "must be written in ordinary letters"
    if re.search(r"(?:\S)" + f"[\u0300-\u036f]{{{_MARKS_MAX},}}", text):
        yield "must not pile up marks on a letter"


def _is_hidden(text: str, at: int) -> bool:
    char = text[at]
    if char == "\n" or char in _SPACES:
        return False
    before = text[at - 1] if at else ""
    if char in _JOINERS:
        return not _joins(before) and not _is_symbol(before)
    if char == _EMOJI_SELECTOR:
        return not (_is_symbol(before) or before in "#*0123456789©®")
    kind = unicodedata.category(char)
    return kind in _HIDING or kind == "Zs" or _FILLERS.match(char) is not None


def _joins(char: str) -> bool:
    return bool(char) and unicodedata.name(char, "").startswith(_JOINED)


def _is_symbol(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) in ("So", "Sk") or char == _EMOJI_SELECTOR)


def _disguised(text: str) -> Iterator[str]:
    """Beside Latin words, a word that could be Latin letter by letter is a disguise."""
    words = _words(text)
    if not any(_scripts(word) == {"LATIN"} for word in words):
        return
    for word in words:
        is_short = len(word) == 1 or (word.isupper() and len(word) <= _CAPITALS_MAX)
        if not is_short and _PASS_FOR_LATIN.issuperset(_letters(word)):
            yield word


def _words(text: str) -> list[str]:
    """Cut a text into words; a mark belongs to its letter, or it would cut a disguise in two."""
    letters = (char if unicodedata.category(char)[0] in "LM" else " " for char in text)
    return "".join(letters).split()


def _letters(word: str) -> str:
    return "".join(char for char in word if unicodedata.category(char)[0] == "L")


def _scripts(word: str) -> set[str]:
    return {_letter_kind(char) for char in word}


@cache
def _letter_kind(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
