"""What the rules about wording look for; each gives the faults it finds, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from askfirst.domain.prompts.catalogue import Control, Placeholder
from askfirst.domain.prompts.confirmation_rules import confirmation_faults, sender_name_faults
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.prompt_rule import Asked, Fault, plain
from askfirst.domain.values.confusables import hidden_characters, mixed_words, name_faults
from askfirst.domain.values.purpose import Category, Purpose

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_LABELS: Final = ("yes", "no", "open")
_BREAK: Final = re.compile(r"[\s.,;:!?…।、。，：！？「」『』«»“”„\"'()\[\]/-]+")
_STOP_WORDS_LONG: Final = 3
_QUESTION_MARK: Final = re.compile(r"[?？؟¿\u037e]|[α-ω];")


def names_business(asked: Asked) -> Iterator[Fault]:
    """The business is named, by placeholder or by its own name."""
    name = asked.business
    if not asked.has(Placeholder.BUSINESS) and not (name and plain(name) in plain(_text(asked))):
        yield Fault("text", "does not name the business")


def names_channel(asked: Asked) -> Iterator[Fault]:
    """The channel is named, except in the chat, where the reader sees where they are."""
    if asked.surface is not Surface.CHAT and not asked.patterns.channel.search(plain(_text(asked))):
        yield Fault("text", "does not say that the messages come by WhatsApp")


def names_kinds(asked: Asked) -> Iterator[Fault]:
    """The kinds of messages are named."""
    if not asked.has(Placeholder.KINDS) and _lacks_kinds(asked):
        yield Fault("text", "does not say what the messages are about")


def tells_stop(asked: Asked) -> Iterator[Fault]:
    """The way to stop is told, by placeholder or by a word that stops."""
    if not asked.has(Placeholder.STOP) and not _says_stop(asked):
        yield Fault("text", "does not say how to stop the messages")


def stop_is_understood(asked: Asked) -> Iterator[Fault]:
    """A stop word of the business's own stops."""
    word = asked.wording.stop
    if word and not asked.opt_out.read_typed(word).is_stop:
        yield Fault("stop", f"tells people to send {word!r}, which would not stop anything")


def stands_alone(asked: Asked) -> Iterator[Fault]:
    """Nothing else is agreed to by the same act."""
    for field, text in _read(asked):
        for words in _found(asked.said.bundled, text):
            yield Fault(field, f"ties the question to something else: {words!r}")
            return


def asks_one_thing(asked: Asked) -> Iterator[Fault]:
    """One answer is for one purpose."""
    categories = {Purpose(name).category for name in asked.prompt.purposes}
    if asked.is_first and len(categories) > 1:
        names = " and ".join(sorted(categories))
        yield Fault("purposes", f"asks for {names} with one answer")


def yes_means_yes(asked: Asked) -> Iterator[Fault]:
    """The question is not turned round."""
    for field, text in (*_read(asked), ("yes", asked.wording.yes)):
        for words in _found(asked.said.turned_round, text):
            yield Fault(field, f"turns the question round: {words!r}")
            return


def no_is_free(asked: Asked) -> Iterator[Fault]:
    """Declining costs no dignity."""
    for words in _found(asked.said.shaming, asked.wording.no):
        yield Fault("no", f"shames who declines: {words!r}")


def has_both_answers(asked: Asked) -> Iterator[Fault]:
    """Both answers are there, and differ."""
    if asked.prompt.control is not Control.BUTTONS:
        return
    answers = [_label(asked, name) for name in ("yes", "no")]
    for name, words in zip(("yes", "no"), answers, strict=True):
        if not words:
            yield Fault(name, "has no words, and this language has none built in")
    if all(answers) and plain(answers[0]) == plain(answers[1]):
        yield Fault("no", "has the same words as the yes")


def only_informs(asked: Asked) -> Iterator[Fault]:
    """A notice has no answer, and asks nothing."""
    for field in ("yes", "open", "after"):
        if getattr(asked.wording, field):
            yield Fault(field, "must be left out: nobody answers a notice")
    if _QUESTION_MARK.search(_text(asked)):
        yield Fault("text", "asks something; a notice only informs")


def claims_no_consent(asked: Asked) -> Iterator[Fault]:
    """A notice does not say that somebody agrees by reading it."""
    said = asked.said
    for field, text in _read(asked):
        for pattern in (said.consenting, said.bundled):
            for words in _found(pattern, text):
                yield Fault(field, f"speaks of a consent that nobody gives: {words!r}")
                return


def is_about_orders(asked: Asked) -> Iterator[Fault]:
    """A notice is for utility messages only."""
    for name in asked.prompt.purposes if asked.is_first else ():
        if Purpose(name).category is not Category.UTILITY:
            yield Fault("purposes", f"names {name}: that needs a yes, so it needs a question")


