"""Numbers are read as libphonenumber reads them, only faster."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType, ValidationResult

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.domain.values.country import COUNTRY_CODES

MUTATIONS = 20_000


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


def e164_by_authority(digits: str) -> str:
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]


def is_valid(digits: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits))


def keeps_zero(digits: str) -> bool:
    """Whether the authority has such numbers, and not surely the one without the zeros."""
    number = phonenumbers.parse("+" + digits)
    country_code = number.country_code or 0
    code = str(country_code)
    national = digits[len(code) :]
    if national[0] != "0" or is_valid(digits):
        return True
    region = phonenumbers.region_code_for_country_code(country_code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(country_code, region)
    assert metadata is not None
    assert metadata.general_desc is not None
    pattern = metadata.general_desc.national_number_pattern or ""
    may_be = national[1] != "0" and re.fullmatch(pattern, national)
    return bool(may_be) and not is_valid(code + national.lstrip("0"))


def canonical_by_authority(digits: str) -> str:
    """What the authority makes of it, where it would make the same of that again."""
    found = e164_by_authority(digits)
    is_settled = found and e164_by_authority(found) == found
    return found if is_settled and keeps_zero(found) else ""


def is_valid_text(text: str) -> bool:
    return e164_by_authority(text[1:]) == text[1:] and is_valid(text[1:])


def country_by_authority(text: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return ""
    return region if region and region != "001" else ""


def with_trunk_prefixes(numbers: list[str]) -> Iterator[str]:
    """Numbers with what is dialled within their country behind its code, once and twice."""
    for text in numbers:
        code = str(phonenumbers.parse(text).country_code)
        national = text[1 + len(code) :]
        for prefix in ("0", "00", "8", "88", "880", "06", "1", code, "0" + code):
            yield f"+{code}{prefix}{national}"


def cases() -> list[str]:
    known = examples()
    found = (*known, *mutations(known), *with_trunk_prefixes(known))
    return [text for text in found if text[1:2] not in ("", "0")]


def test_numbers_are_read_as_the_authority_reads_them(numbering: WorldNumbering) -> None:
    texts = cases()
    assert len(texts) > MUTATIONS
    wrong = [
        (text, ours, theirs)
        for text in texts
        if (ours := numbering.canonical(text[1:])) != (theirs := canonical_by_authority(text[1:]))
    ]
    assert wrong == []


def test_every_valid_number_is_its_own_canonical_form(numbering: WorldNumbering) -> None:
    """What Meta signs must not be bent into somebody else's number."""
    valid = [text[1:] for text in cases() if is_valid_text(text)]
    assert len(valid) > 5_000
    bent = [digits for digits in valid if numbering.canonical(digits) != digits]
    assert bent == []


def test_a_canonical_form_is_its_own(numbering: WorldNumbering) -> None:
    forms = {found for text in cases() if (found := numbering.canonical(text[1:]))}
    assert [one for one in forms if numbering.canonical(one) != one] == []


def test_no_other_number_is_told_for_one_with_a_zero_too_many(numbering: WorldNumbering) -> None:
    """A zero behind the country code leads to the number itself, or to none: to nobody else."""
    for text in examples():
        code = str(phonenumbers.parse(text).country_code)
        if not is_valid_text(text):
            continue
        for zeros in ("0", "00", "000"):
            digits = code + zeros + text[1 + len(code) :]
            found = numbering.canonical(digits)
            assert found in ("", text[1:], digits)
            assert found != digits or keeps_zero(digits), text


def test_countries_are_told_as_the_authority_tells_them(numbering: WorldNumbering) -> None:
    known = examples()
    texts = [text for text in (*known, *mutations(known)) if text[1:2] not in ("", "0")]
    wrong = [
        (text, ours, theirs)
        for text in texts
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


def dialled() -> list[tuple[str, str, str]]:
    """Country, what is dialled there, and the number that it is: one of every kind a region has."""
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None or not phonenumbers.is_valid_number(number):
                continue
            e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
            written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
            found.append((region, re.sub(r"\D", "", written), e164))
    return found


def test_what_is_dialled_in_a_country_is_its_number_or_nothing(numbering: WorldNumbering) -> None:
    """As people of the country write it, with the zero or without: never somebody else's."""
    known = dialled()
    assert len(known) > 1_300
    read = [(numbering.in_country(digits, region), e164) for region, digits, e164 in known]
    assert [(ours, theirs) for ours, theirs in read if ours not in ("", theirs)] == []
    assert sum(ours == theirs for ours, theirs in read) / len(read) > 0.97


@pytest.mark.parametrize(
    ("country", "digits", "number"),
    [
        ("FR", "0639985501", "33639985501"),
        ("FR", "639985501", "33639985501"),
        ("FR", "33639985501", "33639985501"),
        ("GB", "07700900123", "447700900123"),
        ("US", "14155550123", "14155550123"),
        ("US", "01133639985501", "33639985501"),  # as one calls France from there
        ("RU", "89121234567", "79121234567"),
        ("IT", "0612345678", "390612345678"),
        ("IT", "3471234567", "393471234567"),
        ("BR", "51987654321", "5551987654321"),  # Porto Alegre
        ("PE", "51987654321", "51987654321"),
        ("BR", "55987654321", "5555987654321"),  # its area has the number of the country
        ("DE", "4915112345678", ""),  # a mobile with 49, or a line in Leer: nobody can tell
        ("FR", "06399855", ""),
        ("GB", "0639981234", ""),  # a French mobile: as long as some of Britain, and none of them
        ("FR", "0700900123", ""),
        ("US", "5550123", ""),  # without its area
        ("AQ", "0639985501", ""),
        ("XX", "0639985501", ""),
        ("", "0639985501", ""),
    ],
)
def test_a_national_number_is_read_where_it_is_dialled(
    numbering: WorldNumbering, country: str, digits: str, number: str
) -> None:
    assert numbering.in_country(digits, country) == number


def test_each_country_with_numbers_has_an_example_that_is_one(numbering: WorldNumbering) -> None:
    with_numbers = [code for code in sorted(COUNTRY_CODES) if numbering.calling_code(code)]
    assert len(with_numbers) > 240
    for code in with_numbers:
        digits = re.sub(r"\D", "", numbering.example(code))
        found = numbering.in_country(digits, code)
        assert found.startswith(numbering.calling_code(code)), code
    assert numbering.example("AQ") == ""
    assert numbering.example("FR") == "06 12 34 56 78"
