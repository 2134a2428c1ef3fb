"""Phone numbers as customers type them: national ones too, in the country chosen beside them.

Google's libphonenumber reads them; the names of countries are Unicode's (CLDR), by way of Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import phonenumbers
from babel import Locale
from phonenumbers import PhoneNumberFormat, PhoneNumberType

HOME = "FR"
EXAMPLES = re.compile(r"\+447700900[0-9]{3}|\+3363998[0-9]{4}")
"""Numbers that nobody has, to try the shop with: Ofcom and Arcep keep them free."""


@dataclass(frozen=True)
class Country:
    """A choice of the list: its name, its calling code, and how a mobile number looks there."""

    code: str
    name: str
    calling_code: int
    example: str


@cache
def countries(language: str) -> tuple[Country, ...]:
    """List all countries by name in a language; the shop's own comes first."""
    names = Locale.parse(language).territories
    found = [_country(code, names[code]) for code in phonenumbers.SUPPORTED_REGIONS]
    return tuple(sorted(found, key=lambda one: (one.code != HOME, one.name)))


def _country(code: str, name: str) -> Country:
    number = phonenumbers.example_number_for_type(code, PhoneNumberType.MOBILE)
    number = number or phonenumbers.example_number(code)
    example = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else ""
    calling_code = phonenumbers.country_code_for_region(code)
    return Country(code, name, calling_code, example.replace(" ", "\u00a0"))


def chosen(form: Mapping[str, str]) -> str:
    """Give the country that was chosen in a form; the shop's own where none was."""
    code = form.get("country", "")
    return code if code in phonenumbers.SUPPORTED_REGIONS else HOME


def written(phone: str) -> str:
    """Write a number as people do, with spaces that do not break."""
    number = phonenumbers.parse(phone)
    text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return text.replace(" ", "\u00a0")


def read_number(form: Mapping[str, str]) -> str:
    """Give one spelling of a number, with plus and country code; empty where it is none."""
    typed = form.get("phone", "")
    if any(map(str.isalpha, typed)):  # the library would leave letters out
        return ""
    try:
        number = phonenumbers.parse(typed, chosen(form))
    except phonenumbers.NumberParseException:
        return ""
    found = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if number.extension or not phonenumbers.is_possible_number(number):
        return ""
    is_international = typed.lstrip().startswith(("+", "00"))
    is_real = phonenumbers.is_valid_number(number) or EXAMPLES.fullmatch(found)
    return found if is_international or is_real else ""  # the wrong country may have been chosen
