"""The shop's own words, one file a language. The questions are askfirst's: it has 26 languages."""

from __future__ import annotations

import tomllib
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
RIGHT_TO_LEFT = {"ar"}
NAMES = {"en": "English", "fr": "Français", "de": "Deutsch", "ar": "العربية", "ja": "日本語"}
DEFAULT = "en"


class Words:
    """What the shop says, in one language: `words("signup.title")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        tables = tomllib.loads((LOCALE / f"{language}.toml").read_text(encoding="utf-8"))
        self._texts: dict[str, str] = {
            f"{table}.{name}": text
            for table, texts in tables.items()
            for name, text in texts.items()
        }

    def __call__(self, name: str, /, **values: object) -> str:
        """Say it; `values` go into its {places}."""
        return self._texts[name].format(**values)

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def names(self) -> set[str]:
        """Everything that can be said."""
        return set(self._texts)

    def price(self, cents: int) -> str:
        """Write a price."""
        return self("shop.price", euros=cents // 100, cents=f"{cents % 100:02}")


def all_words() -> dict[str, Words]:
    """Read every language."""
    return {language: Words(language) for language in NAMES}


def preferred(accept_language: str) -> str:
    """Find the visitor's first language that the shop has (RFC 9110, section 12.5.4)."""
    ranked = []
    for part in accept_language[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((float(weight or 1), name.split("-")[0].lower()))
        except ValueError:
            continue
    ranked.sort(key=lambda pair: -pair[0])
    return next((name for weight, name in ranked if name in NAMES and weight), DEFAULT)
