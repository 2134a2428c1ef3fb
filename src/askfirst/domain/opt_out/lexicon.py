"""What is known of the words by which people make messages stop, as values: no words stand here.

The words are data: a file a language, and one for what is read in every language. A person may
answer in any, so the classifier takes all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Phrase(NamedTuple):
    """One sentence that asks for messages to stop.

    It is read one clause at a time, in bare spelling, words one space apart. It is tried only
    where one of its `anchors` is in the message, so an ordinary message costs one comparison of
    sets. `text` and `unless` are patterns; where `unless` stands right before, the sentence is
    turned round ("don't stop sending offers") and does not count.

    Repetition is bounded and made of listed words, so that no text can make a row slow.
    """

    anchors: tuple[str, ...]
    text: str
    unless: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """What one language has.

    `stop` are clear enough to stand beside "please" or beside what is to stop ("stop offers").
    `ending` also end an order, a chat or a trip: they count only as the whole message, and never
    on a button. `annoyed` are whole messages that ask for nothing in so many words: offers rest,
    nothing else does. The marked ones count with their marks only.
    `joined_sentences` are read with all spaces gone. `later` are patterns of how to end something
    some other time. `scripts` are names of Unicode, of scripts that only this language writes.
    `told_by_sentences`: the anchors of its sentences tell that somebody spoke it.
    """

    stop: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    annoyed: tuple[str, ...] = ()
    marked_stop: tuple[str, ...] = ()
    marked_ending: tuple[str, ...] = ()
    sentences: tuple[Phrase, ...] = ()
    joined_sentences: tuple[Phrase, ...] = ()
    later: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    told_by_sentences: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWords:
    """What is read in every language at once; `marketing` and `all_of_it` are patterns."""

    said_everywhere: tuple[str, ...]
    courtesy: tuple[str, ...]
    messages: tuple[str, ...]
    small: tuple[str, ...]
    button: tuple[str, ...]
    button_turns: tuple[str, ...]
    next_sentence: tuple[str, ...]
    marketing: str
    all_of_it: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Languages by their codes (ISO 639), and what they share."""

    languages: Mapping[str, LanguageWords]
    shared: SharedWords

    def stop_words(self, language: str) -> tuple[str, ...]:
        """Return the words of a language that stop by themselves; none where it is not known."""
        words = self.languages.get(language)
        return words.stop if words else ()
