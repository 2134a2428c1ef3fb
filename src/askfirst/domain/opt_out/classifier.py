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
from functools import lru_cache, partial, reduce
from operator import or_
from typing import Final

from askfirst.domain.opt_out.business_name import with_name_as_you, without_name
from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    ADVERT,
    ALL,
    BRAND,
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
    SHARED,
    SMALL,
    STOP,
    SUBJECT,
    THING,
    TOPIC_END,
    TURNS,
    WHY,
    YOU,
    CompiledWords,
    slot_names,
)
from askfirst.domain.opt_out.message import (
    NAME,
    Message,
    Names,
    Sentence,
    best_known,
    is_of_a_stranger,
    languages_in,
    slots_of,
    view_of,
    views_of,
    within_bounds,
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
from askfirst.domain.opt_out.sentence import SIGNS, View
from askfirst.domain.opt_out.spelling import ENDS, SENTENCE_END, fold, normal, plain_words, spell
from askfirst.domain.opt_out.templates import Found, read_sentence
from askfirst.domain.opt_out.word_index import Word, WordIndex

LENGTH_READ_MAX: Final = 4_096
"""The longest message that WhatsApp delivers; it also bounds the work on a hostile text."""

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CAPITALS: Final = re.compile(r"[^\W\d_a-z]{4}")
_LETTERS_MIN: Final = 3
_REPAIRED_MAX: Final = 8
_LANGUAGES_TOLD_MAX: Final = 6
_LANGUAGES_KEPT_MAX: Final = 4_096
_SCOPE_LOOK: Final = 6
_SHOUTED_MIN: Final = 4
_LANGUAGES_ON_BUTTONS_MAX: Final = 4
_STOP: Final = Certainty.STOP
_NONE: Final = Certainty.NONE
_EVERYTHING: Final = StopScope.EVERYTHING
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
_ENDING_LISTS: Final = frozenset({StopRule.OPT_OUT_WORD, StopRule.STOP_MESSAGES})
_NARROWING: Final = SUBJECT | ADVERT | ABOUT | TOPIC_END | SEND
"""Without any of these, and without a topic of the business's own, everything is meant."""


class OptOutClassifier:
    """Reads opt-outs by the words of a lexicon, which are put into one index once, here."""

    def __init__(self, compiled: CompiledWords) -> None:
        self._index = WordIndex(compiled)
        self._scripts = compiled.scripts
        self._everywhere = frozenset(compiled.everywhere)
        self._stop_words = compiled.stop_words
        self._told = lru_cache(_LANGUAGES_KEPT_MAX)(partial(_told, compiled.names))

    def stop_words(self, language: str) -> Sequence[str]:
        """Return the words of a language that stop by themselves; none where it is not known."""
        return self._stop_words.get(language, ())

    def read_typed(
        self, text: str, *, business: str = "", topics: Mapping[str, Sequence[str]] | None = None
    ) -> OptOutReading:
        """Return what a person's own message asks to stop, if anything.

        `business` is the name that customers know: "stop Acme" is no stop of somebody else's.
        `topics` are the business's own words for its topics, by the name of the purpose.
        """
        text = _head(text)
        if business:
            text = without_name(text, business)
        words = within_bounds(self._spelled_together(self._index.words(text)))
        if business:
            words = with_name_as_you(words, business)
        read = self._index.with_phrases(words)
        slots = slots_of(read)
        reading = NOTHING_READ
        if slots & SIGNS:
            reading = self._read(read, slots, text, business, topics)
        if reading.certainty is not _STOP:
            repaired = self._repaired(words, read, slots)
            if repaired is not words:
                read = self._index.with_phrases(repaired)
                again = self._read(read, slots_of(read), text, business, topics)
                reading = _surest((again, reading))
        if reading.certainty is _NONE and not text.isascii() and _is_anger(words, text):
            return _ANGER
        return reading

    def read_tapped(self, payload: str, label: str) -> OptOutReading:
        """Return what a tapped button asks to stop, if anything: its payload speaks first."""
        reading = self._read_button(payload)
        return reading if reading.certainty is _STOP else self._read_button(label)

    def says_how_to_end(self, text: str) -> bool:
        """Return whether a text says how to end something some other time: that is no opt-out."""
        words = self._index.with_phrases(self._index.words(_head(text)))
        return any(word.any & LATER for word in words)

    def names_marketing(self, text: str) -> bool:
        """Return whether a text has a word for offers, advertising or the like, in any language."""
        words = self._index.with_phrases(self._index.words(_head(text)))
        return any(word.any & ADVERT for word in words)

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
        slots: int,
        text: str,
        business: str,
        topics: Mapping[str, Sequence[str]] | None,
    ) -> OptOutReading:
        message = Message(words, slots)
        names = Names(text, business)
        reading = NOTHING_READ
        for sentence in message.sentences:
            if not sentence.any & SIGNS:
                continue
            read = self._read_sentence(sentence, message, topics, names)
            if read is not NOTHING_READ:
                reading = read if reading is NOTHING_READ else _surest((reading, read))
            if reading.scope is _EVERYTHING:
                break
        if reading.certainty is not _STOP and _CAPITALS.search(text):
            return _surest((reading, self._shouted(words, text)))
        return reading

    def _read_sentence(
        self,
        sentence: Sentence,
        message: Message,
        topics: Mapping[str, Sequence[str]] | None,
        names: Names,
    ) -> OptOutReading:
        best = NOTHING_READ
        words, alone = sentence.words, len(message.sentences) == 1
        known = best_known(words, self._index.parts)
        for language, view in views_of(words, known):
            found = read_sentence(view, alone=alone, asked=sentence.is_question)
            if found is None or found.certainty is best.certainty:
                continue
            scope, topic, places = None, "", found.places
            if found.certainty is _STOP:
                if _names_a_stranger(words, view, found, names):
                    continue
                if message.keeps_orders(language):
                    scope = StopScope.KEEP_ORDERS
                else:
                    scope, topic = self._scope(words, view, places, topics)
            best = OptOutReading(
                certainty=found.certainty,
                scope=scope,
                topic=topic,
                about=found.about,
                rule=found.rule,
                matched=tuple([MatchedWord(words[at].text, slot_names(view[at])) for at in places]),
                languages=self._names(words, places, language, known),
            )
            if scope is not None:
                break
        return best

    def _names(
        self, words: Sequence[Word], places: Sequence[int], language: int, known: int
    ) -> tuple[str, ...]:
        """Name the languages that have all the words that matched, of those that are known best."""
        common = -1
        for at in places:
            word = words[at]
            if SHARED not in word.slots or language in word.slots:
                common &= word.languages
        if common < 0:
            return ()
        return self._told(common & known)

    def _scope(
        self,
        words: Sequence[Word],
        view: View,
        places: Sequence[int],
        topics: Mapping[str, Sequence[str]] | None,
    ) -> tuple[StopScope, str]:
        if not topics and not view.any & _NARROWING:
            return _EVERYTHING, ""
        low = max(0, min(places) - _SCOPE_LOOK // 2)
        high = min(len(view), max(places) + _SCOPE_LOOK)
        near = range(low, high)
        if topics:
            own = {plain_words(word): name for name, said in topics.items() for word in said}
            for at in near:
                if words[at].text in own:
                    return StopScope.TOPIC, own[words[at].text]
        said = reduce(or_, view[low:high])
        if said & (SUBJECT | ADVERT) and not (said & ALL and _names_all_messages(view, near)):
            return (StopScope.TOPIC if said & SUBJECT else StopScope.MARKETING), ""
        if said & ABOUT and any(view[at] & ABOUT and _names_something(view, at) for at in near):
            return StopScope.TOPIC, ""
        if said & TOPIC_END and any(_ends_topic(view, at) for at in near):
            return StopScope.TOPIC, ""
        last = max(places)
        if not said & MESSAGE and view[last] & SEND and _names_something(view, last):
            return StopScope.TOPIC, ""
        return _EVERYTHING, ""

    def _shouted(self, words: Sequence[Word], text: str) -> OptOutReading:
        """See the word that people were told to send, in capitals among others."""
        if text == text.lower():
            return NOTHING_READ
        raw = NAME.findall(text)
        if not raw or not words or sum(map(str.isupper, raw)) > len(raw) // 2:
            return NOTHING_READ
        told = STOP | OPT_OUT
        if not any(word.any & (THING | ORDERS) for word in words):
            told |= END
        for shown in raw:
            if not (shown.isupper() and len(shown) >= _SHOUTED_MIN):
                continue
            meant = self._index.word(spell(shown).strip())
            if not meant.any & told:
                continue
            at = next((at for at, word in enumerate(words) if word is meant), 0)
            beside = (*words[max(0, at - 2) : at], *words[at + 1 : at + 2])
            if any(word.any & (NOT | THING) for word in beside):
                continue
            if any(word.any & (IF | WHY | OTHER) for word in words[:at]):
                continue
            return OptOutReading(
                certainty=_STOP,
                scope=_EVERYTHING,
                rule=StopRule.STOP_WORD,
                matched=(MatchedWord(shown.casefold(), slot_names(meant.any & told)),),
            )
        return NOTHING_READ

    def _spelled_together(self, words: list[Word]) -> list[Word]:
        """See S T O P, and s.t.o.p."""
        if not words or len(words[0].text) > 1:
            return words
        letters = [word.text for word in words if word.text not in ENDS]
        if len(letters) < _LETTERS_MIN or any(len(letter) > 1 for letter in letters):
            return words
        together = "".join(letters)
        return [self._index.word(together)]

    def _repaired(self, words: Sequence[Word], read: Sequence[Word], signs: int) -> Sequence[Word]:
        """Take drawn-out letters and slips back, where few words are unknown.

        `read` are the words with their expressions: "waiting list" has no slip of "wanting".
        """
        unknown = [word for word in words if not word.any and len(word.text) >= _LETTERS_MIN]
        if unknown and read is not words:
            known = {word.text for word in read if word.any}
            unknown = [word for word in unknown if word.text not in known]
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
        known = best_known(words, self._index.parts)
        for language in (*languages_in(known)[:_LANGUAGES_ON_BUTTONS_MAX], SHARED):
            view = view_of(words, language)
            places = tuple(at for at, bits in enumerate(view) if bits & _SAID_ON_BUTTONS)
            if places and all(bits & _ON_BUTTONS for bits in view) and not view[0] & (NOT | GO_ON):
                scope = StopScope.MARKETING if any(bits & ADVERT for bits in view) else _EVERYTHING
                return OptOutReading(
                    certainty=_STOP,
                    scope=scope,
                    rule=StopRule.STOP_WORD,
                    matched=tuple(
                        MatchedWord(words[at].text, slot_names(view[at])) for at in places
                    ),
                    languages=self._names(words, places, language, known),
                )
        words = [_without(word, END) for word in words]
        reading = self._read(words, slots_of(words), text, "", None)
        return reading if reading.certainty is _STOP else NOTHING_READ


_SAID_ON_BUTTONS: Final = STOP | OPT_OUT | LABEL
_ON_BUTTONS: Final = (
    _SAID_ON_BUTTONS | BUTTON | MESSAGE | ADVERT | POLITE | SMALL | ME | ALL | REST
) | (RECEIVE | SEND | LIST | YOU | FROM | BREAK)


def _told(all_names: Sequence[str], known: int) -> tuple[str, ...]:
    """Name languages by their codes; a mixture, or one in other letters, has none."""
    names = [all_names[language] for language in languages_in(known)]
    told = sorted(name for name in names if 1 < len(name) <= len("fil"))
    return tuple(told) if len(told) <= _LANGUAGES_TOLD_MAX else ()


def _turns_round(words: Sequence[Word]) -> bool:
    """See "keep me subscribed", "unsubscribe_no" and "don't stop" on a button."""
    if words[-1].text == "no" or (words[0].text == "no" and words[1:2] and words[1].any & STOP):
        return True
    return any(word.shared & TURNS for word in words)


def _without(word: Word, slot: int) -> Word:
    if not word.any & slot:
        return word
    slots = {language: bits & ~slot for language, bits in word.slots.items()}
    return Word(word.text, slots)


def _names_all_messages(view: View, near: range) -> bool:
    return any(
        view[at] & ALL and at + 1 < len(view) and bool(view[at + 1] & MESSAGE) for at in near
    )


def _names_something(view: View, place: int) -> bool:
    """Whether a thing, or a word that nobody knows, follows: the topic."""
    for bits in view[place + 1 : place + _SCOPE_LOOK]:
        if not bits & (SMALL | ME | MORE | FROM | NOT | REST):
            return not bits or bool(bits & (THING | ORDERS))
    return False


def _is_anger(words: Sequence[Word], text: str) -> bool:
    """See signs alone, as 🚫 and 🖕, and an angry face beside a word or two: for a person."""
    if not words:
        return not (_STOP_SIGNS | _ANGRY).isdisjoint(text)
    if len(words) > _SAID_IN_ANGER_MAX or _ANGRY.isdisjoint(text):
        return False
    return not any(word.any & (THING | ORDERS) for word in words)


def _names_a_stranger(words: Sequence[Word], view: View, found: Found, names: Names) -> bool:
    """See somebody else named beside what is to stop: "stop Netflix mails"."""
    named = names.found()
    if not named and not view.any & BRAND:
        return False
    are_names = [word.text in named for word in words]
    is_list = found.rule in _ENDING_LISTS
    return is_of_a_stranger(view, found.places, are_names, is_list=is_list)


def _ends_topic(view: View, place: int) -> bool:
    """Whether the word before is the topic, a thing or unknown: "yoga 관련 문자"."""
    if not view[place] & TOPIC_END or place == 0 or place + 1 == len(view):
        return False
    return not view[place - 1] & ~THING and bool(view[place + 1] & _SAID_OF_TOPICS)


def _head(text: str) -> str:
    """Leave what one message can hold, measured once it is normalised."""
    text = text.strip()[:LENGTH_READ_MAX]
    return normal(text, LENGTH_READ_MAX)


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
