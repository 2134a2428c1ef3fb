"""A message as it is read: cut into sentences, each in the languages that know most of its words.

Here the work on a message has its bounds, whatever it says. What is long is read at its head and
at its tail: people say what they want first, or last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import reduce
from operator import and_, or_
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    ASK,
    BRAND,
    BREAK,
    FROM,
    GO_ON,
    IF,
    KEPT,
    LIST,
    ME,
    MESSAGE,
    MORE,
    ONLY,
    OPT_OUT,
    ORDERS,
    POLITE,
    RECEIVE,
    REST,
    SEND,
    SHARED,
    SMALL,
    STOP,
    SUBJECT,
    THAT,
    THING,
)
from askfirst.domain.opt_out.sentence import KEEPING, NEAR, SIGNS, TOLD, View, ahead, keeps_orders
from askfirst.domain.opt_out.spelling import (
    CLAUSE_END,
    ENDS,
    QUESTION_END,
    SENTENCE_END,
    plain_words,
    spell,
)
from askfirst.domain.opt_out.word_index import Word

WORDS_READ_MAX: Final = 256
"""So many words are put together and read; the longest message has three times as many."""

NAME: Final = re.compile(r"[^\W\d_]+")
"""A word as it is typed, of letters only."""

_LANGUAGES_READ_MAX: Final = 4
_NAME_LOOK: Final = 3
_SENTENCE_WORDS_MAX: Final = 64
_SENTENCES_READ_MAX: Final = 32


class Sentence(NamedTuple):
    """Words up to an end; `any` has all slots that any of them may fill in any language."""

    words: Sequence[Word]
    any: int
    is_question: bool


class Message:
    """The sentences of one message, and what was found out about all of them.

    `slots` are all that any of its words may fill.
    """

    __slots__ = ("_keeps_orders", "_may_keep_orders", "sentences")

    def __init__(self, words: Sequence[Word], slots: int) -> None:
        self.sentences: Final = _sentences(words, slots)
        self._may_keep_orders = bool(slots & ORDERS and slots & KEEPING)
        self._keeps_orders: dict[int, bool] = {}

    def keeps_orders(self, language: int) -> bool:
        """Return whether any sentence says that messages about orders may go on."""
        if not self._may_keep_orders:
            return False
        found = self._keeps_orders.get(language)
        if found is None:
            found = self._keeps_orders[language] = any(
                keeps_orders(view_of(one.words, language))
                for one in self.sentences
                if one.any & ORDERS and one.any & KEEPING
            )
        return found


def views_of(words: Sequence[Word], known: int) -> Iterator[tuple[int, View]]:
    """Read a sentence in the first languages of those that are known; what reads the same once."""
    views: list[View] = []
    for language in languages_in(known)[:_LANGUAGES_READ_MAX] or (SHARED,):
        view = view_of(words, language)
        if view.any & SIGNS and view not in views:
            views.append(view)
            yield language, view


def best_known(words: Sequence[Word], parts: Mapping[int, int]) -> int:
    """Return the languages that know most of the words, a bit each; a mixture if it knows more."""
    known = [word.languages for word in words if word.languages]
    if not known:
        return 0
    most = reduce(and_, known) or _most(known)
    if most & (most - 1):
        for mixture, mixed in parts.items():
            if most & mixture and most & mixed:
                most ^= mixture
    return most


def languages_in(known: int) -> Sequence[int]:
    """Return the numbers of languages that have a bit each."""
    found: list[int] = []
    while known:
        found.append((known & -known).bit_length() - 1)
        known &= known - 1
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
    """Return what each word may be in a language, as templates read it."""
    view = View([word.slots.get(language, word.shared) for word in words])
    if not view.any & _READ_IN_PLACE:
        return view
    slots = list(view)
    _join_thoughts(slots)
    if view.any & SUBJECT:
        # "No more recipes" is about messages, "I love your recipes" is not.
        as_what = MESSAGE if view.any & _TELLS_OF_MESSAGES else THING
        slots = [bits | as_what if bits & SUBJECT else bits for bits in slots]
    _silence_question(slots)
    return View(slots)


_READ_IN_PLACE: Final = THAT | IF | SUBJECT | ASK
_TELLS_OF_MESSAGES: Final = MESSAGE | SEND | RECEIVE | STOP | MORE | OPT_OUT


def _join_thoughts(slots: list[int]) -> None:
    """Hear "I do not want, that you write" as one thought, whatever the comma says."""
    before = 0
    for at, bits in enumerate(slots):
        goes_on = bits & THAT or (bits & IF and before & ONLY)
        if goes_on and at and slots[at - 1] & BREAK:
            slots[at - 1] = SMALL
        before |= bits


def _silence_question(slots: list[int]) -> None:
    """Take a particle that asks at the end for nothing else: Vietnamese "không" is also "not"."""
    last = len(slots) - 1
    while last > 0 and slots[last] & (POLITE | BREAK) and not slots[last] & ASK:
        last -= 1
    if last > 0 and slots[last] & ASK:
        slots[last] = SMALL


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


def _sentences(words: Sequence[Word], slots: int) -> Sequence[Sentence]:
    if words and len(words) <= _SENTENCE_WORDS_MAX:
        # Most messages are one sentence, with an end or without.
        *texts, last = [word.text for word in words]
        if _SENTENCE_ENDS.isdisjoint(texts):
            said = words[:-1] if last in _SENTENCE_ENDS else words
            return [Sentence(said, slots, last == QUESTION_END)] if said else []
    found = [
        Sentence(piece, slots_of(piece), end.text == QUESTION_END)
        for piece, end in _different(words)
    ]
    half = _SENTENCES_READ_MAX // 2
    return found if len(found) <= _SENTENCES_READ_MAX else [*found[:half], *found[-half:]]


class Names:
    """The words of a text that are written as names are, but for the business's own.

    There are none where most of a text is in capitals.
    """

    __slots__ = ("_business", "_found", "_text")

    def __init__(self, text: str, business: str) -> None:
        self._text, self._business = text, business
        self._found: AbstractSet[str] | None = None

    def found(self) -> AbstractSet[str]:
        """Return them; they are looked for when they are first asked for."""
        if self._found is None:
            said = self._text[1:]
            self._found = set() if said == said.lower() else _capitalised(self._text)
            if self._found and self._business:
                self._found -= set(plain_words(self._business).split())
        return self._found


def _capitalised(text: str) -> set[str]:
    raw = NAME.findall(text)
    if sum(map(str.isupper, raw)) > len(raw) // 2:
        return set()
    return {spell(shown).strip() for shown in raw[1:] if shown != shown.lower()}


def is_of_a_stranger(
    view: View, places: Sequence[int], names: Sequence[bool], *, is_list: bool
) -> bool:
    """See somebody else's name beside what is to stop: "stop Netflix mails".

    `names` tells which words are written as names are; a name is one that the language lacks.
    `is_list`: what was found may end with a list, so that a name right after it is whose it is.
    """
    low, high = min(places), max(places)
    thing = ahead(view, high, TOLD | LIST, BREAK | ME, NEAR, 2)
    last = max(high, thing)
    if _is_by_a_brand(view, low, last):
        return True
    named = [is_name and not bits for is_name, bits in zip(names, view, strict=True)]
    if True not in named:
        return False
    source = ahead(view, high, FROM | ABOUT, BREAK | ME, 2, 0)
    if any(named[low:high]) or (0 <= source < thing and any(named[source:thing])):
        return True
    if _is_from_a_name(view, named, high, last):
        return True
    if not (is_list and view[last] & (TOLD | LIST)):
        return False
    after = _past(view, last + 1, SMALL | FROM | REST)
    return after < len(view) and named[after]


def _is_by_a_brand(view: View, low: int, last: int) -> bool:
    if not view.any & BRAND:
        return False
    begin, end = low - 1, _past(view, last + 1, REST | FROM | SMALL)
    while begin > 0 and view[begin] & (REST | FROM | SMALL | TOLD | LIST):
        begin -= 1
    return any(bits & BRAND for bits in view[max(0, begin) : end + 1])


def _is_from_a_name(view: View, named: Sequence[bool], high: int, last: int) -> bool:
    for at in range(high + 1, min(last + 1 + _NAME_LOOK, len(view) - 1)):
        if view[at] & BREAK:
            return False
        after = at + 1 + bool(view[at + 1] & SMALL and at + 2 < len(view))
        if view[at] & FROM and named[after]:
            return True
    return False


def _past(view: View, place: int, slots: int) -> int:
    """Return the first place, from here on, with a word of none of these slots."""
    while place < len(view) and view[place] & slots:
        place += 1
    return place
