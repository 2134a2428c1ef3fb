"""Finding a question's words in the reader's language."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt

LUNE = Filling(business="Café Lune")


@pytest.mark.parametrize(
    ("asked", "given"), [("fr-CA", "fr"), ("zh-Hant", "zh_TW"), ("PT", "pt_BR"), ("en_GB", "en")]
)
def test_the_closest_language_is_taken_and_named(asked: str, given: str) -> None:
    filled = render_prompt(
        built_in_catalogue(), PromptRequest(key="signup", locale=asked, filling=LUNE)
    )
    assert filled.version.locale == given
    assert "Café Lune" in filled.version.text


@pytest.mark.parametrize(("key", "locale"), [("signup", "sw"), ("signup", "nonsense")])
def test_nobody_is_asked_in_another_language(key: str, locale: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        render_prompt(built_in_catalogue(), PromptRequest(key=key, locale=locale, filling=LUNE))
    assert refused.value.field == "locale"


def test_an_unknown_question_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnknownReference, match="signup, login"):
        render_prompt(built_in_catalogue(), PromptRequest(key="x", locale="en", filling=LUNE))
