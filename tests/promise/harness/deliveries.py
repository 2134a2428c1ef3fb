"""What Meta delivers: who is named how, and what they did, in this very second."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, TypeAlias

from tests.promise.harness.letters import SENDER_ID, SENDER_NUMBER, WABA_ID

Update: TypeAlias = dict[str, Any]
_METADATA = {"display_phone_number": SENDER_NUMBER[1:], "phone_number_id": SENDER_ID}


def stops(contacts: Sequence[str], names: Sequence[str]) -> bytes:
    """One delivery in which each of these people typed STOP."""
    pairs = zip(contacts, names, strict=True)
    return messages([typed(writer(contact), name) for contact, name in pairs])


def writer(*contact: str) -> Update:
    """Name who wrote: by a number, by an id, or by both, which then are one person's."""
    numbers = [("from", name) for name in contact if name.isdecimal()]
    ids = [("from_user_id", name) for name in contact if not name.isdecimal()]
    return dict(numbers + ids)


def typed(who: Update, name: str, text: str = "STOP") -> Update:
    return _message(who, name, "text", text={"body": text})


def tapped(who: Update, name: str) -> Update:
    """Tap the button of askfirst's own that ends everything."""
    reply = {"type": "button_reply", "button_reply": {"id": "askfirst:stop:*", "title": "Stop"}}
    return _message(who, name, "interactive", interactive=reply)


def edited(who: Update, name: str) -> Update:
    """Change an older message, so that it says STOP now."""
    now = {"type": "text", "text": {"body": "STOP"}}
    edit = {"original_message_id": name + ".before", "message": now}
    return _message(who, name, "edit", edit=edit)


def captioned(who: Update, name: str) -> Update:
    """Send a picture with STOP under it."""
    picture = {"id": "1", "mime_type": "image/jpeg", "sha256": "x", "caption": "STOP"}
    return _message(who, name, "image", image=picture)


def changed_number(old: str, new: str, name: str) -> Update:
    """The notice that a person has another number now."""
    body = f"User A changed from {old} to {new}"
    system = {"type": "user_changed_number", "body": body, "wa_id": new}
    return _message(writer(old), name, "system", system=system)


def messages(updates: Sequence[Update]) -> bytes:
    return _delivery("messages", messages=updates, contacts=[_entry(one) for one in updates])


def preference(contact: str, word: str, second: int) -> bytes:
    """Move Meta's own switch for marketing: `stop` or `resume`."""
    who = {"wa_id": contact} if contact.isdecimal() else {"user_id": contact}
    switched = who | {"category": "marketing_messages", "value": word, "timestamp": second}
    return _delivery("user_preferences", user_preferences=[switched])


def _message(who: Update, name: str, kind: str, **content: object) -> Update:
    return {**who, "id": name, "timestamp": str(int(time.time())), "type": kind, **content}


def _entry(message: Update) -> Update:
    names = {"wa_id": message.get("from"), "user_id": message.get("from_user_id")}
    return {name: value for name, value in names.items() if value} | {"profile": {"name": "A"}}


def _delivery(field: str, **content: object) -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": _METADATA, **content}
    entry = {"id": WABA_ID, "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
