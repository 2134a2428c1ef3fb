"""Files of words are read whole or refused, with the file and the key that is wrong."""

from __future__ import annotations

import pytest

from askfirst.adapters.compiled_lexicon import sources
from askfirst.adapters.lexicon_files import (
    EVERY_LANGUAGE,
    FOLDER,
    read_built_in,
    read_language,
    read_lexicon,
)
from askfirst.domain.opt_out.lexicon import LanguageWords
from askfirst.domain.values.errors import InvalidInput
from scripts.format_lexicon import shape


def test_a_file_has_all_that_a_language_has() -> None:
    text = "stop = 'halt, halt it'\nsend = '''\nwrit*,\npost\n'''\nunspaced = true\nmixes = 'en'"
    assert read_language("xx", text) == LanguageWords(
        slots={"stop": ("halt", "halt it"), "send": ("writ*", "post")},
        mixes=("en",),
        unspaced=True,
    )


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("stop = [", "", "is not TOML"),
        ("stopp = 'halt'", "stopp", "must be one of"),
        ("stop = ['halt']", "stop", "must be a text of words"),
        ("stop = ''", "stop", "not empty"),
        ("stop = 'halt,, end'", "stop", "a word between two commas"),
        ("stop = 'Halt'", "stop", "small letters"),
        ("stop = 'e\u0301t'", "stop", "composed"),
        ("stop = 'halt, halt'", "stop", "must be there once"),
        ("stop = 'halt. now'", "stop", "no punctuation"),
        ("stop = 'halt, –'", "stop", "letters in each word"),
        ("unspaced = 1", "unspaced", "true or false"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_key(text: str, key: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_language("xx", text)
    assert refused.value.field == (f"xx.toml: {key}" if key else "xx.toml")
    assert said in refused.value.message


def test_a_file_is_named_by_a_language() -> None:
    with pytest.raises(InvalidInput, match="code of a language"):
        read_lexicon({"Klingon": "", EVERY_LANGUAGE: ""})


def test_what_all_languages_share_must_be_there() -> None:
    with pytest.raises(InvalidInput, match="must be there"):
        read_lexicon({})


def test_a_mixture_is_one_of_languages_that_are_there() -> None:
    with pytest.raises(InvalidInput, match="must be a language"):
        read_lexicon({EVERY_LANGUAGE: "", "mixed": "mixes = 'xx'"})


def test_each_file_is_in_shape() -> None:
    texts = {one.name: one.read_text(encoding="utf-8") for one in sources(FOLDER)}
    assert [name for name, text in texts.items() if shape(text) != text] == []


def test_each_language_has_a_word_that_stops() -> None:
    languages = read_built_in().languages
    assert [name for name, one in languages.items() if not one.words("stop", "opt_out")] == []
