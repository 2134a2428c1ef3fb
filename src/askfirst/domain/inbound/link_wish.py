"""A wish for one's own preference page, written in the chat: its words, and what answers it.

Only a message that says nothing else is one. The words come with askfirst, in each language of the
catalogue; the first of them stands ready where a page opens the chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from askfirst.domain.opt_out.spelling import plain_words
from askfirst.domain.prompts.catalogue import Catalogue, Vocabulary
from askfirst.domain.prompts.simple_text import fill_words

LINK_NAME: Final = "askfirst:preference-link"
"""What goes along with the message, for Meta to repeat in its reports."""
_WISH_LENGTH_MAX: Final = 100
_BETWEEN: Final = ","


def wishes_of(vocabularies: Mapping[str, Vocabulary]) -> Mapping[str, tuple[str, ...]]:
    """Return the spelled words of each wish, with the locales that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for locale, vocabulary in vocabularies.items():
        for words in (vocabulary.link_ask, *vocabulary.link_wishes.split(_BETWEEN)):
            if spelled := plain_words(words):
                found[spelled] = tuple(dict.fromkeys((*found.get(spelled, ()), locale)))
    return MappingProxyType(found)


def locales_of_wish(catalogue: Catalogue, text: str) -> tuple[str, ...]:
    """Return the locales in which a text asks for the preference page; none: it does not."""
    if len(text) > _WISH_LENGTH_MAX:
        return ()
    return catalogue.link_wishes.get(plain_words(text), ())


def link_text(catalogue: Catalogue, locale: str, business: str, address: str) -> str:
    """Write the answer. The address has a line of its own: no mark of direction gets into it."""
    words = fill_words(catalogue.vocabularies[locale].link_text, locale, {"business": business})
    return f"{words}\n{address}"
