"""Cutting a message into sentences, and reading the words of one in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import (
    ASK,
    BRAND,
    BREAK,
    IF,
    MESSAGE,
    MORE,
    ONLY,
    OPT_OUT,
    POLITE,
    RECEIVE,
    SEND,
    SMALL,
    STOP,
    SUBJECT,
    THAT,
    THING,
)
from askfirst.domain.opt_out.spelling import CLAUSE_END, ENDS, QUESTION_END
from askfirst.domain.opt_out.word_index import SHARED, Word

_SENTENCE_WORDS_MAX: Final = 64
_SENTENCES_READ_MAX: Final = 32
_HALF: Final = _SENTENCES_READ_MAX // 2


class Sentence(NamedTuple):
    """The words between two ends."""

    words: Sequence[Word]
    is_question: bool


def sentences_of(words: Sequence[Word]) -> list[Sentence]:
    """Cut a message into sentences, and what has no end into pieces; nothing is read twice."""
    if len(words) <= _SENTENCE_WORDS_MAX and ENDS.isdisjoint([word.text for word in words]):
        return [Sentence(words, is_question=False)] if words else []
    found: dict[tuple[str, ...], Sentence] = {}
    for sentence in _cut(words):
        found.setdefault(tuple(word.text for word in sentence.words), sentence)
    kept = list(found.values())
    return kept if len(kept) <= _SENTENCES_READ_MAX else [*kept[:_HALF], *kept[-_HALF:]]


def _cut(words: Sequence[Word]) -> Iterator[Sentence]:
    current: list[Word] = []
    for word in words:
        is_end = word.text in ENDS and word.text != CLAUSE_END
        if not is_end:
            current.append(word)
        if current and (is_end or len(current) == _SENTENCE_WORDS_MAX):
            yield Sentence(current, word.text == QUESTION_END)
            current = []
    if current:
        yield Sentence(current, is_question=False)


def view_of(words: Sequence[Word], language: int) -> list[int]:
    """Return the slots that each word may fill in a language, as templates read them."""
    view: list[int] = []
    for word in words:
        slots = word.entry.slots
        bits = slots.get(language)
        if bits is None:
            bits = BREAK if word.text == CLAUSE_END else slots.get(SHARED, 0)
        else:
            bits |= slots.get(SHARED, 0) & BRAND
        # "I do not want, that you write": one thought, whatever the comma says.
        goes_on = bits & THAT or (bits & IF and any(before & ONLY for before in view))
        if goes_on and view and view[-1] & BREAK:
            view[-1] = SMALL
        view.append(bits)
    if any(bits & SUBJECT for bits in view):
        is_told = any(bits & (MESSAGE | SEND | RECEIVE | STOP | MORE | OPT_OUT) for bits in view)
        as_what = MESSAGE if is_told else THING
        view = [bits | as_what if bits & SUBJECT else bits for bits in view]
    last = len(view) - 1
    while last > 0 and view[last] & (POLITE | BREAK) and not view[last] & ASK:
        last -= 1
    if last > 0 and view[last] & ASK:
        view[last] = SMALL
    return view
