"""Numbers are read as libphonenumber reads them, only faster."""

from __future__ import annotations

import random
from collections.abc import Iterator

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

from askfirst.bootstrap.numbering import WorldNumbering
from askfirst.domain.errors import InvalidInput

MUTATIONS = 20_000
DIGITS_MIN, DIGITS_MAX = 7, 15


@pytest.fixture(scope="module")
def numbering() -> WorldNumbering:
    return WorldNumbering()


def examples() -> list[str]:
    """One number of every kind in every region, and one invalid one."""
    found: set[str] = set()
    for region in phonenumbers.SUPPORTED_REGIONS:
        numbers = [
            phonenumbers.example_number_for_type(region, kind) for kind in PhoneNumberType.values()
        ]
        numbers.append(phonenumbers.invalid_example_number(region))
        found |= {phonenumbers.format_number(n, PhoneNumberFormat.E164) for n in numbers if n}
    return sorted(found)


def mutations(numbers: list[str]) -> Iterator[str]:
    """Numbers that are a digit off, too long, too short, or somewhere else entirely."""
    dice = random.Random(20260115)
    for _ in range(MUTATIONS):
        digits = list(dice.choice(numbers)[1:])
        match dice.randrange(4):
            case 0:
                digits[dice.randrange(len(digits))] = dice.choice("0123456789")
            case 1:
                del digits[dice.randrange(len(digits))]
            case 2:
                digits.insert(dice.randrange(1, len(digits) + 1), dice.choice("0123456789"))
            case _:
                for _ in range(3):
                    digits[dice.randrange(1, len(digits))] = dice.choice("0123456789")
        yield "+" + "".join(digits)


def parsed_by_authority(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
    return digits if DIGITS_MIN <= len(digits) <= DIGITS_MAX and len(text) <= 18 else None


def country_by_authority(text: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return ""
    return region if region and region != "001" else ""


def parsed(numbering: WorldNumbering, text: str) -> str | None:
    try:
        return numbering.parse(text, "to").digits
    except InvalidInput:
        return None


def test_numbers_are_read_as_the_authority_reads_them(numbering: WorldNumbering) -> None:
    known = examples()
    cases = [text for text in (*known, *mutations(known)) if text[1:2] not in ("", "0")]
    assert len(cases) > MUTATIONS
    wrong = [
        (text, ours, theirs)
        for text in cases
        if (ours := parsed(numbering, text)) != (theirs := parsed_by_authority(text))
    ]
    assert wrong == []


def test_countries_are_told_as_the_authority_tells_them(numbering: WorldNumbering) -> None:
    known = examples()
    cases = [text for text in (*known, *mutations(known)) if text[1:2] not in ("", "0")]
    wrong = [
        (text, ours, theirs)
        for text in cases
        if (theirs := country_by_authority(text))
        and (ours := numbering.country(text[1:])) != theirs
    ]
    assert wrong == []


@pytest.mark.parametrize(("digits", "main"), [("15550100001", "US"), ("447700900123", "GB")])
def test_a_number_that_no_region_claims_counts_as_the_main_countrys(
    numbering: WorldNumbering, digits: str, main: str
) -> None:
    assert country_by_authority("+" + digits) == ""
    assert numbering.country(digits) == main


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+447700900123", "447700900123"),
        ("+44 7700 900123", "447700900123"),
        ("+44 (0)7700 900-123", "447700900123"),
        ("\u202a+44\u00a07700\u2011900123\u202c", "447700900123"),
        ("+٤٤٧٧٠٠٩٠٠١٢٣", "447700900123"),
        ("+39 06 1234 5678", "390612345678"),
        ("+54 9 11 2345-6789", "5491123456789"),
        ("+15550100001", "15550100001"),
        ("+1 555 555 0100", "15555550100"),
        ("+447700900999", "447700900999"),
    ],
)
def test_what_people_write_is_understood(
    numbering: WorldNumbering, written: str, digits: str
) -> None:
    assert numbering.parse(written, "to").digits == digits


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+",
        "447700900123",
        "07700900123",
        "0044 7700 900123",
        "+44 7700",
        "+44 7700 900123 4567",
        "+9990001234567",
        "+0447700900123",
        "+44 7700 900123 ext 5",
        "+1 800 FLOWERS",
        "tel:+447700900123",
        "+44 7700 900123\x00",
        "+44 7700 900123, +44 7700 900124",
        "++447700900123",
    ],
)
def test_what_is_no_whole_number_is_refused_and_nothing_guessed(
    numbering: WorldNumbering, written: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        numbering.parse(written, "to")
    assert refusal.value.field == "to"
    assert "+447700900123" in refusal.value.message


@pytest.mark.parametrize(
    ("digits", "country"),
    [
        ("12125550123", "US"),
        ("14165550123", "CA"),
        ("18765550123", "JM"),
        ("77012345678", "KZ"),
        ("79161234567", "RU"),
        ("447400123456", "GB"),
        ("447911123456", "GG"),
        ("4915112345678", "DE"),
        ("15550100001", "US"),
        ("80012345678", ""),
        ("99912345678", ""),
        ("0447700900123", ""),
        ("", ""),
    ],
)
def test_countries_that_share_a_code_are_told_apart(
    numbering: WorldNumbering, digits: str, country: str
) -> None:
    assert numbering.country(digits) == country
