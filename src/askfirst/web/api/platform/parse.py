"""From what was sent to what the use cases take. Field names are those of the body."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from askfirst.domain.consent.attestation import Attestation
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion, Surface, parse_prompt_hash
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId, parse_node_id
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import parse_rfc3339
from askfirst.usecases.consent.read_purposes import read_purposes
from askfirst.usecases.consent.record_consent import NOES, Consent, ConsentVerb
from askfirst.usecases.contacts.read_contact import read_contact as contact_named
from askfirst.usecases.contacts.read_contact import read_sender_number
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.show_prompt import open_token
from askfirst.web.api.models.consent.consents import ConsentRequest
from askfirst.web.api.models.consent.contacts import ContactName
from askfirst.web.api.models.consent.shown import PromptName, PromptTokenText, PromptWords
from askfirst.web.api.models.tenants.senders import SenderRequest

_KEY_MAX = 255
_ABOUT_SOMETHING = frozenset({ConsentVerb.GRANT, ConsentVerb.REFUSE})
_TOKEN_MAX = 1024
_NUMBER_PROOFS = {proof.name.lower(): proof for proof in NumberProof}
_TOKEN_RIGHT = "must be 1 to 1024 visible ASCII characters"  # noqa: S105 - words, no secret


def read_contact(services: Services, name: ContactName, field: str = "contact") -> Alias:
    """Read the one name that was given."""
    return contact_named(services, field, phone=name.phone, wa_id=name.wa_id, bsuid=name.bsuid)


def read_consent(
    services: Services, business_id: BusinessId, body: ConsentRequest, key: str | None
) -> Consent:
    """Read an answer; a second reading of an equal body gives an equal value."""
    prompt: PromptVersion | PromptHash | PromptToken | None = _prompt(services, body)
    token = prompt if isinstance(prompt, PromptToken) else None
    surface = body.surface or (token.surface if token else None)
    if surface is None:
        raise InvalidInput("surface", "is needed: where they were asked")
    purposes = read_purposes(services, body.purposes)
    if token and not purposes and body.verb in _ABOUT_SOMETHING:
        purposes = tuple(Purpose(name) for name in token.purposes)
    alias = read_contact(services, body.contact)
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


def read_idempotency_key(values: Sequence[str]) -> str | None:
    """Read the `Idempotency-Key` header: at most one, of 1 to 255 visible ASCII characters."""
    if not values:
        return None
    key = values[0]
    visible = all("!" <= character <= "~" for character in key)
    if len(values) > 1 or not visible or not 1 <= len(key) <= _KEY_MAX:
        message = f"must be given once, as 1 to {_KEY_MAX} visible ASCII characters"
        raise InvalidInput("Idempotency-Key", message)
    return key


def read_sender(
    services: Services, business_id: BusinessId, phone_number_id: str, body: SenderRequest
) -> Sender:
    """Read a sender. Its number may be in no plan, as Meta's test numbers were."""
    return Sender(
        business_id=business_id,
        phone_number_id=PhoneNumberId(parse_node_id(phone_number_id, "phone_number_id")),
        waba_id=WabaId(parse_node_id(body.waba_id, "waba_id")),
        digits=read_sender_number(services, body.number, "number").digits,
        name=body.name,
        state=body.state,
    )


def read_token(body: SenderRequest) -> str | None:
    """Read Meta's token; it will stand in a header, so it must be able to."""
    if body.token is None:
        return None
    return check_token(body.token.get_secret_value())


def check_token(token: str) -> str:
    """Give a token that can stand in a header; InvalidInput for another text."""
    is_visible = all("!" <= character <= "~" for character in token)
    if not is_visible or not 1 <= len(token) <= _TOKEN_MAX:
        raise InvalidInput("token", _TOKEN_RIGHT)
    return token


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
