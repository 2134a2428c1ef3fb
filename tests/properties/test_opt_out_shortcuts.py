"""What is skipped to be quick says nothing: each shortcut agrees with the long way round."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.opt_out import templates
from askfirst.domain.opt_out.classifier import LENGTH_READ_MAX
from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    CONSENT,
    MORE,
    NO,
    NOT,
    RECEIVE,
    SEND,
    SLOTS,
    STOP,
    WANT,
)
from askfirst.domain.opt_out.message import best_known, languages_in
from askfirst.domain.opt_out.sentence import TOLD, View
from askfirst.domain.opt_out.spelling import normal
from askfirst.domain.opt_out.word_index import Word

Template = Callable[[View, int], object]

_BITS: Final = st.sampled_from([0, *SLOTS.values()])
_WORDS: Final = st.lists(st.builds(int.__or__, _BITS, _BITS), min_size=1, max_size=9)
_NEEDS: Final[dict[str, tuple[int, Template]]] = {
    "not send": (SEND, lambda view, at: templates._not_send(view, at, view[at], asked=False)),
    "not want": (WANT, lambda view, at: templates._not_want(view, at, view[at])),
    "not receive": (RECEIVE, templates._not_receive),
    "not receive more": (MORE, templates._not_receive),
    "no consent": (CONSENT, templates._no_consent),
    "no more about": (ABOUT, templates._no_more_about),
    "no more": (MORE, templates._no_more_about),
    "no messages": (TOLD | MORE, templates._no_messages),
}


@pytest.mark.parametrize("name", _NEEDS)
@given(words=_WORDS, trigger=st.sampled_from([NOT, NO, NOT | STOP]))
def test_a_template_that_is_skipped_would_have_found_nothing(
    name: str, words: Sequence[int], trigger: int
) -> None:
    needed, template = _NEEDS[name]
    view = View([bits & ~needed for bits in (*words, trigger, *words[::-1])])
    assert template(view, len(words)) is None


@given(st.lists(st.frozensets(st.integers(1, 12), max_size=6), max_size=9))
def test_the_languages_known_best_are_those_that_most_words_have(
    words: Sequence[frozenset[int]],
) -> None:
    counted = Counter(language for languages in words for language in languages)
    most = max(counted.values(), default=0)
    known = best_known([Word("x", dict.fromkeys(languages, STOP)) for languages in words], {})
    assert set(languages_in(known)) == {one for one, count in counted.items() if count == most}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_letter_by_letter_gives_the_normal_form_of_unicode(text: str) -> None:
    assert normal(text, LENGTH_READ_MAX) == unicodedata.normalize("NFKC", text)
