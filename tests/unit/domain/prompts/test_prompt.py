"""The wording that was shown, named by its content."""

from typing import Any

import pytest

from askfirst.domain.prompts.prompt import PromptVersion, Surface, parse_prompt_hash
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput

PROMPT = PromptVersion(
    key="newsletter",
    locale="en_GB",
    surface=Surface.SIGNUP,
    purposes=("marketing",),
    text="Send me offers on WhatsApp.",
)


def test_equal_wordings_have_one_name_on_every_machine() -> None:
    assert PROMPT.hash == replace(PROMPT).hash
    assert PROMPT.hash == (
        "sha256:7419fe77ab8dfbb19788c95f680e848d4a47a8c6c69e28efb422f1f94d6e36d0"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"key": "news"},
        {"locale": "en"},
        {"surface": Surface.ORDER},
        {"purposes": ("marketing", "utility")},
        {"purposes": ()},
        {"text": "Send me offers on WhatsApp!"},
    ],
)
def test_any_other_content_has_another_name(change: dict[str, Any]) -> None:
    assert replace(PROMPT, **change).hash != PROMPT.hash


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "News letter"}, "prompt.key"),
        ({"key": ""}, "prompt.key"),
        ({"locale": "en-GB"}, "prompt.locale"),
        ({"locale": "english"}, "prompt.locale"),
        ({"text": " \n"}, "prompt.text"),
        ({"text": "x" * 4097}, "prompt.text"),
    ],
)
def test_a_wording_that_is_not_whole_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(PROMPT, **change)
    assert refused.value.field == field


@pytest.mark.parametrize("locale", ["fr", "pt_BR", "zh_Hant_TW", "es_419", "fil"])
def test_locales_of_the_world_are_taken(locale: str) -> None:
    assert replace(PROMPT, locale=locale).hash.startswith("sha256:")


@pytest.mark.parametrize("text", ["", "sha256:", "sha256:" + "A" * 64, "md5:" + "0" * 64])
def test_what_is_no_name_of_a_wording_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_prompt_hash(text, "prompt.hash")


def test_the_name_of_a_wording_is_read_back() -> None:
    assert parse_prompt_hash(PROMPT.hash, "prompt.hash") == PROMPT.hash
