"""What the clients say, in the words of the REST face and of Meta."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Sequence

SENDER_ID = "106540352242922"
WABA_ID = "102290129340398"
SENDER_NUMBER = "+15550100001"
APP_SECRET = "a secret of the tests"
CONSENTS, WEBHOOKS, MESSAGES = "/v1/consents", "/webhooks/whatsapp", f"/v26.0/{SENDER_ID}/messages"
RENDERING = "/v1/prompts/signup/render?locale=en"
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
    return json.dumps({"verb": verb, "contact": {"phone": "+" + contact}} | more).encode()


def stops(contacts: Sequence[str], names: Sequence[str]) -> bytes:
    """One delivery of Meta's in which each of these people typed STOP, in this very second."""
    messages = [
        {
            "from": contact,
            "id": name,
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": "STOP"},
        }
        for contact, name in zip(contacts, names, strict=True)
    ]
    metadata = {"display_phone_number": SENDER_NUMBER[1:], "phone_number_id": SENDER_ID}
    value = {
        "messaging_product": "whatsapp",
        "metadata": metadata,
        "contacts": [{"wa_id": contact, "profile": {"name": "A"}} for contact in contacts],
        "messages": messages,
    }
    entry = {"id": WABA_ID, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signature(body: bytes) -> str:
    """The header with which Meta signs a delivery."""
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return f"x-hub-signature-256: sha256={digest}"


def message(contact: str, key: str) -> bytes:
    """A marketing message; `key` comes back with everything that Meta says about it."""
    template = {"name": "summer_offer", "language": {"code": "en_US"}}
    return json.dumps(
        {
            "messaging_product": "whatsapp",
            "to": "+" + contact,
            "biz_opaque_callback_data": key,
            "type": "template",
            "template": template,
        }
    ).encode()
