"""Who reads: which language they asked for, which way it runs, how it writes a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_timedelta
from markupsafe import Markup
from starlette.requests import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, is_right_to_left, parse_locale
from askfirst.domain.values.timestamp import Instant, to_datetime, to_rfc3339
from askfirst.web.digits import in_own_digits
from askfirst.web.words import SOURCE_LOCALE, Words, all_words

_LANGUAGES_MAX: Final = 20
_HEADER_MAX: Final = 1000
_BUDDHIST_ERA: Final = 543
_DATE: Final = Markup('<time datetime="{}">{}</time>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader. `wanted` are their languages, the best first."""

    words: Words
    wanted: tuple[str, ...]

    @property
    def locale(self) -> str:
        return self.words.locale

    @property
    def lang(self) -> str:
        return html_lang(self.locale)

    @property
    def dir(self) -> str:
        return html_dir(self.locale)

    def date(self, at: Instant) -> Markup:
        """Write a day, as it was in UTC."""
        return _DATE.format(to_rfc3339(at), self.plain_date(at))

    def plain_date(self, at: Instant) -> str:
        return written_day(to_datetime(at), self.locale)

    def days(self, count: int) -> str:
        """Write a number of days in words.

        As a span of time: of units by themselves, Babel knows days in some languages only.
        """
        span = timedelta(days=count)
        written = format_timedelta(span, "day", count + 1, format="long", locale=self.locale)
        return in_own_digits(written, self.locale)


def reader_of(request: Request, *otherwise: str) -> Reader:
    """Take `?locale=`, then what the browser says, then the first of `otherwise` that is spoken."""
    return reader_in(*_asked(request), *_accepted(request), *otherwise)


def reader_asked(request: Request, otherwise: str) -> Reader:
    """Take `?locale=`, or else the language of what is shown: who prints it is not its reader."""
    return reader_in(*_asked(request), otherwise)


def reader_in(*wanted: str) -> Reader:
    """Take the first of these languages that is spoken, or else English."""
    wanted, known = (*wanted, SOURCE_LOCALE), all_words()
    found = (closest_locale(name, known) for name in wanted)
    locale = next((name for name in found if name), SOURCE_LOCALE)
    return Reader(words=known[locale], wanted=wanted)


def written_day(day: date, locale: str) -> str:
    """Write a day as people do: by CLDR, in the digits and the calendar that it names for a locale.

    Babel writes Latin digits and Gregorian years everywhere, so own digits and Thai years are put
    in here; French counts the first of a month ("1er"). English puts the day first, as most of
    its readers do, and spells the month, so that the others read it, too.
    """
    if locale == "th":
        return format_date(day, f"d MMMM 'พ.ศ.' {day.year + _BUDDHIST_ERA}", locale=locale)
    written = format_date(day, "long", locale="en_GB" if locale == "en" else locale)
    if locale == "fr" and day.day == 1:
        return written.replace("1", "1er", 1)
    return in_own_digits(written, locale)


def html_lang(locale: str) -> str:
    """Write a locale as HTML does."""
    return locale.replace("_", "-")


def html_dir(locale: str) -> str:
    """Return which way a locale runs, as HTML does."""
    return "rtl" if is_right_to_left(locale) else "ltr"


@cache
def language_names() -> Mapping[str, str]:
    """Name each language in itself, in the order of these names."""
    names = ((locale, _own_name(locale)) for locale in all_words())
    return dict(sorted(names, key=lambda one: one[1].casefold()))


def name_of_language(locale: str) -> str:
    """Name a language in itself; one that CLDR does not know, by its code."""
    known = language_names()
    return known[locale] if locale in known else _own_name(locale)


def _own_name(locale: str) -> str:
    try:
        return Locale.parse(locale).get_display_name() or locale
    except (UnknownLocaleError, ValueError):
        return locale


def _asked(request: Request) -> Iterator[str]:
    yield from _locales([request.query_params.get("locale", "")])


def _accepted(request: Request) -> Iterator[str]:
    """RFC 9110, section 12.5.4. What is malformed is passed over: it is a wish, no order."""
    header = request.headers.get("accept-language", "")[:_HEADER_MAX]
    accepted = parse_accept_header(header, LanguageAccept)
    yield from _locales([name for name, weight in accepted if weight > 0][:_LANGUAGES_MAX])


def _locales(names: list[str]) -> Iterator[str]:
    for name in names:
        try:
            yield parse_locale(name, "locale")
        except InvalidInput:
            continue
