"""The words around a code, in every language."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.codes.code_words import proof_text, reminder_text, sms_text
from askfirst.domain.entry_points.chat_code import find_codes
from tests.support.opt_out import read_typed_stop

CATALOGUE = built_in_catalogue()
LOCALES = tuple(CATALOGUE.vocabularies)
# The letters of an SMS at seven bits each (3GPP TS 23.038, 6.2.1), as far as words use them.
SEVEN_BITS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?'\"()-/"
    "àèéìòùäöüñßåøæÄÖÜÑÅØÆÇÉ"
)
ONE_PART = {True: 160, False: 70}
NAME = "Cafe Sunflower North"


@pytest.mark.parametrize("locale", LOCALES)
def test_an_sms_has_the_code_and_the_business(locale: str) -> None:
    words = CATALOGUE.vocabularies[locale].sms_code
    text = sms_text(words, locale, "Café Lune", "12345678")
    assert "12345678" in text
    assert "Café Lune" in text
    assert "{" not in text


@pytest.mark.parametrize("locale", LOCALES)
def test_an_sms_is_paid_for_once(locale: str) -> None:
    """One letter outside the seven-bit alphabet makes all of them cost sixteen bits."""
    text = sms_text(CATALOGUE.vocabularies[locale].sms_code, locale, NAME, "12345678")
    assert len(text) <= ONE_PART[SEVEN_BITS.issuperset(text)]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_message_that_proves_a_number_is_neither_a_stop_nor_an_entry(locale: str) -> None:
    text = proof_text(CATALOGUE.vocabularies[locale].proof_code, locale, "Café Lune")
    assert "Café Lune" in text
    assert read_typed_stop(f"{text} (AF-{'7' * 26})") is None
    assert find_codes(text) == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_reminder_names_the_business(locale: str) -> None:
    after = CATALOGUE.prompts["code"].wordings[locale].after
    assert "Café Lune" in reminder_text(after, locale, "Café Lune")


def test_no_language_says_it_as_another_does() -> None:
    for name in ("sms_code", "proof_code", "proof_answer"):
        texts = [getattr(words, name) for words in CATALOGUE.vocabularies.values()]
        assert len(set(texts)) == len(texts)
        assert all(texts)


def test_a_business_called_like_a_placeholder_gets_no_code_into_its_name() -> None:
    text = sms_text("{code} for {business}", "en", "{code}", "12345678")
    assert text == "12345678 for {code}"


def test_a_latin_name_is_kept_apart_in_arabic() -> None:
    text = sms_text(CATALOGUE.vocabularies["ar"].sms_code, "ar", "Acme", "12345678")
    assert "\u2068Acme\u2069" in text
