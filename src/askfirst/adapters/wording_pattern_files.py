"""The patterns of the rules about wording, from files: `wording_patterns/{language}.toml`.

Each key is a list of regular expressions, of which one has to match. `every_language.toml` has
those that hold in all of them.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from askfirst.domain.prompts.wording_patterns import (
    EVERY_LANGUAGE_KEYS,
    LANGUAGE_KEYS,
    LanguagePatterns,
    WordingPatterns,
)
from askfirst.domain.values.errors import InvalidInput

_FOLDER: Final = Path(__file__).with_name("wording_patterns")
_EVERY_LANGUAGE: Final = "every_language"


@cache
def built_in_wording_patterns() -> WordingPatterns:
    """Return the patterns that come with askfirst; they are read once."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(_FOLDER.glob("*.toml"))}
    shared = read_patterns(_EVERY_LANGUAGE, texts.pop(_EVERY_LANGUAGE), EVERY_LANGUAGE_KEYS)
    languages = {
        name: LanguagePatterns(**read_patterns(name, text, LANGUAGE_KEYS))
        for name, text in texts.items()
    }
    return WordingPatterns(**shared, languages=languages)


def read_patterns(name: str, text: str, keys: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    """Read one file, which has each of these keys and no other.

    Raises:
        InvalidInput: `field` is the file and its key.
    """
    table = tomllib.loads(text)
    for key in sorted({*table} ^ {*keys}):
        message = "must be given" if key in keys else "must be one of " + ", ".join(keys)
        raise InvalidInput(f"{name}.toml: {key}", message)
    return {key: _any_of(f"{name}.toml: {key}", table[key]) for key in keys}


def _any_of(field: str, patterns: Any) -> re.Pattern[str]:
    if not isinstance(patterns, list) or not patterns or not all(patterns):
        raise InvalidInput(field, "must be a list of regular expressions, none of them empty")
    return re.compile("|".join(patterns), re.IGNORECASE)
