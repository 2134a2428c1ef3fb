"""From what a client wants to send to what is asked of the gate."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.decision.question import MessageKind, Question
from askfirst.domain.alias import Alias, AliasKind, parse_alias, phone_alias
from askfirst.domain.errors import InvalidInput
from askfirst.domain.ids import BusinessId, PhoneNumberId
from askfirst.domain.purpose import AUTHENTICATION, MARKETING, UTILITY, Purpose
from askfirst.graph.outgoing import MessageKind as Shape
from askfirst.graph.outgoing import OutgoingMessage
from askfirst.usecases.check_question import is_altered
from askfirst.usecases.read_number import read_number
from askfirst.usecases.services import Services

_KINDS = {
    Shape.TEMPLATE: MessageKind.TEMPLATE,
    Shape.FREE_FORM: MessageKind.FREE_FORM,
    Shape.DIRECT: MessageKind.DIRECT,
}
_DIRECT = {purpose.name: purpose for purpose in (AUTHENTICATION, UTILITY, MARKETING)}


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, and `to` as it must be forwarded ("" where it stays as it is)."""

    question: Question
    to: str


async def ask(
    services: Services, business_id: BusinessId, sender: PhoneNumberId, message: OutgoingMessage
) -> Asked:
    """Write the question. A name that is not understood leaves no recipient: doubt means no.

    A group's members are many people, so no one's yes covers it: its kind is unknown.
    """
    digits = country = ""
    names: tuple[Alias, ...] = ()
    try:
        if message.to:
            number, country = read_number(services, message.to, "to")
            digits, names = number.digits, (phone_alias(number.digits),)
        if message.recipient:
            names += (_user_id(message.recipient),)
            country = country or message.recipient[:2]
    except InvalidInput:
        digits, names = "", ()
    question = Question(
        business_id=business_id,
        sender=sender,
        recipients=names,
        kind=MessageKind.UNKNOWN if message.is_group else _kind(message),
        template=message.template,
        language=message.language,
        purpose=_direct_purpose(message),
        country=country,
        is_altered=await _is_altered(services, business_id, message),
    )
    return Asked(question, f"+{digits}" if digits else "")


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


def _user_id(text: str) -> Alias:
    alias = parse_alias(text)
    if alias.kind not in (AliasKind.BSUID, AliasKind.PARENT_BSUID):
        raise InvalidInput("recipient", "must be a business-scoped user id")
    return alias
