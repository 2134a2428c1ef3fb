"""Which language is meant, which comes close, which way it runs."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, is_right_to_left, parse_locale

KNOWN = ("en", "fr", "pt_BR", "pt_PT", "zh_CN", "zh_TW", "de_AT")


@pytest.mark.parametrize(
    ("text", "locale"),
    [("fr", "fr"), ("pt-br", "pt_BR"), ("ZH_hant_tw", "zh_Hant_TW"), ("es-419", "es_419")],
)
def test_a_locale_is_written_one_way(text: str, locale: str) -> None:
    assert parse_locale(text, "locale") == locale


@pytest.mark.parametrize("text", ["", "f", "french", "fr_", "fr_FRA", "fr FR", "fr_FR.UTF-8"])
def test_what_is_no_locale_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_locale(text, "locale")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fr", "fr"),
        ("fr_CA", "fr"),
        ("pt", "pt_BR"),
        ("pt_PT", "pt_PT"),
        ("pt_AO", "pt_PT"),
        ("zh", "zh_CN"),
        ("zh_SG", "zh_CN"),
        ("zh_HK", "zh_TW"),
        ("zh_Hant_MO", "zh_TW"),
        ("de", "de_AT"),
        ("sw", None),
        ("f", None),
    ],
)
def test_the_closest_is_one_that_the_reader_reads(wanted: str, found: str | None) -> None:
    assert closest_locale(wanted, KNOWN) == found


@pytest.mark.parametrize("locale", ["ar", "ar_EG", "he", "ur_PK", "pa_Arab", "az_Arab_IR"])
def test_some_languages_run_from_right_to_left(locale: str) -> None:
    assert is_right_to_left(locale)


@pytest.mark.parametrize("locale", ["en", "ja", "pa", "az", "ur_Latn"])
def test_others_run_from_left_to_right(locale: str) -> None:
    assert not is_right_to_left(locale)