def places_are_known(asked: Asked) -> Iterator[Fault]:
    """Placeholders are those that there are, and whole."""
    for field, words in asked.wording.parts():
        for place in _PLACE.findall(words):
            if field in _LABELS or place not in set(Placeholder):
                yield Fault(field, f"cannot be filled in: {{{place}}}")
        if "{" in (rest := _PLACE.sub("", words)) or "}" in rest:
            yield Fault(field, "has a { or } that belongs to no placeholder")


def places_agree(asked: Asked) -> Iterator[Fault]:
    """Placeholders are those of the first language."""
    first_locale, first = next(iter(asked.prompt.wordings.items()))
    for field in ("text", "after"):
        mine, theirs = (set(_PLACE.findall(getattr(one, field))) for one in (asked.wording, first))
        if mine != theirs:
            names = ", ".join(f"{{{name}}}" for name in sorted(mine ^ theirs))
            yield Fault(field, f"differs from {first_locale} in {names}")


def can_be_filled(asked: Asked) -> Iterator[Fault]:
    """What cannot come from the vocabulary is given."""
    if asked.vocabulary is not None:
        return
    for place, own in (
        (Placeholder.KINDS, asked.wording.kinds),
        (Placeholder.STOP, asked.wording.stop),
    ):
        if asked.has(place) and not own:
            yield Fault(place, f"must be given: there are no built-in words in {asked.language}")


def looks_honest(asked: Asked) -> Iterator[Fault]:
    """No character hides or passes for another."""
    own = (("kinds", asked.wording.kinds), ("stop", asked.wording.stop))
    for field, words in (*asked.wording.parts(), *own):
        if hidden := hidden_characters(words):
            yield Fault(field, "holds characters that nobody sees: " + ", ".join(hidden))
        if mixed := mixed_words(words):
            yield Fault(field, "mixes letters of scripts that look alike: " + ", ".join(mixed))


def name_is_honest(asked: Asked) -> Iterator[Fault]:
    """No character of the business's name hides or passes for another."""
    if asked.is_first and asked.business:
        for fault in name_faults(asked.business):
            yield Fault("business", f"{asked.business!r} {fault}")


def stop_can_be_confirmed(asked: Asked) -> Iterator[Fault]:
    """The confirmation of a stop, with this name in this language, is nothing but one."""
    if asked.is_first and asked.business:
        for fault in sender_name_faults(asked.business, asked.opt_out, asked.patterns):
            yield Fault("business", f"{asked.business!r} {fault}")
    words = asked.vocabulary
    if words and words.stopped_everything:
        for text, places in (
            (words.stopped_everything, ("business",)),
            (words.stopped_kinds, ("business", "kinds")),
            (words.unsure_text, ("business",)),
            (words.link_text, ("business",)),
        ):
            for fault in confirmation_faults(text, places, asked.opt_out, asked.patterns):
                yield Fault("text", f"is followed by a message of askfirst's own that {fault}")


def language_is_read(asked: Asked) -> Iterator[Fault]:
    """There are patterns for the language."""
    if not asked.is_read:
        yield Fault("text", f"is in {asked.language}, which these rules do not read word by word")


# --- looking --------------------------------------------------------------------------------------


def _text(asked: Asked) -> str:
    return asked.wording.text


def _read(asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield the text as it was written, and as it reads with the business's own kinds in it."""
    text, kinds = asked.wording.text, asked.wording.kinds
    yield "text", text
    if kinds:
        yield "kinds", text.replace(f"{{{Placeholder.KINDS}}}", kinds)


def _label(asked: Asked, name: str) -> str:
    words: str = getattr(asked.wording, name) or getattr(asked.vocabulary, name, "")
    return words


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield what a pattern finds first, if anything."""
    if found := pattern.search(plain(text)):
        yield found[0]


def _lacks_kinds(asked: Asked) -> bool:
    return asked.is_read and not any(_found(asked.said.kinds, _text(asked)))


def _says_stop(asked: Asked) -> bool:
    """A word for stop, in the reader's language or English, stands in the text."""
    words = [word for word in _BREAK.split(plain(_PLACE.sub(" ", _text(asked)))) if word]
    runs = (
        " ".join(words[at : at + length])
        for length in range(1, _STOP_WORDS_LONG + 1)
        for at in range(len(words))
    )
    own = (asked.wording.stop, getattr(asked.vocabulary, "stop", ""))
    lists = (asked.opt_out.stop_words(language) for language in (asked.language, "en"))
    known = {plain(word) for words in (own, *lists) for word in words if word}
    if not known.isdisjoint(runs):
        return True
    return asked.language in ("ja", "th", "zh", "ko") and any(
        word in plain(_text(asked)) for word in known if len(word) > 1 and not word.isascii()
    )
