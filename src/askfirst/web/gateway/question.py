"""From what a client wants to send to what is asked of the gate."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING, UTILITY, Purpose
from askfirst.graph.sending.outgoing import MessageKind as Shape
from askfirst.graph.sending.outgoing import OutgoingMessage
from askfirst.usecases.contacts.read_recipient import NO_RECIPIENT, read_recipient
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.check_question import is_altered

_KINDS = {
    Shape.TEMPLATE: MessageKind.TEMPLATE,
    Shape.FREE_FORM: MessageKind.FREE_FORM,
    Shape.DIRECT: MessageKind.DIRECT,
}
_DIRECT = {purpose.name: purpose for purpose in (AUTHENTICATION, UTILITY, MARKETING)}


@dataclass(frozen=True, slots=True)
class AskedSend:
    """The question, and `to` as it must be forwarded ("" where it stays as it is)."""

    question: SendRequest
    to: str


async def ask(
    services: Services, business_id: BusinessId, sender: PhoneNumberId, message: OutgoingMessage
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
        purpose=_direct_purpose(message),
        country=found.country,
        is_altered=await _is_altered(services, business_id, message),
    )
    return AskedSend(question, f"+{found.digits}" if found.digits else "")


async def _is_altered(
    services: Services, business_id: BusinessId, message: OutgoingMessage
) -> bool:
    return message.question is not None and await is_altered(
        services, business_id, message.question
    )


def _kind(message: OutgoingMessage) -> MessageKind:
    return _KINDS.get(message.kind, MessageKind.UNKNOWN)


def _direct_purpose(message: OutgoingMessage) -> Purpose | None:
    if message.kind is not Shape.DIRECT:
        return None
    return _DIRECT.get(message.direct_category, MARKETING)
