"""All words of all languages in one index, so that a message is looked up once, not per language.

A word has *slots* per language (`lexicon`). Scripts without spaces are cut into the longest
words that are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import eq
from typing import Final, TypeVar

from askfirst.domain.opt_out.lexicon import (
    BRAND,
    BREAK,
    DIGITS,
    NOT,
    NUMBER,
    REST,
    SHARED,
    SLOTS,
    CompiledWords,
    Slots,
)
from askfirst.domain.opt_out.spelling import (
    APOSTROPHE,
    CLAUSE_END,
    bare,
    fold,
    is_one_slip,
    spell_normal,
    undrawn,
)

_WORDS_KEPT_MAX: Final = 20_000
_STEM_HEAD: Final = 3
_PIECE_HEAD: Final = 2
_STEM_MAX: Final = 14
_PREFIX_MAX: Final = 3
_PHONE_DIGITS: Final = 6
_SLIP_LENGTH_MIN: Final = 6
_LAST_SPACED: Final = "\u0eff"
_TEXTS_HALF: Final = 256
_CUT_HALF: Final = 512
"""Of a hostile text, the head and the tail are enough: so many words, and letters where no spaces
are written; there a quarter of the letters says the same."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)


_Key = TypeVar("_Key")


class Word:
    """A word of a message in bare spelling, and what it may be; never changed once it is made.

    `slots` are those by language; `any` has all of them, `shared` those in every language.
    `languages` has a bit for each language that knows the word. `phrases` are the expressions that
    begin with it, by their second word; where that is a stem, by its first letter and a star.
    """

    __slots__ = ("any", "languages", "phrases", "shared", "slots", "text")

    def __init__(self, text: str, slots: Slots, phrases: Phrases | None = None) -> None:
        every = languages = 0
        for language, bits in slots.items():
            every |= bits
            languages |= 1 << language
        shared = slots.get(SHARED, 0)
        if shared & BRAND and len(slots) > 1:
            # A name of others is one in every language, whatever else the word is there.
            slots = {language: bits | BRAND for language, bits in slots.items()}
        self.text: Final = text
        self.slots: Final = slots
        self.any: Final = every
        self.shared: Final = shared
        self.languages: Final = languages & ~(1 << SHARED)
        self.phrases: Final = phrases


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    """What follows on the first word of an expression; the last word may be a stem."""

    rest: tuple[str, ...]
    is_stem: bool
    slots: Slots
    languages: int


Phrases = Mapping[str, Sequence[_Phrase]]


