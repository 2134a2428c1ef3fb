"""An operator: somebody who works in the console of one business, in one role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, OperatorId
from askfirst.domain.values.timestamp import HOUR, Instant

EMAIL_MAX: Final = 254
"""Characters, as mail takes them (RFC 5321, section 4.5.3.1.3, less the brackets)."""
PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 256
"""NIST SP 800-63B asks for 8 or more and for at least 64 to be taken; longer costs a hash more."""
INVITATION_LIFE: Final = 72 * HOUR
_EMAIL: Final = re.compile(r"[^\s@:/?#<>\"\\]{1,64}@[^\s@:/?#<>\"\\]+\.[^\s@:/?#<>\"\\]+")


class OperatorRole(StrEnum):
    """What somebody is there for. Each role is a set of permissions."""

    VIEWER = "viewer"
    SUPPORT = "support"
    MARKETING = "marketing"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


class Permission(StrEnum):
    """What may be done in the console. Whoever is signed in may see what names nobody."""

    OVERVIEW = "overview"
    """Figures, brakes, reasons, templates: nothing that names a person."""
    PEOPLE = "people"
    """One person: their answers and what was decided, with the number masked."""
    NUMBERS = "numbers"
    """The number itself, for a reason that is written down."""
    STOP = "stop"
    """Record that somebody who called wants no more messages."""
    REVIEWS = "reviews"
    """Close complaints and erasure requests."""
    ERASE = "erase"
    """Erase a person."""
    EVIDENCE = "evidence"
    """Take a person's evidence pack away, which names them."""
    LISTS = "lists"
    """Import a list of people and screen one: whoever does brings along the numbers in it."""
    ENTRIES = "entries"
    """Make links and QR codes by which customers come, and end them."""
    WORDING = "wording"
    """Write the next version of a prompt, and ask a colleague to publish it."""
    PUBLISH = "publish"
    """Publish a colleague's version of a prompt, or decline it; never one's own."""
    BRAKES = "brakes"
    """Pause sending, lift a brake, and take a held message back."""
    EXPORTS = "exports"
    """See which exports are written again and again, schedule one, change and end it."""
    ENDPOINTS = "endpoints"
    """See to which servers webhooks and events go, pause that, and have them sent again."""
    AUDIT = "audit"
    """Read who looked at whom, and who did what."""
    TEAM = "team"
    """Invite operators, change their role, end their access."""


_SEES: Final = frozenset({Permission.OVERVIEW})
_HELPS: Final = _SEES | {Permission.PEOPLE, Permission.NUMBERS, Permission.STOP}
MAY: Final[Mapping[OperatorRole, frozenset[Permission]]] = {
    OperatorRole.VIEWER: _SEES | {Permission.PEOPLE},
    OperatorRole.SUPPORT: _HELPS,
    OperatorRole.MARKETING: _SEES
    | {
        Permission.PEOPLE,
        Permission.STOP,
        Permission.LISTS,
        Permission.ENTRIES,
        Permission.WORDING,
        Permission.BRAKES,
    },
    OperatorRole.COMPLIANCE: _HELPS
    | {
        Permission.REVIEWS,
        Permission.ERASE,
        Permission.EVIDENCE,
        Permission.LISTS,
        Permission.PUBLISH,
        Permission.BRAKES,
        Permission.EXPORTS,
        Permission.AUDIT,
    },
    OperatorRole.ADMIN: frozenset(Permission),
}
"""The one table from role to permissions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One of them. `email` is in small letters; it is how they sign in, and never an address.

    `password` is the hash of an adapter, empty until the invitation was taken up. `totp_secret` is
    what their authenticator shares, empty without one; `totp_step` the last step that was used.
    `subject` is who they are at the provider of single sign-on, empty where nobody is linked.
    """

    operator_id: OperatorId
    business_id: BusinessId
    email: str
    name: str
    role: OperatorRole
    created_at: Instant
    ended_at: Instant | None = None
    password: str = field(default="", repr=False)
    totp_secret: str = field(default="", repr=False)
    totp_step: int = 0
    subject: str = field(default="", repr=False)
    revision: int = 0

    @property
    def is_live(self) -> bool:
        """Whether they may sign in: the invitation was taken up, and their access not ended."""
        return bool(self.password or self.subject) and self.ended_at is None

    def may(self, permission: Permission) -> bool:
        """Whether their role has it."""
        return permission in MAY[self.role]


class SignInWay(StrEnum):
    """How somebody comes in."""

    PASSWORD = "password"  # noqa: S105 - a name
    PASSWORD_CODE = "password_code"  # noqa: S105 - a name
    PASSKEY = "passkey"
    SSO = "sso"


def ways_of(operator: Operator, passkeys: int) -> tuple[SignInWay, ...]:
    """Return how an operator comes in, who has so many passkeys; nothing for who cannot."""
    if not operator.is_live:
        return ()
    typed = SignInWay.PASSWORD_CODE if operator.totp_secret else SignInWay.PASSWORD
    ways = {
        typed: bool(operator.password),
        SignInWay.PASSKEY: passkeys > 0,
        SignInWay.SSO: bool(operator.subject),
    }
    return tuple(way for way, is_theirs in ways.items() if is_theirs)


def parse_email(text: str, field_name: str = "email") -> str:
    """Read an e-mail address, in small letters: two spellings of one are one operator.

    Raises:
        InvalidInput: it is none.
    """
    email = text.strip().lower()
    if len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise InvalidInput(field_name, "must be an e-mail address, such as ana@example.com")
    return email


def parse_role(text: str, field_name: str = "role") -> OperatorRole:
    """Read a role; InvalidInput lists them."""
    try:
        return OperatorRole(text)
    except ValueError as error:
        raise InvalidInput(field_name, "must be one of " + ", ".join(OperatorRole)) from error


def check_password(text: str, email: str) -> str:
    """Check a new password: long, and not the e-mail address.

    No rules about signs: they make passwords no harder to guess (NIST SP 800-63B, 3.1.1.2).

    Raises:
        InvalidInput: it is too short, too long, or the name under which they sign in.
    """
    if not PASSWORD_MIN <= len(text) <= PASSWORD_MAX:
        message = f"must have {PASSWORD_MIN} to {PASSWORD_MAX} characters"
        raise InvalidInput("password", message)
    if text.strip().lower() in (email, email.partition("@")[0]) or len(set(text)) < _SIGNS_MIN:
        raise InvalidInput("password", "must not be your address, or one sign again and again")
    return text


_SIGNS_MIN: Final = 5


def check_name(text: str) -> str:
    """Check what colleagues call somebody: one line, 80 characters at most; may be empty."""
    name = " ".join(text.split())
    if len(name) > _NAME_MAX or not name.isprintable():
        raise InvalidInput("name", f"must be one line of {_NAME_MAX} characters at most")
    return name


_NAME_MAX: Final = 80
