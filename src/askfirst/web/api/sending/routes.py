"""May this message leave? Senders ask it before every send, so it is a raw route."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Prefix, parse_node_id
from askfirst.domain.values.purpose import SERVICE, Purpose
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.contacts.name_contact import name_contact
from askfirst.usecases.contacts.read_contact import read_person
from askfirst.usecases.contacts.read_recipient import Recipient, read_recipient
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.explain_send import explain_send
from askfirst.web.api.platform.route import Call, RawReply, raw_route
from askfirst.web.api.sending.explanation import (
    ReasonAnswer,
    RuleAnswer,
    reason_answer,
    write_rules,
)

_DOOR: Final = "check"
_CONTACT: Final = f"{Prefix.CONTACT}_"
_encode = msgspec.json.Encoder().encode


class CheckRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A send that somebody thinks of."""

    sender: Annotated[
        str, Meta(description="Meta's id of the sender's number.", examples=["106540352242922"])
    ]
    to: (
        Annotated[
            str,
            Meta(
                description="The recipient's number, or the id of a contact.",
                examples=["+447700900123"],
            ),
        ]
        | UnsetType
    ) = UNSET
    recipient: (
        Annotated[
            str, Meta(description="The recipient's business-scoped user id.", examples=["GB.1349"])
        ]
        | UnsetType
    ) = UNSET
    purpose: (
        Annotated[
            str,
            Meta(
                description="What the message is for; `service` for a free-form reply.",
                examples=["marketing"],
            ),
        ]
        | UnsetType
    ) = UNSET
    template: (
        Annotated[str, Meta(description="Or the template's name.", examples=["spring_sale"])]
        | UnsetType
    ) = UNSET
    language: (
        Annotated[str, Meta(description="The template's language.", examples=["en_GB"])] | UnsetType
    ) = UNSET
    campaign: (
        Annotated[
            str,
            Meta(
                description="The label that the send would be counted under. Nothing is kept.",
                examples=["spring_sale"],
            ),
        ]
        | UnsetType
    ) = UNSET
    explain: (
        Annotated[
            bool,
            Meta(description="Also answer `rules`: what each rule of the gate looked at and said."),
        ]
        | UnsetType
    ) = UNSET


class CheckAnswer(msgspec.Struct, frozen=True):
    """A decision. It is an answer, not a permit: only the gateway sends."""

    verdict: Verdict
    reasons: Annotated[list[ReasonAnswer], Meta(description="Why.")]
    purpose: Annotated[str, Meta(description="What the message is for, as it was found.")]
    rule: Annotated[int, Meta(description="The rule that spoke.")]
    position: Annotated[int, Meta(description="The ledger position that it rests on.")]
    policy: Annotated[str, Meta(description="The fingerprint of the policy in force.")]
    retry_at: Annotated[
        str | None, Meta(description="With `wait`: from when on it may be sent. Else null.")
    ]
    rules: (
        Annotated[
            list[RuleAnswer],
            Meta(description="With `explain`: every rule of the gate, in the order of asking."),
        ]
        | UnsetType
    ) = UNSET


class _Encoded(msgspec.Struct, frozen=True):
    """A CheckAnswer whose reasons were written beforehand."""

    verdict: Verdict
    reasons: tuple[msgspec.Raw, ...]
    purpose: str
    rule: int
    position: int
    policy: str
    retry_at: str | None
    rules: tuple[RuleAnswer, ...] | UnsetType = UNSET


async def post_check(call: Call, body: CheckRequest) -> RawReply[CheckAnswer]:
    """Decide, on fresh facts, whether a message may be sent now. Nothing is sent.

    Name the recipient with `to`, `recipient` or both. Say what the message is for with `purpose`,
    or with `template` and its `language`.

    The answer is no permit: a stop may come in right after it. To be safe against that, send
    through the gateway, which decides and sends under one lock.

    With `explain`, the answer also has the whole chain of rules: of each what it looked at, whether
    it passed, spoke or was not asked, and what would change what it said.
    """
    question = await _question(call.services, call.business_id, body)
    rules: tuple[RuleAnswer, ...] | UnsetType = UNSET
    if body.explain is True:
        told = await explain_send(call.services, question)
        decision, rules = told.decision, write_rules(told.rules)
    else:
        decision = await check_send(call.services, question)
    call.metrics.decision(_DOOR, decision)
    return RawReply(_written(decision, rules))


async def _question(services: Services, business_id: BusinessId, body: CheckRequest) -> SendRequest:
    """Read the names as the gateway does, so that both give one answer."""
    found = await _recipient(services, business_id, body)
    if not found.names:
        raise InvalidInput("to", "is required, or recipient")
    kind, purpose = _kind(services, body)
    return SendRequest(
        business_id=business_id,
        sender=PhoneNumberId(parse_node_id(body.sender, "sender")),
        recipients=found.names,
        kind=kind,
        template=body.template if isinstance(body.template, str) else "",
        language=body.language if isinstance(body.language, str) else "",
        purpose=purpose,
        country=found.country,
        place=found.place,
        campaign=body.campaign if isinstance(body.campaign, str) else "",
    )


async def _recipient(services: Services, business_id: BusinessId, body: CheckRequest) -> Recipient:
    to = body.to if isinstance(body.to, str) else None
    recipient = body.recipient if isinstance(body.recipient, str) else None
    if to is not None and to.startswith(_CONTACT):
        if recipient is not None:
            raise InvalidInput("recipient", "must be left out where to is the id of a contact")
        name = await name_contact(services, business_id, read_person(services, to, "to"), "to")
        to, recipient = (name.value, None) if name.is_number else (None, name.value)
    return read_recipient(services, to, recipient)


def _kind(services: Services, body: CheckRequest) -> tuple[MessageKind, Purpose | None]:
    if isinstance(body.template, str):
        if isinstance(body.purpose, str):
            raise InvalidInput("purpose", "must be left out where template is given")
        if not body.template:
            raise InvalidInput("template", "must be the template's name")
        return MessageKind.TEMPLATE, None
    if isinstance(body.language, str):
        raise InvalidInput("language", "belongs to a template; leave it out")
    if not isinstance(body.purpose, str):
        raise InvalidInput("purpose", "is required, or template")
    if body.purpose == SERVICE.name:
        return MessageKind.FREE_FORM, None
    purpose = read_purpose(services, body.purpose, "purpose")
    return MessageKind.PURPOSE, purpose


def _written(decision: Decision, rules: tuple[RuleAnswer, ...] | UnsetType) -> bytes:
    return _encode(
        _Encoded(
            verdict=decision.verdict,
            reasons=tuple([_reason(reason) for reason in decision.reasons]),
            purpose=decision.purpose,
            rule=decision.rule,
            position=decision.position,
            policy=decision.policy_fingerprint,
            retry_at=None if decision.retry_at is None else to_rfc3339(decision.retry_at),
            rules=rules,
        )
    )


@cache
def _reason(reason: Reason) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(reason_answer(reason)))


ROUTES: Final = (
    raw_route(
        "POST",
        "/v1/check",
        ApiScope.CHECK,
        post_check,
        "Check whether a message may be sent",
        request=CheckRequest,
        answer=CheckAnswer,
        door=_DOOR,
        only_reads=True,
    ),
)
