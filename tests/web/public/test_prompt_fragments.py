"""Questions as HTML for any form, and as messages in the chat."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.prompts.quick_reply import ReplyVerb, read_reply
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.chat_question import question_message
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.web.prompt_html import after_html, prompt_html

LINK = "https://wa.me/447700900123"
KEYS = tuple(built_in_catalogue().prompts)


class Reading(HTMLParser):
    """What a browser would see of a fragment."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(fragment)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def asked(key: str, locale: str = "en", business: str = "Café Lune") -> FilledPrompt:
    filling = Filling(business=business)
    return render_prompt(
        built_in_catalogue(), PromptRequest(key=key, locale=locale, filling=filling)
    )


@pytest.mark.parametrize("key", ["signup", "login", "preferences"])
def test_a_box_is_not_ticked_and_travels_with_the_form(key: str) -> None:
    prompt = asked(key)
    hidden, box = Reading(prompt_html(prompt)).all("input")
    assert hidden == {
        "type": "hidden",
        "name": f"askfirst_{key}_prompt",
        "value": prompt.version.hash,
    }
    assert box == {"type": "checkbox", "name": f"askfirst_{key}", "value": "grant"}


@pytest.mark.parametrize("key", ["code", "chat", "order", "orders", "phone"])
def test_two_buttons_are_as_easy_as_each_other(key: str) -> None:
    neutral, yes, no = Reading(prompt_html(asked(key))).all("button")
    assert neutral == {"type": "submit", "hidden": None}, "Enter in another field is no answer"
    assert (yes["type"], yes["name"], yes["value"]) == ("submit", f"askfirst_{key}", "grant")
    assert (no["type"], no["name"], no["value"]) == ("submit", f"askfirst_{key}", "refuse")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("locale", "lang", "way"), [("pt_BR", "pt-BR", "ltr"), ("ar", "ar", "rtl")]
)
def test_language_and_direction_are_told(key: str, locale: str, lang: str, way: str) -> None:
    _, around = Reading(prompt_html(asked(key, locale))).tags[0]
    told = {name: text for name, text in around.items() if not name.startswith("data-")}
    assert told == {"class": "askfirst-prompt", "lang": lang, "dir": way}


@pytest.mark.parametrize("key", KEYS)
def test_the_words_are_those_of_the_version(key: str) -> None:
    prompt = asked(key)
    words = " ".join(Reading(prompt_html(prompt)).text.split())
    for part in (piece.text for piece in prompt.text):
        assert " ".join(part.split()) in words


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_styled_or_scripted(key: str) -> None:
    for tag, attributes in Reading(prompt_html(asked(key), LINK)).tags:
        assert tag not in ("script", "style", "img")
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "id")]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "A & B", "'/*", "<!--"]
)
def test_a_name_is_never_markup(key: str, name: str) -> None:
    harmless, tried = asked(key), asked(key, business=name)
    for write in (prompt_html, after_html):
        assert [tag for tag, _ in Reading(write(tried, LINK)).tags] == [
            tag for tag, _ in Reading(write(harmless, LINK)).tags
        ]
    assert name in Reading(prompt_html(tried)).text


def test_the_reminder_leads_into_the_chat() -> None:
    fragment = Reading(after_html(asked("code"), LINK))
    assert [link["href"] for link in fragment.all("a")] == [LINK]
    words = " ".join(fragment.text.split())
    assert words == "Go to WhatsApp to get your code from Café Lune. Open WhatsApp"
    assert after_html(asked("signup"), LINK) == ""


def test_a_link_is_left_out_where_it_leads_nowhere() -> None:
    assert Reading(prompt_html(asked("confirm"), LINK)).all("a")
    assert not Reading(prompt_html(asked("confirm"))).all("a")


@pytest.mark.parametrize("key", ["chat", "order", "orders"])
@pytest.mark.parametrize("locale", sorted(built_in_catalogue().vocabularies))
def test_a_tap_in_the_chat_says_which_words_were_shown(key: str, locale: str) -> None:
    prompt = asked(key, locale)
    buttons = question_message(prompt)["interactive"]["action"]["buttons"]
    answers = [read_reply(button["reply"]["id"]) for button in buttons]
    assert [answer and answer.verb for answer in answers] == [ReplyVerb.YES, ReplyVerb.NO]
    assert {answer and answer.prompt for answer in answers} == {prompt.version.hash}
    assert {answer and answer.purposes for answer in answers} == {prompt.version.purposes}


def test_only_questions_for_the_chat_are_asked_there() -> None:
    with pytest.raises(InvalidInput, match="only chat or order"):
        question_message(asked("signup"))
