from dataclasses import asdict

import pytest

from askfirst.simulator.pages.words import language_for, languages, words_in


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("ar-EG", "ar"),
        ("sv-SE,sv;q=0.9", "en"),
        ("sv,ar;q=0.5,fr;q=0.7", "fr"),
        ("fr;q=0,ar", "ar"),
        ("fr;q=x, *", "en"),
        ("*;q=0.1,,;", "en"),
    ],
)
def test_the_visitors_language_is_spoken_where_it_is_known(accepted: str, language: str) -> None:
    assert language_for(accepted) == language


@pytest.mark.parametrize("language", languages())
def test_each_language_says_everything_in_its_own_words(language: str) -> None:
    words, english = asdict(words_in(language)), asdict(words_in("en"))
    assert all(words.values())
    same = {name for name, text in words.items() if text == english[name]}
    alike = {"messages", "message", "menu", "sms", "chats", "template_name", "template_status"}
    assert language == "en" or same <= alike


@pytest.mark.parametrize("language", languages())
def test_each_language_fills_in_the_same_things(language: str) -> None:
    words, english = asdict(words_in(language)), asdict(words_in("en"))
    for name, text in words.items():
        for place in ("{name}", "{number}", "{count}", "{code}"):
            assert (place in text) == (place in english[name]), name
