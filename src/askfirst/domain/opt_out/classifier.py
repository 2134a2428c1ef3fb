"""Understanding a no: is this message, or this tapped button, an opt-out?

Blind to language: a person may answer in any. Two tiers: words that mean "stop" as a whole
message (`stop_words.py`), and sentences that say it (`stop_phrases*.py`).
A button's label was chosen by the business, so "Cancel" or "End" on one is navigation.

Works on three readings of the text: *folded* (one spelling per letter, no case, no invisible
characters), *bare* (also without accents, and with look-alike letters of Latin, Cyrillic and
Greek made one), and, for scripts without spaces, *joined*.
Sources: 47 CFR 64.1200(a)(10) "any reasonable manner"; Unicode UAX 15 and UTS 39.
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

from askfirst.domain.opt_out.lexicon import (
    ALL_OF_IT,
    ANNOYED_WORDS,
    BUTTON_TURNS,
    BUTTON_WORDS,
    COURTESY,
    ENDING_WORDS,
    MARKED_ENDING_WORDS,
    MARKED_STOP_WORDS,
    MARKETING,
    MESSAGES,
    SMALL_WORDS,
    STOP_WORDS,
)
from askfirst.domain.opt_out.stop_phrases import GERMANIC, PHRASES, Phrase
from askfirst.domain.opt_out.stop_phrases_romance import ROMANCE, ROMANCE_PHRASES
from askfirst.domain.opt_out.stop_phrases_world import UNSPACED, WORLD, WORLD_PHRASES

# Nobody buries a no deeper; it also bounds the work on a hostile text.
LENGTH_READ_MAX: Final = 1_000


class StopScope(StrEnum):
    """How much is to stop. In doubt, everything."""

    EVERYTHING = "everything"
    MARKETING = "marketing"


# --- one spelling -------------------------------------------------------------------------------

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
_DRAWN_OUT = re.compile(r"(?<!\S)s+t+o+p+(?!\S)")


def _fold(text: str) -> str:
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


def _bare(text: str) -> str:
    """Take accents off, and make look-alike letters of several scripts one."""
    if text.isascii():
        return text
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.translate(_LOOK_ALIKES)))
    return unicodedata.normalize("NFC", plain.translate(_LOOK_ALIKES))


def _clauses(text: str) -> Iterable[str]:
    """Cut a message where one sentence ends: "No. Stop." is not "non-stop"."""
    return filter(None, map(_fold, _CLAUSE_END.split(text)))


# --- the tables, folded once --------------------------------------------------------------------


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_fold, words))


def _bare_keys(table: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(_bare(_fold(word)) for words in table.values() for word in words)


_STOP: Final = _bare_keys(STOP_WORDS)
_ANNOYED: Final = _bare_keys(ANNOYED_WORDS)
_ENDING: Final = _bare_keys(ENDING_WORDS)
_MARKED_STOP: Final = _keys(MARKED_STOP_WORDS)
_MARKED_STOP_BARE: Final = frozenset(map(_bare, _MARKED_STOP))
_MARKED_ENDING: Final = _keys(MARKED_ENDING_WORDS)
_COURTESY: Final = frozenset(_bare(COURTESY).split())
_MESSAGES: Final = frozenset(_bare(MESSAGES).split())
_SMALL: Final = frozenset(_bare(SMALL_WORDS).split()) | _COURTESY
_BUTTON: Final = frozenset(BUTTON_WORDS.split()) | _SMALL | _MESSAGES
_BUTTON_TURNS: Final = frozenset(BUTTON_TURNS.split())
_STOP_VERBS: Final = frozenset(word for word in _STOP if " " not in word)


def _by_anchor(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    table: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        for anchor in _bare(phrase.anchors).split():
            table[anchor] = (*table.get(anchor, ()), phrase)
    return MappingProxyType(table)


_PHRASES: Final = _by_anchor((*GERMANIC, *ROMANCE, *WORLD))
_JOINED_PHRASES: Final = _by_anchor(UNSPACED)
# A message without any of these words says none of the above, and costs no more than this look.
_TELLING: Final = frozenset(_PHRASES) | {
    max(set(key.split()) - _COURTESY, key=len, default=key) for key in _STOP | _MARKED_STOP_BARE
}
_MARKETING: Final = re.compile(_bare(unicodedata.normalize("NFKC", MARKETING)))
_ALL_OF_IT: Final = re.compile(ALL_OF_IT)


@cache
def _pattern(phrase: Phrase, *, spaced: bool) -> re.Pattern[str]:
    """Compile when first needed: a process that never hears a no never pays."""
    start, end = (r"(?<!\S)", r"(?!\S)") if spaced else ("", "")
    unless = phrase.unless or "(?!)"
    source = f"{start}(?P<unless>{unless})?(?:{phrase.text}){end}"
    return re.compile(_bare(unicodedata.normalize("NFKC", source)))


# --- reading ------------------------------------------------------------------------------------


def read_typed_stop(text: str) -> StopScope | None:
    """Say what a person's own message asks to stop, if anything.

    >>> read_typed_stop("S.T.O.P!!")
    <StopScope.EVERYTHING: 'everything'>
    >>> read_typed_stop("no more offers please")
    <StopScope.MARKETING: 'marketing'>
    >>> read_typed_stop("please don't stop") is None
    True
    """
    text = _head(text)
    folded = _fold(text)
    bare = _bare(folded)
    if bare in _STOP or folded in _MARKED_STOP:
        return _scope(bare)
    if bare in _ENDING or folded in _MARKED_ENDING:
        return StopScope.EVERYTHING
    if bare in _ANNOYED:
        return StopScope.MARKETING
    words = bare.split()
    if _says_nothing(bare, words):
        return None
    if _whole(words, _STOP | _ENDING):
        return StopScope.EVERYTHING
    return _widest(map(_read_clause, _clauses(text)))


def read_tapped_stop(payload: str, label: str) -> StopScope | None:
    """Say what a tapped button asks to stop, if anything: its payload speaks first.

    >>> read_tapped_stop("", "Cancel") is None
    True
    """
    return _read_button(payload) or _read_button(label)


def _head(text: str) -> str:
    text = text.strip()[: 2 * LENGTH_READ_MAX]
    if not text.isascii():
        # Before it is measured: one letter may stand for eighteen.
        text = unicodedata.normalize("NFKC", text)
    if len(text) <= LENGTH_READ_MAX:
        return text
    # The letter spoils the last word, so that a cut text never reads as a whole message.
    return text[:LENGTH_READ_MAX] + "x"


def _says_nothing(bare: str, words: list[str]) -> bool:
    """Let an ordinary message go at the price of a few look-ups."""
    if not _TELLING.isdisjoint(words) or _is_spelled_out(bare, words):
        return False
    if "st" in bare and _DRAWN_OUT.search(bare):
        return False
    return bare.isascii() or not any(anchor in "".join(words) for anchor in _JOINED_PHRASES)


def _is_spelled_out(bare: str, words: list[str]) -> bool:
    return len(words) > 2 and len(bare) == 2 * len(words) - 1  # noqa: PLR2004  # S T O P


def _whole(words: list[str], table: frozenset[str]) -> bool:
    """See a word said again and again, spelled out, or pulled apart."""
    if len(set(words)) == 1:
        return words[0] in table
    bare = " ".join(words)
    together = _is_spelled_out(bare, words) or not bare.isascii()
    return together and "".join(words) in table


def _read_clause(clause: str) -> StopScope | None:
    folded = clause.split()
    words = [_DRAWN_OUT.sub("stop", _bare(word)) for word in folded]
    start, end = _core(words)
    core = words[start:end]
    bare = " ".join(core)
    if bare in _STOP or " ".join(folded[start:end]) in _MARKED_STOP or _whole(core, _STOP):
        return _scope(bare)
    bare = " ".join(words)
    return _scope(bare) if _is_verb_and_noun(words) else _read_phrases(bare, words)


def _core(words: list[str]) -> tuple[int, int]:
    """Find what is left between "hello, could you" and "thank you"."""
    start, end = 0, len(words)
    while start < end and words[start] in _COURTESY:
        start += 1
    while start < end and words[end - 1] in _COURTESY:
        end -= 1
    return start, end


def _is_verb_and_noun(words: list[str]) -> bool:
    """See "stop" among courtesies only, or with what is to stop: "stop your offers"."""
    rest = [word for word in words if word not in _STOP_VERBS and word not in _COURTESY]
    if _STOP_VERBS.isdisjoint(words):
        return False
    things = [word for word in rest if word in _MESSAGES or _MARKETING.match(word)]
    return not rest or (bool(things) and all(word in _SMALL or word in things for word in rest))


def _read_phrases(bare: str, words: list[str]) -> StopScope | None:
    # A dictionary keeps each phrase once: "stop" said 200 times is looked at once.
    phrases = dict.fromkeys(phrase for word in words for phrase in _PHRASES.get(word, ()))
    scope = _widest(_read_phrase(_pattern(phrase, spaced=True), bare) for phrase in phrases)
    if scope is StopScope.EVERYTHING or bare.isascii():
        return scope
    joined = "".join(words)
    unspaced = (
        _read_phrase(_pattern(phrase, spaced=False), joined)
        for anchor, phrases in _JOINED_PHRASES.items()
        if anchor in joined
        for phrase in phrases
    )
    return _widest((scope, *unspaced))


def _read_phrase(pattern: re.Pattern[str], text: str) -> StopScope | None:
    scopes = (
        _scope(text[found.start() : found.end()] + _object(text[found.end() :]))
        for found in pattern.finditer(text)
        if found["unless"] is None
    )
    return _widest(scopes)


def _object(rest: str) -> str:
    """Keep what the sentence still says about the thing to stop, not the next sentence."""
    words = rest.split()[:6]
    ends = [index for index, word in enumerate(words) if word in _NEXT_SENTENCE]
    return " " + " ".join(words[: min(ends, default=None)])


_NEXT_SENTENCE: Final = frozenset(("i", "im", "you", "but", "because", "as", "since", "please"))


def _scope(bare: str) -> StopScope:
    if _MARKETING.search(bare) and not _ALL_OF_IT.search(bare):
        return StopScope.MARKETING
    return StopScope.EVERYTHING


def _widest(scopes: Iterable[StopScope | None]) -> StopScope | None:
    widest = None
    for scope in scopes:
        if scope is StopScope.EVERYTHING:
            return scope
        widest = widest or scope
    return widest


# --- the language ------------------------------------------------------------------------------

_EVERYWHERE: Final = frozenset(("stop", "stop all", "stopall", "st0p", "stpo", "sotp", "tsop"))
_LENGTH_GUESSED_MAX: Final = 200
_RUN_MAX: Final = 4
# Scripts that one language of the catalogue writes; the names are those of Unicode.
_SCRIPTS: Final = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
    "HEBREW": "he",
    "BENGALI": "bn",
    "GREEK": "el",
}


def _by_word() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for words_of in (STOP_WORDS, ENDING_WORDS):
        for language, words in words_of.items():
            for word in map(_bare, map(_fold, words)):
                table[word] = tuple(dict.fromkeys((*table.get(word, ()), language)))
    for word in map(_bare, _MARKED_STOP | _MARKED_ENDING):
        table.setdefault(word, ("vi",))
    return MappingProxyType({key: table[key] for key in table.keys() - _EVERYWHERE})


_LANGUAGES: Final = _by_word()


def _by_phrase() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for language, phrases in (PHRASES | ROMANCE_PHRASES | WORLD_PHRASES).items():
        for word in dict.fromkeys(_bare(phrase.anchors) for phrase in phrases):
            for anchor in word.split():
                table[anchor] = tuple(dict.fromkeys((*table.get(anchor, ()), language)))
    return MappingProxyType({word: table[word] for word in table.keys() - _EVERYWHERE})


_ANCHORED: Final = _by_phrase()


def languages_of_stop(text: str) -> tuple[str, ...]:
    """Give the languages in which a stop's words mean stop; none where they are said everywhere.

    >>> languages_of_stop("Arrêtez svp"), languages_of_stop("STOP"), languages_of_stop("pare")
    (('fr',), (), ('es', 'pt'))
    """
    folded = _fold(text[:_LENGTH_GUESSED_MAX])
    bare = _bare(folded)
    if bare in _LANGUAGES:
        return _LANGUAGES[bare]
    words = bare.split()
    runs = {
        " ".join(words[start : start + length])
        for length in range(1, _RUN_MAX + 1)
        for start in range(len(words) - length + 1)
    }
    votes = Counter(one for run in runs for one in _LANGUAGES.get(run, ()))
    votes.update(one for word in set(words) for one in _ANCHORED.get(word, ()))
    most = max(votes.values(), default=0)
    return tuple(sorted(one for one in votes if votes[one] == most)) or _of_script(folded)


def _of_script(text: str) -> tuple[str, ...]:
    """Tell the language by the first letter that only it is written with."""
    for char in text:
        script = unicodedata.name(char, "").partition(" ")[0]
        if script in _SCRIPTS:
            return (_SCRIPTS[script],)
    return ()


def names_marketing(text: str) -> bool:
    """Tell whether a text has a word for offers, advertising or the like, in any language."""
    return _MARKETING.search(_bare(_fold(text))) is not None


# --- buttons ------------------------------------------------------------------------------------

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _read_button(text: str) -> StopScope | None:
    folded = _fold(_HUMP.sub(" ", _head(text)))
    words = _bare(folded).replace("opt out", "optout").split()
    if not words or _turns_round(words):
        return None
    if not _STOP_VERBS.isdisjoint(words) and all(map(_is_button_word, words)):
        return _scope(" ".join(words))
    return _read_clause(folded)


def _turns_round(words: list[str]) -> bool:
    refused = words[-1] == "no" or (words[0] == "no" and words[1:2] and words[1] in _STOP_VERBS)
    return bool(refused) or not _BUTTON_TURNS.isdisjoint(words)


def _is_button_word(word: str) -> bool:
    return word in _STOP_VERBS or word in _BUTTON or _MARKETING.match(word) is not None
