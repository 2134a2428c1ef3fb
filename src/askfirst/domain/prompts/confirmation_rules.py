"""What the words of a stop confirmation, and the name in them, must be: no offer.

So that the name cannot be made an offer, it has to be a name: short, in plain letters, without a
link, a price or a picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.prompts.wording_patterns import WordingPatterns
from askfirst.domain.values.confusables import hidden_characters, mixed_words, name_faults

NAME_LENGTH_MAX: Final = 60
_NAME_WORDS_MAX: Final = 8
_DIGITS_IN_A_ROW_MAX: Final = 4
TEXT_LENGTH_MAX: Final = 300
_LINK: Final = re.compile(r"://|www\.|@|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
_PRICE: Final = re.compile(r"[%‰٪﹪％]")
_DIGITS: Final = re.compile(rf"\d{{{_DIGITS_IN_A_ROW_MAX + 1},}}")
_PICTURES: Final = frozenset({"So", "Sk", "Sc"})
# Names such as Gulf Market are no offers; calls to buy are, in whatever else they stand.
_HARMLESS: Final = re.compile(r"\bmarket(ing|s)?\b", re.IGNORECASE)
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


def sender_name_faults(
    name: str, opt_out: OptOutClassifier, patterns: WordingPatterns
) -> Iterator[str]:
    """Yield why a name cannot stand in a confirmation, each as what would be right."""
    yield from name_faults(name)
    if len(name) > NAME_LENGTH_MAX or len(name.split()) > _NAME_WORDS_MAX:
        yield f"must have {NAME_LENGTH_MAX} characters and {_NAME_WORDS_MAX} words at most"
    if _LINK.search(name):
        yield "must not hold an address: WhatsApp would make a link of it"
    if _PRICE.search(name) or _DIGITS.search(name):
        yield "must not hold a percentage or a long number"
    if any(unicodedata.category(char) in _PICTURES for char in name):
        yield "must not hold pictures or signs of money"
    if _offers(name, opt_out, patterns):
        yield "must not hold a word for an offer"


def confirmation_faults(
    words: str, places: Collection[str], opt_out: OptOutClassifier, patterns: WordingPatterns
) -> Iterator[str]:
    """Yield what is wrong with the words of a confirmation, before anything is filled in."""
    if sorted(_PLACE.findall(words)) != sorted(places):
        yield "must have each of its placeholders once: " + ", ".join(places)
    bare = _PLACE.sub("", words)
    if len(words) > TEXT_LENGTH_MAX or "\n" in words:
        yield f"must be one paragraph of {TEXT_LENGTH_MAX} characters at most"
    if "{" in bare or "}" in bare or hidden_characters(bare) or mixed_words(bare):
        yield "must be what it looks like"
    if _LINK.search(bare) or _PRICE.search(bare) or re.search(r"\d", bare) or "!" in bare:
        yield "must hold no address, number or exclamation mark"
    if any(unicodedata.category(char) in _PICTURES for char in bare):
        yield "must hold no picture"
    if _offers(bare, opt_out, patterns):
        yield "must hold no word for an offer"


def _offers(text: str, opt_out: OptOutClassifier, patterns: WordingPatterns) -> bool:
    return bool(patterns.calls.search(text)) or opt_out.names_marketing(_HARMLESS.sub(" ", text))
