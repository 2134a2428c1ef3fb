"""Which language a reader gets: the one they asked for, else one they said they read."""

from __future__ import annotations

import datetime as dt

import pytest
from starlette.requests import Request

from askfirst.domain.values.timestamp import Instant
from askfirst.web.digits import in_own_digits
from askfirst.web.pages.reader import (
    language_names,
    name_of_language,
    reader_asked,
    reader_of,
    written_day,
)
from askfirst.web.words import all_words
from tests.support.clocks import NOON


def request(header: str = "", query: str = "") -> Request:
    headers = [(b"accept-language", header.encode())] if header else []
    scope = {"type": "http", "headers": headers, "query_string": query.encode()}
    return Request(scope)


@pytest.mark.parametrize(
    ("header", "query", "locale"),
    [
        ("", "", "en"),
        ("fr", "", "fr"),
        ("fr-CA, en;q=0.8", "", "fr"),
        ("en;q=0.5, ar;q=0.9", "", "ar"),
        ("sw, de;q=0.4", "", "de"),
        ("fr;q=0, it", "", "it"),
        ("pt", "", "pt_BR"),
        ("pt-AO", "", "pt_PT"),
        ("zh-Hant-HK", "", "zh_TW"),
        ("fr", "locale=ja", "ja"),
        ("fr", "locale=xx", "fr"),
        ("fr", "locale=%3Cscript%3E", "fr"),
        ("*", "", "en"),
        ("fr;q=nonsense, de", "", "de"),
        (",,;;==,\x00", "", "en"),
        ("x" * 100_000, "", "en"),
        (",".join(["sw"] * 5000), "", "en"),
    ],
)
def test_the_best_language_that_is_spoken_here(header: str, query: str, locale: str) -> None:
    assert reader_of(request(header, query)).locale == locale


@pytest.mark.parametrize("locale", sorted(all_words()))
@pytest.mark.parametrize("count", [1, 2, 7, 30])
def test_days_are_written_in_words_of_each_language(locale: str, count: int) -> None:
    written = reader_of(request(query=f"locale={locale}")).days(count)
    assert "duration" not in written
    assert count < 3 or in_own_digits(str(count), locale) in written


@pytest.mark.parametrize(
    ("locale", "written"), [("en", "7 days"), ("ar", "7 أيام"), ("bn", "৭ দিন"), ("zh_TW", "7 天")]
)
def test_a_week_is_seven_days(locale: str, written: str) -> None:
    assert reader_of(request(query=f"locale={locale}")).days(7) == written


@pytest.mark.parametrize("locale", sorted(all_words()))
def test_each_language_is_given_to_who_asks_for_it_as_browsers_write_it(locale: str) -> None:
    tag = locale.replace("_", "-")
    assert reader_of(request(f"{tag},en;q=0.5")).locale == locale
    assert reader_of(request(tag.lower())).locale == locale


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("pt-BR", "pt_BR"),
        ("pt-PT", "pt_PT"),
        ("pt-MZ", "pt_PT"),
        ("zh", "zh_CN"),
        ("zh-Hans", "zh_CN"),
        ("zh-SG", "zh_CN"),
        ("zh-Hant", "zh_TW"),
        ("zh-HK", "zh_TW"),
        ("zh-MO", "zh_TW"),
        ("es-419", "es"),
        ("id-ID", "id"),
    ],
)
def test_a_variant_is_given_what_its_readers_read_best(header: str, locale: str) -> None:
    assert reader_of(request(header)).locale == locale


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("it, fr", "it"),
        ("it;q=0.8, fr;q=0.8", "it"),
        ("it;q=0.8, fr", "fr"),
        ("it;q=0.1, *;q=0.9", "it"),
        ("*, de;q=0.2", "de"),
        ("it; q=0.3, fr ;q=0.7", "fr"),
        ("it;q=-1, fr;q=0.1", "fr"),
        ("it;q=nan, fr;q=0.1", "fr"),
        ("it;q=, fr;q=0.1", "it"),
    ],
)
def test_the_weights_decide_and_equal_ones_go_in_order(header: str, locale: str) -> None:
    assert reader_of(request(header)).locale == locale


def test_where_the_reader_says_nothing_the_business_does() -> None:
    assert reader_of(request(), "de").locale == "de"
    assert reader_of(request("sw"), "de").locale == "de"


def test_what_is_printed_for_others_does_not_follow_who_prints_it() -> None:
    assert reader_asked(request("fr"), "ar").locale == "ar"
    assert reader_asked(request("fr", "locale=de"), "ar").locale == "de"


def test_direction_and_tag_are_those_of_html() -> None:
    reader = reader_of(request(query="locale=zh_TW"))
    assert (reader.lang, reader.dir) == ("zh-TW", "ltr")
    assert reader_of(request("he")).dir == "rtl"


@pytest.mark.parametrize(
    ("locale", "date"),
    [("en", "15 January 2026"), ("fr", "15 janvier 2026"), ("ja", "2026年1月15日")],
)
def test_a_date_is_written_as_the_reader_writes_it(locale: str, date: str) -> None:
    reader = reader_of(request(query=f"locale={locale}"))
    assert reader.plain_date(NOON) == date
    assert f">{date}</time>" in reader.date(Instant(NOON))


@pytest.mark.parametrize(
    ("locale", "day", "written"),
    [
        ("fr", dt.date(2026, 3, 1), "1er mars 2026"),
        ("fr", dt.date(2026, 3, 11), "11 mars 2026"),
        ("fr", dt.date(2026, 3, 21), "21 mars 2026"),
        ("bn", dt.date(2026, 11, 28), "২৮ নভেম্বর, ২০২৬"),
        ("th", dt.date(2026, 11, 28), "28 พฤศจิกายน พ.ศ. 2569"),
        ("th", dt.date(2028, 2, 29), "29 กุมภาพันธ์ พ.ศ. 2571"),
        ("en", dt.date(2026, 11, 28), "28 November 2026"),
        ("de", dt.date(2026, 3, 1), "1. März 2026"),
    ],
)
def test_digits_calendar_and_the_first_of_a_month_are_the_languages_own(
    locale: str, day: dt.date, written: str
) -> None:
    assert written_day(day, locale) == written


def test_languages_are_listed_by_the_names_that_their_readers_look_for() -> None:
    names = [name for name in language_names().values() if name.isascii() or "ç" in name]
    assert names == sorted(names, key=str.casefold)


def test_a_language_is_named_in_itself() -> None:
    assert name_of_language("fr") == "français"
    assert name_of_language("sw") == "Kiswahili"
    assert name_of_language("qqq") == "qqq"
