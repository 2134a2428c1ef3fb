"""What Meta may tell, in our own words: one short constructor a kind."""

from __future__ import annotations

from typing import Any

from askfirst.domain.inbound.inbound_event import (
    ContentReceived,
    DeliveryReported,
    MessageContext,
    NumberChanged,
    Preference,
    PreferenceChanged,
    ReplyTapped,
    RestrictedMessage,
    TemplateChanged,
    TextReceived,
    Unrecognised,
)
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from tests.support.builders import ANA, SENDER, WABA
from tests.support.clocks import NOON

_COMMON: dict[str, Any] = {
    "source_id": "wamid.1",
    "phone_number_id": SENDER,
    "waba_id": WABA,
    "aliases": (ANA,),
    "occurred_at": NOON,
}


def typed(text: str, **parts: Any) -> TextReceived:
    return TextReceived(text=text, **(_COMMON | parts))


def tapped(payload: str, label: str = "", **parts: Any) -> ReplyTapped:
    return ReplyTapped(payload=payload, label=label, **(_COMMON | parts))


def sent_content(kind: str = "image", **parts: Any) -> ContentReceived:
    return ContentReceived(kind=kind, **(_COMMON | parts))


def changed(
    kind: str = "edit",
    words: str = "",
    context: MessageContext = MessageContext.EDIT,
    **parts: Any,
) -> RestrictedMessage:
    """An older message now says this, or is taken back; or a message of another context."""
    message = sent_content(kind, words=words, **parts)
    about = _COMMON | parts | {"source_id": f"{context.value}|{message.source_id}"}
    return RestrictedMessage(context=context, message=message, **about)


def switched(preference: Preference, **parts: Any) -> PreferenceChanged:
    return PreferenceChanged(preference=preference, **(_COMMON | parts))


def reported(*codes: int, status: str = "failed", **parts: Any) -> DeliveryReported:
    return DeliveryReported(message_id="wamid.out", status=status, codes=codes, **(_COMMON | parts))


def moved(*new: Any, **parts: Any) -> NumberChanged:
    return NumberChanged(new_aliases=new, **(_COMMON | parts))


def template_changed(**parts: Any) -> TemplateChanged:
    about: dict[str, Any] = {"phone_number_id": None, "aliases": (), "name": "offer"}
    return TemplateChanged(**(_COMMON | about | {"language": "en"} | parts))


def unrecognised(**parts: Any) -> Unrecognised:
    return Unrecognised(kind="account_update", **(_COMMON | {"aliases": ()} | parts))


NOWHERE = {"phone_number_id": PhoneNumberId("999"), "waba_id": WabaId("998")}
"""A sender that nobody registered."""
