"""A business's own questions, read strictly."""

from __future__ import annotations

import pytest

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.prompt_file import parse_prompts
from askfirst.domain.values.errors import InvalidInput

HEAD = '[prompts.news]\nsurface = "signup"\npurposes = ["marketing"]\n'
BODY = '[prompts.news.texts.en]\ntext = "News from {business}"\n'


def test_a_whole_file_is_read() -> None:
    read = parse_prompts(
        'business = "Café Lune"\n' + HEAD + BODY + 'kinds = "recipes"\n'
        '[prompts.news.texts.pt-br]\ntext = "Notícias"\n'
    )
    assert read.business == "Café Lune"
    news = read.prompts["news"]
    assert (news.key, news.surface, news.purposes) == ("news", Surface.SIGNUP, ("marketing",))
    assert list(news.wordings) == ["en", "pt_BR"]
    assert news.wordings["en"].kinds == "recipes"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("prompts = [", "file"),
        ("", "prompts"),
        ("prompts = 3", "prompts"),
        ("busines = 'x'\n" + HEAD + BODY, "busines"),
        ("business = 3\n" + HEAD + BODY, "business"),
        (HEAD, "prompts.news.texts"),
        ('[prompts.news]\nsurface = "radio"\n' + BODY, "prompts.news.surface"),
        ('[prompts.news]\nsurface = "signup"\n' + BODY, "prompts.news.purposes"),
        ('[prompts.news]\nsurface = "signup"\npurposes = []\n' + BODY, "prompts.news.purposes"),
        (
            '[prompts.news]\nsurface = "chat"\npurposes = "utility"\n' + BODY,
            "prompts.news.purposes",
        ),
        ('[prompts.news]\nsurface = "chat"\npurposes = ["service"]\n' + BODY, "prompts.news"),
        ('[prompts.news]\nsurface = "chat"\npurposes = ["fun"]\n' + BODY, "prompts.news"),
        (HEAD + "colour = 'red'\n" + BODY, "prompts.news.colour"),
        (HEAD + BODY + "checked = true\n", "prompts.news.texts.en.checked"),
        (HEAD + BODY + "txt = 'x'\n", "prompts.news.texts.en.txt"),
        (HEAD + BODY + "yes = 1\n", "prompts.news.texts.en.yes"),
        (HEAD + "[prompts.news.texts.en]\nyes = 'x'\n", "prompts.news.texts.en.text"),
        (HEAD + "[prompts.news.texts.en]\ntext = ' '\n", "prompts.news"),
        (HEAD + "[prompts.news.texts.english]\ntext = 'x'\n", "prompts.news.texts.english"),
        (HEAD + BODY + "[prompts.news.texts.EN]\ntext = 'x'\n", "prompts.news.texts.EN"),
        (HEAD.replace("news", "News") + BODY.replace("news", "News"), "prompts.News"),
        ("#" * 1_000_001, "file"),
    ],
)
def test_what_is_not_understood_is_named(text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_prompts(text)
    assert refused.value.field == field
    assert refused.value.message


@pytest.mark.parametrize("name", ["checked", "preticked", "selected", "default"])
def test_a_ticked_box_cannot_be_said(name: str) -> None:
    with pytest.raises(InvalidInput, match="Planet49"):
        parse_prompts(HEAD + f"{name} = true\n" + BODY)
