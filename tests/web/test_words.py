"""The words of pages and elements: whole in every language, with the same places to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.opt_out.reading import StopScope
from askfirst.domain.values.locales import closest_locale
from askfirst.web import words
from askfirst.web.gettext_files import read_catalogue
from askfirst.web.words import Words, all_words, read_texts
from tests.support.opt_out import read_typed_stop

LOCALES = sorted(built_in_catalogue().vocabularies)
FOLDER = Path(str(files("askfirst.web")))
CONSOLE = FOLDER / "console"
"""It has a catalogue of its own, beside this one."""
TEMPLATE = (FOLDER / "locale" / "pages.pot").read_text(encoding="utf-8")
ENGLISH = read_texts("en")
# For products that use the code service: said neither by the pages nor by the elements.
FOR_OTHERS = {f"code.{name}" for name in ("send", "code", "check", "again", "back")}


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{[a-z]*\}", text))


def test_the_pages_speak_every_language_that_questions_come_in() -> None:
    assert sorted(all_words()) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_has_every_text_with_the_same_places(locale: str) -> None:
    texts = read_texts(locale)
    assert set(texts) == set(ENGLISH)
    assert {key: places(text) for key, text in texts.items()} == {
        key: places(text) for key, text in ENGLISH.items()
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_was_made_from_the_english_of_today(locale: str) -> None:
    pair = re.compile(r'^msgctxt "(.+)"\nmsgid (".*")\n', re.MULTILINE)
    content = (FOLDER / "locale" / locale / "LC_MESSAGES" / "pages.po").read_text(encoding="utf-8")
    assert pair.findall(content) == pair.findall(TEMPLATE)


@pytest.mark.parametrize("locale", [name for name in LOCALES if name != "en"])
def test_a_language_is_not_english_left_over(locale: str) -> None:
    texts = read_texts(locale)
    same = {key for key, text in texts.items() if text == ENGLISH[key] and len(text) > 12}
    assert same == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_who_types_what_the_button_says_stops_everything(locale: str) -> None:
    assert read_typed_stop(read_texts(locale)["me.stop"]) is StopScope.EVERYTHING


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_has_spaces_at_its_ends_or_straight_quotes_in_words(locale: str) -> None:
    for text in read_texts(locale).values():
        assert text == text.strip()
        assert "  " not in text
        assert "'" not in text


def test_no_french_sign_stands_alone_on_a_line() -> None:
    """French writes a space before : ; ? ! and inside « »; a line must not break there."""
    for text in read_texts("fr").values():
        assert not re.search(r" [:;?!»]|« ", text)
    for message in read_catalogue("askfirst.bootstrap", "fr", "askfirst").values():
        assert not re.search(r" [:;?!»]|« ", message)


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    templates = (path for path in FOLDER.rglob("templates/**/*") if path.is_file())
    sources = {
        path: path.read_text(encoding="utf-8") for path in (*FOLDER.rglob("*.py"), *templates)
    }
    source = "".join(sources.values())
    used = {key for key in ENGLISH if f'"{key}"' in source}
    composed = {key for key in ENGLISH if key.startswith(("answer.", "proof.", "verify."))}
    assert set(ENGLISH) - used - composed - {"code.number"} == FOR_OTHERS
    ours = "".join(text for path, text in sources.items() if CONSOLE not in path.parents)
    called = set(re.findall(r'(?:say|words)(?:\.plain)?\("([a-z_.]+)"', ours))
    assert called - {"verify."} <= set(ENGLISH)


def test_what_is_filled_in_is_never_markup() -> None:
    words = Words("en", {"key": "Hello {name} & you"})
    assert words("key", name="<b>") == "Hello <bdi>&lt;b&gt;</bdi> &amp; you"
    assert words.plain("key", name="<b>") == "Hello <b> & you"


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    words = Words("en", {"key": "{one} {two}"})
    assert words.plain("key", one="{two}", two="x") == "{two} x"


def test_a_name_does_not_turn_an_arabic_sentence() -> None:
    words = all_words()["ar"]
    assert "\u2068Café Lune\u2069" in words.plain("join.title", business="Café Lune")


def test_a_value_that_is_missing_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        all_words()["en"]("join.title")


def test_a_language_is_read_when_it_is_first_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(locale: str) -> Mapping[str, str]:
        read.append(locale)
        return read_texts(locale)

    monkeypatch.setattr(words, "read_texts", noted)
    words.all_words.cache_clear()
    languages = all_words()
    assert closest_locale("fr_CA", languages) == "fr"
    assert read == []
    assert languages["fr"] is languages.get("fr")
    assert read == ["fr"]
    assert "xx" not in languages
    assert languages.get("xx") is None
    words.all_words.cache_clear()
