"""Every door through which a phone number comes in, as a call with one spelling.

A door answers with the number that the spelling was taken for, as the ledger, a limit, a link or
Meta's line shows it afterwards, or with the field that the refusal names.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from askfirst.bootstrap.commands.qr_commands import link_to_chat
from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.alias import wa_id_alias
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import CodeId, ContactId, Position
from askfirst.domain.values.purpose import Category
from askfirst.graph.platform.signature import sign
from askfirst.ports.sending.http_connection import Answer
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.admin.consent import CreateLink, RecordConsent
from askfirst.web.admin.sending import CheckSend
from askfirst.web.api.app import build_api
from askfirst.web.gateway.endpoint import GatewayEndpoint
from askfirst.web.pages.request_context import link_to
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support import builders
from tests.support.builders import BUSINESS, SENDER, WABA
from tests.support.services import World
from tests.web.asgi_call import Got, call
from tests.web.public.visitors import SHOP, Street, furnish

SECRET = b"app secret"
NOBODY = "nobody"
"""A spelling that is understood, of somebody who has said nothing."""


@dataclass
class House:
    """One business with all its doors; `known` is the number that said yes to orders."""

    street: Street
    key: str
    api: Any
    gateway: GatewayEndpoint
    webhooks: WebhookEndpoint
    known: str = ""
    count: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def world(self) -> World:
        return self.street.world

    async def rest(self, method: str, path: str, body: dict[str, Any] | None = None) -> Got:
        headers = [("authorization", f"Bearer {self.key}"), ("content-type", "application/json")]
        raw = json.dumps(body).encode() if body is not None else b""
        return await call(self.api, method, path, headers=headers, body=raw)

    async def hear(self, value: dict[str, Any]) -> None:
        """Let Meta tell something."""
        metadata = {"display_phone_number": "15550100001", "phone_number_id": SENDER}
        change = {"field": "messages", "value": {"metadata": metadata, **value}}
        entry = {"id": WABA, "changes": [change]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        headers = [("x-hub-signature-256", sign(body, SECRET))]
        got = await call(self.webhooks, "POST", "/webhooks/whatsapp", headers=headers, body=body)
        assert got.status == 200

    async def number_of(self, contact_id: str) -> str:
        """Return the number under which a contact is known."""
        names = await self.world.services.ledger.names(BUSINESS, ContactId(contact_id))
        return next(name.value for name in names if name.is_number)

    async def names(self) -> list[str]:
        """Return all names of whoever the first event is about."""
        services = self.world.services
        (event,) = await services.ledger.events(BUSINESS, Position(0), 1)
        return [name.value for name in await services.ledger.names(BUSINESS, event.contact_id)]

    async def newest(self) -> str:
        """Return the number that the newest event is about."""
        services = self.world.services
        head = await services.ledger.head(BUSINESS)
        (event,) = await services.ledger.events(BUSINESS, Position(head - 1), 1)
        return await self.number_of(event.contact_id)


async def open_house(world: World) -> House:
    """Furnish a business: a key, a sender, templates, pages."""
    services, street = world.services, await furnish(world)
    _, key = await create_key(
        services, Business(business_id=BUSINESS, name="Acme"), "numbers", frozenset(ApiScope)
    )
    await register_sender(services, builders.sender(), "EAAG-meta")
    await services.directory.put_templates((builders.template("order", category=Category.UTILITY),))
    return House(
        street=street,
        key=key,
        api=build_api(services, street.metrics),
        gateway=GatewayEndpoint(services, street.metrics),
        webhooks=WebhookEndpoint(services, street.metrics, secrets=[SECRET], verify_token="word"),
    )


async def consent(house: House, text: str, name: str = "phone") -> str:
    """POST /v1/consents."""
    body = {"verb": "withdraw", "contact": {name: text}, "surface": "api"}
    got = await house.rest("POST", "/v1/consents", body)
    return await house.newest() if got.status == 201 else _field(got)


async def consent_by_wa_id(house: House, text: str) -> str:
    """POST /v1/consents, named as WhatsApp does."""
    return await consent(house, text, "wa_id")


async def lookup(house: House, text: str) -> str:
    """POST /v1/contacts/lookup."""
    return await _looked_up(
        house, await house.rest("POST", "/v1/contacts/lookup", {"contact": {"phone": text}})
    )


async def lookup_by_wa_id(house: House, text: str) -> str:
    """POST /v1/contacts/lookup, named as WhatsApp does."""
    return await _looked_up(
        house, await house.rest("POST", "/v1/contacts/lookup", {"contact": {"wa_id": text}})
    )


async def address(house: House, text: str) -> str:
    """GET /v1/contacts/{alias}."""
    return await _looked_up(house, await house.rest("GET", f"/v1/contacts/{text}"))


async def check(house: House, text: str) -> str:
    """POST /v1/check: whose yes it finds."""
    body = {"sender": SENDER, "to": text, "purpose": "utility"}
    got = await house.rest("POST", "/v1/check", body)
    if got.status != 200:
        return _field(got)
    return house.known if got.json["verdict"] == "allow" else NOBODY


async def gateway(house: House, text: str) -> str:
    """A send through the gateway: to whom it leaves."""
    named = {"name": "order", "language": {"code": "en"}}
    body = {"messaging_product": "whatsapp", "to": text, "type": "template", "template": named}
    sent = house.world.connections.sent
    before = len(sent)
    path, headers = f"/v23.0/{SENDER}/messages", [("authorization", f"Bearer {house.key}")]
    headers.append(("content-type", "application/json"))
    got = await call(house.gateway, "POST", path, headers=headers, body=json.dumps(body).encode())
    if len(sent) > before:
        return str(json.loads(sent[-1].body)["to"]).removeprefix("+")
    return "refused to" if "number with its country code" in got.body.decode() else NOBODY


async def code(house: House, text: str) -> str:
    """POST /v1/codes: for whom the code is."""
    body = {"to": text, "channel": "whatsapp_inbound"}
    got = await house.rest("POST", "/v1/codes", body)
    if got.status != 201:
        return _field(got)
    kept = await house.world.services.codes.find(BUSINESS, CodeId(got.json["id"]))
    assert kept is not None
    return kept.number.value


async def answer(house: House, text: str) -> str:
    """POST /p/acme/answers, which custom elements send."""
    got = await post_answer(house, text)
    return await house.newest() if got.status == 201 else _field(got)


async def post_answer(house: House, text: str) -> Got:
    """Answer a question with a no, from a page of the shop's."""
    token = await house.street.token("order")
    body = json.dumps({"token": token, "answer": "refuse", "phone": text}).encode()
    return await house.street.visitor().raw(
        "POST", "/p/acme/answers", body, content_type="application/json", origin=SHOP
    )


