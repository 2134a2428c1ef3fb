"""Files of words are read whole or refused, with the file and the key that is wrong."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from askfirst.adapters.lexicon_files import (
    EVERY_LANGUAGE,
    built_in_opt_out,
    read_language,
    read_lexicon,
)
from askfirst.domain.opt_out.lexicon import LanguageWords, Phrase
from askfirst.domain.values.errors import InvalidInput

FOLDER = files("askfirst.adapters").joinpath("lexicon")
SENTENCE = """
[parts]
NOUNS = "(?:posts|letters)"
MY_NOUNS = "my <NOUNS>"

[[sentences]]
anchors = ["halt"]
text = ["halt ", "<MY_NOUNS>"]
unless = "never "
"""


def test_a_file_has_all_that_a_language_has() -> None:
    text = f'stop = ["halt", "halt it"]\nending = ["done"]\ntold_by_sentences = true\n{SENTENCE}'
    assert read_language("xx", text) == LanguageWords(
        stop=("halt", "halt it"),
        ending=("done",),
        sentences=(Phrase(("halt",), "halt my (?:posts|letters)", "never "),),
        told_by_sentences=True,
    )


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("stop = [", "", "is not TOML"),
        ('stopp = ["halt"]', "stopp", "must be one of"),
        ('stop = "halt"', "stop", "must be a list of texts"),
        ("stop = []", "stop", "not empty"),
        ('stop = [""]', "stop", "one space between"),
        ('stop = ["halt  it"]', "stop", "one space between"),
        ('stop = ["Halt"]', "stop", "small letters"),
        ('stop = ["e\\u0301t"]', "stop", "composed"),
        ('stop = ["halt", "halt"]', "stop", "must be there once"),
        ("told_by_sentences = 1", "told_by_sentences", "true or false"),
        ('sentences = ["halt"]', "sentences", "must be tables"),
        ('[[sentences]]\nanchors = ["halt"]', "sentences[0].text", "anchors, text"),
        (
            '[[sentences]]\nanchors = ["a"]\ntext = "b"\nwhen = "c"',
            "sentences[0].when",
            "anchors, text",
        ),
        (
            '[[sentences]]\nanchors = ["a b"]\ntext = "b"',
            "sentences[0].anchors",
            "must be one word",
        ),
        ('[[sentences]]\nanchors = ["a"]\ntext = ""', "sentences[0].text", "must be a pattern"),
        ('[[sentences]]\nanchors = ["a"]\ntext = "<NOT>"', "sentences[0].text", "[parts] above"),
        ('[parts]\nA = "<B>"\nB = "b"', "parts.A", "[parts] above"),
        (SENTENCE + SENTENCE.partition("\n\n")[2], "sentences[1]", "must be there once"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_key(text: str, key: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_language("xx", text)
    assert refused.value.field == (f"xx.toml: {key}" if key else "xx.toml")
    assert said in refused.value.message


def test_a_file_is_named_by_a_language() -> None:
    with pytest.raises(InvalidInput, match="code of a language"):
        read_lexicon({"Klingon": ""})


def test_what_all_languages_share_must_be_whole() -> None:
    shared = FOLDER.joinpath(f"{EVERY_LANGUAGE}.toml").read_text(encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_lexicon({EVERY_LANGUAGE: shared.replace("courtesy =", "curtsey =")})
    assert refused.value.field == "every_language.toml: curtsey"
    with pytest.raises(InvalidInput, match="must be there"):
        read_lexicon({})


def test_every_pattern_that_comes_with_askfirst_is_one_and_has_a_bound() -> None:
    unbounded = re.compile(r"(?<!\\)\)[*+]|\.[*+]|\{\d+,\}")
    for words in built_in_opt_out().lexicon.languages.values():
        for phrase in (*words.sentences, *words.joined_sentences):
            assert re.compile(f"(?:{phrase.unless})?{phrase.text}").groups == 0
            assert not unbounded.search(phrase.unless + phrase.text), phrase.text
