"""Understanding a no: is this message, or this tapped button, an opt-out?

Blind to language: a person may answer in any. Two tiers: words that mean "stop" as a whole
message, and sentences that say it. The words come in from outside, as a `Lexicon`.
A button's label was chosen by the business, so "Cancel" or "End" on one is navigation.

Works on three readings of the text: *folded*, *bare* (see `spelling`), and, for scripts without
spaces, *joined*.
Source: 47 CFR 64.1200(a)(10) "any reasonable manner".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from askfirst.domain.opt_out.lexicon import Lexicon, Phrase
from askfirst.domain.opt_out.spelling import bare as bared
from askfirst.domain.opt_out.spelling import clauses, fold

# Nobody buries a no deeper; it also bounds the work on a hostile text.
LENGTH_READ_MAX: Final = 1_000


class StopScope(StrEnum):
    """How much is to stop. In doubt, everything."""

    EVERYTHING = "everything"
    MARKETING = "marketing"


_DRAWN_OUT = re.compile(r"(?<!\S)s+t+o+p+(?!\S)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LENGTH_GUESSED_MAX: Final = 200
_RUN_MAX: Final = 4
_OBJECT_WORDS_MAX: Final = 6


class OptOutClassifier:
    """Reads opt-outs by the words of a lexicon, which are folded and sorted once, here."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon: Final = lexicon
        shared, languages = lexicon.shared, tuple(lexicon.languages.values())
        self._stop = _bare_keys(word for one in languages for word in one.stop)
        self._ending = _bare_keys(word for one in languages for word in one.ending)
        self._annoyed = _bare_keys(word for one in languages for word in one.annoyed)
        self._marked_stop = frozenset(fold(word) for one in languages for word in one.marked_stop)
        self._marked_ending = frozenset(
            fold(word) for one in languages for word in one.marked_ending
        )
        self._whole_words = self._stop | self._ending
        self._stop_verbs = frozenset(word for word in self._stop if " " not in word)
        self._courtesy = frozenset(map(bared, shared.courtesy))
        self._messages = frozenset(map(bared, shared.messages))
        self._small = frozenset(map(bared, shared.small)) | self._courtesy
        self._button = frozenset(shared.button) | self._small | self._messages
        self._button_turns = frozenset(shared.button_turns)
        self._next_sentence = frozenset(shared.next_sentence)
        self._marketing = re.compile(_pattern_text(shared.marketing))
        self._all_of_it = re.compile(shared.all_of_it)
        self._later = _later(lexicon)
        self._phrases = _by_anchor(phrase for one in languages for phrase in one.sentences)
        self._joined_phrases = _by_anchor(
            phrase for one in languages for phrase in one.joined_sentences
        )
        self._telling = self._telling_words()
        self._languages = _languages_by_word(lexicon)
        self._anchored = _languages_by_anchor(lexicon)
        self._scripts = {
            script: name for name, one in lexicon.languages.items() for script in one.scripts
        }

    def _telling_words(self) -> frozenset[str]:
        """A message without any of these says no opt-out, and costs no more than this look."""
        keys = self._stop | frozenset(map(bared, self._marked_stop))
        longest = {max(set(key.split()) - self._courtesy, key=len, default=key) for key in keys}
        return frozenset(self._phrases) | longest

    def read_typed(self, text: str) -> StopScope | None:
        """Return what a person's own message asks to stop, if anything."""
        text = _head(text)
        folded = fold(text)
        bare = bared(folded)
        if bare in self._stop or folded in self._marked_stop:
            return self._scope(bare)
        if bare in self._ending or folded in self._marked_ending:
            return StopScope.EVERYTHING
        if bare in self._annoyed:
            return StopScope.MARKETING
        words = bare.split()
        if self._says_nothing(bare, words):
            return None
        if self._whole(words, self._whole_words):
            return StopScope.EVERYTHING
        return _widest(map(self._read_clause, clauses(text)))

    def read_tapped(self, payload: str, label: str) -> StopScope | None:
        """Return what a tapped button asks to stop, if anything: its payload speaks first."""
        return self._read_button(payload) or self._read_button(label)

    def says_how_to_end(self, text: str) -> bool:
        """Return whether a text says how to end something some other time: that is no opt-out."""
        return self._later.search(text) is not None

    def _says_nothing(self, bare: str, words: list[str]) -> bool:
        """Let an ordinary message go at the price of a few look-ups."""
        if not self._telling.isdisjoint(words) or _is_spelled_out(bare, words):
            return False
        if "st" in bare and _DRAWN_OUT.search(bare):
            return False
        return bare.isascii() or not any(
            anchor in "".join(words) for anchor in self._joined_phrases
        )

    def _whole(self, words: list[str], table: frozenset[str]) -> bool:
        """See a word said again and again, spelled out, or pulled apart."""
        if len(set(words)) == 1:
            return words[0] in table
        bare = " ".join(words)
        together = _is_spelled_out(bare, words) or not bare.isascii()
        return together and "".join(words) in table

    def _read_clause(self, clause: str) -> StopScope | None:
        folded = clause.split()
        words = [_DRAWN_OUT.sub("stop", bared(word)) for word in folded]
        start, end = self._core(words)
        core = words[start:end]
        bare = " ".join(core)
        if (
            bare in self._stop
            or " ".join(folded[start:end]) in self._marked_stop
            or self._whole(core, self._stop)
        ):
            return self._scope(bare)
        bare = " ".join(words)
        return (
            self._scope(bare) if self._is_verb_and_noun(words) else self._read_phrases(bare, words)
        )

    def _core(self, words: list[str]) -> tuple[int, int]:
        """Find what is left between "hello, could you" and "thank you"."""
        start, end = 0, len(words)
        while start < end and words[start] in self._courtesy:
            start += 1
        while start < end and words[end - 1] in self._courtesy:
            end -= 1
        return start, end

    def _is_verb_and_noun(self, words: list[str]) -> bool:
        """See "stop" among courtesies only, or with what is to stop: "stop your offers"."""
        rest = [
            word for word in words if word not in self._stop_verbs and word not in self._courtesy
        ]
        if self._stop_verbs.isdisjoint(words):
            return False
        things = [word for word in rest if word in self._messages or self._marketing.match(word)]
        return not rest or (
            bool(things) and all(word in self._small or word in things for word in rest)
        )

    def _read_phrases(self, bare: str, words: list[str]) -> StopScope | None:
        # A dictionary keeps each phrase once: "stop" said 200 times is looked at once.
        phrases = dict.fromkeys(phrase for word in words for phrase in self._phrases.get(word, ()))
        scope = _widest(
            self._read_phrase(_pattern(phrase, spaced=True), bare) for phrase in phrases
        )
        if scope is StopScope.EVERYTHING or bare.isascii():
            return scope
        joined = "".join(words)
        unspaced = (
            self._read_phrase(_pattern(phrase, spaced=False), joined)
            for anchor, phrases in self._joined_phrases.items()
            if anchor in joined
            for phrase in phrases
        )
        return _widest((scope, *unspaced))

    def _read_phrase(self, pattern: re.Pattern[str], text: str) -> StopScope | None:
        scopes = (
            self._scope(text[found.start() : found.end()] + self._object(text[found.end() :]))
            for found in pattern.finditer(text)
            if found["unless"] is None
        )
        return _widest(scopes)

    def _object(self, rest: str) -> str:
        """Keep what the sentence still says about the thing to stop, not the next sentence."""
        words = rest.split()[:_OBJECT_WORDS_MAX]
        ends = [index for index, word in enumerate(words) if word in self._next_sentence]
        return " " + " ".join(words[: min(ends, default=None)])

    def _scope(self, bare: str) -> StopScope:
        if self._marketing.search(bare) and not self._all_of_it.search(bare):
            return StopScope.MARKETING
        return StopScope.EVERYTHING

    def languages_of(self, text: str) -> tuple[str, ...]:
        """Return the languages in which the words mean stop; none where all say them."""
        folded = fold(text[:_LENGTH_GUESSED_MAX])
        bare = bared(folded)
        if bare in self._languages:
            return self._languages[bare]
        words = bare.split()
        runs = {
            " ".join(words[start : start + length])
            for length in range(1, _RUN_MAX + 1)
            for start in range(len(words) - length + 1)
        }
        votes = Counter(one for run in runs for one in self._languages.get(run, ()))
        votes.update(one for word in set(words) for one in self._anchored.get(word, ()))
        most = max(votes.values(), default=0)
        return tuple(sorted(one for one in votes if votes[one] == most)) or self._of_script(folded)

    def _of_script(self, text: str) -> tuple[str, ...]:
        """Tell the language by the first letter that only it is written with."""
        for char in text:
            script = unicodedata.name(char, "").partition(" ")[0]
            if script in self._scripts:
                return (self._scripts[script],)
        return ()

    def names_marketing(self, text: str) -> bool:
        """Return whether a text has a word for offers, advertising or the like, in any language."""
        return self._marketing.search(bared(fold(text))) is not None

    def _read_button(self, text: str) -> StopScope | None:
        folded = fold(_HUMP.sub(" ", _head(text)))
        words = bared(folded).replace("opt out", "optout").split()
        if not words or self._turns_round(words):
            return None
        if not self._stop_verbs.isdisjoint(words) and all(map(self._is_button_word, words)):
            return self._scope(" ".join(words))
        return self._read_clause(folded)

    def _turns_round(self, words: list[str]) -> bool:
        refused = words[-1] == "no" or (
            words[0] == "no" and words[1:2] and words[1] in self._stop_verbs
        )
        return bool(refused) or not self._button_turns.isdisjoint(words)

    def _is_button_word(self, word: str) -> bool:
        return (
            word in self._stop_verbs
            or word in self._button
            or self._marketing.match(word) is not None
        )


