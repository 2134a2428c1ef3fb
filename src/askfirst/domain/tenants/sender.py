"""Senders and templates: what a business writes with.

States follow Meta's words (`message_template_status_update`, `account_update`); whatever is
not known to be in service is out of service.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant


class SenderState(StrEnum):
    """Whether a WhatsApp business phone number may send."""

    ACTIVE = "active"
    PAUSED = "paused"
    RESTRICTED = "restricted"
    BANNED = "banned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A WhatsApp business phone number of a business; `digits` is its own number."""

    business_id: BusinessId
    phone_number_id: PhoneNumberId
    waba_id: WabaId
    digits: str
    name: str
    state: SenderState = SenderState.ACTIVE


_TOKEN_MAX = 1024


def check_token(token: str) -> str:
    """Return an access token that can stand in a header; InvalidInput for another text."""
    is_visible = all("!" <= character <= "~" for character in token)
    if not is_visible or not 1 <= len(token) <= _TOKEN_MAX:
        raise InvalidInput("token", f"must be 1 to {_TOKEN_MAX} visible ASCII characters")
    return token


TEMPLATE_NAME_MAX = 512
"""Meta, "Templates": a name has 512 characters at most."""


def is_template_name(text: str) -> bool:
    """Return whether a template or language could be called this; no store is asked for others."""
    return len(text) <= TEMPLATE_NAME_MAX and text.isprintable()


class TemplateState(StrEnum):
    """Whether Meta sends a template now."""

    IN_SERVICE = "in_service"
    PENDING = "pending"
    PAUSED = "paused"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template in one language, as the registry last saw it."""

    business_id: BusinessId
    waba_id: WabaId
    name: str
    language: str
    category: Category
    state: TemplateState
    seen_at: Instant
