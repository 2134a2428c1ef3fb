"""The questions that come with askfirst: whole in every language, and free of findings."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from askfirst.bootstrap.catalogue_files import (
    built_in_catalogue,
    catalogue_with,
    read_prompt_file,
)
from askfirst.domain.opt_out.reading import StopScope
from askfirst.domain.prompts.catalogue import Catalogue, Prompt, Wording
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.prompts.prompt_lint import lint_catalogue
from askfirst.domain.prompts.prompt_rule import COUNTRIES
from askfirst.domain.prompts.prompt_sizes import BUTTON_TITLE_MAX
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from tests.support.opt_out import read_typed_stop

LOCALES = (
    *("ar", "bn", "de", "el", "en", "es", "fr", "he", "hi", "id", "it", "ja", "ko", "ms", "nl"),
    *("pl", "pt_BR", "pt_PT", "ro", "ru", "th", "tr", "uk", "vi", "zh_CN", "zh_TW"),
)
KEYS = (
    *("signup", "login", "code", "chat", "order", "orders", "orders_notice"),
    *("preferences", "phone", "paper", "confirm"),
)
CATALOGUE = built_in_catalogue()
FOLDER = files("askfirst.bootstrap").joinpath("locale")
_CONTEXT = re.compile(r'^msgctxt "(.+)"\nmsgid (".*")\n', re.MULTILINE)


def test_each_surface_is_asked_in_each_language() -> None:
    assert tuple(CATALOGUE.prompts) == KEYS
    assert tuple(sorted(CATALOGUE.vocabularies)) == LOCALES
    for prompt in CATALOGUE.prompts.values():
        assert tuple(sorted(prompt.wordings)) == LOCALES
        assert next(iter(prompt.wordings)) == "en"


@pytest.mark.parametrize("country", ["", *COUNTRIES])
def test_nothing_is_found_in_any_country(country: str) -> None:
    assert lint_catalogue(CATALOGUE, country=country) == ()


@pytest.mark.parametrize("country", ["", "DE"])
def test_nothing_is_found_when_the_words_are_written_out(country: str) -> None:
    """The word lists know the built-in words, also where no placeholder helps."""
    written = Catalogue(
        prompts={key: written_out(prompt) for key, prompt in CATALOGUE.prompts.items()},
        vocabularies=CATALOGUE.vocabularies,
        opt_out=CATALOGUE.opt_out,
        patterns=CATALOGUE.patterns,
    )
    found = lint_catalogue(written, country=country, business="Café Lune")
    assert [(finding.where, finding.message) for finding in found] == []


def written_out(prompt: Prompt) -> Prompt:
    wordings = {}
    for locale in prompt.wordings:
        request = PromptRequest(
            key=prompt.key, locale=locale, filling=Filling(business="Café Lune")
        )
        filled = render_prompt(CATALOGUE, request)
        text = "".join(piece.text for piece in filled.text)
        wordings[locale] = Wording(text=text, yes=filled.yes, no=filled.no)
    return replace(prompt, wordings=wordings)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_word_to_send_is_understood_as_it_may_be_sent(locale: str) -> None:
    stop = CATALOGUE.vocabularies[locale].stop
    for sent in (
        stop,
        stop.lower(),
        stop.title(),
        f"{stop}.",
        f"«{stop}»",
        f"「{stop}」",
        f" {stop} !",
    ):
        assert read_typed_stop(sent) is StopScope.EVERYTHING


@pytest.mark.parametrize("locale", LOCALES)
def test_each_button_fits_into_the_chat(locale: str) -> None:
    words = CATALOGUE.vocabularies[locale]
    labels = [words.yes, words.no, words.open]
    for prompt in CATALOGUE.prompts.values():
        labels += [prompt.wordings[locale].yes, prompt.wordings[locale].no]
    assert [label for label in labels if len(label) > BUTTON_TITLE_MAX] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_each_question_names_the_business_and_the_way_out(locale: str) -> None:
    for prompt in CATALOGUE.prompts.values():
        text = prompt.wordings[locale].text
        assert "{business}" in text
        assert "{stop}" in text
        assert ("{kinds}" in text) is (prompt.key not in ("order", "orders", "orders_notice"))
    assert "{business}" in CATALOGUE.prompts["code"].wordings[locale].after


@pytest.mark.parametrize(("locale", "word"), [("de", "Werbung"), ("ko", "광고")])
def test_advertising_is_called_so_where_consent_must_name_it(locale: str, word: str) -> None:
    """Germany: BGH VI ZR 721/15. Korea: Network Act, article 50."""
    assert word in CATALOGUE.vocabularies[locale].kinds["marketing"]


@pytest.mark.parametrize("locale", LOCALES)
def test_each_catalogue_translates_the_template(locale: str) -> None:
    template = FOLDER.joinpath("askfirst.pot").read_text(encoding="utf-8")
    catalogue = FOLDER.joinpath(locale, "LC_MESSAGES", "askfirst.po").read_text(encoding="utf-8")
    assert _CONTEXT.findall(catalogue) == _CONTEXT.findall(template) != []


def test_no_question_is_the_same_in_two_languages() -> None:
    for prompt in CATALOGUE.prompts.values():
        texts = [wording.text for wording in prompt.wordings.values()]
        assert len(set(texts)) == len(texts)


def test_own_questions_are_read_and_keep_the_languages(tmp_path: Path) -> None:
    path = tmp_path / "prompts.toml"
    path.write_text(
        '[prompts.tips]\nsurface = "signup"\npurposes = ["marketing"]\n'
        '[prompts.tips.texts.de]\ntext = "{kinds} von {business} per WhatsApp. {stop}"\n',
        encoding="utf-8",
    )
    catalogue = catalogue_with(read_prompt_file(path))
    request = PromptRequest(key="tips", locale="de-AT", filling=Filling(business="Café Lune"))
    assert render_prompt(catalogue, request).version.text == (
        "Werbung mit Angeboten und Neuigkeiten von Café Lune per WhatsApp. STOPP"
    )


@pytest.mark.parametrize(
    "content", [None, b"\xff\xfe", b"#" * 1_000_001], ids=["missing", "binary", "huge"]
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "prompts.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        read_prompt_file(path)
    assert refused.value.field == "file"
