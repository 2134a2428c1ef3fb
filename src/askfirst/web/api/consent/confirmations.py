"""Let a number prove itself by a message from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from askfirst.domain.consent.number_confirmation import ProofKind
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import PhoneNumberId, Prefix, parse_id, parse_node_id
from askfirst.domain.values.locales import parse_locale
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.offer_answer import AnswerOrder, offer_answer
from askfirst.usecases.consent.prove_number import OfferedProof, ProofOrder, offer_proof, show_proof
from askfirst.usecases.consent.read_purposes import read_purposes
from askfirst.web.api.models.consent.confirmations import ConfirmationAnswer, ConfirmationRequest
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.parse import read_contact
from askfirst.web.problems import NotFound


async def post_confirmation(
    body: ConfirmationRequest, services: World, caller: Caller
) -> ConfirmationAnswer:
    """Make a text that only this number can send. When it arrives, what they said is confirmed.

    Nothing is sent to anybody. From another number the text changes nothing; it works once and
    for half an hour.
    """
    sender = PhoneNumberId(parse_node_id(body.sender, "sender")) if body.sender else None
    alias = read_contact(services, body.contact)
    purposes = read_purposes(services, body.purposes)
    locale = parse_locale(body.locale, "locale")
    if body.is_answer:
        if body.text:
            raise InvalidInput("text", "must be left out: of an answer, the words are askfirst's")
        answer = AnswerOrder(
            business_id=caller.business_id,
            alias=alias,
            purposes=purposes,
            locale=locale,
            surface=body.surface,
            sender=sender,
        )
        return _answer(await offer_answer(services, answer))
    order = ProofOrder(
        business_id=caller.business_id,
        alias=alias,
        purposes=purposes,
        words=body.text.strip(),
        locale=locale,
        sender=sender,
        surface=body.surface,
    )
    return _answer(await offer_proof(services, order))


async def get_confirmation(
    proof_id: Annotated[str, Path(alias="id", examples=["prf_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])],
    services: World,
    caller: Caller,
) -> ConfirmationAnswer:
    """Tell whether the number has proven itself."""
    name = parse_id(Prefix.PROOF, proof_id, "id")
    offered = await show_proof(services, caller.business_id, name)
    if offered is None or offered.proof.kind is ProofKind.CODE:
        raise NotFound("there is no such confirmation")
    return _answer(offered)


def _answer(offered: OfferedProof) -> ConfirmationAnswer:
    proof = offered.proof
    return ConfirmationAnswer(
        id=proof.proof_id,
        text=proof.text,
        link=offered.link,
        page=offered.page,
        expires_at=to_rfc3339(proof.expires_at),
        proven_at=to_rfc3339(proof.proven_at) if proof.proven_at is not None else None,
    )
