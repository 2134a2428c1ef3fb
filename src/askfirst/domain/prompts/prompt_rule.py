"""What a rule about wording is: what it asks for, why, who says so, and how to mend a breach.

A rule that the law of some countries makes binding is an error there and a warning elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.prompts.catalogue import Placeholder, Prompt, Vocabulary, Wording
from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.domain.prompts.wording_patterns import NO_PATTERNS, LanguagePatterns, WordingPatterns
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import language_of

_EEA: Final = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
)
_EUROPE: Final = frozenset(_EEA.split())
COUNTRIES: Final = ("EU", *sorted(_EUROPE | {"BR", "CA", "GB", "IN", "US"}))
"""The countries whose law is known here; EU stands for those of the European Economic Area."""


class LintSeverity(StrEnum):
    """Whether a breach may be published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach: the field of the wording it is in, and what is wrong there."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One wording under examination, and what is known around it.

    `business` is a name that may stand in the words instead of `{business}`.
    """

    prompt: Prompt
    locale: str
    wording: Wording
    vocabulary: Vocabulary | None
    business: str
    opt_out: OptOutClassifier
    patterns: WordingPatterns

    @property
    def surface(self) -> Surface:
        """Where it is asked."""
        return self.prompt.surface

    @property
    def language(self) -> str:
        """The language of the words."""
        return language_of(self.locale)

    @property
    def is_read(self) -> bool:
        """Whether there are patterns for the language."""
        return self.language in self.patterns.languages

    @property
    def said(self) -> LanguagePatterns:
        """The patterns of the language; where there are none, they match nothing."""
        return self.patterns.languages.get(self.language, NO_PATTERNS)

    @property
    def is_first(self) -> bool:
        """Whether this is the wording that the others are compared with."""
        return self.locale == next(iter(self.prompt.wordings))

    def has(self, place: Placeholder) -> bool:
        """Whether the question names what is filled in here."""
        return f"{{{place}}}" in self.wording.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `errors_in` are the countries (or EU) where a breach is an error.

    `kinds` are what it is asked of. Where `binds_notices`, its breach in a notice is an error
    everywhere: a notice has no yes that could make up for what it leaves out.
    """

    id: str
    asks: str
    reason: str
    source: str
    fix: str
    check: Callable[[Asked], Iterable[Fault]]
    severity: LintSeverity = LintSeverity.ERROR
    errors_in: frozenset[str] = frozenset()
    kinds: frozenset[PromptKind] = frozenset(PromptKind)
    binds_notices: bool = False

    def severity_in(self, country: str, kind: PromptKind) -> LintSeverity:
        """Return how much a breach weighs in a country; with none, how much it weighs anywhere."""
        if self.binds_notices and kind is PromptKind.NOTICE:
            return LintSeverity.ERROR
        is_error = bool(self.errors_in & {country, "EU" if country in _EUROPE else country})
        return LintSeverity.ERROR if is_error else self.severity


def parse_country(text: str) -> str:
    """Read a country that has a profile; empty is none."""
    country = {"UK": "GB"}.get(text.upper(), text.upper())
    if country and country not in COUNTRIES:
        raise InvalidInput("country", "must be one of " + ", ".join(COUNTRIES))
    return country


def plain(text: str) -> str:
    """Write a text as the patterns of the rules have it: composed, small, one apostrophe."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").casefold()
    return re.sub(r"[\s\u2066-\u2069]+", " ", text)
