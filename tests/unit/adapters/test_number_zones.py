"""The zones of numbers are those of libphonenumber, only found faster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE
from phonenumbers.tzdata import TIMEZONE_DATA

from askfirst.adapters import number_zones
from askfirst.adapters.number_zones import zones_by_authority, zones_of
from tests.unit.adapters.test_phone_numbers import examples, mutations


def test_every_example_has_the_zones_of_the_authority() -> None:
    for number in examples():
        assert zones_of(number[1:]) == zones_by_authority(number[1:]), number


def test_every_number_that_is_a_little_wrong_has_the_zones_of_the_authority() -> None:
    for number in mutations(examples()):
        assert zones_of(number[1:]) == zones_by_authority(number[1:]), number


def test_every_prefix_that_has_zones_has_those_of_the_authority() -> None:
    for prefix in TIMEZONE_DATA:
        for rest in range(1, 12):
            digits = prefix + "2345678901234"[:rest]
            assert zones_of(digits) == zones_by_authority(digits), digits


CODES = st.sampled_from([str(code) for code in COUNTRY_CODE_TO_REGION_CODE])


@given(CODES, st.text("0123456789", max_size=17))
def test_any_digits_have_the_zones_of_the_authority(code: str, rest: str) -> None:
    assert zones_of(code + rest) == zones_by_authority(code + rest)


@pytest.mark.parametrize("text", ["", "0", "999", "44٧٧", "44 77", "+4477", "44770090012a"])
def test_what_is_no_number_has_the_zones_of_the_authority(text: str) -> None:
    assert zones_of(text) == zones_by_authority(text)


def test_an_ordinary_number_needs_no_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(number_zones, "zones_by_authority")
    assert zones_of("905301234567") == ("Europe/Istanbul",)
    assert "America/Sao_Paulo" in zones_of("5511912345678")
