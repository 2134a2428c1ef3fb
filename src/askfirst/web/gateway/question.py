"""From what a client wants to send to what is asked of the gate."""

from __future__ import annotations

from typing import Final

from askfirst.decision.question import MessageKind, SendRequest, check_campaign
from askfirst.domain.value import Value
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING, UTILITY, Purpose
from askfirst.graph.sending.outgoing import MessageKind as Shape
from askfirst.graph.sending.outgoing import OutgoingMessage
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.contacts.read_recipient import NO_RECIPIENT, read_recipient
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.check_question import is_altered
from askfirst.usecases.tenants.manage_templates import reads_like_ad

CAMPAIGN_HEADER: Final = b"x-askfirst-campaign"
_CAMPAIGN_FIELD: Final = "X-Askfirst-Campaign"
TOPIC_HEADER: Final = b"x-askfirst-topic"
_TOPIC_FIELD: Final = "X-Askfirst-Topic"
_KINDS = {
    Shape.TEMPLATE: MessageKind.TEMPLATE,
    Shape.FREE_FORM: MessageKind.FREE_FORM,
    Shape.DIRECT: MessageKind.DIRECT,
}
_DIRECT = {purpose.name: purpose for purpose in (AUTHENTICATION, UTILITY, MARKETING)}


class AskedSend(Value, frozen=True):
    """The question, and `to` as it must be forwarded ("" where it stays as it is)."""

    question: SendRequest
    to: str


def read_campaign(header: str | None) -> str:
    """Read the label under which the send is counted; an empty header is none.

    Raises:
        InvalidInput: it is no label.
    """
    return check_campaign(header, _CAMPAIGN_FIELD) if header else ""


def read_topic(services: Services, header: str | None, message: OutgoingMessage) -> Purpose | None:
    """Read what calls are for: a topic that the policy declares; no header leaves advertising.

    Other messages have a purpose by what they are, and it is not for the caller to say.

    Raises:
        InvalidInput: it is no such topic, or the message is none about calling.
    """
    if not header:
        return None
    if not message.is_about_calling:
        raise InvalidInput(_TOPIC_FIELD, "is for calls and for asking whether one may call")
    topic = read_purpose(services, header, _TOPIC_FIELD)
    if len(topic.chain) == 1:
        raise InvalidInput(_TOPIC_FIELD, "must be a topic of the policy, such as utility.delivery")
    return topic


async def ask(
    services: Services,
    business_id: BusinessId,
    sender: PhoneNumberId,
    message: OutgoingMessage,
    campaign: str = "",
    topic: Purpose | None = None,
) -> AskedSend:
    """Write the question. A name that is not understood leaves no recipient: doubt means no.

    A group's members are many people, so no one's yes covers it: its kind is unknown.
    """
    try:
        found = read_recipient(services, message.to or None, message.recipient or None)
    except InvalidInput:
        found = NO_RECIPIENT
    question = SendRequest(
        business_id=business_id,
        sender=sender,
        recipients=found.names,
        kind=MessageKind.UNKNOWN if message.is_group else _kind(message),
        template=message.template,
        language=message.language,
        purpose=topic or _direct_purpose(message),
        country=found.country,
        place=found.place,
        content=message.content_hash(),
        campaign=campaign,
        reads_like_ad=bool(campaign) and _reads_like_ad(services, message),
        is_altered=await _is_altered(services, business_id, message),
    )
    return AskedSend(question, f"+{found.digits}" if found.digits else "")


async def _is_altered(
    services: Services, business_id: BusinessId, message: OutgoingMessage
) -> bool:
    return message.question is not None and await is_altered(
        services, business_id, message.question
    )


def _reads_like_ad(services: Services, message: OutgoingMessage) -> bool:
    """Return whether the words of a free-form message advertise, in whatever language they are."""
    if message.kind is not Shape.FREE_FORM:
        return False
    return reads_like_ad(services, message.texts())


def _kind(message: OutgoingMessage) -> MessageKind:
    return _KINDS.get(message.kind, MessageKind.UNKNOWN)


def _direct_purpose(message: OutgoingMessage) -> Purpose | None:
    if message.kind is not Shape.DIRECT:
        return None
    return _DIRECT.get(message.direct_category, MARKETING)
