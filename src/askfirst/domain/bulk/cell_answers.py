"""What a cell says that a person answered, read together with the name of its column.

A value that nobody has explained is no answer, and is never guessed to be one.
"""

from __future__ import annotations

from typing import Final

from askfirst.domain.bulk.import_row import Said
from askfirst.domain.bulk.import_settings import ImportMode
from askfirst.domain.bulk.import_words import Concept, ImportWords, plain

_BARE: Final = {
    **dict.fromkeys(("true", "yes", "y", "1", "on", "x", "active"), True),
    **dict.fromkeys(("false", "no", "n", "0", "off", "inactive"), False),
}
"""Answers that mean what the name of the column makes of them."""
_MEMBERS: Final = frozenset({"email subscribe", "push subscribe"})
"""Where `subscribed` is what everybody is who never answered (Braze)."""
_DIGITS: Final = frozenset("0123456789")
_FILLERS: Final = frozenset({"", "n a", "na", "null", "none", "nil", "unknown"})


def is_blank(text: str) -> bool:
    """Whether nothing stands in a cell, or only what people write for nothing."""
    if text[:1] in _DIGITS or text[1:2] in _DIGITS:  # most cells that matter: numbers and times
        return False
    return plain(text) in _FILLERS and not text.lstrip().startswith("#")


def read_answer(
    text: str,
    column: str,
    mode: ImportMode,
    words: ImportWords,
    *,
    no_is_unasked: bool = False,
) -> Said | None:
    """Read a cell of a column of answers; None where it is not understood.

    In a list of people who want nothing, a blank is a no: they are on the list.
    """
    value, name = plain(text), plain(column)
    if mode is ImportMode.SUPPRESSION:
        return _on_a_list(value, name, words)
    if text.lstrip().startswith("#"):
        return None  # the spreadsheet wrote an error there
    if value in _FILLERS or words.is_word(Concept.BLANK, value):
        return Said.NOTHING
    if value == "subscribed" and name in _MEMBERS:
        return Said.NOTHING
    if words.is_word(Concept.UNASKED, value):
        return Said.NOTHING
    said = _plainly(value, words)
    if value in _BARE and words.has_word(Concept.OPT_OUT, name):
        return Said.NO if _BARE[value] else Said.NOTHING
    if said is Said.NO and no_is_unasked and value in _BARE:
        return Said.NOTHING
    return said


def _plainly(value: str, words: ImportWords) -> Said | None:
    if words.is_word(Concept.NO, value):
        return Said.NO
    if words.is_word(Concept.YES, value):
        return Said.YES
    return None


def _on_a_list(value: str, name: str, words: ImportWords) -> Said | None:
    """Read the state of somebody on a list of opt-outs: off the list is no yes."""
    if value in _FILLERS or words.is_word(Concept.BLANK, value):
        return Said.NO
    if words.is_word(Concept.UNASKED, value):
        return Said.NOTHING
    said = _plainly(value, words)
    is_about_consent = words.has_word(Concept.CONSENT, name) and not words.has_word(
        Concept.OPT_OUT, name
    )
    if value in _BARE and not is_about_consent:
        return Said.NO if _BARE[value] else Said.NOTHING
    return Said.NOTHING if said is Said.YES else said
