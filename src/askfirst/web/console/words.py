"""The words of the console: a gettext catalogue a language, English as the source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from starlette.requests import Request

from askfirst.web.gettext_files import locales_of, read_catalogue
from askfirst.web.pages.reader import Reader, reader_in, reader_of
from askfirst.web.words import SOURCE_LOCALE, Words

_PACKAGE: Final = "askfirst.web.console"


@cache
def console_words() -> Mapping[str, Words]:
    """Read every language that the console speaks; what one lacks is said in English."""
    source = read_catalogue(_PACKAGE, SOURCE_LOCALE, "console")
    return {
        locale: Words(locale, {**source, **read_catalogue(_PACKAGE, locale, "console")})
        for locale in locales_of(_PACKAGE)
    }


def console_reader(request: Request, otherwise: str) -> Reader:
    """Take the reader's language where the console speaks it, or else English: no page is mixed."""
    reader = reader_of(request, otherwise)
    return reader if reader.locale in console_words() else reader_in(SOURCE_LOCALE)
