"""Who may call what: one scope per route, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import Depends, Request

from askfirst.domain.tenants.api_key import ApiScope, Key
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.authenticate import authenticate
from askfirst.usecases.tenants.show_caller import identify
from askfirst.web.asgi import bearer

ANY_KEY = None
"""In place of a scope: any live key will do."""

SCOPES: Mapping[tuple[str, str], ApiScope | None] = {
    ("POST", "/v1/consents"): ApiScope.CONSENTS_WRITE,
    ("POST", "/v1/contacts/lookup"): ApiScope.CONTACTS_READ,
    ("GET", "/v1/contacts/{alias}"): ApiScope.CONTACTS_READ,
    ("GET", "/v1/contacts/{alias}/events"): ApiScope.CONTACTS_READ,
    ("GET", "/v1/events"): ApiScope.CONTACTS_READ,
    ("POST", "/v1/check"): ApiScope.CHECK,
    ("GET", "/v1/senders"): ApiScope.SENDERS_READ,
    ("PUT", "/v1/senders/{phone_number_id}"): ApiScope.SENDERS_WRITE,
    ("GET", "/v1/templates"): ApiScope.TEMPLATES_READ,
    ("GET", "/v1/me"): ANY_KEY,
    ("GET", "/v1/business"): ANY_KEY,
    ("PUT", "/v1/business"): ApiScope.BUSINESS_WRITE,
    ("GET", "/v1/prompts"): ApiScope.PROMPTS_READ,
    ("GET", "/v1/prompts/{key}"): ApiScope.PROMPTS_READ,
    ("PUT", "/v1/prompts/{key}"): ApiScope.PROMPTS_WRITE,
    ("DELETE", "/v1/prompts/{key}"): ApiScope.PROMPTS_WRITE,
    ("POST", "/v1/prompts/{key}/publish"): ApiScope.PROMPTS_WRITE,
    ("GET", "/v1/prompts/{key}/render"): ApiScope.PROMPTS_READ,
    ("GET", "/v1/entries"): ApiScope.ENTRIES_READ,
    ("POST", "/v1/entries"): ApiScope.ENTRIES_WRITE,
    ("GET", "/v1/entries/{id}"): ApiScope.ENTRIES_READ,
    ("DELETE", "/v1/entries/{id}"): ApiScope.ENTRIES_WRITE,
    ("POST", "/v1/confirmations"): ApiScope.LINKS_WRITE,
    ("GET", "/v1/confirmations/{id}"): ApiScope.CONTACTS_READ,
    ("POST", "/v1/preference-links"): ApiScope.LINKS_WRITE,
    ("DELETE", "/v1/preference-links/{id}"): ApiScope.LINKS_WRITE,
    ("GET", "/v1/events/{position}/receipt"): ApiScope.CONTACTS_READ,
    ("POST", "/v1/codes"): ApiScope.CODES_WRITE,
    ("GET", "/v1/codes/{id}"): ApiScope.CODES_READ,
    ("DELETE", "/v1/codes/{id}"): ApiScope.CODES_WRITE,
    ("POST", "/v1/codes/{id}/check"): ApiScope.CODES_WRITE,
    ("POST", "/v1/codes/{id}/resend"): ApiScope.CODES_WRITE,
}
"""A route that is not listed here cannot be built."""


async def admit(services: Services, request: Request, needed: ApiScope | None) -> Key:
    """Know the caller and check the scope, before a byte of the body is read."""
    secret = bearer(request.scope)
    if needed is ANY_KEY:
        return await identify(services, secret)
    return await authenticate(services, secret, needed)


def services_of(request: Request) -> Services:
    """Give what `build_api` was built with."""
    return cast("Services", request.app.state.services)


async def _services(request: Request) -> Services:
    return services_of(request)


async def _caller(request: Request) -> Key:
    return cast("Key", request.state.key)


World = Annotated[Services, Depends(_services)]
Caller = Annotated[Key, Depends(_caller)]
