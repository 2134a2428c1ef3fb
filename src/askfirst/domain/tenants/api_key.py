"""Tenants and the keys that act for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.values.ids import BusinessId, KeyId
from askfirst.domain.values.timestamp import Instant


class ApiScope(StrEnum):
    """What an API key may do."""

    CONSENTS_WRITE = "consents:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_EXPORT = "contacts:export"
    EXPORTS_READ = "exports:read"
    EXPORTS_WRITE = "exports:write"
    CONTACTS_ERASE = "contacts:erase"
    NUMBERS_READ = "numbers:read"
    CHECK = "check"
    SEND = "send"
    MANAGE = "manage"
    SENDERS_READ = "senders:read"
    SENDERS_WRITE = "senders:write"
    TEMPLATES_READ = "templates:read"
    TEMPLATES_WRITE = "templates:write"
    PROMPTS_READ = "prompts:read"
    PROMPTS_WRITE = "prompts:write"
    ENTRIES_READ = "entries:read"
    ENTRIES_WRITE = "entries:write"
    REVIEWS_READ = "reviews:read"
    BRAKES_READ = "brakes:read"
    BRAKES_WRITE = "brakes:write"
    STATS_READ = "stats:read"
    LINKS_WRITE = "links:write"
    BUSINESS_WRITE = "business:write"
    CODES_READ = "codes:read"
    CODES_WRITE = "codes:write"
    SUBSCRIPTIONS_READ = "subscriptions:read"
    SUBSCRIPTIONS_WRITE = "subscriptions:write"
    RECEIVERS_READ = "receivers:read"
    RECEIVERS_WRITE = "receivers:write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A tenant: a sender as people know it."""

    business_id: BusinessId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key, without its secret: only a hash of that is kept."""

    key_id: KeyId
    business_id: BusinessId
    name: str
    scopes: frozenset[ApiScope]
    created_at: Instant
    revoked_at: Instant | None = None
