"""Commands about a business: what it tells about itself, its keys, senders and templates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from askfirst.domain.tenants.api_key import ApiScope, Business, Key
from askfirst.domain.tenants.brand import palette_of
from askfirst.domain.tenants.profile import Profile, parse_home
from askfirst.domain.tenants.sender import Sender, SenderState, check_token
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, KeyId, PhoneNumberId, WabaId, parse_node_id
from askfirst.domain.values.locales import parse_locale
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.contacts.read_contact import read_sender_number
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import list_keys, make_key, revoke_key
from askfirst.usecases.tenants.manage_profile import put_profile, show_profile
from askfirst.usecases.tenants.manage_senders import refresh_templates
from askfirst.usecases.tenants.read_senders import find_sender, list_senders
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class ShowBusiness(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give the business as its customers meet it."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return _business_row(*await show_profile(services, business_id))


class SetBusiness(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Change what is named; None leaves it as it is, and empty takes it away."""

    name: str | None = None
    origins: tuple[str, ...] | None = None
    contact: str | None = None
    privacy_url: str | None = None
    country: str | None = None
    locale: str | None = None
    colour: str | None = None
    logo: bytes | None = None

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        business, profile = await show_profile(services, business_id)
        name = business.name if self.name is None else self.name
        return _business_row(
            *await put_profile(services, business_id, name, self._changed(profile), self.logo)
        )

    def _changed(self, profile: Profile) -> Profile:
        told: dict[str, Any] = {
            "origins": self.origins,
            "contact": self.contact,
            "privacy_url": self.privacy_url,
            "country": None if self.country is None else parse_home(self.country),
            "colour": None if self.colour is None else self.colour.lower(),
            "locale": None if self.locale is None else parse_locale(self.locale, "locale"),
        }
        return replace(profile, **{name: it for name, it in told.items() if it is not None})


class CreateKey(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Make a key, and its business where that is new."""

    name: str
    business_name: str = ""
    scopes: tuple[str, ...]

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business, or_first=True)
        scopes = frozenset(_scope(scope) for scope in self.scopes)
        key, secret = await make_key(services, business_id, self.business_name, self.name, scopes)
        return {**_key_row(key), "secret": secret}


class ListKeys(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List a business's keys, revoked ones included."""

    async def run(self, services: Services) -> Answer:
        keys = await list_keys(services, await business_of(services, self.business))
        return {"keys": [_key_row(key) for key in keys]}


class RevokeKey(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End a key."""

    key_id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        revoked_at = await revoke_key(services, business_id, KeyId(self.key_id))
        if revoked_at is None:
            raise UnknownReference(
                "key_id", "no live key of that id; askfirst keys list shows them"
            )
        return {"id": self.key_id, "revoked_at": to_rfc3339(revoked_at)}


class ListSenders(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List a business's senders, without their tokens."""

    async def run(self, services: Services) -> Answer:
        senders = await list_senders(services, await business_of(services, self.business))
        return {"senders": [_sender_row(sender) for sender in senders]}


class SetSender(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Register a sender, or change what is named; None leaves it as it is."""

    phone_number_id: str
    waba_id: str | None = None
    number: str | None = None
    name: str | None = None
    state: str | None = None
    token: str | None = None

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        sender_id = PhoneNumberId(parse_node_id(self.phone_number_id, "phone_number_id"))
        known = await find_sender(services, business_id, sender_id)
        sender = self._sender(services, business_id, sender_id, known)
        token = None if self.token is None else check_token(self.token)
        await register_sender(services, sender, token)
        return _sender_row(sender)

    def _sender(
        self,
        services: Services,
        business_id: BusinessId,
        sender_id: PhoneNumberId,
        known: Sender | None,
    ) -> Sender:
        waba_id = _named("waba_id", self.waba_id, known.waba_id if known else None)
        number = _named("number", self.number, f"+{known.digits}" if known else None)
        return Sender(
            business_id=business_id,
            phone_number_id=sender_id,
            waba_id=WabaId(parse_node_id(waba_id, "waba_id")),
            digits=read_sender_number(services, number, "number").digits,
            name=_named("name", self.name, known.name if known else None),
            state=_state(self.state or (known.state if known else SenderState.ACTIVE)),
        )


class RefreshTemplates(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Read Meta's list of templates now."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return {"templates": await refresh_templates(services, business_id)}


def _named(field: str, given: str | None, known: str | None) -> str:
    """Take what is given, or else what is known."""
    text = known if given is None else given
    if not text:
        raise InvalidInput(field, "is required to register a sender")
    return text


def _state(text: str) -> SenderState:
    try:
        return SenderState(text)
    except ValueError as error:
        raise InvalidInput("state", "must be one of " + ", ".join(SenderState)) from error


def _scope(text: str) -> ApiScope:
    try:
        return ApiScope(text)
    except ValueError as error:
        raise InvalidInput("scope", "must be one of " + ", ".join(ApiScope)) from error


def _sender_row(sender: Sender) -> Answer:
    return {
        "phone_number_id": sender.phone_number_id,
        "waba_id": sender.waba_id,
        "number": f"+{sender.digits}",
        "name": sender.name,
        "state": sender.state.value,
    }


def _key_row(key: Key) -> Answer:
    """A key without its secret."""
    return {
        "id": key.key_id,
        "business": key.business_id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_at": to_rfc3339(key.created_at),
        "revoked_at": None if key.revoked_at is None else to_rfc3339(key.revoked_at),
    }


def _business_row(business: Business, profile: Profile) -> Answer:
    """A business as its customers meet it."""
    return {
        "id": business.business_id,
        "name": business.name,
        "origins": list(profile.origins),
        "contact": profile.contact,
        "privacy_url": profile.privacy_url,
        "country": profile.country,
        "locale": profile.locale,
        "colour": asdict(palette_of(profile.colour)) if profile.colour else None,
        "logo": profile.logo,
    }
