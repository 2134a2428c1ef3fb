"""What simulated people write when they want messages to stop, and when they do not.

The words are data: `wordings.toml`, beside this module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from askfirst.domain.values.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """One language: how many have it, where they are, and what they write."""

    language: str
    weight: float
    countries: tuple[str, ...]
    button: str
    keywords: tuple[str, ...]
    own_words: tuple[str, ...]
    unforeseen: tuple[str, ...]
    ordinary: tuple[str, ...]


def built_in_wordings() -> tuple[Wordings, ...]:
    """Read the words that come with askfirst."""
    return parse_wordings(files(__package__).joinpath("wordings.toml").read_text("utf-8"))


def built_in_plan() -> str:
    """Read the plan that is taken where none is given."""
    return files(__package__).joinpath("plan.toml").read_text("utf-8")


def parse_wordings(text: str) -> tuple[Wordings, ...]:
    """Read a file of words; what is not understood raises InvalidInput naming the language."""
    return tuple(_wordings(language, table) for language, table in tomllib.loads(text).items())


def _wordings(language: str, table: Mapping[str, Any]) -> Wordings:
    try:
        one = Wordings(
            language=language,
            weight=table["weight"],
            countries=tuple(table["countries"]),
            button=table["button"],
            keywords=tuple(table["keywords"]),
            own_words=tuple(table["own_words"]),
            unforeseen=tuple(table["unforeseen"]),
            ordinary=tuple(table["ordinary"]),
        )
    except KeyError as error:
        raise InvalidInput(f"wordings.{language}", f"must have {error.args[0]}") from error
    lists = (one.countries, one.keywords, one.own_words, one.unforeseen, one.ordinary)
    if not all(lists):
        raise InvalidInput(f"wordings.{language}", "must have no empty list")
    return one


def picked(texts: tuple[str, ...], luck: float) -> str:
    """Return the text that somebody's luck (0 to 1, 1 excluded) falls on."""
    return texts[int(luck * len(texts))]
