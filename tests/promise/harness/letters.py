"""What the clients say in the words of the REST face; `deliveries` has what Meta says."""

from __future__ import annotations

import hashlib
import hmac
import json

SENDER_ID = "106540352242922"
WABA_ID = "102290129340398"
SENDER_NUMBER = "+15550100001"
SENDERS = {SENDER_ID: SENDER_NUMBER[1:], "106540352242923": "15550100002"}
"""The business's numbers, by Meta's ids of them; races of stops know the first."""
TEMPLATE = "summer_offer"
APP_SECRET = "a secret of the tests"
CONSENTS, WEBHOOKS, MESSAGES = "/v1/consents", "/webhooks/whatsapp", f"/v26.0/{SENDER_ID}/messages"
LINKS, RENDERING = "/v1/preference-links", "/v1/prompts/signup/render?locale=en"
_WORDS = "Send me offers on WhatsApp. Reply STOP at any time."


def yes(contact: str, purpose: str = "marketing") -> bytes:
    """The person agreed to a wording at sign-up, as the business says."""
    prompt = {"key": "offers", "locale": "en", "text": _WORDS}
    return _consent("grant", contact, purposes=[purpose], surface="signup", prompt=prompt)


def shown_yes(contact: str, rendering: bytes) -> bytes:
    """The person agreed to what was just rendered; the token proves it."""
    token = json.loads(rendering)["token"]
    return _consent("grant", contact, prompt={"token": token}, number_proof="vouched")


def withdrawal(contact: str) -> bytes:
    """The person took everything back, in the preference page say."""
    return _consent("withdraw", contact, surface="preferences")


def refusal(contact: str) -> bytes:
    """The person was asked, and said no."""
    return _consent("refuse", contact, purposes=["utility"], surface="signup")


def _consent(verb: str, contact: str, **more: object) -> bytes:
    return json.dumps({"verb": verb, "contact": named(contact)} | more).encode()


def named(contact: str) -> dict[str, str]:
    """Name a contact as the REST face wants it: by number, or by Meta's id."""
    return {"phone": "+" + contact} if contact.isdecimal() else {"bsuid": contact}


def link(contact: str) -> bytes:
    """Ask for a link to the person's own page."""
    return json.dumps({"contact": named(contact)}).encode()


def signature(body: bytes) -> str:
    """The header with which Meta signs a delivery."""
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return f"x-hub-signature-256: sha256={digest}"


def message(contact: str, key: str) -> bytes:
    """A marketing message; what comes back with everything that Meta says about it names both."""
    template = {"name": TEMPLATE, "language": {"code": "en_US"}}
    to = {"to": "+" + contact} if contact.isdecimal() else {"recipient": contact}
    return json.dumps(
        {
            "messaging_product": "whatsapp",
            **to,
            "biz_opaque_callback_data": f"{contact} {key}",
            "type": "template",
            "template": template,
        }
    ).encode()


def read_message(body: bytes) -> tuple[str, str]:
    """Tell for whom a message is, as its sender called them, and its key."""
    message = json.loads(body)
    contact, space, key = message["biz_opaque_callback_data"].partition(" ")
    if not space:  # askfirst's own messages have a key, and no name before it
        return message.get("to", message.get("recipient", "")).removeprefix("+"), contact
    return contact, key