class WordIndex:
    """Finds what words may be. Built once; what is looked up is remembered, up to a bound."""

    def __init__(self, compiled: CompiledWords) -> None:
        self.names: Final = compiled.names
        self.parts: Final = {
            1 << number: sum(1 << part for part in parts) for number, parts in compiled.mixtures
        }
        self._meanings = compiled.meanings.split("\n")
        self._words = compiled.words.numbers()
        self._stems = compiled.stems.numbers()
        self._marked = compiled.marked.numbers()
        self._pieces = compiled.pieces.numbers()
        self._prefixes = compiled.prefixes
        self._rests = dict(
            zip(compiled.firsts.split("\n"), compiled.rests.split("\n"), strict=True)
        )
        self._stem_lengths = _lengths(
            [stem for stem in self._stems if len(stem) <= _STEM_MAX], _STEM_HEAD
        )
        self._marked_bare = frozenset(map(bare, self._marked))
        self._doubled = frozenset(compiled.doubled)
        # Filled when they are first asked for.
        self._lengths: Mapping[str, Sequence[int]] = {}
        self._phrases: dict[str, Phrases] = {}
        self._seen: dict[str, Word] = {}
        self._changed: dict[tuple[Word, _Phrase | None, int], Word] = {}
        self._repairs: dict[str, Word] = {}
        self._slips: dict[tuple[str, str, int], list[str]] = {}

    def words(self, message: str) -> list[Word]:
        """Cut a text, in the normal form NFKC, into words and look each up.

        What is said again at once counts once, except where an expression has it: "apa apa".
        """
        plain = spell_normal(message)
        texts = _head_and_tail(plain.split())
        if APOSTROPHE in plain or (not plain.isascii() and _UNSPACED.search(plain)):
            texts = _head_and_tail(list(self._split(texts)))
        if True in map(eq, texts, texts[1:]):
            texts = [
                text
                for text, before in zip(texts, ("", *texts), strict=False)
                if text != before or text.isdecimal() or text in self._doubled
            ]
        seen, look_up = self._seen.get, self.word
        found = [seen(text) or look_up(text) for text in texts]
        if self._marked_bare.isdisjoint(texts) or message.isascii():
            return found
        return self._with_marks(found, fold(message).split())

    def _with_marks(self, found: list[Word], folded: Sequence[str]) -> list[Word]:
        marked = {
            bare(word).replace(APOSTROPHE, ""): self._meaning(self._marked[word])
            for word in folded
            if word in self._marked
        }
        return [
            Word(word.text, {**word.slots, **marked[word.text]}, word.phrases)
            if word.text in marked
            else word
            for word in found
        ]

    def word(self, text: str) -> Word:
        """Return one word with what it may be."""
        found = self._seen.get(text)
        if found is None:
            found = Word(text, self._look_up(text), self._phrases_after(text))
            _keep(self._seen, text, found)
        return found

    def _meaning(self, number: int) -> dict[int, int]:
        numbers = list(map(int, self._meanings[number].split()))
        return dict(zip(numbers[::2], numbers[1::2], strict=True))

    def _look_up(self, word: str) -> dict[int, int]:
        found = self._plainly(word)
        for length in range(1, min(_PREFIX_MAX, len(word) - 2) + 1):
            languages = self._prefixes.get(word[:length])
            if languages:
                rest = self._plainly(word[length:])
                for language in languages:
                    bits = rest.get(language, rest.get(SHARED))
                    if bits and language not in found:
                        found[language] = bits
        return found

    def _plainly(self, word: str) -> dict[int, int]:
        """Look a word up by itself: a longer stem speaks before a shorter one, the word first."""
        found: dict[int, int] = {}
        lengths = self._stem_lengths
        for length in reversed(lengths.get(word[:_STEM_HEAD]) or lengths.get(word[:2], ())):
            stem = self._stems.get(word[:length])
            if stem is not None:
                found.update(self._meaning(stem))
        exact = self._words.get(word, self._pieces.get(word))
        if exact is not None:
            found.update(self._meaning(exact))
        elif word.isdecimal():
            found[SHARED] = NUMBER if len(word) >= _PHONE_DIGITS else DIGITS
        elif word == CLAUSE_END:
            found[SHARED] = BREAK
        return found

    def _split(self, words: Iterable[str]) -> Iterator[str]:
        """Part words at apostrophes and where no spaces are written."""
        together = ""
        for word in words:
            first = _UNSPACED.search(word)
            begins = first.start() if first else len(word)
            if begins == 0:
                if together and word[0] <= _LAST_SPACED:
                    # Thai and Lao set thoughts apart with spaces.
                    yield from self._cut(together)
                    yield CLAUSE_END
                    together = ""
                together += word
                continue
            if together:
                yield from self._cut(together)
            # What begins with another script: WhatsAppへの, 090に.
            head, together = word[:begins], word[begins:]
            if APOSTROPHE not in head:
                yield head
                continue
            joined = head.replace(APOSTROPHE, "")
            if joined in self._words or joined in self._rests:
                yield joined
            else:
                yield from filter(None, head.split(APOSTROPHE))
        if together:
            yield from self._cut(together)

    def _cut(self, text: str) -> Iterator[str]:
        """Cut what is written without spaces into the longest known words."""
        if len(text) > 2 * _CUT_HALF:
            text = text[:_CUT_HALF] + text[-_CUT_HALF:]
        if not self._lengths:
            self._lengths = _lengths(self._pieces, _PIECE_HEAD)
        lengths_after, pieces = self._lengths.get, self._pieces
        at, unknown = 0, 0
        while at < len(text):
            for length in lengths_after(text[at : at + _PIECE_HEAD]) or lengths_after(text[at], ()):
                if text[at : at + length] in pieces:
                    if unknown < at:
                        yield text[unknown:at]
                    yield text[at : at + length]
                    at = unknown = at + length
                    break
            else:
                at += 1
        if unknown < at:
            yield text[unknown:]

    def with_phrases(self, words: Sequence[Word]) -> Sequence[Word]:
        """Give each expression of several words its slots, on its first word; the longest wins."""
        found: list[Word] = []
        taken: dict[int, int] = {}
        for at, (word, after) in enumerate(pairwise(words)):
            phrases = word.phrases
            if phrases is None:
                continue
            text = after.text
            if text not in phrases and f"{text[:1]}*" not in phrases:
                continue
            for phrase in _phrases_at(words, at, phrases, text):
                found = found or list(words)
                places = range(at, at + 1 + len(phrase.rest))
                free = phrase.languages
                for place in places:
                    free &= ~taken.get(place, 0)
                if not free:
                    continue
                for place in places:
                    taken[place] = taken.get(place, 0) | free
                    found[place] = self._as_part(found[place], phrase, free, is_first=place == at)
        return found or words

    def _phrases_after(self, first: str) -> Phrases | None:
        """Return the expressions that begin with a word; they are read when it is first met."""
        if first not in self._rests:
            return None
        if first not in self._phrases:
            found: dict[str, list[_Phrase]] = {}
            for text, _, number in (one.partition("=") for one in self._rests[first].split(",")):
                slots = self._meaning(int(number))
                languages = sum(1 << language for language in slots)
                words, is_stem = tuple(text.removesuffix("*").split(" ")), text.endswith("*")
                phrase = _Phrase(words, is_stem, slots, languages)
                key = f"{words[0][0]}*" if is_stem and len(words) == 1 else words[0]
                found.setdefault(key, []).append(phrase)
            self._phrases[first] = found
        return self._phrases[first]

    def _as_part(self, word: Word, phrase: _Phrase, free: int, *, is_first: bool) -> Word:
        """Return a word as part of an expression, in the languages in which it is free."""
        key = (word, phrase if is_first else None, free)
        found = self._changed.get(key)
        if found is None:
            part = {
                language: bits if is_first else REST
                for language, bits in phrase.slots.items()
                if free >> language & 1
            }
            found = Word(word.text, {**word.slots, **part}, word.phrases)
            _keep(self._changed, key, found)
        return found

    def repaired(self, word: Word) -> Word:
        """Take back drawn-out letters or one slip, where the word is not known otherwise."""
        found = self._repairs.get(word.text)
        if found is None:
            found = self._repair(word)
            _keep(self._repairs, word.text, found)
        return found

    def _repair(self, word: Word) -> Word:
        for form in undrawn(word.text):
            meant = self.word(form)
            if meant.any:
                return meant
        if len(word.text) < _SLIP_LENGTH_MIN - 1:
            return word
        negative = None
        for length in (len(word.text) - 1, len(word.text), len(word.text) + 1):
            for like in self._words_like(word.text, length):
                if is_one_slip(word.text, like):
                    meant = self.word(like)
                    if not meant.any & NOT:
                        return meant
                    # "Göndermeyin" is one slip from its contrary: that is tried first.
                    negative = negative or meant
        return negative or word

    def _words_like(self, typed: str, length: int) -> Sequence[str]:
        """Return words of a length with the same letters at their ends: there few hands slip."""
        if not self._slips:
            slipped = [_has_slips(meaning) for meaning in self._meanings]
            for word, number in self._words.items():
                if slipped[number] and len(word) >= _SLIP_LENGTH_MIN:
                    self._slips.setdefault((word[0], word[-1], len(word)), []).append(word)
        return self._slips.get((typed[0], typed[-1], length), ())


