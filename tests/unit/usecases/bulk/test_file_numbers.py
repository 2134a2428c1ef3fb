"""A cell with a number: damage that has one reading is undone, any other is refused by name."""

from __future__ import annotations

import pytest

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.domain.bulk.import_row import RowReason
from askfirst.usecases.bulk.imports.read_file_number import (
    CellRefused,
    NumberCell,
    read_file_number,
    read_stopped_numbers,
)

NUMBERING = WorldNumbering()


def cell(text: str, country: str = "GB", code: str = "") -> NumberCell:
    return NumberCell(text=text, country=country, calling_code=code)


@pytest.mark.parametrize(
    ("text", "country", "repairs"),
    [
        ("+44 7700 900123", "", ""),
        ("07700 900123", "GB", ""),
        ("'+447700900123", "", "apostrophe"),
        ('="+447700900123"', "", "apostrophe"),
        ("447700900123.0", "GB", "float_artefact no_plus"),
        ("00447700900123", "", "double_zero"),
        ("tel:+447700900123", "", "prefix"),
        ("whatsapp:+447700900123", "", "prefix"),
        ("https://wa.me/447700900123", "", "prefix"),
        ("+4407700900123", "", "trunk_zero"),
        ("+44 (0)7700 900123", "", "trunk_zero"),
        ("7700900123", "GB", "lost_leading_zero"),
        ("447700900123", "GB", "no_plus"),
        ("447700900123", "FR", "no_plus"),
        ("٠٧٧٠٠٩٠٠١٢٣", "GB", ""),
        ("\u202d+447700900123\u202c", "", ""),
    ],
)
def test_damage_with_one_reading_is_undone_and_named(text: str, country: str, repairs: str) -> None:
    found = read_file_number(NUMBERING, cell(text, country))
    assert [alias.value for alias in found.aliases] == ["447700900123"]
    assert " ".join(found.repairs) == repairs


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7700900123", "44"),
        ("07700 900123", "44"),
        ("447700900123", "44"),
        ("7700900123.0", "44"),
        ("+447700900123", "33"),
    ],
)
def test_the_calling_code_may_stand_in_another_column(text: str, code: str) -> None:
    found = read_file_number(NUMBERING, cell(text, "", code))
    assert [alias.value for alias in found.aliases] == ["447700900123"]


@pytest.mark.parametrize(
    ("text", "country", "reason"),
    [
        ("", "GB", RowReason.NO_NUMBER),
        ("n/a", "GB", RowReason.NO_NUMBER),
        ("4.47701E+11", "GB", RowReason.SCIENTIFIC_NOTATION),
        ("4,47701E+11", "FR", RowReason.SCIENTIFIC_NOTATION),
        ("447700900445", "DE", RowReason.AMBIGUOUS_NUMBER),
        ("07700 900123 / 07700 900456", "GB", RowReason.TWO_NUMBERS),
        ("07700 900123 ext. 4", "GB", RowReason.EXTENSION),
        ("077009OO123", "GB", RowReason.BAD_NUMBER),
        ("+4477oo9oo644", "GB", RowReason.BAD_NUMBER),
        ("0000000000", "GB", RowReason.BAD_NUMBER),
        ("+999 12345678", "GB", RowReason.BAD_NUMBER),
        ("#REF!", "GB", RowReason.BAD_NUMBER),
        ("077009009", "GB", RowReason.WRONG_LENGTH),
        ("0 39 98 02 26", "FR", RowReason.WRONG_LENGTH),
        ("2025550101", "GB", RowReason.WRONG_LENGTH),
        ("=1+1", "GB", RowReason.FORMULA),
        ("+cmd|' /C calc'!A0", "GB", RowReason.FORMULA),
        ("7700900123", "", RowReason.BAD_NUMBER),
    ],
)
def test_what_has_no_reading_or_two_is_refused_by_name(
    text: str, country: str, reason: RowReason
) -> None:
    with pytest.raises(CellRefused) as refused:
        read_file_number(NUMBERING, cell(text, country))
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("07700 900123 / 07700 900456", "GB", ["447700900123", "447700900456"]),
        ("07700900123;07700900456", "GB", ["447700900123", "447700900456"]),
        ("07700 900123 ext. 4", "GB", ["447700900123"]),
        ("447700900445", "DE", ["447700900445", "49447700900445"]),
    ],
)
def test_a_no_is_taken_for_every_number_that_may_be_meant(
    text: str, country: str, digits: list[str]
) -> None:
    found = read_stopped_numbers(NUMBERING, cell(text, country))
    assert [alias.value for alias in found.aliases] == digits
