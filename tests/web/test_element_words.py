"""Words for the elements travel with a question, and are no part of what it asks."""

from __future__ import annotations

from html import escape

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling, fill
from askfirst.domain.prompts.prompt import Surface
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.web.element_words import element_words
from askfirst.web.prompt_html import after_html, prompt_html
from tests.support.opt_out import OPT_OUT

LOCALES = sorted(built_in_catalogue().vocabularies)
ANSWER = {"confirm", "done", "failed", "refused"}
CODE = {"again", "approved", "expired", "locked", "open", "over", "resent", "scan", "used"}
CODE |= ANSWER | {"wait", "wrong"}
# The words of these questions; what their elements say changes none of them.
HASHES = {
    ("signup", "fr"): "sha256:1b504e1965a893549f1f2d5298181117bd9d593367a6a1d16eb7d221c624bfcb",
    ("signup", "ar"): "sha256:d449b7a7e87ccdad8d15a3b46c12953f482f6da1f20f098cd7c4f3ec2d8e20d1",
    ("order", "fr"): "sha256:5d8d5294bf340895ea048587a194eb7978a0e51eaaaa19ea8047f3f308102e47",
    ("order", "ar"): "sha256:f7b5b0ad3a48a3bab92ec3ab1238fc4cda163f31b3a40eabed21c211b14519b0",
    ("code", "fr"): "sha256:a0d1e519a7d8c8670d3ebdf0e02ca57420b4d41c18dbda1c1f71a142dc94f26b",
    ("code", "ar"): "sha256:22352b1a587deb2f8b12687c9619caf1fd7c0a948da81fede4ee7298598eb427",
}


def asked(key: str, locale: str = "fr") -> FilledPrompt:
    filling = Filling(business="Café Lune")
    request = PromptRequest(key=key, locale=locale, filling=filling)
    return render_prompt(built_in_catalogue(), request)


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        (("signup", "login", "order", "orders"), ANSWER),
        (("code",), CODE),
        (("chat", "preferences", "phone", "paper", "confirm"), set()),
    ],
)
def test_a_question_brings_what_its_element_says(keys: tuple[str, ...], names: set[str]) -> None:
    for key in keys:
        assert set(element_words(asked(key))) == names
        assert {name for name in CODE if f" data-{name}=" in prompt_html(asked(key))} == names


@pytest.mark.parametrize("locale", LOCALES)
def test_each_word_is_there_and_leaves_its_places_open(locale: str) -> None:
    words = element_words(asked("code", locale))
    assert all(words.values())
    assert {name for name, text in words.items() if "{" in text} == {"wrong", "wait"}
    assert ("{tries}" in words["wrong"], "{seconds}" in words["wait"]) == (True, True)
    for name, text in words.items():
        assert f'data-{name}="{escape(text)}"' in prompt_html(asked("code", locale))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", list(built_in_catalogue().prompts))
def test_no_word_is_part_of_what_was_asked(key: str, locale: str) -> None:
    prompt = asked(key, locale)
    shown = prompt.version.text + after_html(prompt)
    words = element_words(prompt)
    assert [text for name, text in words.items() if name != "open" and text in shown] == []


@pytest.mark.parametrize(("key", "locale"), HASHES)
def test_the_name_of_the_words_is_what_it_was(key: str, locale: str) -> None:
    assert asked(key, locale).version.hash == HASHES[key, locale]


def own(locale: str, surface: Surface) -> FilledPrompt:
    wording = Wording(text="Ĉu {business}?", yes="Jes", no="Ne", open='<b>"Ek"</b>', stop="STOP")
    purposes = ("authentication",)
    prompt = Prompt(key="own", surface=surface, purposes=purposes, wordings={locale: wording})
    vocabulary = built_in_catalogue().vocabulary(locale)
    return fill(prompt, locale, vocabulary, Filling(business="Café Lune"), OPT_OUT)


def test_a_language_that_only_the_business_speaks_has_no_words() -> None:
    assert element_words(own("eo", Surface.CODE)) == {}
    assert "data-" not in prompt_html(own("eo", Surface.CODE))


def test_a_country_speaks_its_language_and_the_business_names_its_button() -> None:
    prompt = own("fr_CA", Surface.CODE)
    assert element_words(prompt)["again"] == "Recommencer"
    assert element_words(prompt)["open"] == '<b>"Ek"</b>'
    assert 'data-open="&lt;b&gt;&#34;Ek&#34;&lt;/b&gt;"' in prompt_html(prompt)
