"""Whatever a business is called: nothing stays unfilled, nothing becomes markup."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.values.confusables import check_name
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.web.prompt_html import after_html, prompt_html

CATALOGUE = built_in_catalogue()
KEYS = st.sampled_from(sorted(CATALOGUE.prompts))
LOCALES = st.sampled_from(sorted(CATALOGUE.vocabularies))
PIECES = st.sampled_from(
    (
        "{business}",
        "{stop}",
        "{",
        "}",
        "{{x}}",
        "<b>",
        "</legend>",
        "&lt;",
        "'\"",
        "%s",
        "{%",
        "\u202e",
    )
)
NAMES = st.one_of(
    st.text(min_size=1, max_size=40),
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=5).map("".join),
    st.text(alphabet="<>&\"'/= abcdé#;{}%", min_size=1, max_size=40),
)
_TAG = re.compile(r"</?[a-z][^<>]*>")


def render(key: str, locale: str, name: str) -> FilledPrompt:
    filling = Filling(business=name)
    return render_prompt(CATALOGUE, PromptRequest(key=key, locale=locale, filling=filling))


def skeleton(prompt: FilledPrompt) -> list[str]:
    """Return the tags of a fragment; the hash differs with the name, and so it should."""
    markup = prompt_html(prompt, "https://wa.me/1") + after_html(prompt, "https://wa.me/1")
    return re.findall(_TAG, markup.replace(prompt.version.hash, ""))


@given(key=KEYS, locale=LOCALES, name=NAMES)
def test_a_name_is_refused_or_shown_as_it_is(key: str, locale: str, name: str) -> None:
    try:
        check_name(name, "business")
    except InvalidInput:
        with pytest.raises(InvalidInput, match=r"^must"):
            render(key, locale, name)
        return
    prompt = render(key, locale, name)
    shown = prompt.version.text
    assert name in shown
    assert "{" not in shown
    assert "}" not in shown
    assert name in unescape(prompt_html(prompt))


@given(key=KEYS, locale=LOCALES, name=NAMES)
def test_a_name_never_becomes_markup(key: str, locale: str, name: str) -> None:
    try:
        prompt = render(key, locale, name)
    except InvalidInput:
        assume(False)
        return
    assert skeleton(prompt) == skeleton(render(key, locale, "Lune"))


@given(key=KEYS, locale=LOCALES, names=st.tuples(NAMES, NAMES))
def test_other_words_have_another_name(key: str, locale: str, names: tuple[str, str]) -> None:
    try:
        one, other = (render(key, locale, name) for name in names)
    except InvalidInput:
        return
    assert (one.version.hash == other.version.hash) is (names[0] == names[1])
