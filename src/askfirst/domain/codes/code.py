"""One-time codes: what one is, how it is spelt, and what becomes of it.

A code proves that whoever types it holds the number it was sent to. It is bound to the request it
was made for (its id), the number, the business and the purpose; it lives for minutes, may be tried
three times, counts once, and a new one ends the old. Only a keyed hash of it is ever kept.
Sources: OWASP ASVS 5.0, 6.5 and 6.6; NIST SP 800-63B-4, out-of-band authenticators.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, CodeId, PhoneNumberId, ProofId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.timestamp import MINUTE, Instant

DIGITS_MIN, DIGITS, DIGITS_MAX = 6, 8, 10
"""Eight digits: a blind guess succeeds once in a hundred million."""
LIFE: Final = 5 * MINUTE
LIFE_MAX: Final = 10 * MINUTE
"""No code lives longer (OWASP ASVS 5.0, 6.5.5)."""
TRIES: Final = 3
TAKE_UP_AFTER: Final = MINUTE
"""When a code that is not known to have left is taken up by another process: a call of ours to Meta
or to an SMS provider has ended long before, in whatever way.
"""
RESEND_WITHIN: Final = 30 * MINUTE
"""How long after a request another code may be sent for it; later it has to be asked for anew."""
ENTROPY_BYTES: Final = 16
"""128 bits for ten digits: what the remainder favours is less than 1 in 10²⁸."""

_TYPED_MAX: Final = 64
# Spaces, and the dashes and dots that keyboards and messages put between digits; WhatsApp's marks
# for bold, italic, struck out and monospace; quotes and brackets around a code.
_BETWEEN = re.compile(r"[\s\-‐‑‒–—−.·*_~`\"'´‘’‚‛“”„‟«»‹›()\[\]]+")
_INVISIBLE: Final = frozenset({"Cf", "Mn", "Me"})
"""Directions, joiners, zero-width blanks, byte order marks; the frame of a keycap."""
_PURPOSE = re.compile(r"[a-z][a-z0-9_.-]{0,63}", re.ASCII)
_REFERENCE_MAX: Final = 128
_NUMBER_END: Final = 4


class Channel(StrEnum):
    """How a number is reached, or reaches us."""

    WHATSAPP = "whatsapp"
    SMS = "sms"
    WHATSAPP_INBOUND = "whatsapp_inbound"


class CodeState(StrEnum):
    """What became of a request. An old one that was not ended is still `waiting`: see `is_open`."""

    WAITING = "waiting"
    APPROVED = "approved"
    VOID = "void"


class Result(StrEnum):
    """The answer to a code that was typed in."""

    APPROVED = "approved"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    LOCKED = "locked"


class StatusKind(StrEnum):
    """What happened to a request, one after the other."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    FALLBACK_USED = "fallback_used"
    RESENT = "resent"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class StatusChange(NamedTuple):
    """One line of a request's history. `reason` is a code of Meta's or ours, where one is known.

    `number` counts the codes of a request: the first, the one after a fallback or resend …
    """

    what: StatusKind
    channel: Channel
    number: int
    at: Instant
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One request for a code, and how far it came. The code itself is not in it.

    `channels` are tried one after another; `step` is the one in use. `made` counts the codes made
    for it, `asked` how often one was asked for (at first, and each resend). `tries_max` is how many
    tries are allowed in all up to now: a resend raises it. `address` is the end user's, where the
    product has told it: resends count for it, too.
    """

    code_id: CodeId
    business_id: BusinessId
    number: Alias
    purpose: str
    channels: tuple[Channel, ...]
    locale: str
    created_at: Instant
    expires_at: Instant
    resend_at: Instant
    sender: PhoneNumberId = PhoneNumberId("")  # noqa: RUF009 - a NewType call is the value itself
    reference: str = field(default="", repr=False)
    address: NetworkAddress | None = field(default=None, repr=False)
    prompt: PromptHash | None = None
    token: str = field(default="", repr=False)
    proof_id: ProofId | None = None
    state: CodeState = CodeState.WAITING
    step: int = 0
    made: int = 1
    asked: int = 1
    tries: int = 0
    tries_max: int = TRIES
    ended_at: Instant | None = None
    history: tuple[StatusChange, ...] = ()

    def __post_init__(self) -> None:
        if not self.number.is_number:
            raise InvalidInput("to", "must be a number: a code proves nothing else")
        check_purpose(self.purpose)
        if len(self.reference) > _REFERENCE_MAX or not self.reference.isprintable():
            raise InvalidInput(
                "reference", f"must be {_REFERENCE_MAX} printable characters at most"
            )

    @property
    def channel(self) -> Channel:
        """The channel in use."""
        return self.channels[self.step]

    @property
    def is_inbound(self) -> bool:
        """Whether the number proves itself by writing to us: there is nothing to type."""
        return self.channel is Channel.WHATSAPP_INBOUND

    @property
    def has_more_channels(self) -> bool:
        """Whether there is another channel to fall back to."""
        return self.step + 1 < len(self.channels)

    @property
    def asked_at(self) -> Instant:
        """When the person asked for the newest code: at first, or again."""
        again = [line.at for line in self.history if line.what is StatusKind.RESENT]
        return again[-1] if again else self.created_at

    @property
    def is_follower(self) -> bool:
        """Whether the newest code follows another one that the person asked for only once."""
        asked = [line.number for line in self.history if line.what is StatusKind.RESENT]
        return self.made > (asked[-1] if asked else 1)

    @property
    def was_sent(self) -> bool:
        """Whether the newest code is known to have left."""
        return any(
            line.what is StatusKind.SENT and line.number == self.made for line in self.history
        )

    @property
    def may_be_followed(self) -> bool:
        """Whether another code may have to follow: this one never left, or by the next channel."""
        return not self.was_sent or self.has_more_channels

    def is_open(self, now: Instant) -> bool:
        """Whether it can still be approved."""
        return self.result(now) is None

    def result(self, now: Instant) -> Result | None:
        """Return what any further try comes to, whatever is typed; None while one would count."""
        if self.state is CodeState.APPROVED:
            return Result.USED
        # One that ends later than any code may was made by a clock that ran ahead.
        if self.state is CodeState.VOID or not 0 < self.expires_at - now <= LIFE_MAX + MINUTE:
            return Result.EXPIRED
        if not self.is_inbound and self.tries >= self.tries_max:
            return Result.LOCKED
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryJob:
    """What is to be done once the answer is out. The digits live in it and nowhere else."""

    code: Code
    digits: str = field(repr=False)
    is_suppressed: bool


def check_purpose(text: str) -> str:
    """Check what a code is for, in the product's own words: `login`, `payment`."""
    if not _PURPOSE.fullmatch(text):
        raise InvalidInput("purpose", "must be a short name such as login: a-z, 0-9, _, . and -")
    return text