async def join(house: House, text: str) -> str:
    """The form of the opt-in page."""
    page = await house.street.join(number=text)
    if page.got.status == 303:
        return await house.newest()
    assert page.all("input", name="phone")
    return "refused phone"


async def record_command(house: House, text: str) -> str:
    """`askfirst record`."""
    return await _command(
        house, RecordConsent(verb=ConsentVerb.WITHDRAW, contact=text, business=BUSINESS)
    )


async def check_command(house: House, text: str) -> str:
    """`askfirst check`."""
    ask = CheckSend(to=text, sender=SENDER, purpose="utility", business=BUSINESS)
    try:
        told = await ask.run(house.world.services)
    except InvalidInput as error:
        return f"refused {error.field}"
    return house.known if told["verdict"] == "allow" else NOBODY


async def link_command(house: House, text: str) -> str:
    """`askfirst link create`."""
    try:
        made = await CreateLink(contact=text, business=BUSINESS).run(house.world.services)
    except InvalidInput as error:
        return f"refused {error.field}"
    except UnknownReference:
        return NOBODY
    assert made["url"]
    return house.known


async def sender(house: House, text: str) -> str:
    """PUT /v1/senders/{id}."""
    body = {"waba_id": WABA, "number": text, "name": "Acme"}
    got = await house.rest("PUT", f"/v1/senders/{SENDER}", body)
    return got.json["number"].removeprefix("+") if got.status == 200 else _field(got)


async def chat(_: House, text: str) -> str:
    """`askfirst qr`: a link that opens a chat."""
    try:
        return link_to_chat(text, "").removeprefix("https://wa.me/")
    except InvalidInput as error:
        return f"refused {error.field}"


async def profile(house: House, text: str) -> str:
    """The number in a business's profile, as a link on its pages."""
    link = link_to(house.world.services, text)
    return link.removeprefix("tel:+") or "refused number"


async def message(house: House, text: str) -> str:
    """A stop that Meta delivers."""
    number = next(house.count)
    said = {"from": text, "id": f"wamid.{number}", "type": "text", "text": {"body": "STOP"}}
    await house.hear({"messages": [said]})
    return await house.newest()


async def companion(house: House, text: str) -> str:
    """The number beside a user id, in `contacts`."""
    number = next(house.count)
    said = {"from_user_id": f"GB.{number}", "id": f"wamid.{number}", "type": "text"}
    contact = {"wa_id": text, "user_id": f"GB.{number}"}
    await house.hear({"contacts": [contact], "messages": [{**said, "text": {"body": "STOP"}}]})
    return await house.newest()


async def move(house: House, text: str) -> str:
    """The number that somebody moved away from."""
    number = next(house.count)
    system = {"type": "user_changed_number", "wa_id": f"4477009{number:05d}"}
    told = {"from": text, "id": f"wamid.{number}", "type": "system", "system": system}
    await house.hear({"messages": [told]})
    return await house.newest()


Door = Callable[[House, str], Awaitable[str]]
TYPED: tuple[Door, ...] = (
    *(consent, lookup, answer, join),
    *(record_command, check_command, link_command),
)
"""Where people and operators type: with a plus."""
CLIENT: tuple[Door, ...] = (check, gateway, code)
"""Where clients name a recipient as WhatsApp does."""
NAMED: tuple[Door, ...] = (consent_by_wa_id, lookup_by_wa_id, address)
"""Where callers give WhatsApp's own name of somebody."""
OWN: tuple[Door, ...] = (sender, chat, profile)
"""Numbers of the business itself."""
SIGNED: tuple[Door, ...] = (message, companion, move)
"""What Meta tells."""


async def say_yes(house: House, digits: str) -> None:
    """Let a number be known to the business, with a yes to orders."""
    yes = builders.grant(wa_id_alias(digits), purposes=("utility",))
    await house.world.services.ledger.commit(builders.change(yes))
    house.known = digits


def meta_answers(world: World, input_: str, wa_id: str) -> None:
    """Let Meta answer the next send with its name of the recipient."""
    contact = {"input": input_, "wa_id": wa_id}
    body = {"messages": [{"id": "wamid.sent"}], "contacts": [contact]}
    world.connections.reply = Answer(
        status=200, content_type="application/json", body=json.dumps(body).encode()
    )


async def _looked_up(house: House, got: Got) -> str:
    if got.status == 404:
        return NOBODY
    return await house.number_of(got.json["id"]) if got.status == 200 else _field(got)


async def _command(house: House, command: RecordConsent) -> str:
    try:
        await command.run(house.world.services)
    except InvalidInput as error:
        return f"refused {error.field}"
    return await house.newest()


def _field(got: Got) -> str:
    assert got.status == 422, (got.status, got.body)
    return f"refused {got.json['errors'][0]['field']}"
