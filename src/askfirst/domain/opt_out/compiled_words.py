"""All words of a lexicon in the form in which they are looked up: by spelling, for all languages.

Made once from the words as people write them (`lexicon`). It has plain texts, numbers and lists
only, and few of them, so that it can be kept as JSON and is loaded in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import (
    SLOTS,
    CompiledWords,
    LanguageWords,
    Lexicon,
    Slots,
    Table,
)
from askfirst.domain.opt_out.spelling import APOSTROPHE, bare, fold, plain_words

FIRST_UNSPACED: Final = "\u0e00"
"""The first letter of scripts in which words are not set apart, and of Korean."""

_Meanings = dict[str, dict[int, int]]


def compile_words(lexicon: Lexicon) -> CompiledWords:
    """Put all words of all languages into the tables of an index."""
    all_words = (lexicon.shared, *lexicon.languages.values())
    names = ("", *lexicon.languages)
    spelled = _Spelled({number for number, one in enumerate(all_words) if one.unspaced})
    for item in _spell(_items(all_words, names)):
        spelled.add(item)
    prefixes: dict[str, list[int]] = {}
    for number, one in enumerate(all_words):
        for prefix in one.prefixes:
            prefixes.setdefault(bare(fold(prefix)), []).append(number)
    numbered = _Numbered()
    return CompiledWords(
        names=names,
        mixtures=[
            (number, [names.index(part) for part in one.mixes])
            for number, one in enumerate(all_words)
            if one.mixes
        ],
        scripts={script: name for name, one in lexicon.languages.items() for script in one.scripts},
        everywhere=sorted(set(map(plain_words, lexicon.shared.words("opt_out", "stop")))),
        stop_words={name: lexicon.stop_words(name) for name in lexicon.languages},
        prefixes=prefixes,
        doubled=sorted(spelled.doubled),
        words=numbered.table(spelled.words),
        stems=numbered.table(spelled.stems),
        marked=numbered.table(spelled.marked),
        pieces=numbered.table(spelled.pieces),
        firsts="\n".join(spelled.phrases),
        rests="\n".join(map(numbered.rests, spelled.phrases.values())),
        meanings="\n".join(numbered.numbers),
    )


class _Item(NamedTuple):
    """A word as it stands in a file, and in both spellings."""

    language: int
    bits: int
    word: str
    folded: str = ""
    plain: str = ""


class _Spelled:
    """Words by their spelling, with what they may be."""

    def __init__(self, unspaced: set[int]) -> None:
        self._unspaced = unspaced
        self.words: _Meanings = {}
        self.stems: _Meanings = {}
        self.marked: _Meanings = {}
        self.pieces: _Meanings = {}
        self.phrases: dict[str, _Meanings] = {}
        self.doubled: set[str] = set()

    def add(self, item: _Item) -> None:
        """Add a word to the tables in which it is looked for."""
        is_stem = item.word[-1:] == "*"
        if item.word[:1] == "=":
            _put(self.marked, item.folded, item)
        elif " " in item.plain:
            first, _, rest = item.plain.partition(" ")
            _put(self.phrases.setdefault(first, {}), rest + "*" * is_stem, item)
            self.doubled.update(one for one, after in pairwise(item.plain.split()) if one == after)
        else:
            _put(self.stems if is_stem else self.words, item.plain, item)
        if item.language in self._unspaced and item.plain[:1] >= FIRST_UNSPACED:
            _put(self.pieces, item.plain.replace(" ", ""), item)


class _Numbered:
    """Numbers meanings, so that what is the same is told once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def table(self, words: _Meanings) -> Table:
        return Table("\n".join(words), [self._number(slots) for slots in words.values()])

    def rests(self, phrases: _Meanings) -> str:
        return ",".join(f"{rest}={self._number(slots)}" for rest, slots in phrases.items())

    def _number(self, slots: Slots) -> int:
        meaning = " ".join(f"{language} {bits}" for language, bits in sorted(slots.items()))
        return self.numbers.setdefault(meaning, len(self.numbers))


def _items(all_words: Sequence[LanguageWords], names: Sequence[str]) -> Iterator[_Item]:
    numbers = {name: number for number, name in enumerate(names)}
    mixed_into: dict[int, list[int]] = {}
    for number, one in enumerate(all_words):
        for name in one.mixes:
            mixed_into.setdefault(numbers[name], []).append(number)
    # What a mixture says of a word itself counts there: "menu" is "me" in romanised Punjabi.
    own = {number: set(one.words(*one.slots)) for number, one in enumerate(all_words) if one.mixes}
    for number, one in enumerate(all_words):
        for slot, words in one.slots.items():
            bits = SLOTS[slot]
            for word in words:
                yield _Item(number, bits, word)
                for mixture in mixed_into.get(number, ()):
                    if word.strip("=*") not in own[mixture]:
                        yield _Item(mixture, bits, word)


def _spell(items: Iterable[_Item]) -> Iterator[_Item]:
    """Spell all words in one go: one call for a thousand costs what ten cost one by one."""
    kept = list(items)
    folded = fold("\n".join(item.word.strip("=*") for item in kept)).replace(APOSTROPHE, "")
    pairs = zip(folded.split(" . "), bare(folded).split(" . "), strict=True)
    for item, (marked, plain) in zip(kept, pairs, strict=True):
        yield item._replace(folded=" ".join(marked.split()), plain=" ".join(plain.split()))


def _put(table: _Meanings, word: str, item: _Item) -> None:
    slots = table.setdefault(word, {})
    slots[item.language] = slots.get(item.language, 0) | item.bits
