"""A whole askfirst, played through its doors: REST, signed webhooks, the gateway."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from askfirst.domain.prompts.prompt import PromptHash, PromptKind, PromptVersion, Surface
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import SECOND, to_rfc3339
from askfirst.graph.platform.signature import sign
from askfirst.ports.prompts.prompts import NEVER_PUBLISHED
from askfirst.usecases.consent.prove_number import ProofOrder, offer_proof
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.api.app import build_api
from askfirst.web.gateway.endpoint import GatewayEndpoint
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.scenarios.story import TEMPLATES, Act, Ask
from tests.support import builders
from tests.support.builders import BUSINESS, SENDER, WABA
from tests.support.services import World
from tests.support.shown import shown_token
from tests.web.asgi_call import Got, call

SECRET = b"app secret"
WORDING = {"key": "question", "locale": "en", "text": "May we write to you on WhatsApp?"}
SWITCH = {"uses WhatsApp's stop": "stop", "uses WhatsApp's resume": "resume"}
SWITCH["signs up through WhatsApp"] = "signup"
VERBS = {"says yes": "grant", "says no": "refuse", "has a yes claimed for them": "grant"}
VERBS |= {"withdraws": "withdraw", "has their number vouched for": "confirm"}
VERBS["somebody types their number"] = "grant"
VERBS["is shown a notice"] = "inform"
VERBS["chooses WhatsApp for a code"] = "grant"


@dataclass
class Doors:
    """What a business, its customers and Meta can reach from outside."""

    world: World
    key: str
    api: Any
    webhooks: WebhookEndpoint
    gateway: GatewayEndpoint
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def play(self, act: Act) -> None:
        """Let one thing happen, at the time we hear of it."""
        self.world.clock.set(act.arrives)
        if act.what in VERBS:
            await self._record(act)
        elif act.what == "the sender":
            await self._put_sender(act.details["is"])
        elif act.what == "somebody accepts the template":
            got = await self.rest("POST", f"/v1/templates/{act.details['name']}/accept", {})
            assert got.status == 200, got.body
        elif act.what == "is sent":
            await self._sent(act)
        elif act.what == "proves the number":
            await self._prove(act)
        elif act.what.startswith("taps "):
            await self._tap(act)
        else:
            await self._webhook(*_dictated_by_meta(act, next(self.numbers)))

    async def check(self, ask: Ask) -> Got:
        """Ask by POST /v1/check."""
        self.world.clock.set(ask.at)
        what = {"purpose": "service"} if ask.is_reply else {"template": ask.message}
        if not ask.is_reply:
            what["language"] = "en"
        return await self.rest("POST", "/v1/check", _names(ask) | what | {"sender": _sender(ask)})

    async def send(self, ask: Ask) -> Got:
        """Send the message itself, as a client of Meta's would."""
        self.world.clock.set(ask.at)
        words = next(self.numbers) - 1 if ask.is_repeated else next(self.numbers)
        body = {"messaging_product": "whatsapp"} | _names(ask) | _content(ask.message, words)
        if ask.text:
            body["text"] = {"body": ask.text}
        more = [("x-askfirst-campaign", ask.campaign)] if ask.campaign else []
        return await self._call(self.gateway, f"/v23.0/{_sender(ask)}/messages", body, more=more)

    async def _sent(self, act: Act) -> None:
        """A message left through the gateway."""
        for _ in range(act.details.get("times", 1)):
            content = _content(act.details["message"], next(self.numbers))
            body = {"messaging_product": "whatsapp", "to": act.who.phone} | content
            got = await self._call(self.gateway, f"/v23.0/{SENDER}/messages", body)
            assert got.status == 200, got.body
        self.world.connections.sent.clear()

    async def rest(self, method: str, path: str, body: dict[str, Any]) -> Got:
        """Call the REST face."""
        return await self._call(self.api, path, body, method)

    async def _call(
        self,
        app: Any,
        path: str,
        body: dict[str, Any],
        method: str = "POST",
        more: Sequence[tuple[str, str]] = (),
    ) -> Got:
        headers = [("authorization", f"Bearer {self.key}"), ("content-type", "application/json")]
        headers += more
        return await call(app, method, path, headers=headers, body=json.dumps(body).encode())

    async def _record(self, act: Act) -> None:
        body: dict[str, Any] = {
            "verb": VERBS[act.what],
            "contact": _contact(act),
            "purposes": list(act.purposes),
            "surface": act.details.get("where", "signup"),
            "occurred_at": to_rfc3339(act.at),
            "evidence": {"case": act.what},
        }
        if act.what in {"says yes", "says no", "somebody types their number"}:
            body["prompt"] = {"token": await self._shown(act, body["surface"])}
            body["number_proof"] = (
                "typed" if act.what == "somebody types their number" else "vouched"
            )
        if act.what == "is shown a notice":
            body["surface"] = act.details.get("where", "order")
            body["prompt"] = {"token": await self._shown(act, body["surface"], PromptKind.NOTICE)}
        if body["surface"] == "paper":
            body["witness"] = {"taken_by": "shop 3"}
        if act.what == "has a yes claimed for them":
            body["surface"] = act.details.get("by", "import")
        if act.what == "chooses WhatsApp for a code":
            body |= {"surface": "code", "purposes": ["authentication"]}
        got = await self.rest("POST", "/v1/consents", body)
        assert got.status == 201, got.body

    async def _shown(self, act: Act, surface: str, kind: PromptKind = PromptKind.QUESTION) -> str:
        """Show the question, just before it is answered; or the notice."""
        words = PromptVersion(**WORDING, surface=Surface(surface), purposes=act.purposes, kind=kind)
        return await shown_token(self.world.services, BUSINESS, words)

    async def _put_sender(self, state: str) -> None:
        own = builders.sender()
        body = {"waba_id": WABA, "number": f"+{own.digits}", "name": own.name, "state": state}
        got = await self.rest("PUT", f"/v1/senders/{SENDER}", body)
        assert got.status == 200, got.body

    async def _tap(self, act: Act) -> None:
        """A button below our question: its payload says what the tap means."""
        verb = ReplyVerb(act.what.removeprefix("taps "))
        prompt = await self._publish(act) if verb is not ReplyVerb.STOP else None
        payload = reply_payload(Reply(verb=verb, purposes=act.purposes, prompt=prompt))
        tap = {"type": "button", "button": {"payload": payload, "text": verb.value}}
        await self._webhook("messages", _message(act, next(self.numbers), tap))

    async def _prove(self, act: Act) -> None:
        """The message that a page of ours offers, sent from the number itself."""
        number = phone_alias(act.who.wa_id)
        named = tuple(Purpose(name) for name in act.purposes)
        order = ProofOrder(
            business_id=BUSINESS, alias=number, purposes=named, words="I confirm", locale="en"
        )
        offered = await offer_proof(self.world.services, order)
        content = {"type": "text", "text": {"body": offered.proof.text}}
        await self._webhook("messages", _message(act, next(self.numbers), content))

    async def _publish(self, act: Act) -> PromptHash:
        """A wording becomes known when it is first shown to anybody."""
        kind = PromptKind.QUESTION
        words = PromptVersion(**WORDING, surface=Surface.CHAT, purposes=act.purposes, kind=kind)
        await self.world.services.prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
        return words.hash

    async def _webhook(self, name: str, value: dict[str, Any]) -> None:
        change = {"field": name, "value": value}
        entry = {"id": WABA, "time": self.world.clock.now() // SECOND, "changes": [change]}
        envelope = {"object": "whatsapp_business_account", "entry": [entry]}
        body = json.dumps(envelope).encode()
        headers = [("x-hub-signature-256", sign(body, SECRET))]
        got = await call(self.webhooks, "POST", "/webhooks/whatsapp", headers=headers, body=body)
        assert got.status == 200, got.body


async def open_doors(world: World) -> Doors:
    """Furnish a world: a business with a key, a sender with a token, approved templates."""
    services, metrics = world.services, Metrics()
    business = Business(business_id=BUSINESS, name="Acme")
    _, key = await create_key(services, business, "cases", frozenset(ApiScope))
    await register_sender(services, builders.sender(), "EAAG-meta")
    approved = (builders.template(name, category=c) for name, c in TEMPLATES.items())
    await services.directory.put_templates(tuple(approved))
    return Doors(
        world=world,
        key=key,
        api=build_api(services, metrics),
        webhooks=WebhookEndpoint(services, metrics, secrets=[SECRET], verify_token="word"),
        gateway=GatewayEndpoint(services, metrics),
    )


def _content(message: str, words: int) -> dict[str, Any]:
    """What is sent: each time with other words."""
    if message == "a reply":
        return {"type": "text", "text": {"body": f"Yes, in blue, too. {words}"}}
    said = {"type": "body", "parameters": [{"type": "text", "text": f"no. {words}"}]}
    named = {"name": message, "language": {"code": "en"}, "components": [said]}
    return {"type": "template", "template": named}


def _sender(ask: Ask) -> str:
    return SENDER if ask.sender == "ours" else "999"


def _names(ask: Ask) -> dict[str, Any]:
    names = {}
    if ask.known_by in {"number", "both"}:
        names["to"] = ask.who.phone
    if ask.known_by in {"id", "both"}:
        names["recipient"] = ask.who.user_id
    if ask.also_to:
        names["recipient"] = ask.also_to.user_id
    return names


def _contact(act: Act) -> dict[str, str]:
    return {"bsuid": act.who.user_id} if act.known_by == "id" else {"phone": act.who.phone}


def _dictated_by_meta(act: Act, number: int) -> tuple[str, dict[str, Any]]:
    """Write the webhook by which only Meta can tell such a thing."""
    match act.what:
        case "types":
            content = {"type": "text", "text": {"body": act.details["text"]}}
            return "messages", _message(act, number, content)
        case "gets a new owner":
            system = {"type": "customer_identity_changed", "body": "Identity changed"}
            return "messages", _message(act, number, {"type": "system", "system": system})
        case "moves to":
            moved = {"type": "user_changed_number", "wa_id": _moved_to(act)}
            return "messages", _message(act, number, {"type": "system", "system": moved})
        case "a message fails":
            status: dict[str, Any] = {"id": f"wamid.{number}", "recipient_id": act.who.wa_id}
            status |= {"status": "failed", "timestamp": _seconds(act)}
            status |= {"errors": [{"code": act.details["code"]}]}
            return "messages", _metadata() | {"statuses": [status]}
        case "the template":
            return _template(act)
        case _:
            switch = {"category": "marketing_messages", "value": SWITCH[act.what]}
            switch |= _person(act, "wa_id", "user_id") | {"timestamp": _seconds(act)}
            return "user_preferences", _metadata() | {"user_preferences": [switch]}


def _message(act: Act, number: int, content: dict[str, Any]) -> dict[str, Any]:
    head = _person(act, "from", "from_user_id") | {"id": f"wamid.in.{number}"}
    message = head | {"timestamp": _seconds(act)} | content
    return _metadata() | {"messages": [message]}


def _person(act: Act, number: str, user_id: str) -> dict[str, str]:
    names = {number: act.who.wa_id, user_id: act.who.user_id}
    kept = {"number": {number}, "id": {user_id}, "both": {number, user_id}}[act.known_by]
    return {key: value for key, value in names.items() if key in kept}


def _template(act: Act) -> tuple[str, dict[str, Any]]:
    named = {
        "message_template_id": 1,
        "message_template_name": act.details["name"],
        "message_template_language": "en",
    }
    if "says" in act.details:
        told = named | {"message_template_element": act.details["says"]}
        if label := act.details.get("button"):
            button = {"message_template_button_type": "QUICK_REPLY"}
            told["message_template_buttons"] = [button | {"message_template_button_text": label}]
        return "message_template_components_update", told
    if "category" in act.details:
        return "template_category_update", named | {"new_category": act.details["category"]}
    return "message_template_status_update", named | {"event": act.details["is"]}


def _metadata() -> dict[str, Any]:
    own = {"display_phone_number": builders.sender().digits, "phone_number_id": SENDER}
    return {"messaging_product": "whatsapp", "metadata": own}


def _moved_to(act: Act) -> str:
    assert act.moved_to is not None
    return act.moved_to.wa_id


def _seconds(act: Act) -> str:
    return str(act.at // SECOND)
