"""A send, and the mark of a message as read: all their fields.

Source: Meta, "Messages API", "Marketing Messages API", "Direct Send", "Typing indicators".
"""

from __future__ import annotations

from typing import Final

from msgspec import UnsetType

from askfirst.graph.known.contact_card import ContactCard
from askfirst.graph.known.field import UNSET, Known, Maybe, Scalar
from askfirst.graph.known.interactive import InteractiveContent
from askfirst.graph.known.media import Location, MediaContent
from askfirst.graph.known.template import Template


class Context(Known):
    """The message that is answered."""

    message_id: Scalar = UNSET


class TextContent(Known):
    body: Scalar = UNSET
    preview_url: Scalar = UNSET


class Reaction(Known):
    message_id: Scalar = UNSET
    emoji: Scalar = UNSET


class TypingIndicator(Known):
    type: Scalar = UNSET


class MessageContent(Known):
    """What is posted to `/messages` or `/marketing_messages`.

    The gate decides by what is typed as text here; `Scalar` is what it does not look at.
    """

    messaging_product: Scalar = UNSET
    recipient_type: Maybe[str] = UNSET
    to: str | int | UnsetType | None = UNSET
    recipient: str | int | UnsetType | None = UNSET
    type: Maybe[str] = UNSET
    category: Maybe[str] = UNSET
    context: Maybe[Context] = UNSET
    biz_opaque_callback_data: Scalar = UNSET
    recipient_identity_key_hash: Scalar = UNSET
    preview_url: Scalar = UNSET
    product_policy: Scalar = UNSET
    message_activity_sharing: Scalar = UNSET

    text: Maybe[TextContent] = UNSET
    image: Maybe[MediaContent] = UNSET
    audio: Maybe[MediaContent] = UNSET
    video: Maybe[MediaContent] = UNSET
    document: Maybe[MediaContent] = UNSET
    sticker: Maybe[MediaContent] = UNSET
    location: Maybe[Location] = UNSET
    contacts: Maybe[tuple[ContactCard, ...]] = UNSET
    interactive: Maybe[InteractiveContent] = UNSET
    reaction: Maybe[Reaction] = UNSET
    template: Maybe[Template] = UNSET

    status: Maybe[str] = UNSET
    message_id: Scalar = UNSET
    typing_indicator: Maybe[TypingIndicator] = UNSET


CONTENTS: Final = frozenset(
    {
        "audio",
        "contacts",
        "document",
        "image",
        "interactive",
        "location",
        "reaction",
        "sticker",
        "template",
        "text",
        "video",
    }
)
"""What a message can be: its `type` names the one of these fields that it has."""

RECEIPT: Final = frozenset({"messaging_product", "status", "message_id", "typing_indicator"})
"""All that a mark as read, with or without the typing indicator, consists of."""
