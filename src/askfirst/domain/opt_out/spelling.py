"""One spelling of a text, so that a word is found however it was typed.

*Folded* has one spelling per letter, no case and no invisible characters; *bare* is also without
accents, and look-alike letters of Latin, Cyrillic and Greek are one. Each is one `str.translate`;
how a letter is spelled is worked out when it is first met.
Sources: Unicode UAX 15 and UTS 39.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Final

SENTENCE_END: Final = "."
QUESTION_END: Final = "?"
CLAUSE_END: Final = ","
_ENDS_IN_ORDER: Final = (SENTENCE_END, QUESTION_END, CLAUSE_END)
ENDS: Final = frozenset(_ENDS_IN_ORDER)
APOSTROPHE: Final = "'"

_APOSTROPHES: Final = frozenset("'`´’‘ʼʻ＇")
_SENTENCE_ENDS: Final = frozenset(".!;\n\r…。！；।॥؛۔")
_QUESTION_ENDS: Final = frozenset("?？؟;")
_CLAUSE_ENDS: Final = frozenset(",:()，、،：（）")
MARKS: Final = _SENTENCE_ENDS | _QUESTION_ENDS | _CLAUSE_ENDS
"""What ends a sentence or a clause, however it is written."""
# Invisible, but not in the category Cf: joiners, Hangul fillers, variation selectors; and the dot
# of Catalan.
_INVISIBLE: Final = frozenset(
    {*map(chr, range(0x180B, 0x1810)), *map(chr, range(0xFE00, 0xFE10))}
    | set("·\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
)
_LOOK_ALIKES: Final = str.maketrans(
    "асеорхуікмнтвѕјԁһԛԝαεικνορτυχζηβμοςꜱᴛᴏᴘᴜɴʙᴄʀɪᴇıłđøأإآٱىیکة",
    "aceopxyikmhtbsjdhqwaeiknoptyxzhbmoσstopunbcrieildoااااييكه",
)
_ACCENTS: Final = frozenset(
    [*map(chr, range(0x300, 0x370)), *map(chr, range(0x64B, 0x653)), "\u0640", "\u0670"]
)
# Letters in black circles and squares, which NFKC leaves alone.
_BOXED: Final = {
    start + index: chr(ord("a") + index) for start in (0x1F150, 0x1F170) for index in range(26)
}
_LETTERS_KEPT_MAX: Final = 20_000


class _Spelling(dict[int, str]):
    """A table for `str.translate` that grows by the letters it meets, up to a bound."""

    def __init__(self, spell: Callable[[str], str]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, code: int) -> str:
        spelled = self._spell(chr(code))
        if len(self) < _LETTERS_KEPT_MAX:
            self[code] = spelled
        return spelled


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKC", _BOXED.get(ord(char), char)).casefold()
    return "".join(map(_folded_letter, unicodedata.normalize("NFKC", plain)))


def _bared(char: str) -> str:
    apart = unicodedata.normalize("NFD", char.translate(_LOOK_ALIKES))
    plain = "".join(letter for letter in apart if letter not in _ACCENTS)
    return unicodedata.normalize("NFC", plain.translate(_LOOK_ALIKES))


def _folded_and_bared(char: str) -> str:
    return bare(char.translate(_FOLDING))


def _folded_letter(char: str) -> str:
    if char in _APOSTROPHES:
        return APOSTROPHE
    if char in _SENTENCE_ENDS:
        return f" {SENTENCE_END} "
    if char in _QUESTION_ENDS:
        return f" {QUESTION_END} "
    if char in _CLAUSE_ENDS:
        return f" {CLAUSE_END} "
    kind = unicodedata.category(char)
    # Me is a keycap, drawn around the letter before it.
    if kind in {"Cf", "Me"} or char in _INVISIBLE:
        return ""
    return char if kind[0] in "LMN" else " "


_FOLDING: Final = _Spelling(_folded)
_BARING: Final = _Spelling(_bared)
_BOTH: Final = _Spelling(_folded_and_bared)
_COMPATIBLE: Final = _Spelling(partial(unicodedata.normalize, "NFKC"))
# A letter for a letter, which `str.translate` does several times as fast; the ends come after.
_ASCII: Final = {code: _folded(chr(code)).strip() or " " for code in range(128)}


def normal(text: str, length_max: int) -> str:
    """Return the normal form NFKC of a text, up to a length.

    A letter may stand for eighteen: it is spelled out letter by letter, before anything is put
    together.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text[:length_max]
    return unicodedata.normalize("NFKC", text.translate(_COMPATIBLE)[:length_max])


def fold(text: str) -> str:
    """Write every letter one way; punctuation becomes words of its own: `.`, `?`, `,`."""
    if text.isascii():
        return _fold_ascii(text)
    return unicodedata.normalize("NFKC", text).translate(_FOLDING)


def spell(text: str) -> str:
    """Return the bare spelling of a text as it was typed: folded and bare, in one go."""
    return spell_normal(unicodedata.normalize("NFKC", text))


def spell_normal(text: str) -> str:
    """Return the bare spelling of a text that is in the normal form NFKC."""
    return _fold_ascii(text) if text.isascii() else text.translate(_BOTH)


def _fold_ascii(text: str) -> str:
    folded = text.translate(_ASCII)
    for end in _ENDS_IN_ORDER:
        if end in folded:
            folded = folded.replace(end, f" {end} ")
    return folded


def bare(folded: str) -> str:
    """Take accents off, and make look-alike letters of several scripts one."""
    return folded if folded.isascii() else folded.translate(_BARING)


def plain_words(text: str) -> str:
    """Spell a text as its words are compared: bare, one space apart, no punctuation."""
    words = bare(fold(text)).replace(APOSTROPHE, "").split()
    return " ".join(word for word in words if word not in ENDS)


def undrawn(word: str) -> tuple[str, ...]:
    """Return how a word with letters drawn out may be meant: stooop, but also aree."""
    once, twice = [], []
    for at, char in enumerate(word):
        if at == 0 or char != word[at - 1]:
            once.append(char)
            twice.append(char)
        elif at == 1 or char != word[at - 2]:
            twice.append(char)
    forms = dict.fromkeys(("".join(twice), "".join(once)))
    return tuple(form for form in forms if form != word)


def is_one_slip(typed: str, meant: str) -> bool:
    """Return whether a letter is missing, too much, wrong, or two are swapped."""
    at = 0
    while at < min(len(typed), len(meant)) and typed[at] == meant[at]:
        at += 1
    if len(typed) == len(meant):
        swapped = (
            typed[at : at + 2] == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :]
        )
        return typed[at + 1 :] == meant[at + 1 :] or swapped
    return typed[at + 1 :] == meant[at:] or typed[at:] == meant[at + 1 :]
