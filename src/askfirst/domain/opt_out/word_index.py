"""All words of all languages in one index, so that a message is looked up once, not per language.

A word has *slots* per language (`lexicon`). Scripts without spaces are cut into the longest
words that are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import (
    DIGITS,
    NOT,
    NUMBER,
    REST,
    SLOTS,
    LanguageWords,
    Lexicon,
)
from askfirst.domain.opt_out.spelling import (
    APOSTROPHE,
    CLAUSE_END,
    bare,
    fold,
    is_one_slip,
    undrawn,
)

SHARED: Final = 0
"""The number of what is read in every language; the languages are counted from 1."""

_WORDS_KEPT_MAX: Final = 20_000
_STEM_MAX: Final = 14
_PREFIX_MAX: Final = 3
_PHONE_DIGITS: Final = 6
_SLIP_LENGTH_MIN: Final = 6
_FIRST_UNSPACED: Final = "\u0e00"
_FIRST_SPACELESS: Final = "\u3000"
_UNSPACED: Final = (
    *(("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff")),
    *(("\u3005", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3")),
)

Slots = Mapping[int, int]
"""What a word may be: a sum of slots by the number of a language."""


class Entry(NamedTuple):
    """A word of a message: all slots that it may fill in any language, and those by language."""

    any: int
    slots: Slots


class Word(NamedTuple):
    """A word of a message, in bare spelling."""

    text: str
    entry: Entry


_UNKNOWN: Final = Entry(0, {})


class _Item(NamedTuple):
    language: int
    bits: int
    word: str


class WordIndex:
    """Finds what words may be. Built once; what is looked up is remembered, up to a bound."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names: Final = ("", *lexicon.languages)
        self.parts: Final = {
            number: frozenset(self.names.index(part) for part in one.mixes)
            for number, one in enumerate(lexicon.languages.values(), 1)
            if one.mixes
        }
        self._words: dict[str, dict[int, int]] = {}
        self._stems: dict[str, dict[int, int]] = {}
        self._marked: dict[str, dict[int, int]] = {}
        self._firsts: set[str] = set()
        self._doubled: set[str] = set()
        self._phrases: dict[str, dict[tuple[str, ...], dict[int, int]]] = {}
        self._pieces: dict[str, dict[int, int]] = {}
        self._prefixes: dict[str, list[int]] = {}
        self._seen: dict[str, Word] = {}
        self._repairs: dict[str, Word] = {}
        self._slips: dict[tuple[str, str, int], list[str]] = {}
        all_words = (lexicon.shared, *lexicon.languages.values())
        unspaced = {number for number, one in enumerate(all_words) if one.unspaced}
        for item, stem, marked, folded, plain in _spelled(_items(all_words, self.names)):
            self._add(item, folded if marked else plain, is_stem=stem, is_marked=marked)
            if item.language in unspaced and plain[:1] >= _FIRST_UNSPACED:
                _put(self._pieces, plain.replace(" ", ""), item)
        self._lengths = _lengths(self._pieces)
        for number, one in enumerate(all_words):
            for prefix in one.prefixes:
                self._prefixes.setdefault(bare(fold(prefix)), []).append(number)

    def _add(self, item: _Item, word: str, *, is_stem: bool, is_marked: bool) -> None:
        if is_marked:
            _put(self._marked, word, item)
        elif " " in word:
            first, *rest = word.split()
            last = rest[-1] + ("*" if is_stem else "")
            # By its first two words, or by the first where the second is a stem: few are tried.
            key = first if len(rest) == 1 and is_stem else f"{first} {rest[0]}"
            slots = self._phrases.setdefault(key, {}).setdefault((*rest[:-1], last), {})
            slots[item.language] = slots.get(item.language, 0) | item.bits
            self._firsts.add(first)
            self._doubled.update(one for one, next_one in pairwise(word.split()) if one == next_one)
        else:
            _put(self._stems if is_stem else self._words, word, item)

    def words(self, message: str) -> list[Word]:
        """Cut a text into words and look each up.

        What is said again at once counts once, except where an expression has it: "apa apa".
        """
        folded = fold(message)
        plain = bare(folded)
        texts: Iterable[str] = plain.split()
        if APOSTROPHE in plain or not folded.isascii():
            texts = self._split(texts)
        seen, found, last = self._seen, [], ""
        for text in texts:
            if text != last or text.isdecimal() or text in self._doubled:
                found.append(seen.get(text) or self.word(text))
                last = text
        return found if folded.isascii() else self._with_marks(found, folded.split())

    def _with_marks(self, found: list[Word], folded: Sequence[str]) -> list[Word]:
        marked = {
            bare(word).replace(APOSTROPHE, ""): self._marked[word]
            for word in folded
            if word in self._marked
        }
        if not marked:
            return found
        return [
            Word(word.text, _joined(word.entry.slots, marked[word.text]))
            if word.text in marked
            else word
            for word in found
        ]

    def word(self, text: str) -> Word:
        """Return one word with what it may be."""
        found = self._seen.get(text)
        if found is None:
            found = Word(text, _entry(self._look_up(text)))
            if len(self._seen) < _WORDS_KEPT_MAX:
                self._seen[text] = found
        return found

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
        stems = self._stems
        for length in range(2, min(len(word), _STEM_MAX) + 1):
            stem = stems.get(word[:length])
            if stem:
                found.update(stem)
        exact = self._words.get(word) or self._pieces.get(word)
        if exact:
            found.update(exact)
        elif word.isdecimal():
            found[SHARED] = NUMBER if len(word) >= _PHONE_DIGITS else DIGITS
        return found

    def _split(self, words: Iterable[str]) -> Iterator[str]:
        """Part words at apostrophes and where no spaces are written."""
        together = ""
        for word in words:
            if word >= _FIRST_UNSPACED and _is_unspaced(word):
                if together and word[0] < _FIRST_SPACELESS:
                    # Thai and its neighbours set thoughts apart with spaces.
                    yield from self._cut(together)
                    yield CLAUSE_END
                    together = ""
                together += word
                continue
            if together:
                yield from self._cut(together)
                together = ""
            head = word
            if not word.isascii() and max(word) >= _FIRST_UNSPACED:
                head, together = _parted(word)
            if APOSTROPHE not in head:
                yield head
                continue
            joined = head.replace(APOSTROPHE, "")
            if joined in self._words or joined in self._firsts:
                yield joined
            else:
                yield from filter(None, head.split(APOSTROPHE))
        if together:
            yield from self._cut(together)

    def _cut(self, text: str) -> Iterator[str]:
        """Cut what is written without spaces into the longest known words."""
        at, unknown = 0, 0
        while at < len(text):
            for length in self._lengths.get(text[at], ()):
                if text[at : at + length] in self._pieces:
                    if unknown < at:
                        yield text[unknown:at]
                    yield text[at : at + length]
                    at = unknown = at + length
                    break
            else:
                at += 1
        if unknown < at:
            yield text[unknown:]

    def with_phrases(self, words: Sequence[Word]) -> list[Word]:
        """Give each expression of several words its slots, on its first word; the longest wins."""
        if self._firsts.isdisjoint([word.text for word in words]):
            return list(words)
        found = list(words)
        taken: set[tuple[int, int]] = set()
        for at, word in enumerate(words):
            if word.text not in self._firsts or at + 1 == len(words):
                continue
            keys = (word.text, f"{word.text} {words[at + 1].text}")
            phrases: Mapping[tuple[str, ...], Slots] = {
                rest: slots
                for key in keys
                for rest, slots in self._phrases.get(key, {}).items()
                if _follows(words, at + 1, rest)
            }
            for rest in sorted(phrases, key=_length, reverse=True):
                places = range(at, at + 1 + len(rest))
                for language, bits in phrases[rest].items():
                    if not taken.isdisjoint((place, language) for place in places):
                        continue
                    taken.update((place, language) for place in places)
                    for place in places:
                        known = found[place]
                        slots = {**known.entry.slots, language: bits if place == at else REST}
                        found[place] = Word(known.text, _entry(slots))
        return found

    def repaired(self, word: Word) -> Word:
        """Take back drawn-out letters or one slip, where the word is not known otherwise."""
        found = self._repairs.get(word.text)
        if found is None:
            found = self._repair(word)
            if len(self._repairs) < _WORDS_KEPT_MAX:
                self._repairs[word.text] = found
        return found

    def _repair(self, word: Word) -> Word:
        for form in undrawn(word.text):
            meant = self.word(form)
            if meant.entry.any:
                return meant
        if len(word.text) < _SLIP_LENGTH_MIN - 1:
            return word
        negative = None
        for length in (len(word.text) - 1, len(word.text), len(word.text) + 1):
            for like in self._words_like(word.text, length):
                if is_one_slip(word.text, like):
                    meant = self.word(like)
                    if not meant.entry.any & NOT:
                        return meant
                    # "Göndermeyin" is one slip from its contrary: that is tried first.
                    negative = negative or meant
        return negative or word

    def _words_like(self, typed: str, length: int) -> Sequence[str]:
        """Return words of a length with the same letters at their ends: there few hands slip."""
        if not self._slips:
            for word, slots in self._words.items():
                if len(word) >= _SLIP_LENGTH_MIN and any(bits & SLIPS for bits in slots.values()):
                    self._slips.setdefault((word[0], word[-1], len(word)), []).append(word)
        return self._slips.get((typed[0], typed[-1], length), ())


