"""Understanding a no: is this message, or this tapped button, an opt-out?

Blind to language: a person may answer in any. Each sentence is read in the languages that know
most of its words, by the same templates (`templates`); what is surest counts. Words come in from
outside, as a `Lexicon`. A button's label was chosen by the business, so "Cancel" or "End" on one
is navigation.
Source: 47 CFR 64.1200(a)(10) "any reasonable manner".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from askfirst.domain.opt_out.cutting import Sentence, sentences_of, view_of
from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    ADVERT,
    ALL,
    BREAK,
    BUTTON,
    END,
    FROM,
    GO_ON,
    IF,
    LABEL,
    LATER,
    LIST,
    ME,
    MESSAGE,
    MORE,
    NOT,
    OPT_OUT,
    ORDERS,
    OTHER,
    POLITE,
    RECEIVE,
    REST,
    SEND,
    SMALL,
    STOP,
    SUBJECT,
    THING,
    TOPIC_END,
    TURNS,
    WHY,
    YOU,
    Lexicon,
    slot_names,
)
from askfirst.domain.opt_out.reading import (
    NOTHING_READ,
    About,
    Certainty,
    MatchedWord,
    OptOutReading,
    StopRule,
    StopScope,
)
from askfirst.domain.opt_out.sentence import SIGNS, is_of_a_stranger, keeps_orders
from askfirst.domain.opt_out.spelling import (
    ENDS,
    SENTENCE_END,
    bare,
    fold,
    plain_words,
)
from askfirst.domain.opt_out.templates import read_sentence
from askfirst.domain.opt_out.word_index import SHARED, Entry, Word, WordIndex

LENGTH_READ_MAX: Final = 4_096
"""The longest message that WhatsApp delivers; it also bounds the work on a hostile text."""

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAME: Final = re.compile(r"[^\W\d_]+")
_LETTERS_MIN: Final = 3
_REPAIRED_MAX: Final = 8
_LANGUAGES_READ_MAX: Final = 4
_LANGUAGES_TOLD_MAX: Final = 6
_SCOPE_LOOK: Final = 6
_SHOUTED_MIN: Final = 4
_ORDER: Final = (Certainty.NONE, Certainty.UNSURE, Certainty.STOP)
_WIDTH: Final = (
    *(StopScope.EVERYTHING, StopScope.KEEP_ORDERS),
    *(StopScope.MARKETING, StopScope.TOPIC),
)


_STOP_SIGNS: Final = frozenset("🛑🚫🔕⛔📵🔇")
_ANGRY: Final = frozenset("🖕😡🤬😠👿💢😤")
_ANGER: Final = OptOutReading(
    certainty=Certainty.UNSURE, rule=StopRule.COMPLAINT, about=About.COMPLAINT
)
_SAID_IN_ANGER_MAX: Final = 3
_SAID_OF_TOPICS: Final = MESSAGE | SEND | RECEIVE | STOP | NOT | SMALL | POLITE | REST


class OptOutClassifier:
    """Reads opt-outs by the words of a lexicon, which are put into one index once, here."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon: Final = lexicon
        self._index = WordIndex(lexicon)
        self._scripts = {
            script: name for name, one in lexicon.languages.items() for script in one.scripts
        }
        self._everywhere = frozenset(map(plain_words, lexicon.shared.words("opt_out", "stop")))

    def read_typed(
        self, text: str, *, business: str = "", topics: Mapping[str, Sequence[str]] | None = None
    ) -> OptOutReading:
        """Return what a person's own message asks to stop, if anything.

        `business` is the name that customers know: "stop Acme" is no stop of somebody else's.
        `topics` are the business's own words for its topics, by the name of the purpose.
        """
        text = _head(text)
        words = self._spelled_together(self._index.words(text))
        read = self._index.with_phrases(words)
        signs = 0
        for word in read:
            signs |= word.entry.any
        reading = NOTHING_READ
        if signs & SIGNS:
            reading = self._read(read, text, business, topics)
        if reading.certainty is not Certainty.STOP:
            repaired = self._repaired(words, signs)
            if repaired is not words:
                again = self._read(self._index.with_phrases(repaired), text, business, topics)
                reading = _surest((again, reading))
        if reading.certainty is Certainty.NONE and _is_anger(words, text):
            return _ANGER
        return reading

    def read_tapped(self, payload: str, label: str) -> OptOutReading:
        """Return what a tapped button asks to stop, if anything: its payload speaks first."""
        reading = self._read_button(payload)
        return reading if reading.is_stop else self._read_button(label)

    def says_how_to_end(self, text: str) -> bool:
        """Return whether a text says how to end something some other time: that is no opt-out."""
        words = self._index.with_phrases(self._index.words(text))
        return any(word.entry.any & LATER for word in words)

    def names_marketing(self, text: str) -> bool:
        """Return whether a text has a word for offers, advertising or the like, in any language."""
        words = self._index.with_phrases(self._index.words(text))
        return any(word.entry.any & ADVERT for word in words)

    def languages_of(self, text: str) -> tuple[str, ...]:
        """Return the languages in which the words mean stop; none where all say them."""
        plain = plain_words(text[:LENGTH_READ_MAX])
        if plain in self._everywhere:
            return ()
        found = self.read_typed(text).languages
        return found or self._of_script(fold(text[:LENGTH_READ_MAX]))

    def _of_script(self, text: str) -> tuple[str, ...]:
        """Tell the language by the first letter that only it is written with."""
        for char in text:
            script = unicodedata.name(char, "").partition(" ")[0]
            if script in self._scripts:
                return (self._scripts[script],)
        return ()

    # --- typed ------------------------------------------------------------------------------------

    def _read(
        self,
        words: Sequence[Word],
        text: str,
        business: str,
        topics: Mapping[str, Sequence[str]] | None,
    ) -> OptOutReading:
        sentences = sentences_of(words)
        named = _capitalised(text) - set(plain_words(business).split())
        readings = [
            self._read_sentence(sentence, sentences, named=named, topics=topics)
            for sentence in sentences
        ]
        reading = _surest(readings)
        return reading if reading.is_stop else _surest((reading, self._shouted(words, text)))

    def _read_sentence(
        self,
        sentence: Sentence,
        all_sentences: Sequence[Sentence],
        *,
        named: AbstractSet[str],
        topics: Mapping[str, Sequence[str]] | None,
    ) -> OptOutReading:
        best = NOTHING_READ
        alone = len(all_sentences) == 1
        signs = 0
        for word in sentence.words:
            signs |= word.entry.any
        if not signs & SIGNS:
            return best
        for language in self._languages(sentence.words):
            view = view_of(sentence.words, language)
            found = read_sentence(view, alone=alone, asked=sentence.is_question)
            if found is None or _ORDER.index(found.certainty) <= _ORDER.index(best.certainty):
                continue
            if found.certainty is Certainty.STOP:
                names = [word.text in named for word in sentence.words]
                is_list = found.rule in {StopRule.OPT_OUT_WORD, StopRule.STOP_MESSAGES}
                if is_of_a_stranger(view, found.places, names, is_list=is_list):
                    continue
            scope, topic, places = None, "", found.places
            if found.certainty is Certainty.STOP:
                scope, topic = self._scope(sentence.words, view, places, topics)
                kept = [keeps_orders(view_of(one.words, language)) for one in all_sentences]
                if any(kept):
                    scope, topic = StopScope.KEEP_ORDERS, ""
            best = OptOutReading(
                certainty=found.certainty,
                scope=scope,
                topic=topic,
                about=found.about,
                rule=found.rule,
                matched=tuple(
                    MatchedWord(sentence.words[at].text, slot_names(view[at])) for at in places
                ),
                languages=self._names(sentence.words, places, language),
            )
        return best

    def _languages(self, words: Sequence[Word]) -> Sequence[int]:
        """Return the languages that know most of the words; a mixture where it knows more."""
        known: dict[int, int] = {}
        for word in words:
            for language in word.entry.slots:
                known[language] = known.get(language, 0) + 1
        known.pop(SHARED, None)
        if not known:
            return (SHARED,)
        most = max(known.values())
        first = {language for language, count in known.items() if count == most}
        parts = self._index.parts
        pure = [one for one in first if one not in parts or first.isdisjoint(parts[one])]
        return sorted(pure)[:_LANGUAGES_READ_MAX]

    def _names(
        self, words: Sequence[Word], places: Sequence[int], language: int
    ) -> tuple[str, ...]:
        """Name the languages that have all the words that matched."""
        common: set[int] | None = None
        for at in places:
            slots = words[at].entry.slots
            if SHARED in slots and language not in slots:
                continue
            common = set(slots) if common is None else common & set(slots)
        told = (common or set()).intersection(self._languages(words))
        # A mixture, or a language in other letters, has no code.
        names = {name for name in map(self._index.names.__getitem__, told) if _is_code(name)}
        return tuple(sorted(names)) if len(names) <= _LANGUAGES_TOLD_MAX else ()

    def _scope(
        self,
        words: Sequence[Word],
        view: Sequence[int],
        places: Sequence[int],
        topics: Mapping[str, Sequence[str]] | None,
    ) -> tuple[StopScope, str]:
        low = max(0, min(places) - _SCOPE_LOOK // 2)
        high = min(len(view), max(places) + _SCOPE_LOOK)
        near = range(low, high)
        named = {plain_words(word): name for name, own in (topics or {}).items() for word in own}
        for at in near:
            if words[at].text in named:
                return StopScope.TOPIC, named[words[at].text]
        everything = any(
            view[at] & ALL and at + 1 < len(view) and view[at + 1] & MESSAGE for at in near
        )
        if any(view[at] & SUBJECT for at in near) and not everything:
            return StopScope.TOPIC, ""
        if any(view[at] & ADVERT for at in near) and not everything:
            return StopScope.MARKETING, ""
        if any(view[at] & ABOUT and _names_something(view, at) for at in near):
            return StopScope.TOPIC, ""
        if any(_ends_topic(view, at) for at in near):
            return StopScope.TOPIC, ""
        last = max(places)
        if not any(view[at] & MESSAGE for at in near) and view[last] & SEND:
            return (StopScope.TOPIC if _names_something(view, last) else StopScope.EVERYTHING), ""
        return StopScope.EVERYTHING, ""

    def _shouted(self, words: Sequence[Word], text: str) -> OptOutReading:
        """See the word that people were told to send, in capitals among others."""
        if not any(word.isupper() and len(word) >= _SHOUTED_MIN for word in text.split()):
            return NOTHING_READ
        raw = _NAME.findall(text)
        if not raw or not words or sum(map(str.isupper, raw)) > len(raw) // 2:
            return NOTHING_READ
        told = STOP | OPT_OUT
        if not any(word.entry.any & (THING | ORDERS) for word in words):
            told |= END
        for shown in raw:
            entry = self._index.word(bare(fold(shown)).strip()).entry
            if not (shown.isupper() and len(shown) >= _SHOUTED_MIN and entry.any & told):
                continue
            at = next((at for at, word in enumerate(words) if word.entry is entry), 0)
            beside = (*words[max(0, at - 2) : at], *words[at + 1 : at + 2])
            if any(word.entry.any & (NOT | THING) for word in beside):
                continue
            if any(word.entry.any & (IF | WHY | OTHER) for word in words[:at]):
                continue
            return OptOutReading(
                certainty=Certainty.STOP,
                scope=StopScope.EVERYTHING,
                rule=StopRule.STOP_WORD,
                matched=(MatchedWord(shown.casefold(), slot_names(entry.any & told)),),
            )
        return NOTHING_READ

    def _spelled_together(self, words: list[Word]) -> list[Word]:
        """See S T O P, and s.t.o.p."""
        letters = [word.text for word in words if word.text not in ENDS]
        if len(letters) < _LETTERS_MIN or any(len(letter) > 1 for letter in letters):
            return words
        together = "".join(letters)
        return [self._index.word(together)]

    def _repaired(self, words: Sequence[Word], signs: int) -> Sequence[Word]:
        """Take drawn-out letters and slips back, where few words are unknown."""
        unknown = [word for word in words if not word.entry.any and len(word.text) >= _LETTERS_MIN]
        if not unknown or len(unknown) > _REPAIRED_MAX:
            return words
        if not signs & ~(POLITE | SMALL | BREAK) and len(words) > _REPAIRED_MAX:
            return words
        repaired = {word.text: self._index.repaired(word) for word in unknown}
        if all(repaired[word.text] is word for word in unknown):
            return words
        return [repaired.get(word.text, word) for word in words]

    # --- tapped -----------------------------------------------------------------------------------

    def _read_button(self, text: str) -> OptOutReading:
        shown = self._index.words(_HUMP.sub(" ", _head(text)))
        while shown and shown[-1].text == SENTENCE_END:
            shown.pop()
        words = self._index.with_phrases(shown)
        if not words or _turns_round(words) or any(word.text.isdecimal() for word in words):
            return NOTHING_READ
        for language in (*self._languages(words), SHARED):
            view = view_of(words, language)
            told = STOP | OPT_OUT | LABEL
            places = tuple(at for at, bits in enumerate(view) if bits & told)
            if places and all(bits & _ON_BUTTONS for bits in view) and not view[0] & (NOT | GO_ON):
                scope = (
                    StopScope.MARKETING
                    if any(bits & ADVERT for bits in view)
                    else StopScope.EVERYTHING
                )
                return OptOutReading(
                    certainty=Certainty.STOP,
                    scope=scope,
                    rule=StopRule.STOP_WORD,
                    matched=tuple(
                        MatchedWord(words[at].text, slot_names(view[at])) for at in places
                    ),
                    languages=self._names(words, places, language),
                )
        reading = self._read([_without(word, END) for word in words], text, "", None)
        return reading if reading.is_stop else NOTHING_READ


_ON_BUTTONS: Final = (
    STOP | OPT_OUT | LABEL | BUTTON | MESSAGE | ADVERT | POLITE | SMALL | ME | ALL
) | (REST | RECEIVE | SEND | LIST | YOU | FROM | BREAK)


def _is_code(name: str) -> bool:
    return 1 < len(name) <= len("fil")


def _turns_round(words: Sequence[Word]) -> bool:
    """See "keep me subscribed", "unsubscribe_no" and "don't stop" on a button."""
    if words[-1].text == "no" or (
        words[0].text == "no" and words[1:2] and words[1].entry.any & STOP
    ):
        return True
    return any(word.entry.slots.get(SHARED, 0) & TURNS for word in words)


def _without(word: Word, slot: int) -> Word:
    if not word.entry.any & slot:
        return word
    slots = {language: bits & ~slot for language, bits in word.entry.slots.items()}
    return Word(word.text, Entry(word.entry.any & ~slot, slots))


def _names_something(view: Sequence[int], place: int) -> bool:
    """Whether a thing, or a word that nobody knows, follows: the topic."""
    for bits in view[place + 1 : place + _SCOPE_LOOK]:
        if not bits & (SMALL | ME | MORE | FROM | NOT):
            return not bits or bool(bits & (THING | ORDERS))
    return False


def _is_anger(words: Sequence[Word], text: str) -> bool:
    """See signs alone, as 🚫 and 🖕, and an angry face beside a word or two: for a person."""
    if text.isascii():
        return False
    if not words:
        return not (_STOP_SIGNS | _ANGRY).isdisjoint(text)
    if _ANGRY.isdisjoint(text) or len(words) > _SAID_IN_ANGER_MAX:
        return False
    return not any(word.entry.any & (THING | ORDERS) for word in words)


def _capitalised(text: str) -> set[str]:
    """Return the words that are written as names are; none where most of a text is in capitals."""
    raw = _NAME.findall(text)
    if sum(map(str.isupper, raw)) > len(raw) // 2:
        return set()
    return {bare(fold(shown)).strip() for shown in raw[1:] if shown[0].isupper()}


def _ends_topic(view: Sequence[int], place: int) -> bool:
    """Whether the word before is the topic, a thing or unknown: "yoga 관련 문자"."""
    if not view[place] & TOPIC_END or place == 0 or place + 1 == len(view):
        return False
    return not view[place - 1] & ~THING and bool(view[place + 1] & _SAID_OF_TOPICS)


def _head(text: str) -> str:
    text = text.strip()[:LENGTH_READ_MAX]
    if not text.isascii():
        # Before it is measured: one letter may stand for eighteen.
        text = unicodedata.normalize("NFKC", text)[:LENGTH_READ_MAX]
    return text


def _surest(readings: Iterable[OptOutReading]) -> OptOutReading:
    best = NOTHING_READ
    for one in readings:
        surer = _ORDER.index(one.certainty) - _ORDER.index(best.certainty)
        if surer > 0 or (
            surer == 0
            and one.scope is not None
            and best.scope is not None
            and _WIDTH.index(one.scope) < _WIDTH.index(best.scope)
        ):
            best = one
    return best
