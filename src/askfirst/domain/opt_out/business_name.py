"""The business's own name in what is typed to it: nobody else's, and no word to stop by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from askfirst.domain.opt_out.lexicon import BRAND, SHARED, YOU
from askfirst.domain.opt_out.message import NAME
from askfirst.domain.opt_out.spelling import plain_words
from askfirst.domain.opt_out.word_index import Word

_KEPT_MAX: Final = 1_024
_WORDS_MIN: Final = 2


def without_name(text: str, business: str) -> str:
    """Leave the business's own name out: "a yes to messages from Stop & Shop" stops nothing.

    A name of one word stays: to a business called Stop, STOP is still a stop.
    """
    told = _told_name(business)
    if told is None:
        return text
    rest = told.sub(" ", text)
    return rest if NAME.search(rest) else text


def with_name_as_you(words: Sequence[Word], business: str) -> Sequence[Word]:
    """Read "stop Acme mails", said to Acme, as "stop your mails".

    A word of the name that means something stays what it is: to a business called Stop, too.
    """
    own = _words_of(business)
    if own.isdisjoint([word.text for word in words]):
        return words
    return [
        Word(word.text, {SHARED: YOU})
        if word.text in own and (not word.any or word.any & BRAND)
        else word
        for word in words
    ]


@lru_cache(_KEPT_MAX)
def _told_name(business: str) -> re.Pattern[str] | None:
    name = NAME.findall(business)
    if len(name) < _WORDS_MIN:
        return None
    told = r"(?<![a-z])" + r"\W+".join(map(re.escape, name)) + r"(?![a-z])"
    return re.compile(told, re.IGNORECASE)


@lru_cache(_KEPT_MAX)
def _words_of(business: str) -> frozenset[str]:
    return frozenset(plain_words(business).split())
