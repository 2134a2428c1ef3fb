"""What is known of the words by which people make messages stop, as values: no words stand here.

The words are data: a file a language, and one for what is read in every language. Each language
sorts its words into *slots*; templates (`templates`) say which slots together make a stop. A
person may answer in any language, so the classifier takes all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

# One bit a slot: what a word may be is a sum of them.
OPT_OUT: Final = 1 << 0
STOP: Final = 1 << 1
END: Final = 1 << 2
NOT: Final = 1 << 3
NO: Final = 1 << 4
WANT: Final = 1 << 5
SEND: Final = 1 << 6
RECEIVE: Final = 1 << 7
MESSAGE: Final = 1 << 8
ADVERT: Final = 1 << 9
REMOVE: Final = 1 << 10
LIST: Final = 1 << 11
NUMBER: Final = 1 << 12
ME: Final = 1 << 13
IT: Final = 1 << 14
MORE: Final = 1 << 15
ALL: Final = 1 << 16
REVOKE: Final = 1 << 17
CONSENT: Final = 1 << 18
DATA: Final = 1 << 19
KEEP: Final = 1 << 20
ORDERS: Final = 1 << 21
POLITE: Final = 1 << 22
SMALL: Final = 1 << 23
FROM: Final = 1 << 24
SPAM: Final = 1 << 25
REPORT: Final = 1 << 26
WHY: Final = 1 << 27
HOW: Final = 1 << 28
GIVE: Final = 1 << 29
IF: Final = 1 << 30
OTHER: Final = 1 << 31
MISTAKE: Final = 1 << 32
MUCH: Final = 1 << 33
THING: Final = 1 << 34
YOU: Final = 1 << 35
GO_ON: Final = 1 << 36
WRONG: Final = 1 << 37
ABOUT: Final = 1 << 38
MAYBE: Final = 1 << 39
BUTTON: Final = 1 << 40
TURNS: Final = 1 << 41
LATER: Final = 1 << 42
ONLY: Final = 1 << 43
KEPT: Final = 1 << 44
ELSE: Final = 1 << 45
THAT: Final = 1 << 46
TOPIC_END: Final = 1 << 47
ASK: Final = 1 << 48
FOR: Final = 1 << 52
SUBJECT: Final = 1 << 53
TURN: Final = 1 << 54
OFF: Final = 1 << 55
BRAND: Final = 1 << 56
LABEL: Final = 1 << 57
WHEN: Final = 1 << 58
COUPON: Final = 1 << 59
# Not in files: where a sentence breaks, the rest of an expression of several words, a number.
BREAK: Final = 1 << 50
DIGITS: Final = 1 << 49
REST: Final = 1 << 51

SLOTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "opt_out": OPT_OUT,
        "stop": STOP,
        "end": END,
        "not": NOT,
        "no": NO,
        "want": WANT,
        "not_want": NOT | WANT,
        "send": SEND,
        "not_send": NOT | SEND,
        "receive": RECEIVE,
        "message": MESSAGE,
        "advert": ADVERT,
        "remove": REMOVE,
        "list": LIST,
        "number": NUMBER,
        "me": ME,
        "it": IT,
        "more": MORE,
        "all": ALL,
        "revoke": REVOKE,
        "consent": CONSENT,
        "data": DATA,
        "only": KEEP | ONLY,
        "keep": KEEP,
        "kept": KEPT,
        "else": ELSE,
        "orders": ORDERS,
        "that": THAT | SMALL,
        "topic_end": TOPIC_END,
        "subject": SUBJECT,
        "for": FOR | SMALL,
        "turn": TURN,
        "off": OFF | SMALL,
        "brand": THING | BRAND,
        "ask": ASK,
        "when": WHEN,
        "coupon": ADVERT | COUPON,
        "polite": POLITE,
        "small": SMALL,
        "from": FROM,
        "about": ABOUT,
        "spam": SPAM,
        "report": REPORT,
        "much": MUCH,
        "why": WHY,
        "how": HOW,
        "give": GIVE,
        "wrong": WRONG,
        "maybe": MAYBE,
        "if": IF,
        "other": OTHER,
        "mistake": MISTAKE,
        "go_on": GO_ON,
        "you": YOU,
        "thing": THING,
        "later": LATER,
        "button": BUTTON,
        "turns": TURNS,
        "label": LABEL,
    }
)
"""The keys of a file, and what a word in them may be. CONTRIBUTING says what belongs where."""


_NAMES: Final = MappingProxyType(
    {bit: name for name, bit in SLOTS.items() if bit & (bit - 1) == 0} | {ONLY: "only"}
)


@lru_cache(maxsize=4_096)
def slot_names(bits: int) -> tuple[str, ...]:
    """Return the slots that a word fills, one name a bit."""
    return tuple(name for bit, name in _NAMES.items() if bits & bit)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """What one language has: words by slot, as they stand in its file.

    A word ending in `*` is a stem; one beginning with `=` counts with its marks only. `prefixes`
    are small words written together with the next one, as Arabic `و`. `mixes` are languages whose
    words belong to this one too, unless it has the same, as those of English do to Hinglish.
    `scripts` are names of Unicode, of scripts that only this language writes. `unspaced`: words are
    not set apart.
    """

    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    mixes: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    unspaced: bool = False

    def words(self, *slots: str) -> tuple[str, ...]:
        """Return the words of some slots, without their signs."""
        return tuple(word.strip("=*") for slot in slots for word in self.slots.get(slot, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Languages by their codes (ISO 639, or a name such as `hinglish`), and what all share."""

    languages: Mapping[str, LanguageWords]
    shared: LanguageWords

    def stop_words(self, language: str) -> tuple[str, ...]:
        """Return the words of a language that stop by themselves; none where it is not known."""
        words = self.languages.get(language)
        return words.words("opt_out", "stop") if words else ()


SHARED: Final = 0
"""The number of what is read in every language; the languages are counted from 1."""

Slots = Mapping[int, int]
"""What a word may be: a sum of slots by the number of a language."""


class Table(NamedTuple):
    """Words, one a line, and for each the number of its meaning."""

    words: str
    meanings: Sequence[int]

    def numbers(self) -> dict[str, int]:
        """Return the number of each word's meaning."""
        return dict(zip(self.words.split("\n"), self.meanings, strict=True)) if self.words else {}


class CompiledWords(NamedTuple):
    """What the index of words is filled with.

    `meanings`: one a line, a language's number and its slots by turns; words with the same meaning
    share it. `marked` count with their accents only. `doubled` stand twice in an expression.
    `pieces` are found inside of a text without spaces. `firsts`: the first words of expressions,
    one a line, and beside each, in `rests`, all ways to go on, with the numbers of their meanings:
    "me alone=7,me out*=9".
    """

    names: Sequence[str]
    mixtures: Sequence[tuple[int, Sequence[int]]]
    scripts: Mapping[str, str]
    everywhere: Sequence[str]
    stop_words: Mapping[str, Sequence[str]]
    prefixes: Mapping[str, Sequence[int]]
    doubled: Sequence[str]
    meanings: str
    words: Table
    stems: Table
    marked: Table
    pieces: Table
    firsts: str
    rests: str
