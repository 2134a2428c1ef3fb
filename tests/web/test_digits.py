"""Dates and counts have the digits that CLDR names for a language."""

import pytest

from askfirst.web.digits import in_own_digits, own_digits
from askfirst.web.words import all_words


@pytest.mark.parametrize(
    ("locale", "written"),
    [("bn", "১২ ও ৩"), ("ar_EG", "١٢ ও ٣"), ("ar", "12 ও 3"), ("hi", "12 ও 3"), ("en", "12 ও 3")],
)
def test_a_count_has_the_digits_of_its_language(locale: str, written: str) -> None:
    assert in_own_digits("12 ও 3", locale) == written


def test_each_language_has_ten_digits_or_the_latin_ones() -> None:
    assert {len(own_digits(locale)) for locale in all_words()} == {0, 10}


def test_words_write_counts_so_and_leave_what_people_typed() -> None:
    words = all_words()["bn"]
    assert "৩" in words("me.dates", count=3)
    assert "07" in words("me.number", digits="07")
