"""One spelling of a text, so that a word is found however it was typed.

*Folded* has one spelling per letter, no case and no invisible characters; *bare* is also without
accents, and look-alike letters of Latin, Cyrillic and Greek are one.
Sources: Unicode UAX 15 and UTS 39.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_APOSTROPHES = "'`´’‘ʼʻ＇"
# Invisible, but not in the category Cf: joiners, Hangul fillers, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u180b-\u180f\ufe00-\ufe0f]"
)
_CLAUSE_END = re.compile(r"[.!?;:,\n\r…。！？，、；।॥؟،؛۔·()]+")
_ASCII_SPELLING: Final = {
    code: (None if chr(code) in _APOSTROPHES else chr(code).lower() if chr(code).isalnum() else " ")
    for code in range(128)
}
_LOOK_ALIKES: Final = str.maketrans(
    "асеорхуікмнтвѕјԁһԛԝαεικνορτυχζηβμοςꜱᴛᴏᴘᴜɴʙᴄʀɪᴇıłđøأإآٱىیکة",
    "aceopxyikmhtbsjdhqwaeiknoptyxzhbmoσstopunbcrieildoااااييكه",
)
_ACCENTS = re.compile("[\u0300-\u036f\u0640\u064b-\u0652\u0670]")
# Letters in black circles and squares, which NFKC leaves alone.
_BOXED: Final = {
    start + index: chr(ord("a") + index) for start in (0x1F150, 0x1F170) for index in range(26)
}


def fold(text: str) -> str:
    """Write every letter one way; leave words, one space apart."""
    if text.isascii():
        return " ".join(text.translate(_ASCII_SPELLING).split())
    text = unicodedata.normalize("NFKC", text.translate(_BOXED)).casefold()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join("".join(map(_spelling, text)).split())


def _spelling(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Me":  # a keycap, drawn around the letter before it
        return ""
    if kind[0] in "LMN":
        return char
    return "" if kind == "Cf" or char in _APOSTROPHES else " "


def bare(text: str) -> str:
    """Take accents off, and make look-alike letters of several scripts one."""
    if text.isascii():
        return text
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.translate(_LOOK_ALIKES)))
    return unicodedata.normalize("NFC", plain.translate(_LOOK_ALIKES))


def clauses(text: str) -> Iterable[str]:
    """Cut a message where one sentence ends: "No. Stop." is not "non-stop"."""
    return filter(None, map(fold, _CLAUSE_END.split(text)))