def _head(text: str) -> str:
    text = text.strip()[: 2 * LENGTH_READ_MAX]
    if not text.isascii():
        # Before it is measured: one letter may stand for eighteen.
        text = unicodedata.normalize("NFKC", text)
    if len(text) <= LENGTH_READ_MAX:
        return text
    # The letter spoils the last word, so that a cut text never reads as a whole message.
    return text[:LENGTH_READ_MAX] + "x"


def _is_spelled_out(bare: str, words: list[str]) -> bool:
    return len(words) > 2 and len(bare) == 2 * len(words) - 1  # noqa: PLR2004  # S T O P


def _widest(scopes: Iterable[StopScope | None]) -> StopScope | None:
    widest = None
    for scope in scopes:
        if scope is StopScope.EVERYTHING:
            return scope
        widest = widest or scope
    return widest


# --- the tables -----------------------------------------------------------------------------------


def _bare_keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(bared(fold(word)) for word in words)


def _by_anchor(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    table: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        for anchor in map(bared, phrase.anchors):
            table[anchor] = (*table.get(anchor, ()), phrase)
    return MappingProxyType(table)


def _languages_by_word(lexicon: Lexicon) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    languages = lexicon.languages.items()
    clear = [(name, word) for name, one in languages for word in one.stop]
    clear += [(name, word) for name, one in languages for word in one.ending]
    for name, word in clear:
        key = bared(fold(word))
        table[key] = tuple(dict.fromkeys((*table.get(key, ()), name)))
    for name, one in languages:
        for word in (*one.marked_stop, *one.marked_ending):
            table.setdefault(bared(fold(word)), (name,))
    return _without(table, lexicon.shared.said_everywhere)


def _languages_by_anchor(lexicon: Lexicon) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for name, one in lexicon.languages.items():
        for phrase in one.sentences if one.told_by_sentences else ():
            for anchor in map(bared, phrase.anchors):
                table[anchor] = tuple(dict.fromkeys((*table.get(anchor, ()), name)))
    return _without(table, lexicon.shared.said_everywhere)


def _without(
    table: Mapping[str, tuple[str, ...]], words: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: table[key] for key in table.keys() - frozenset(words)})


def _later(lexicon: Lexicon) -> re.Pattern[str]:
    patterns = [pattern for one in lexicon.languages.values() for pattern in one.later]
    return re.compile(rf"\b(?:{'|'.join(patterns) or '(?!)'})\b", re.IGNORECASE)


def _pattern_text(source: str) -> str:
    """Write a pattern in the spelling of what it is compared with."""
    return bared(unicodedata.normalize("NFKC", source))


@cache
def _pattern(phrase: Phrase, *, spaced: bool) -> re.Pattern[str]:
    """Compile when first needed: a process that never hears a no never pays."""
    start, end = (r"(?<!\S)", r"(?!\S)") if spaced else ("", "")
    unless = phrase.unless or "(?!)"
    return re.compile(_pattern_text(f"{start}(?P<unless>{unless})?(?:{phrase.text}){end}"))
