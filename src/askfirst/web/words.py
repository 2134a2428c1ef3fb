"""The words of the hosted pages and of the elements, in every language that questions come in.

One gettext catalogue a language, read once, when it is first spoken. Keys are contexts, as in the
catalogues of the questions; English is the source. What is filled in never becomes markup, and
never turns the sentence around it: `<bdi>` in HTML, Unicode isolates in plain text. Counts are
written in the language's own digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from markupsafe import Markup, escape

from askfirst.domain.prompts.interpolation import Piece, plain_text
from askfirst.domain.values.locales import is_right_to_left
from askfirst.web.digits import in_own_digits, own_digits
from askfirst.web.gettext_files import locales_of, read_catalogue

SOURCE_LOCALE: Final = "en"
_PACKAGE: Final = "askfirst.web"
_PLACE: Final = re.compile(r"\{([a-z]+)\}")


class Words:
    """One language's words: `words("join.title", business="Café Lune")` is safe HTML."""

    def __init__(self, locale: str, texts: Mapping[str, str]) -> None:
        self.locale = locale
        self._texts = texts

    def __call__(self, key: str, **values: object) -> Markup:
        return Markup("").join(
            Markup("<bdi>{}</bdi>").format(piece.text) if piece.is_inserted else escape(piece.text)
            for piece in self._pieces(key, values)
        )

    def plain(self, key: str, **values: object) -> str:
        """Return the words as plain text: for titles, messages and JSON."""
        pieces = tuple(self._pieces(key, values))
        return plain_text(pieces, is_rtl=is_right_to_left(self.locale))

    def unfilled(self, key: str) -> str:
        """Return the words as they are: the places in them are filled in elsewhere."""
        return self._texts[key]

    def keys(self) -> frozenset[str]:
        """Name all that can be said."""
        return frozenset(self._texts)

    @property
    def digits(self) -> str:
        """The ten digits in which counts are written; empty where they are the Latin ones."""
        return own_digits(self.locale)

    def _written(self, value: object) -> str:
        return in_own_digits(str(value), self.locale) if isinstance(value, int) else str(value)

    def _pieces(self, key: str, values: Mapping[str, object]) -> Iterator[Piece]:
        for index, part in enumerate(_PLACE.split(self._texts[key])):
            if index % 2:
                yield Piece(self._written(values[part]), is_inserted=True)
            elif part:
                yield Piece(part)


class _Languages(Mapping[str, Words]):
    """Every language, each read when somebody first speaks it: all at once would hold others up."""

    def __init__(self) -> None:
        self._locales: Final = dict.fromkeys(locales_of(_PACKAGE))
        self._read: Final = cache(lambda locale: Words(locale, read_texts(locale)))

    def __getitem__(self, locale: str) -> Words:
        if locale not in self._locales:
            raise KeyError(locale)
        return self._read(locale)

    def __contains__(self, locale: object) -> bool:
        return locale in self._locales

    def __iter__(self) -> Iterator[str]:
        return iter(self._locales)

    def __len__(self) -> int:
        return len(self._locales)


@cache
def all_words() -> Mapping[str, Words]:
    """Return the words of every language."""
    return _Languages()


def read_texts(locale: str) -> Mapping[str, str]:
    """Read one catalogue: texts by their keys."""
    return read_catalogue(_PACKAGE, locale, "pages")
