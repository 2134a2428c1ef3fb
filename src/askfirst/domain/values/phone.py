"""Phone numbers as WhatsApp uses them.

Numbers are checked for shape (7 to 15 digits, ITU-T E.164), never for validity: Meta's own
test numbers and some real accounts are not valid in libphonenumber's eyes, and a STOP from
such a number must not be dropped.

WhatsApp may know one subscriber under two spellings. Where both are surely the same person,
`subscriber` gives one key. Where they may be two people, `neighbours` names the others: a no
spreads to them, a yes never does.
Source: Meta, "Send messages" (Brazil and Mexico prefixes may be modified by the Cloud API).
"""

from __future__ import annotations

import re

from askfirst.domain.value import Value
from askfirst.domain.values.errors import InvalidInput

DIGITS = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)
"""The shape of a number with its country code, without the plus."""
_RIGHT = "must be a phone number of 7 to 15 digits with its country code, for example +447700900123"

_BRAZIL_OLD_MOBILE = re.compile(r"55([1-9][0-9])([6-9][0-9]{7})", re.ASCII)
_BRAZIL_NEW_MOBILE = re.compile(r"55([1-9][0-9])9([6-9][0-9]{7})", re.ASCII)
_MEXICO = re.compile(r"52([0-9]{10})", re.ASCII)
_MEXICO_OLD_MOBILE = re.compile(r"521([0-9]{10})", re.ASCII)
_ARGENTINA = re.compile(r"54(9?)([1-8][0-9]{9})", re.ASCII)
_BENIN = re.compile(r"229(?:01)?([0-9]{8})", re.ASCII)
_BENIN_OLD = re.compile(r"229([0-9]{8})", re.ASCII)
_IVORY_COAST_NEW = re.compile(r"225(?:01|05|07|21|25|27)([0-9]{8})", re.ASCII)
_IVORY_COAST_OLD = re.compile(r"225([0-9]{8})", re.ASCII)
_IVORY_COAST_PREFIXES = ("01", "05", "07", "21", "25", "27")


class PhoneNumber(Value, frozen=True):
    """One number: its digits with country code, without the plus."""

    digits: str

    def __post_init__(self) -> None:
        if not DIGITS.fullmatch(self.digits):
            raise InvalidInput("phone", _RIGHT)

    @property
    def e164(self) -> str:
        """The number as Meta wants it: with the plus, or the sender's country code is prepended."""
        return "+" + self.digits

    def __repr__(self) -> str:
        return "PhoneNumber(…)"  # numbers are personal data; a repr ends up in logs


def number_from_wa_id(text: str, field: str) -> PhoneNumber:
    """Read the digits that Meta sends (`wa_id`, `from`), with or without a plus."""
    try:
        return PhoneNumber(text.removeprefix("+"))
    except InvalidInput as error:
        raise InvalidInput(field, error.message) from error


def is_former_spelling(digits: str) -> bool:
    """Whether it is a number as its plan once had it, under which WhatsApp may still know somebody.

    Mexico before 2019, Benin before 2024, Ivory Coast before 2021.
    """
    former = (_MEXICO_OLD_MOBILE, _BENIN_OLD, _IVORY_COAST_OLD)
    return any(pattern.fullmatch(digits) for pattern in former)


def subscriber(digits: str) -> str:
    """Return the one key of all spellings that are surely the same subscriber.

    Brazil: mobiles got a ninth digit, older accounts lack it (only rests starting 6 to 9 are
    mobiles). Mexico: the old mobile prefix 1 survives in wa_ids.
    """
    if digits.startswith("55") and (old := _BRAZIL_OLD_MOBILE.fullmatch(digits)):
        return f"55{old[1]}9{old[2]}"
    if digits.startswith("521") and (old := _MEXICO_OLD_MOBILE.fullmatch(digits)):
        return f"52{old[1]}"
    return digits


def spellings(digits: str) -> frozenset[str]:
    """Return the ways in which one subscriber's number is written, this one among them."""
    key = subscriber(digits)
    found = {digits, key}
    if new := _BRAZIL_NEW_MOBILE.fullmatch(key):
        found.add(f"55{new[1]}{new[2]}")
    if new := _MEXICO.fullmatch(key):
        found.add(f"521{new[1]}")
    return frozenset(found)


def counted(digits: str) -> str:
    """Return what limits are counted under: one for a number and those that may be the same.

    Two people may then share a limit in three countries; nobody gets a second one by spelling.
    """
    key = subscriber(digits)
    if found := _ARGENTINA.fullmatch(key):
        return f"549{found[2]}"
    if found := _BENIN.fullmatch(key):
        return f"22901{found[1]}"
    if found := _IVORY_COAST_NEW.fullmatch(key) or _IVORY_COAST_OLD.fullmatch(key):
        return f"22507{found[1]}"
    return key


def neighbours(digits: str) -> tuple[str, ...]:
    """Return the numbers that may be the same subscriber: a no counts for them, a yes does not.

    Argentina: 54… without the mobile 9 may be another person's landline. Benin and Ivory Coast
    renumbered; how old accounts are named is not documented.
    """
    match digits[:2]:
        case "54" if found := _ARGENTINA.fullmatch(digits):
            return (f"54{found[2]}" if found[1] else f"549{found[2]}",)
        case "22":
            return _west_african_neighbours(digits)
    return ()


def _west_african_neighbours(digits: str) -> tuple[str, ...]:
    if found := _BENIN.fullmatch(digits):
        return tuple(n for n in (f"229{found[1]}", f"22901{found[1]}") if n != digits)
    if found := _IVORY_COAST_NEW.fullmatch(digits):
        return (f"225{found[1]}",)
    if found := _IVORY_COAST_OLD.fullmatch(digits):
        return tuple(f"225{prefix}{found[1]}" for prefix in _IVORY_COAST_PREFIXES)
    return ()
