"""The words of tables, from files: `import_words/{locale}.toml`, and the files of products."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale

from askfirst.domain.bulk.import_words import Concept, ImportWords, Preset, plain

FOLDER: Final = Path(__file__).parents[1] / "import_words"
PRESETS: Final = "presets.toml"
_SUFFIX: Final = ".toml"
_TERRITORY: Final = 2


@cache
def built_in_words() -> ImportWords:
    """Return the words that come with askfirst; they are loaded once."""
    files = _files()
    words: dict[Concept, set[str]] = {concept: set() for concept in Concept}
    for path in files:
        for name, texts in _read(path).items():
            words[Concept(name)] |= {plain(text) for text in texts}
    return ImportWords(
        words={concept: frozenset(found - {""}) for concept, found in words.items()},
        country_of=_country_of,
        presets=tuple(_preset(name, one) for name, one in _read(FOLDER / PRESETS).items()),
    )


def _files() -> list[Path]:
    return sorted(path for path in FOLDER.glob(f"*{_SUFFIX}") if path.name != PRESETS)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _country_of(name: str) -> str:
    return _countries().get(name, "")


@cache
def _countries() -> Mapping[str, str]:
    """Return ISO codes by what countries are called. Source: CLDR, territories.

    Few files name countries, and CLDR is large: it is read for those only.
    """
    found: dict[str, str] = {"uk": "GB", "england": "GB", "usa": "US", "u s a": "US", "uae": "AE"}
    for path in _files():
        for code, name in Locale.parse(path.name.removesuffix(_SUFFIX)).territories.items():
            if len(code) == _TERRITORY and code.isalpha():
                found.setdefault(plain(name), code)
    return found


def _preset(name: str, one: Mapping[str, Any]) -> Preset:
    return Preset(
        name=name,
        needs=tuple(plain(column) for column in one["needs"]),
        columns={plain(column): role for column, role in one.get("columns", {}).items()},
        unread=frozenset(plain(column) for column in one.get("unread", ())),
        no_is_unasked=bool(one.get("no_is_unasked", False)),
    )
