"""A message as it is read: cut into sentences, each in the languages that know most of its words.

Here the work on a message has its bounds, whatever it says. What is long is read at its head and
at its tail: people say what they want first, or last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import GO_ON, KEPT, ORDERS, SHARED
from askfirst.domain.opt_out.sentence import KEEPING, SIGNS, View, keeps_orders
from askfirst.domain.opt_out.spelling import CLAUSE_END, ENDS, QUESTION_END, SENTENCE_END
from askfirst.domain.opt_out.word_index import Word

WORDS_READ_MAX: Final = 256
"""So many words are put together and read; the longest message has three times as many."""

_LANGUAGES_READ_MAX: Final = 4
_SENTENCE_WORDS_MAX: Final = 64
_SENTENCES_READ_MAX: Final = 32


class Sentence(NamedTuple):
    """Words up to an end; `any` has all slots that any of them may fill in any language."""

    words: Sequence[Word]
    any: int
    is_question: bool


class Message:
    """The sentences of one message, and what was found out about all of them."""

    def __init__(self, words: Sequence[Word], parts: Mapping[int, int]) -> None:
        self.sentences: Final = _sentences(words)
        self._parts = parts
        self._keeps_orders: dict[int, bool] = {}

    def keeps_orders(self, language: int) -> bool:
        """Return whether any sentence says that messages about orders may go on."""
        found = self._keeps_orders.get(language)
        if found is None:
            found = self._keeps_orders[language] = any(
                keeps_orders(view_of(one.words, language))
                for one in self.sentences
                if one.any & ORDERS and one.any & KEEPING
            )
        return found

    def views(self, sentence: Sentence) -> Sequence[tuple[int, View]]:
        """Read a sentence in the languages that know it best; what reads the same once."""
        views: list[tuple[int, View]] = []
        for language in best_known(sentence.words, self._parts):
            view = view_of(sentence.words, language)
            if view.any & SIGNS and not (views and any(view == other for _, other in views)):
                views.append((language, view))
        return views


def best_known(
    words: Sequence[Word], parts: Mapping[int, int], at_most: int = _LANGUAGES_READ_MAX
) -> Sequence[int]:
    """Return the languages that know most of the words; a mixture where it knows more."""
    known = [word.languages for word in words if word.languages]
    if not known:
        return (SHARED,)
    most = reduce(and_, known) or _most(known)
    for mixture, mixed in parts.items():
        if most >> mixture & 1 and most & mixed:
            most ^= 1 << mixture
    found: list[int] = []
    while most and len(found) < at_most:
        found.append((most & -most).bit_length() - 1)
        most &= most - 1
    return found


def _most(known: Sequence[int]) -> int:
    """Count all languages at once, in binary: a bit a language, a number a digit."""
    digits: list[int] = []
    for languages in known:
        carry = languages
        for place, digit in enumerate(digits):
            digits[place] = digit ^ carry
            carry &= digit
            if not carry:
                break
        if carry:
            digits.append(carry)
    most = digits.pop()
    while digits:
        most = most & digits.pop() or most
    return most


def view_of(words: Sequence[Word], language: int) -> View:
    """Return what each word may be in a language."""
    return View([word.slots.get(language, word.shared) for word in words])


def slots_of(words: Sequence[Word]) -> int:
    """Return all slots that any of the words may fill."""
    return reduce(or_, [word.any for word in words], 0)


def within_bounds(words: Sequence[Word]) -> Sequence[Word]:
    """Leave of a long message what may speak of stopping, of its head and its tail.

    What is said again is left out, too: it says nothing new.
    """
    if len(words) <= WORDS_READ_MAX:
        return words
    pieces = [
        [*piece, end]
        for piece, end in _different(words)
        if slots_of(piece) & (SIGNS | GO_ON | KEPT) or any(word.phrases for word in piece)
    ]
    head = _upto(pieces, WORDS_READ_MAX // 2)
    tail = _upto(pieces[len(head) :][::-1], WORDS_READ_MAX // 2)[::-1]
    return [word for piece in (*head, *tail) for word in piece]


def _upto(pieces: Sequence[list[Word]], most: int) -> Sequence[list[Word]]:
    words = 0
    for place, piece in enumerate(pieces):
        words += len(piece)
        if words > most:
            return pieces[:place]
    return pieces


_SENTENCE_ENDS: Final = ENDS - {CLAUSE_END}
_END: Final = Word(SENTENCE_END, {})


def _different(words: Sequence[Word]) -> Sequence[tuple[Sequence[Word], Word]]:
    """Cut a message into sentences, and what has no end into pieces; nothing is read twice."""
    found: dict[tuple[str, ...], tuple[Sequence[Word], Word]] = {}
    for piece, end in _cut(words):
        found.setdefault(tuple([word.text for word in piece]), (piece, end))
    return list(found.values())


def _cut(words: Sequence[Word]) -> Iterator[tuple[Sequence[Word], Word]]:
    begin = 0
    for at, word in enumerate(words):
        is_end = word.text in _SENTENCE_ENDS
        if is_end and begin < at:
            yield words[begin:at], word
        if is_end:
            begin = at + 1
        elif at + 1 - begin == _SENTENCE_WORDS_MAX:
            yield words[begin : at + 1], _END
            begin = at + 1
    if begin < len(words):
        yield words[begin:], _END


def _sentences(words: Sequence[Word]) -> Sequence[Sentence]:
    if len(words) <= _SENTENCE_WORDS_MAX:
        # Most messages are one sentence, with an end or without.
        ends = [at for at, word in enumerate(words) if word.text in _SENTENCE_ENDS]
        if not ends:
            return [Sentence(words, slots_of(words), is_question=False)] if words else []
        if ends[0] == len(words) - 1 > 0:
            said = words[:-1]
            return [Sentence(said, slots_of(said), words[-1].text == QUESTION_END)]
    found = [
        Sentence(piece, slots_of(piece), end.text == QUESTION_END)
        for piece, end in _different(words)
    ]
    half = _SENTENCES_READ_MAX // 2
    return found if len(found) <= _SENTENCES_READ_MAX else [*found[:half], *found[-half:]]
