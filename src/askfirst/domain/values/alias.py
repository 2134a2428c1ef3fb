"""The names by which a contact can be found.

`phone` and `wa_id` are two spellings of one thing and share a key; a BSUID (business-scoped
user id) and its parent form are kept whole, case included.
Source: Meta, "Business-scoped user IDs": country code, a dot, up to 128 letters and digits;
the parent form may carry `ENT.` after the country.
"""

from __future__ import annotations

import re
from enum import StrEnum

from askfirst.domain.value import Value, set_at_birth
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.phone import DIGITS, counted, neighbours, number_from_wa_id, subscriber

_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}", re.ASCII)


class AliasKind(StrEnum):
    """What kind of name it is."""

    PHONE = "phone"
    WA_ID = "wa_id"
    BSUID = "bsuid"
    PARENT_BSUID = "parent_bsuid"

    @property
    def group(self) -> str:
        """The sort of identity: a person has one number, and one id of either form, at a time."""
        return "number" if self in (AliasKind.PHONE, AliasKind.WA_ID) else self.value


class Alias(Value, frozen=True):
    """One checked name of a contact. The value is personal data: it has no repr.

    Made once and asked many times: `key` is the text that is hashed to find the contact,
    `is_number` whether it is a phone number, in either spelling. Both follow from the others,
    whatever is given for them.
    """

    kind: AliasKind
    value: str
    key: str = ""
    is_number: bool = False

    def __post_init__(self) -> None:
        kind, value = self.kind, self.value
        is_number = kind is AliasKind.PHONE or kind is AliasKind.WA_ID
        if is_number:
            if not DIGITS.fullmatch(value):
                number_from_wa_id(value, kind.value)
        elif not _BSUID.fullmatch(value):
            message = "must be a country code, a dot and letters or digits, for example US.13491208"
            raise InvalidInput(kind.value, message)
        key = number_key(value) if is_number else kind + ":" + value
        set_at_birth(self, "key", key)
        set_at_birth(self, "is_number", is_number)

    @property
    def counted(self) -> str:
        """Under what the number is counted: the same for all numbers that may be one subscriber."""
        return counted(self.value)

    @property
    def neighbour_keys(self) -> tuple[str, ...]:
        """Keys of contacts whose no counts here, too."""
        return neighbour_keys(self.value) if self.is_number else ()

    def __repr__(self) -> str:
        return f"Alias({self.kind.value}, …)"


def number_key(digits: str) -> str:
    """Return the `key` of a number."""
    return "number:" + subscriber(digits)


def neighbour_keys(digits: str) -> tuple[str, ...]:
    """Return the `neighbour_keys` of a number."""
    found = neighbours(digits)
    return tuple([number_key(one) for one in found]) if found else ()


def phone_alias(digits: str) -> Alias:
    """Name a contact by the number a person typed."""
    return Alias(AliasKind.PHONE, digits)


def wa_id_alias(text: str) -> Alias:
    """Name a contact by the number as WhatsApp spells it."""
    return Alias(AliasKind.WA_ID, text.removeprefix("+"))


def user_id_alias(text: str) -> Alias:
    """Name a contact by Meta's business-scoped user id, in either form."""
    parent = text[3:].startswith("ENT.")
    return Alias(AliasKind.PARENT_BSUID if parent else AliasKind.BSUID, text)


def is_user_id(text: str) -> bool:
    """Whether it has the shape of a business-scoped user id, in either form."""
    return _BSUID.fullmatch(text) is not None


def parse_alias(text: str, field: str = "alias") -> Alias:
    """Read an alias from a path: `+447700900123`, bare digits, or a BSUID."""
    try:
        if is_user_id(text):
            return user_id_alias(text)
        return wa_id_alias(text)
    except InvalidInput as error:
        message = "must be a number such as +447700900123 or a BSUID such as US.13491208"
        raise InvalidInput(field, message) from error