def parse_channels(text: str) -> tuple[Channel, ...]:
    """Read `whatsapp`, `sms`, `whatsapp,sms` … in the order in which they are tried.

    `whatsapp_inbound` stands alone: the person writes to us, so there is nothing to fall back from.
    """
    names = tuple(part.strip() for part in text.split(","))
    if not set(names) <= set(Channel) or len(set(names)) != len(names):
        message = "must be whatsapp, sms, both with a comma between, or whatsapp_inbound"
        raise InvalidInput("channel", message)
    channels = tuple(Channel(name) for name in names)
    if Channel.WHATSAPP_INBOUND in channels and len(channels) > 1:
        raise InvalidInput("channel", "must be whatsapp_inbound alone: nothing is sent with it")
    return channels


def make_code(entropy: bytes, digits: int) -> str:
    """Make a code of so many digits."""
    if len(entropy) < ENTROPY_BYTES or not DIGITS_MIN <= digits <= DIGITS_MAX:
        message = f"a code is made of {ENTROPY_BYTES} random bytes and has 6 to 10 digits"
        raise ValueError(message)
    return str(int.from_bytes(entropy, "big") % 10**digits).zfill(digits)


def canonical(typed: str) -> str:
    """Return the one form that is compared and marked as used; empty for what can be no code.

    Unicode's decimal digits are digits, and what stands between or around them does not count:
    blanks and dashes, quotes, the asterisks of bold text, marks that nobody sees.

    >>> canonical(" 1234-5678 "), canonical("١٢٣٤ ٥٦٧٨"), canonical("*12345678*")
    ('12345678', '12345678', '12345678')
    >>> canonical("12345O78")
    ''
    """
    if len(typed) > _TYPED_MAX:
        return ""
    text = typed if typed.isascii() else _visible(unicodedata.normalize("NFKC", typed))
    text = _BETWEEN.sub("", text)
    if len(text) > DIGITS_MAX or not text.isdecimal():
        return ""
    return "".join(str(unicodedata.decimal(digit)) for digit in text)


def _visible(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)


def masked(number: Alias) -> str:
    """Show a number so that its holder knows it: `+••••••••0123`."""
    digits = number.value
    return "+" + "•" * (len(digits) - _NUMBER_END) + digits[-_NUMBER_END:]


def area_of(number: Alias) -> str:
    """Return the block of ten thousand numbers that a number is in: all but its last four digits.

    Operators get and rent out numbers in such blocks and larger ones: who pumps has many of one.
    """
    return number.counted[:-_NUMBER_END]
