"""The fixed words of authentication templates, by language: `code_texts.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from babel.units import format_unit

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, parse_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTexts:
    """What Meta writes around a code."""

    body: str
    security: str
    expires: str
    copy: str
    not_requested: str


_DEFAULT: Final = "en"
_ONE_LENGTH: Final = frozenset({"ja"})
"""Languages with one way to write minutes: Babel has it under the short ones only."""


def texts_in(language: str) -> CodeTexts:
    """Find the words in a template's language."""
    return _texts()[_known(language)]


def expiry_in(language: str, minutes: int) -> str:
    """Return how long a code lives, with the number bent as the language wants it."""
    known = _known(language)
    length: Literal["long", "short"] = "short" if known in _ONE_LENGTH else "long"
    time = format_unit(minutes, "duration-minute", length=length, locale=known)
    return _texts()[known].expires.format(time=time)


def _known(language: str) -> str:
    try:
        return closest_locale(parse_locale(language, "language"), _texts()) or _DEFAULT
    except InvalidInput:
        return _DEFAULT


@cache
def _texts() -> dict[str, CodeTexts]:
    file = files("askfirst.simulator.graph").joinpath("code_texts.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {language: CodeTexts(**texts) for language, texts in tables.items()}
