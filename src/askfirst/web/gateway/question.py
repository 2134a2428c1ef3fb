"""From what a client wants to send to what is asked of the gate."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.decision.question import MessageKind, Question
from askfirst.domain.alias import Alias, AliasKind, parse_alias, wa_id_alias
from askfirst.domain.errors import InvalidInput
from askfirst.domain.ids import BusinessId, PhoneNumberId
from askfirst.domain.purpose import AUTHENTICATION, MARKETING, UTILITY, Purpose
from askfirst.graph.answer import SendAnswer
from askfirst.graph.outgoing import MessageKind as Shape
from askfirst.graph.outgoing import OutgoingMessage
from askfirst.usecases.check_send import country_of
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


def ask(
    services: Services, business_id: BusinessId, sender: PhoneNumberId, message: OutgoingMessage
) -> Asked:
    """Write the question. A name that is not understood leaves no recipient: doubt means no.

    A group's members are many people, so no one's yes covers it: its kind is unknown.
    """
    digits, bsuid = _number(services, message.to), _bsuid(message.recipient)
    names: tuple[Alias, ...] = ()
    if digits is not None and bsuid is not None:
        number = (wa_id_alias(digits),) if digits else ()
        names = number + ((parse_alias(bsuid),) if bsuid else ())
    question = Question(
        business_id=business_id,
        sender=sender,
        recipients=names,
        kind=MessageKind.UNKNOWN if message.is_group else _kind(message),
        template=message.template,
        language=message.language,
        purpose=_direct_purpose(message),
        country=country_of(services, digits or "", bsuid or ""),
    )
    return Asked(question, f"+{digits}" if digits else "")


def _kind(message: OutgoingMessage) -> MessageKind:
    return _KINDS.get(message.kind, MessageKind.UNKNOWN)


def _direct_purpose(message: OutgoingMessage) -> Purpose | None:
    if message.kind is not Shape.DIRECT:
        return None
    return _DIRECT.get(message.direct_category, MARKETING)


def _number(services: Services, text: str) -> str | None:
    """Give the digits of `to`: "" where none was given, None where it is not understood."""
    try:
        return read_number(services, text, "to").digits if text else ""
    except InvalidInput:
        return None


def _bsuid(text: str) -> str | None:
    try:
        is_bsuid = not text or parse_alias(text).kind in (AliasKind.BSUID, AliasKind.PARENT_BSUID)
    except InvalidInput:
        return None
    return text if is_bsuid else None


def names_in(answer: SendAnswer) -> tuple[Alias, ...]:
    """Give the names that Meta has for the one recipient of a message."""
    if len(answer.contacts) != 1:
        return ()
    (contact,) = answer.contacts
    names: list[Alias] = []
    for text in (contact.wa_id, contact.user_id):
        try:
            names += [parse_alias(text)] if text else []
        except InvalidInput:
            continue
    return tuple(names)
