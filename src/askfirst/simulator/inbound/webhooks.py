"""The webhooks Meta would post: bodies and their headers.

Bodies are ASCII with lower-case escapes, as Meta's are: receivers that re-escape before they
check the signature would refuse anything else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from askfirst.graph.platform.errors import ERRORS, GraphCode
from askfirst.graph.platform.signature import sign
from askfirst.simulator.state.state import BusinessNumber, Button, Letter, Phone, Template

Value = Mapping[str, Any]


def body_of(waba_id: str, field: str, value: Value, *, at: int | None = None) -> bytes:
    """Put one change into Meta's envelope; account-level ones carry a time."""
    entry: dict[str, Any] = {"id": waba_id, "changes": [{"value": value, "field": field}]}
    if at is not None:
        entry["time"] = at
    whole = {"object": "whatsapp_business_account", "entry": [entry]}
    return json.dumps(whole, separators=(",", ":")).encode()


def headers_of(body: bytes, app_secret: bytes) -> dict[str, str]:
    """Sign a body."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": sign(body, app_secret),
    }


def message(
    number: BusinessNumber, phone: Phone, message_id: str, at: int, content: Value
) -> Value:
    """Say that a person wrote or tapped; `content` holds `type` and what belongs to it."""
    written = {
        "from": phone.wa_id,
        "from_user_id": phone.user_id,
        "id": message_id,
        "timestamp": str(at),
        **content,
    }
    return {**_about(number), "contacts": [_contact(phone)], "messages": [written]}


def text(words: str) -> Value:
    """Content of a typed message."""
    return {"type": "text", "text": {"body": words}}


def picture(kind: str, content: Mapping[str, Any]) -> Value:
    """Content of a message with a file: `kind` is image, video, audio, document or sticker."""
    return {"type": kind, kind: dict(content)}


def tap(number: BusinessNumber, letter: Letter, button: Button) -> Value:
    """Content of a tap on a template's quick reply, a reply button or a list row."""
    context = {"from": number.digits, "id": letter.message_id}
    if button.kind == "button":
        tapped = {"payload": button.payload, "text": button.title}
        return {"context": context, "type": "button", "button": tapped}
    reply = {"id": button.payload, "title": button.title}
    return {
        "context": context,
        "type": "interactive",
        "interactive": {"type": button.kind, button.kind: reply},
    }


def number_changed(number: BusinessNumber, old: str, phone: Phone, ids: tuple[str, int]) -> Value:
    """Say that a person moved; `phone` is as it is now. Meta sends no contacts with it."""
    message_id, at = ids
    moved = {
        "from": old,
        "id": message_id,
        "timestamp": str(at),
        "type": "system",
        "system": {
            "body": f"User {phone.name} changed from {old} to {phone.wa_id}",
            "wa_id": phone.wa_id,
            "user_id": phone.user_id,
            "type": "user_changed_number",
        },
    }
    return {**_about(number), "messages": [moved]}


def preference(number: BusinessNumber, phone: Phone, word: str, at: int) -> Value:
    """Say that a person used WhatsApp's own switch for marketing messages."""
    detail = {"detail": f"User requested to {word} marketing messages"}
    return _preference(number, phone, word, at, detail)


def signup(number: BusinessNumber, phone: Phone, signup_id: str, at: int) -> Value:
    """Say that a person signed up for marketing messages by a link of Meta's."""
    more = {"detail": "User signed up for marketing messages", "signup_id": signup_id}
    return _preference(number, phone, "signup", at, more)


def _preference(
    number: BusinessNumber, phone: Phone, word: str, at: int, more: Mapping[str, str]
) -> Value:
    act = {
        "wa_id": phone.wa_id,
        "user_id": phone.user_id,
        "category": "marketing_messages",
        "value": word,
        "timestamp": at,
        **more,
    }
    return {**_about(number), "contacts": [_contact(phone)], "user_preferences": [act]}


class Report(NamedTuple):
    """What became of a message: `code` says why it failed, `reference` is the business's own."""

    message_id: str
    word: str
    code: int = 0
    reference: str = ""


def status(number: BusinessNumber, phone: Phone, report: Report, at: int) -> Value:
    """Return what became of a message.

    Meta's page shows failures without `contacts`; clients (pywa 4.5) rely on them all the same.
    """
    fields: dict[str, Any] = {
        "id": report.message_id,
        "status": report.word,
        "timestamp": str(at),
        "recipient_id": phone.wa_id,
        "recipient_user_id": phone.user_id,
    }
    if report.code:
        fields["errors"] = [_failure(report.code)]
    if report.reference:
        fields["biz_opaque_callback_data"] = report.reference
    return {**_about(number), "contacts": [_contact(phone)], "statuses": [fields]}


def template_status(template: Template) -> Value:
    """Say that a template's state changed."""
    return {
        "event": template.status,
        **_template(template),
        "reason": "NONE",
        "message_template_category": template.category,
    }


def template_category(template: Template, previous: str) -> Value:
    """Say that a template's category changed."""
    return {
        **_template(template),
        "previous_category": previous,
        "new_category": template.category,
    }


def _about(number: BusinessNumber) -> dict[str, Any]:
    metadata = {"display_phone_number": number.digits, "phone_number_id": number.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _contact(phone: Phone) -> Value:
    return {"profile": {"name": phone.name}, "wa_id": phone.wa_id, "user_id": phone.user_id}


def _template(template: Template) -> dict[str, Any]:
    return {
        "message_template_id": int(template.template_id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def _failure(code: int) -> Value:
    known = code if code in set(GraphCode) else GraphCode.UNKNOWN
    title = ERRORS[GraphCode(known)].title
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": title},
        "href": "/documentation/business-messaging/whatsapp/support/error-codes",
    }