SLIPS: Final = sum(
    SLOTS[name]
    for name in (
        *("opt_out", "stop", "send", "receive", "message", "advert"),
        *("remove", "list", "number", "revoke", "consent"),
    )
)
"""The words in which a slip of the hand is seen through; small words are too much alike."""


def _items(all_words: Sequence[LanguageWords], names: Sequence[str]) -> Iterator[_Item]:
    numbers = {name: number for number, name in enumerate(names)}
    mixed_into: dict[int, list[int]] = {}
    for number, one in enumerate(all_words):
        for name in one.mixes:
            mixed_into.setdefault(numbers[name], []).append(number)
    for number, one in enumerate(all_words):
        for slot, words in one.slots.items():
            bits = SLOTS[slot]
            for word in words:
                yield _Item(number, bits, word)
                for mixture in mixed_into.get(number, ()):
                    yield _Item(mixture, bits, word)


def _spelled(items: Iterable[_Item]) -> Iterator[tuple[_Item, bool, bool, str, str]]:
    """Spell all words in one go: one call for a thousand costs what ten cost one by one."""
    kept = list(items)
    text = "\n".join(item.word.strip("=*") for item in kept)
    folded = fold(text).replace(APOSTROPHE, "")
    pairs = zip(folded.split(" . "), bare(folded).split(" . "), strict=True)
    for item, (marked, plain) in zip(kept, pairs, strict=True):
        yield (
            item,
            item.word[-1:] == "*",
            item.word[:1] == "=",
            " ".join(marked.split()),
            " ".join(plain.split()),
        )


