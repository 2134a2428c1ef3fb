"""The words by which people make messages stop, from files: `lexicon/{language}.toml`.

A file has all that one language has; `every_language.toml` what is read in all of them. Lists may
stand over several lines, and so may patterns: their pieces are joined. In patterns, `<NAME>` is
what `[parts]` says of it. That each is a pattern is tested, not checked at every start: it costs
longer than all the rest.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.lexicon import LanguageWords, Lexicon, Phrase, SharedWords
from askfirst.domain.values.errors import InvalidInput

EVERY_LANGUAGE: Final = "every_language"
_SUFFIX: Final = ".toml"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_PART: Final = re.compile(r"<([A-Z_]+)>")
_SENTENCES: Final = ("sentences", "joined_sentences")
_PATTERNS: Final = ("marketing", "all_of_it")
_NOT_WORDS: Final = ("later", "scripts")
_ROW: Final = frozenset({"anchors", "text", "unless"})


@cache
def built_in_opt_out() -> OptOutClassifier:
    """Return the classifier with the words that come with askfirst; the files are read once."""
    folder = files("askfirst.adapters").joinpath("lexicon")
    texts = {
        one.name.removesuffix(_SUFFIX): one.read_text(encoding="utf-8")
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(_SUFFIX)
    }
    return OptOutClassifier(read_lexicon(texts))


def read_lexicon(texts: Mapping[str, str]) -> Lexicon:
    """Read files by their names, without the suffix.

    Raises:
        InvalidInput: something in a file is not understood; `field` is its name and key.
    """
    languages = {
        name: read_language(name, text) for name, text in texts.items() if name != EVERY_LANGUAGE
    }
    return Lexicon(languages=languages, shared=read_shared(texts.get(EVERY_LANGUAGE, "")))


def read_language(name: str, text: str) -> LanguageWords:
    """Read what one language has."""
    if not _LANGUAGE.fullmatch(name):
        raise _wrong(name, "", "must be named by the code of a language, for example sw.toml")
    table = _table(name, text)
    known = {field.name for field in fields(LanguageWords)}
    _refuse_unknown(name, table, known | {"parts"})
    parts = _parts(name, table.pop("parts", {}))
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key in _SENTENCES:
            values[key] = _sentences(name, key, value, parts)
        elif key == "told_by_sentences":
            values[key] = _truth(name, key, value)
        else:
            values[key] = _words(name, key, value)
    return LanguageWords(**values)


def read_shared(text: str) -> SharedWords:
    """Read what is read in every language."""
    name, table = EVERY_LANGUAGE, _table(EVERY_LANGUAGE, text)
    needed = {field.name for field in fields(SharedWords) if field.default is MISSING}
    _refuse_unknown(name, table, needed)
    if missing := sorted(needed - table.keys()):
        raise _wrong(name, missing[0], "must be there")
    values: dict[str, Any] = {
        key: _pattern(name, key, value, {}) if key in _PATTERNS else _words(name, key, value)
        for key, value in table.items()
    }
    return SharedWords(**values)


def _table(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, "", f"is not TOML: {error}") from error


def _refuse_unknown(name: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise _wrong(name, key, "must be one of " + ", ".join(sorted(known)))


def _words(name: str, key: str, value: Any) -> tuple[str, ...]:
    """Read a list; an entry must be written as it is compared, so that nobody adds it twice."""
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise _wrong(name, key, "must be a list of texts, and not empty")
    for word in value:
        if not word or word != " ".join(word.split()):
            raise _wrong(name, key, f"{word!r} must be words with one space between them")
        if unicodedata.normalize("NFC", word) != word:
            raise _wrong(name, key, f"{word!r} must be composed (Unicode NFC)")
        if key not in _NOT_WORDS and word != word.lower():
            raise _wrong(name, key, f"{word!r} must be in small letters")
    twice = [word for index, word in enumerate(value) if word in value[:index]]
    if twice:
        raise _wrong(name, key, f"{twice[0]!r} must be there once")
    return tuple(value)


def _truth(name: str, key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, key, "must be true or false")
    return value


def _parts(name: str, value: Any) -> Mapping[str, str]:
    """Read parts of patterns; each may be made of those above it."""
    if not isinstance(value, dict):
        raise _wrong(name, "parts", "must be a table of patterns")
    parts: dict[str, str] = {}
    for key, source in value.items():
        parts[key] = _pattern(name, f"parts.{key}", source, parts)
    return parts


def _sentences(name: str, key: str, rows: Any, parts: Mapping[str, str]) -> tuple[Phrase, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong(name, key, f"must be tables: [[{key}]]")
    phrases = tuple(_phrase(name, f"{key}[{index}]", row, parts) for index, row in enumerate(rows))
    for index, phrase in enumerate(phrases):
        if phrase in phrases[:index]:
            raise _wrong(name, f"{key}[{index}]", "must be there once")
    return phrases


def _phrase(name: str, where: str, row: Mapping[str, Any], parts: Mapping[str, str]) -> Phrase:
    for key in row.keys() ^ _ROW:
        if key != "unless":
            raise _wrong(name, f"{where}.{key}", "a sentence has anchors, text and perhaps unless")
    anchors = _words(name, f"{where}.anchors", row["anchors"])
    if spaced := [anchor for anchor in anchors if " " in anchor]:
        raise _wrong(name, f"{where}.anchors", f"{spaced[0]!r} must be one word")
    text = _pattern(name, f"{where}.text", row["text"], parts)
    unless = _pattern(name, f"{where}.unless", row["unless"], parts) if "unless" in row else ""
    return Phrase(anchors, text, unless)


def _pattern(name: str, where: str, value: Any, parts: Mapping[str, str]) -> str:
    pieces = value if isinstance(value, list) else [value]
    if not all(isinstance(piece, str) for piece in pieces) or not "".join(pieces):
        raise _wrong(name, where, "must be a pattern, or its pieces in a list")
    source = "".join(pieces)
    if unknown := [part for part in _PART.findall(source) if part not in parts]:
        raise _wrong(name, where, f"<{unknown[0]}> must be one of the [parts] above it")
    return _PART.sub(lambda found: parts[found[1]], source)


def _wrong(name: str, key: str, message: str) -> InvalidInput:
    place = f"{name}{_SUFFIX}"
    return InvalidInput(f"{place}: {key}" if key else place, message)
