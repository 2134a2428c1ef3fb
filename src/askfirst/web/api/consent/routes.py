"""Record what a person answered; let a number prove itself; links and receipts for people."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Path, Request

from askfirst.decision.telling.remedy import Effect
from askfirst.domain.consent.attestation import Attestation
from askfirst.domain.consent.choice import Choice, PauseUntil
from askfirst.domain.consent.consent import NOES, OF_A_PROMPT, Consent, ConsentVerb
from askfirst.domain.consent.event import Event, NumberProof, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.number_confirmation import ProofKind
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion, Surface, parse_prompt_hash
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import (
    BusinessId,
    PhoneNumberId,
    Position,
    Prefix,
    parse_id,
    parse_node_id,
)
from askfirst.domain.values.locales import parse_locale
from askfirst.domain.values.purpose import MARKETING, Purpose
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.consent.evidence.receipt_keys import keys_url
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.manage_links import make_link, revoke_link
from askfirst.usecases.consent.offer_answer import AnswerOrder, offer_answer
from askfirst.usecases.consent.prove_number import OfferedProof, ProofOrder, offer_proof, show_proof
from askfirst.usecases.consent.read_purposes import read_purposes
from askfirst.usecases.consent.record_choice import ChoiceOrder, record_choice
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.consent.tell_effect import Told, tell_effect
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.show_prompt import open_token
from askfirst.web.api.consent.models import (
    ChoiceRequest,
    ConfirmationAnswer,
    ConfirmationRequest,
    ConsentAnswer,
    ConsentRequest,
    EffectAnswer,
    LinkAnswer,
    LinkRequest,
    PromptName,
    PromptTokenText,
    PromptWords,
    ReceiptAnswer,
)
from askfirst.web.api.contacts.models import EventAnswer
from askfirst.web.api.contacts.routes import read_contact, read_named, render_event
from askfirst.web.api.platform.idempotency import REPLAYED, IdempotencyKey, read_idempotency_key
from askfirst.web.api.platform.route import ApiRoute, Call, RawReply, raw_route
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

_NUMBER_PROOFS = {proof.name.lower(): proof for proof in NumberProof}


async def post_consent(call: Call, body: ConsentRequest) -> RawReply[ConsentAnswer]:
    """Append a person's answer, or a notice that they were shown, to the ledger.

    The answer says what is in force now.

    When the answer arrives, it is durable and in force: after a withdrawal, no message that was
    allowed before can still be sent.

    A recorded yes is not always enough to send. After a stop, for instance, somebody who only typed
    the number has to confirm in WhatsApp first. So look at `effective`, not at the status code.
    `standing` says for each purpose why not, and what would make it effective.
    """
    key = read_idempotency_key(call.headers(b"idempotency-key"))
    consent = await read_consent(call.services, call.business_id, body, key)
    committed = await record_consent(call.services, consent)
    if not committed.replayed:
        call.metrics.events("api", len(committed.events))
    event = committed.events[0]
    told = await tell_effect(call.services, committed, consent.alias)
    headers = [(REPLAYED.lower().encode(), b"true")] if committed.replayed else None
    return RawReply(render_consent(event, told), headers)


async def post_choice(
    body: ChoiceRequest, request: Request, services: World, caller: Caller
) -> EventAnswer:
    """Record that a person paused messages until a date, or chose how often at most they come.

    A choice only restricts: no message that it keeps back can leave once the answer is there. It is
    no opt-in, and ends none. A pause ends by itself, or sooner by a yes to the same purpose.
    """
    chosen: list[Choice] = []
    if body.pause_until is not None:
        chosen.append(PauseUntil(parse_rfc3339(body.pause_until, "pause_until")))
    if body.at_most is not None:
        chosen.append(Frequency(body.at_most.count, body.at_most.days))
    if len(chosen) != 1:
        raise InvalidInput("pause_until", "must be given, or at_most: one of the two")
    order = ChoiceOrder(
        business_id=caller.business_id,
        alias=await read_contact(services, caller.business_id, body.contact),
        choice=chosen[0],
        purposes=read_purposes(services, body.purposes or [MARKETING.name]),
        surface=body.surface,
        source=Source.API,
    )
    committed = await record_choice(services, order)
    request.app.state.metrics.events("api", len(committed.events))
    return render_event(committed.events[0])


async def post_confirmation(
    body: ConfirmationRequest, services: World, caller: Caller
) -> ConfirmationAnswer:
    """Create a text that only the holder of this number can send to you.

    Show `link` as a button, or send people to `page`, which has the link and its QR code. When the
    message arrives, what the person agreed to becomes `confirmed`. From any other number the text
    changes nothing. It works once, for half an hour. askfirst sends nothing to anybody.
    """
    sender = PhoneNumberId(parse_node_id(body.sender, "sender")) if body.sender else None
    alias = await read_contact(services, caller.business_id, body.contact)
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
    proof_id: Annotated[
        str,
        Path(
            alias="id",
            description="The `id` of the confirmation.",
            examples=["prf_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
        ),
    ],
    services: World,
    caller: Caller,
) -> ConfirmationAnswer:
    """Return a confirmation. `proven_at` is set once the number's message has arrived."""
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