def _length(rest: Sequence[str]) -> tuple[int, int]:
    return len(rest), sum(map(len, rest))


def _put(table: dict[str, dict[int, int]], word: str, item: _Item) -> None:
    slots = table.setdefault(word, {})
    slots[item.language] = slots.get(item.language, 0) | item.bits


def _entry(slots: dict[int, int]) -> Entry:
    if not slots:
        return _UNKNOWN
    every = 0
    for bits in slots.values():
        every |= bits
    return Entry(every, slots)


def _joined(slots: Slots, more: Slots) -> Entry:
    return _entry({**slots, **more})


def _lengths(pieces: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for piece in pieces:
        found.setdefault(piece[0], set()).add(len(piece))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _is_unspaced(word: str) -> bool:
    return any(first <= word[0] <= last for first, last in _UNSPACED)


def _parted(word: str) -> tuple[str, str]:
    """Part what begins with another script: WhatsAppへの, 090に."""
    at = next((at for at in range(len(word)) if _is_unspaced(word[at])), len(word))
    return word[:at], word[at:]


def _follows(words: Sequence[Word], at: int, rest: Sequence[str]) -> bool:
    if at + len(rest) > len(words):
        return False
    for wanted, word in zip(rest, words[at:], strict=False):
        if wanted[-1] == "*":
            if not word.text.startswith(wanted[:-1]):
                return False
        elif wanted != word.text:
            return False
    return True
