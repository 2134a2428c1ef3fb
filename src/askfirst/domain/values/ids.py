"""Names of things: typed apart, prefixed, sorted by the time they were made.

The body is a ULID's: 48 bits of milliseconds and 80 bits of randomness in Crockford's
base 32, so ids sort by time as text and cannot be guessed. Time and randomness are passed in.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from askfirst.domain.values.errors import InvalidInput


class Prefix(StrEnum):
    """What every name that we give starts with, by what it names."""

    EVENT = "evt"
    CONTACT = "con"
    DECISION = "dec"
    WEBHOOK = "whk"
    KEY = "key"
    ENTRY = "ent"
    PROOF = "prf"
    LINK = "lnk"
    CODE = "cod"
    POLICY = "pol"
    SUBSCRIPTION = "sub"
    HELD = "hld"
    BRAKE = "brk"
    BRAKE_CHANGE = "bch"
    RECEIVER = "rcv"
    IMPORT = "imp"
    SCREEN = "scr"
    OPERATOR = "opr"
    SESSION = "ses"
    AUDIT_ENTRY = "aud"
    PASSKEY = "psk"
    EXPORT_SCHEDULE = "exs"


BusinessId = NewType("BusinessId", str)
ContactId = NewType("ContactId", str)
EventId = NewType("EventId", str)
DecisionId = NewType("DecisionId", str)
KeyId = NewType("KeyId", str)
WebhookId = NewType("WebhookId", str)
EntryId = NewType("EntryId", str)
ProofId = NewType("ProofId", str)
LinkId = NewType("LinkId", str)
CodeId = NewType("CodeId", str)
SubscriptionId = NewType("SubscriptionId", str)
HeldId = NewType("HeldId", str)
BrakeId = NewType("BrakeId", str)
BrakeChangeId = NewType("BrakeChangeId", str)
ReceiverId = NewType("ReceiverId", str)
ImportId = NewType("ImportId", str)
ScreenId = NewType("ScreenId", str)
OperatorId = NewType("OperatorId", str)
SessionId = NewType("SessionId", str)
AuditEntryId = NewType("AuditEntryId", str)
PasskeyId = NewType("PasskeyId", str)
ExportScheduleId = NewType("ExportScheduleId", str)
PhoneNumberId = NewType("PhoneNumberId", str)
"""Meta's name of a sender: the id of a WhatsApp business phone number."""
WabaId = NewType("WabaId", str)
"""Meta's name of a WhatsApp Business Account."""
Position = NewType("Position", int)
"""Place of an event in its business's ledger, from 1, without gaps. 0 is the empty ledger."""

NOBODY = BusinessId("unrouted")
"""Stands where a business would, for what is nobody's; no business can have this name."""

ENTROPY_BYTES = 16
_NODE_DIGITS_MAX = 32
_CHANCE_LENGTH = 16
"""Of the body of an id, the digits that are no time."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = (_ALPHABET * 8).encode()
"""The 32 digits for each byte: all are as likely as each other."""
_PAIRS = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_BUSINESS = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
_BODY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


def mint(prefix: str, milliseconds: int, entropy: bytes) -> str:
    """Make `prefix_` + 26 characters out of a Unix time and 16 random bytes, 5 bits of each."""
    return f"{prefix}_{_time_part(milliseconds)}{entropy.translate(_DIGITS).decode()}"


@lru_cache(maxsize=64)
def _time_part(milliseconds: int) -> str:
    return "".join([_PAIRS[(milliseconds >> shift) & 1023] for shift in (40, 30, 20, 10, 0)])


def same_day_id(prefix: Prefix, milliseconds: int, name: str) -> str:
    """Make an id that is the same for one name throughout one time: the time, and its chance.

    `name` is an id of ours; whoever does not know it cannot guess this one.
    """
    return f"{prefix}_{_time_part(milliseconds)}{name[-_CHANCE_LENGTH:]}"


def parse_id(prefix: Prefix, text: str, field: str) -> str:
    """Check the shape of an id; another prefix or body raises InvalidInput naming `field`."""
    head, _, body = text.partition("_")
    if head != prefix or not _BODY.fullmatch(body):
        raise InvalidInput(field, f"must be an id of the form {prefix}_ and 26 characters")
    return text


def parse_business_id(text: str, field: str = "business") -> BusinessId:
    """Check a business's short name: lower-case ASCII letters, digits and dashes, 63 at most."""
    if not _BUSINESS.fullmatch(text):
        message = "must be 1 to 63 lower-case letters, digits or dashes, starting with a letter"
        raise InvalidInput(field, message)
    if text == NOBODY:
        raise InvalidInput(field, "must be another name: what is nobody's is kept under this one")
    return BusinessId(text)


def parse_node_id(text: str, field: str) -> str:
    """Check an id of Meta's (phone number, WABA): 1 to 32 ASCII digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= _NODE_DIGITS_MAX):
        raise InvalidInput(field, "must be Meta's id: 1 to 32 digits")
    return text
