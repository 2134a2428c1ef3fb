"""Fills a question in: a business's name, the kinds of messages, the word that stops them.

One pass over the words, so that nothing that is filled in is read as a place to fill. In plain
text, what runs the other way than the words around it stands between Unicode isolates, or a name
in Latin letters would tear an Arabic sentence apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.prompts.catalogue import (
    Control,
    Placeholder,
    Prompt,
    Vocabulary,
    Wording,
    check_purposes,
)
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.confusables import FIRST_STRONG_ISOLATE, POP_ISOLATE, check_name
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import is_right_to_left
from askfirst.domain.values.purpose import Purpose

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_LINE_TO_WRITE_ON: Final = "_" * 24
_NEEDED: Final = {
    Control.BOX: (),
    Control.PAPER: (),
    Control.BUTTONS: ("yes", "no"),
    Control.LINK: ("open",),
    Control.NONE: ("no",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a business says for itself. Empty `purposes` and `kinds` are the question's own."""

    business: str
    purposes: tuple[str, ...] = ()
    kinds: str = ""
    order: str = ""

    def __post_init__(self) -> None:
        check_name(self.business, "business")
        check_purposes(self.purposes)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text; an inserted one may run the other way than what is around it."""

    text: str
    is_inserted: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledPrompt:
    """A question as one person sees it; `version` holds all the words they read before they answer.

    `after` is for when they have answered. `lines` are what a paper form leaves room for.
    """

    version: PromptVersion
    control: Control
    text: Pieces
    after: Pieces
    yes: str
    no: str
    open: str
    lines: tuple[str, ...]

    @property
    def is_right_to_left(self) -> bool:
        """Whether its language is written from right to left."""
        return is_right_to_left(self.version.locale)


def fill(
    prompt: Prompt,
    locale: str,
    vocabulary: Vocabulary | None,
    filling: Filling,
    opt_out: OptOutClassifier,
) -> FilledPrompt:
    """Fill a question in, in one of its own languages.

    The word that stops the messages must be one that `opt_out` understands.

    Raises:
        InvalidInput: the words ask for something that was not given, or that nobody knows.
    """
    wording = prompt.wordings[locale]
    control = prompt.control
    purposes = filling.purposes or prompt.purposes
    if purposes != prompt.purposes and f"{{{Placeholder.KINDS}}}" not in wording.text:
        raise InvalidInput("purpose", "must stay as it is: the words name their kind of messages")
    own_kinds = wording.kinds if purposes == prompt.purposes else ""
    kinds = filling.kinds or own_kinds or _built_in_kinds(vocabulary, purposes)
    stop = wording.stop or (vocabulary.stop if vocabulary else "")
    if stop and not opt_out.read_typed(stop).is_stop:
        raise InvalidInput("stop", "must be a word that askfirst understands as a stop")
    values = _values(filling, kinds, stop)
    labels = {name: _label(name, wording, vocabulary, control) for name in ("yes", "no", "open")}
    if control is Control.NONE:
        labels |= {"yes": "", "open": ""}
    lines = vocabulary.lines if vocabulary and control is Control.PAPER else ()
    text = _filled(wording.text, values)
    plain = plain_text(text, is_rtl=is_right_to_left(locale))
    return FilledPrompt(
        version=prompt.version(locale, _shown(plain, control, labels, lines), purposes),
        control=control,
        text=text,
        after=_filled(wording.after, values),
        lines=lines,
        **labels,
    )


def plain_text(pieces: Pieces, *, is_rtl: bool) -> str:
    """Write pieces as plain text, with isolates around what runs the other way."""
    return "".join(
        _isolated(piece.text, is_rtl=is_rtl) if piece.is_inserted else piece.text
        for piece in pieces
    )


def above_buttons(plain: str, labels: Sequence[str]) -> str:
    """Write down what is read where words stand above buttons."""
    return f"{plain}\n" + " ".join(f"[{label}]" for label in labels)


def kinds_in_words(vocabulary: Vocabulary, purposes: tuple[str, ...]) -> str:
    """Say in words what the messages are for; a topic is called as its purpose is."""
    words = (vocabulary.kinds[Purpose(name).category.value] for name in purposes)
    return vocabulary.separator.join(dict.fromkeys(words))


def _built_in_kinds(vocabulary: Vocabulary | None, purposes: tuple[str, ...]) -> str:
    return kinds_in_words(vocabulary, purposes) if vocabulary else ""


def _values(filling: Filling, kinds: str, stop: str) -> Mapping[str, str]:
    """Gather what there is to fill in; what stays empty is missed only where it is asked for."""
    values = {
        Placeholder.BUSINESS: filling.business,
        Placeholder.KINDS: kinds,
        Placeholder.STOP: stop,
        Placeholder.ORDER: filling.order,
    }
    return {place.value: check_name(words, place) for place, words in values.items() if words}


def _filled(words: str, values: Mapping[str, str]) -> Pieces:
    return tuple(_pieces(words, values))


def _pieces(words: str, values: Mapping[str, str]) -> Iterator[Piece]:
    at = 0
    for place in _PLACE.finditer(words):
        yield from _around(words[at : place.start()])
        yield Piece(_value(place[1], values), is_inserted=True)
        at = place.end()
    yield from _around(words[at:])


def _around(words: str) -> Iterator[Piece]:
    if "{" in words or "}" in words:
        raise InvalidInput("text", "has a { or } that belongs to no placeholder")
    if words:
        yield Piece(words)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in set(Placeholder):
        known = ", ".join(f"{{{place}}}" for place in Placeholder)
        raise InvalidInput("text", f"asks for {{{name}}}; there are {known}")
    if name not in values:
        raise InvalidInput(name, f"must be given: the words ask for {{{name}}}")
    return values[name]


def _label(name: str, wording: Wording, vocabulary: Vocabulary | None, control: Control) -> str:
    words: str = getattr(wording, name) or getattr(vocabulary, name, "")
    if not words and name in _NEEDED[control]:
        raise InvalidInput(name, "must be given: this language has no built-in words")
    if "{" in words or "}" in words:
        raise InvalidInput(name, "must not have placeholders: a button says what it does")
    return words


def _shown(plain: str, control: Control, labels: Mapping[str, str], lines: tuple[str, ...]) -> str:
    """Put together what a person reads before they answer, and nothing that they do not.

    A notice is its words alone: the button beside it is a way to say no, as a word in the chat is.
    """
    if control is Control.NONE:
        return plain
    buttons = [labels[name] for name in _NEEDED[control]]
    if control is Control.PAPER:
        rest = "".join(f"\n{line} {_LINE_TO_WRITE_ON}" for line in lines)
        return f"☐ {plain}\n{rest}"
    return above_buttons(plain, buttons) if buttons else plain


def _isolated(text: str, *, is_rtl: bool) -> str:
    other_way = ("L",) if is_rtl else ("R", "AL")
    if any(unicodedata.bidirectional(char) in other_way for char in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text