def _head_and_tail(texts: list[str]) -> list[str]:
    if len(texts) <= 2 * _TEXTS_HALF:
        return texts
    return [*texts[:_TEXTS_HALF], *texts[-_TEXTS_HALF:]]


def _keep(kept: dict[_Key, Word], key: _Key, word: Word) -> None:
    """Remember a word; what is full is emptied, so that no flood of odd words fills it for good."""
    if len(kept) >= _WORDS_KEPT_MAX:
        kept.clear()
    kept[key] = word


SLIPS: Final = sum(
    SLOTS[name]
    for name in (
        *("opt_out", "stop", "send", "receive", "message", "advert"),
        *("remove", "list", "number", "revoke", "consent"),
    )
)
"""The words in which a slip of the hand is seen through; small words are too much alike."""


def _has_slips(meaning: str) -> bool:
    return any(int(bits) & SLIPS for bits in meaning.split()[1::2])


def _phrases_at(words: Sequence[Word], at: int, phrases: Phrases, second: str) -> Sequence[_Phrase]:
    """Return the expressions that begin at a word, the longest first."""
    found: list[_Phrase] = []
    for key in (f"{second[:1]}*", second):
        if key in phrases:
            found += [one for one in phrases[key] if _follows(words, at + 1, one)]
    if len(found) > 1:
        found.sort(key=_length, reverse=True)
    return found


def _length(phrase: _Phrase) -> tuple[int, int]:
    return len(phrase.rest), sum(map(len, phrase.rest)) + phrase.is_stem


def _lengths(words: Iterable[str], head: int) -> dict[str, Sequence[int]]:
    """Return how long words may be, the longest first, by so many of their first letters.

    What is shorter stands by itself too, for what begins in no other way.
    """
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[:head], set()).add(len(word))
    for key, lengths in found.items():
        for short in range(1, len(key)):
            lengths.update(found.get(key[:short], ()))
    return {key: sorted(lengths, reverse=True) for key, lengths in found.items()}


def _follows(words: Sequence[Word], at: int, phrase: _Phrase) -> bool:
    rest = phrase.rest
    last = at + len(rest) - 1
    if last >= len(words):
        return False
    typed = words[last].text
    if typed != rest[-1] and not (phrase.is_stem and typed.startswith(rest[-1])):
        return False
    return all(words[at + place].text == rest[place] for place in range(len(rest) - 1))
