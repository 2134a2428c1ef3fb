"""Senders and templates: what a business writes with.

States follow Meta's words (`message_template_status_update`, `account_update`); whatever is
not known to be in service is out of service.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.tenants.template_content import (
    TemplateContent,
    TemplateFlag,
    TemplateQuality,
)
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
class Reading:
    """What the lint reads out of a template, whatever its category is."""

    has_stop: bool
    is_advertising: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template in one language, as the registry last saw it.

    `previous_category` is what it was before, as the registry saw it or Meta tells it; each
    `…_changed_at` is when the registry saw a change, None where it saw none. `accepted_change` is
    the change of category that an operator has accepted. `content` and `reading` are None where
    Meta was not asked, or did not tell.
    """

    business_id: BusinessId
    waba_id: WabaId
    name: str
    language: str
    category: Category
    state: TemplateState
    seen_at: Instant
    previous_category: Category | None = None
    category_changed_at: Instant | None = None
    accepted_change: Instant | None = None
    state_changed_at: Instant | None = None
    quality: TemplateQuality = TemplateQuality.UNKNOWN
    quality_changed_at: Instant | None = None
    content: TemplateContent | None = None
    content_changed_at: Instant | None = None
    reading: Reading | None = None

    @property
    def became_marketing(self) -> bool:
        """Whether Meta moved it to marketing while we knew it, and nobody has accepted that."""
        return (
            self.category is Category.MARKETING
            and self.previous_category not in {None, Category.MARKETING}
            and self.category_changed_at is not None
            and self.accepted_change != self.category_changed_at
        )

    @property
    def flags(self) -> tuple[TemplateFlag, ...]:
        """What is amiss with it, as far as it was read: the gravest first."""
        found = (TemplateFlag.BECAME_MARKETING,) if self.became_marketing else ()
        if self.reading is None:
            return found
        if self.category is Category.MARKETING and not self.reading.has_stop:
            return (*found, TemplateFlag.WITHOUT_STOP)
        if self.category is Category.UTILITY and self.reading.is_advertising:
            return (*found, TemplateFlag.UTILITY_LIKE_AD)
        return found