async def post_link(body: LinkRequest, services: World, caller: Caller) -> LinkAnswer:
    """Create a link to the page where one person sees and changes what they agreed to.

    Give it to nobody else: anyone who has it can unsubscribe them.
    """
    person = await read_named(services, caller.business_id, body.contact)
    made = await make_link(services, caller.business_id, person, body.days)
    if made is None:
        raise NotFound("nobody with this number or id has answered anything here")
    link, url = made
    return LinkAnswer(id=link.link_id, url=url, expires_at=to_rfc3339(link.expires_at))


async def remove_link(
    link_id: Annotated[
        str,
        Path(
            alias="id",
            description="The `id` of the link.",
            examples=["lnk_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
        ),
    ],
    services: World,
    caller: Caller,
) -> None:
    """Revoke a preference link. From now on it opens nothing."""
    if not await revoke_link(services, caller.business_id, parse_id(Prefix.LINK, link_id, "id")):
        raise NotFound("there is no such link alive")


async def get_receipt(
    position: Annotated[
        int, Path(ge=1, description="The `position` of the event in the ledger.", examples=[41])
    ],
    services: World,
    caller: Caller,
) -> ReceiptAnswer:
    """Return the signed receipt of an answer: who agreed to what, when, and in which words.

    The receipt is a JWS (RFC 7515). The person can keep it, and check it offline with
    `askfirst verify`, or on the page `/p/verify`.
    """
    receipt = await issue_receipt(services, caller.business_id, Position(position))
    if receipt is None:
        raise NotFound("there is no event at that position")
    return ReceiptAnswer(receipt=receipt, keys=keys_url(services, caller.business_id))


async def read_consent(
    services: Services, business_id: BusinessId, body: ConsentRequest, key: str | None
) -> Consent:
    """Read an answer; a second reading of an equal body gives an equal value."""
    prompt: PromptVersion | PromptHash | PromptToken | None = _prompt(services, body)
    token = prompt if isinstance(prompt, PromptToken) else None
    surface = body.surface or (token.surface if token else None)
    if surface is None:
        raise InvalidInput("surface", "is required: where they were asked")
    purposes = read_purposes(services, body.purposes)
    if token and not purposes and body.verb in OF_A_PROMPT:
        purposes = tuple(Purpose(name) for name in token.purposes)
    alias = await read_contact(services, business_id, body.contact)
    if isinstance(body.prompt, PromptWords):
        prompt = _words(body.prompt, surface, purposes)
    when = body.occurred_at
    occurred_at = parse_rfc3339(when, "occurred_at") if when is not None else None
    evidence = _canonical(body.evidence) if body.evidence else b""
    witness = _witness(body)
    what = [
        *("POST /v1/consents", body.verb, alias.kind, alias.value, surface, occurred_at),
        *(_name_of(prompt), evidence.decode(), _number_proof(body).name),
        asdict(witness) if witness else None,
        [purpose.name for purpose in purposes],
    ]
    return Consent(
        business_id=business_id,
        verb=body.verb,
        alias=alias,
        purposes=purposes,
        surface=surface,
        source=Source.API,
        number_proof=_number_proof(body),
        prompt=prompt,
        occurred_at=occurred_at,
        evidence=evidence,
        witness=witness,
        idempotency=(key, hashlib.sha256(_canonical(what)).digest()) if key else None,
    )


def _prompt(services: Services, body: ConsentRequest) -> PromptHash | PromptToken | None:
    """Read a token or a name. A no is taken even where its token is not ours: doubt means no."""
    if isinstance(body.prompt, PromptName):
        return parse_prompt_hash(body.prompt.hash, "prompt.hash")
    if not isinstance(body.prompt, PromptTokenText):
        return None
    try:
        return open_token(services, body.prompt.token)
    except InvalidInput:
        if body.verb in NOES and body.surface:
            return None
        raise


def _words(words: PromptWords, surface: Surface, purposes: tuple[Purpose, ...]) -> PromptVersion:
    return PromptVersion(
        key=words.key,
        locale=words.locale,
        surface=surface,
        purposes=tuple(purpose.name for purpose in purposes),
        text=words.text,
    )


def _name_of(prompt: PromptVersion | PromptHash | PromptToken | None) -> str | None:
    match prompt:
        case PromptVersion():
            return prompt.hash
        case PromptToken():
            return prompt.token_id
        case _:
            return prompt


def _number_proof(body: ConsentRequest) -> NumberProof:
    """Whoever confirms a number, or took an answer down, vouches for it; else it was typed."""
    said = _NUMBER_PROOFS[body.number_proof]
    is_vouched = body.witness is not None or body.verb is ConsentVerb.CONFIRM
    return max(said, NumberProof.VOUCHED) if is_vouched else said


def _witness(body: ConsentRequest) -> Attestation | None:
    return Attestation(**body.witness.model_dump()) if body.witness else None


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def render_consent(event: Event, told: Told) -> ConsentAnswer:
    """Write an event, and what is in force as of this answer."""
    return ConsentAnswer(
        **vars(render_event(event)),
        effective=told.is_effective,
        is_proof_needed=told.is_proof_needed,
        standing=[_effect(effect) for effect in told.effects],
    )


def _effect(effect: Effect) -> EffectAnswer:
    return EffectAnswer(
        purpose=effect.purpose.name,
        effective=effect.is_effective,
        reason=effect.reason,
        explanation=effect.reason.explanation if effect.reason else None,
        would_make_it_effective=list(effect.remedies),
    )


ROUTES: Final = (
    raw_route(
        "POST",
        "/v1/consents",
        ApiScope.CONSENTS_WRITE,
        post_consent,
        "Record a yes or a no",
        request=ConsentRequest,
        answer=ConsentAnswer,
        status=201,
        parameters={"idempotency_key": IdempotencyKey},
        problems={
            409: "The `Idempotency-Key` was used with another body, or the prompt token for "
            "another answer.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/choices",
        scope=ApiScope.CONSENTS_WRITE,
        function=post_choice,
        summary="Record a pause or a limit",
        request=ChoiceRequest,
        answer=EventAnswer,
        status=201,
    ),
    ApiRoute(
        method="POST",
        path="/v1/confirmations",
        scope=ApiScope.LINKS_WRITE,
        function=post_confirmation,
        summary="Ask a number to confirm",
        request=ConfirmationRequest,
        answer=ConfirmationAnswer,
        status=201,
        problems={
            409: "The business has no sender in service.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/confirmations/{id}",
        scope=ApiScope.CONTACTS_READ,
        function=get_confirmation,
        summary="Get a confirmation",
        answer=ConfirmationAnswer,
        problems={
            404: "There is no confirmation with this id.",
            422: "The id is not one of this kind.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/preference-links",
        scope=ApiScope.LINKS_WRITE,
        function=post_link,
        summary="Create a preference link",
        request=LinkRequest,
        answer=LinkAnswer,
        status=201,
        problems={
            404: "This number or id has not answered anything at this business.",
        },
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/preference-links/{id}",
        scope=ApiScope.LINKS_WRITE,
        function=remove_link,
        summary="Revoke a preference link",
        status=204,
        problems={
            404: "There is no link with this id, or it has ended.",
            422: "The id is not one of this kind.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/events/{position}/receipt",
        scope=ApiScope.CONTACTS_READ,
        function=get_receipt,
        summary="Get a receipt",
        answer=ReceiptAnswer,
        problems={
            404: "There is no event at this position, or it is no answer of a person's.",
            422: "The position is not a whole number of 1 or more.",
            503: "The database does not answer, or the ledger does not fit together, so that "
            "nothing is signed.",
        },
    ),
)
