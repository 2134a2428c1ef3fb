"""The words by which people make messages stop, from files: `lexicon/{language}.toml`.

A file has all that one language has, `every_language.toml` what is read in all of them. Each key is
a slot with its words in one text, set apart by commas. What is loaded is their compiled form
(`compiled_lexicon`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from askfirst.adapters.compiled_lexicon import (
    PLACE,
    SUFFIX,
    key_of,
    load_compiled,
    sources,
    write_compiled,
)
from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.compiled_words import compile_words
from askfirst.domain.opt_out.lexicon import SLOTS, LanguageWords, Lexicon
from askfirst.domain.opt_out.spelling import MARKS, plain_words
from askfirst.domain.values.errors import InvalidInput

FOLDER: Final = Path(__file__).with_name("lexicon")
EVERY_LANGUAGE: Final = "every_language"
_LANGUAGE: Final = re.compile(r"[a-z]{2,12}")
_LISTS: Final = ("prefixes", "mixes", "scripts")
_UNSPACED: Final = "unspaced"


@cache
def built_in_opt_out() -> OptOutClassifier:
    """Return the classifier with the words that come with askfirst; they are loaded once."""
    return OptOutClassifier(load_compiled(FOLDER, read_built_in))


def read_built_in() -> Lexicon:
    """Read the words that come with askfirst from their files."""
    return read_lexicon(
        {one.name.removesuffix(SUFFIX): one.read_text("utf-8") for one in sources(FOLDER)}
    )


def write_built_in(place: Path) -> str:
    """Write the compiled form of the words; return where it belongs in the wheel."""
    write_compiled(place, key_of(FOLDER), compile_words(read_built_in()))
    return f"askfirst/adapters/{FOLDER.name}/{PLACE.as_posix()}"


def read_lexicon(texts: Mapping[str, str]) -> Lexicon:
    """Read files by their names, without the suffix.

    Raises:
        InvalidInput: something in a file is not understood; `field` is its name and key.
    """
    if EVERY_LANGUAGE not in texts:
        raise _wrong(EVERY_LANGUAGE, "", "must be there")
    languages = {
        name: read_language(name, text) for name, text in texts.items() if name != EVERY_LANGUAGE
    }
    for name, one in languages.items():
        for mixed in one.mixes:
            if mixed not in languages or languages[mixed].mixes:
                raise _wrong(name, "mixes", f"{mixed!r} must be a language that mixes no others")
    return Lexicon(languages=languages, shared=read_language("every", texts[EVERY_LANGUAGE]))


def read_language(name: str, text: str) -> LanguageWords:
    """Read what one language has."""
    if not _LANGUAGE.fullmatch(name):
        raise _wrong(name, "", "must be named by the code of a language, for example sw.toml")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, "", f"is not TOML: {error}") from error
    for key in table:
        if key not in SLOTS and key not in _LISTS and key != _UNSPACED:
            raise _wrong(name, key, "must be one of " + ", ".join((*SLOTS, *_LISTS, _UNSPACED)))
    unspaced = table.get(_UNSPACED, False)
    if not isinstance(unspaced, bool):
        raise _wrong(name, _UNSPACED, "must be true or false")
    lists = {key: _words(name, key, table[key]) for key in _LISTS if key in table}
    slots = {key: _words(name, key, value) for key, value in table.items() if key in SLOTS}
    return LanguageWords(slots=slots, unspaced=unspaced, **lists)


def _words(name: str, key: str, value: Any) -> tuple[str, ...]:
    """Read the words of a slot; each must be there once, and written as it is compared."""
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, key, "must be a text of words, set apart by commas, and not empty")
    words = tuple(" ".join(word.split()) for word in value.strip().removesuffix(",").split(","))
    if "" in words:
        raise _wrong(name, key, "must have a word between two commas")
    if key not in _LISTS and value != value.lower():
        raise _wrong(name, key, "must be in small letters")
    if not unicodedata.is_normalized("NFC", value):
        raise _wrong(name, key, "must be composed (Unicode NFC)")
    if not (MARKS - {","}).isdisjoint(value.replace("\n", " ")):
        raise _wrong(name, key, "must have no punctuation but commas and apostrophes")
    if key not in _LISTS and not all(map(plain_words, words)):
        raise _wrong(name, key, "must have letters in each word")
    if len(set(words)) < len(words):
        twice = next(word for at, word in enumerate(words) if word in words[:at])
        raise _wrong(name, key, f"{twice!r} must be there once")
    return words


def _wrong(name: str, key: str, message: str) -> InvalidInput:
    place = f"{name}{SUFFIX}"
    return InvalidInput(f"{place}: {key}" if key else place, message)
