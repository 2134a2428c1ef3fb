"""Record what a person answered or was told: a yes, a no, a notice, a proof of their number."""

from __future__ import annotations

import hashlib
from typing import Protocol

from askfirst.domain.consent.attestation import needs_witness
from askfirst.domain.consent.consent import NOES, OF_A_PROMPT, Consent, ConsentVerb
from askfirst.domain.consent.event import Assurance, EventKind
from askfirst.domain.prompts.prompt import PromptHash, PromptKind, PromptVersion
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Committed, Idempotency, Statement, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.usecases.prompts.show_prompt import ShowPromptNeeds, recall_words


class RecordConsentNeeds(ShowPromptNeeds, HasLedger, Protocol):
    """What this use case needs from the world."""


_KINDS = {
    ConsentVerb.GRANT: EventKind.GRANTED,
    ConsentVerb.INFORM: EventKind.INFORMED,
    ConsentVerb.REFUSE: EventKind.REFUSED,
    ConsentVerb.WITHDRAW: EventKind.WITHDRAWN,
    ConsentVerb.CONFIRM: EventKind.CONFIRMED,
}


_USE_UP = frozenset({ConsentVerb.GRANT, ConsentVerb.INFORM})
"""What a token is good for once."""


async def record_consent(services: RecordConsentNeeds, consent: Consent) -> Committed:
    """Append one event; what is returned is durable and in force.

    The words of a token are kept with it. A no whose words are lost counts without them.

    Raises:
        InvalidInput: the answer is not whole, or a yes to words that are lost; nothing was written.
        Conflict: the idempotency key was used for another request, or the prompt token for
            another answer.
        Unavailable: nothing can be acknowledged now.
    """
    now = services.clock.now()
    consent = _for_its_own_sake(await _with_words_kept(services, consent))
    _check(consent, now)
    statement = Statement(
        aliases=(consent.alias,),
        kind=_KINDS[consent.verb],
        occurred_at=consent.occurred_at or now,
        source=consent.source,
        surface=consent.surface,
        number_proof=consent.number_proof,
        purposes=tuple(purpose.name for purpose in consent.purposes),
        assurance=_assurance(consent, consent.judged_at or now),
        prompt=_prompt_hash(consent.prompt),
        evidence=_evidence(consent),
    )
    change = WriteBatch(
        business_id=consent.business_id,
        recorded_at=now,
        items=(_item(consent, statement),),
        prompt=consent.prompt if isinstance(consent.prompt, PromptVersion) else None,
        idempotency=_idempotency(consent),
        standing_of=consent.alias,
    )
    committed = await services.ledger.commit(change)
    if not committed.events:
        raise Conflict("the prompt token was used before for another answer")
    return committed


async def _with_words_kept(services: RecordConsentNeeds, consent: Consent) -> Consent:
    token = consent.prompt
    if not isinstance(token, PromptToken) or token.business_id != consent.business_id:
        return consent
    if await recall_words(services, token):
        return consent
    if consent.verb in _USE_UP:
        raise InvalidInput(
            "prompt.token", "is of words that were changed; render the question again"
        )
    return replace(consent, prompt=None)


def _for_its_own_sake(consent: Consent) -> Consent:
    """Take a no as it is: a token that does not fit proves nothing, and takes nothing away."""
    if consent.verb in NOES and isinstance(consent.prompt, PromptToken):
        try:
            _check_token(consent, consent.prompt)
        except InvalidInput:
            return replace(consent, prompt=None)
    return consent


def _check(consent: Consent, now: Instant) -> None:
    if isinstance(consent.prompt, PromptToken):
        _check_token(consent, consent.prompt)
    _check_kind(consent, consent.judged_at or now)
    if consent.occurred_at is not None and consent.occurred_at > now:
        raise InvalidInput("occurred_at", "must not be in the future")
    if consent.verb in OF_A_PROMPT and not consent.purposes:
        raise InvalidInput("purposes", f"must name at least one purpose to {consent.verb.value}")
    if consent.verb is ConsentVerb.CONFIRM and not consent.evidence:
        raise InvalidInput("evidence", "must say how the number was proven, to confirm")
    is_yes = consent.verb is ConsentVerb.GRANT
    if is_yes and needs_witness(consent.surface) and not consent.witness:
        place = consent.surface.value
        raise InvalidInput("witness", f"must say who took the yes down, for surface {place}")


def _check_kind(consent: Consent, now: Instant) -> None:
    """A notice is no question, and a question no notice; that one was shown, only a token proves.

    A business's claim that somebody was informed would be worth nothing.
    """
    prompt = consent.prompt
    is_notice = getattr(prompt, "kind", PromptKind.QUESTION) is PromptKind.NOTICE
    if consent.verb is ConsentVerb.GRANT and is_notice:
        raise InvalidInput("verb", "must be inform: the token is of a notice, which asks nothing")
    if consent.verb is not ConsentVerb.INFORM:
        return
    if not isinstance(prompt, PromptToken):
        raise InvalidInput("prompt", "must be the token of a notice: it proves what was shown")
    if not is_notice:
        raise InvalidInput("verb", "must be grant or refuse: the token is of a question")
    if prompt.is_expired(now):
        raise InvalidInput("prompt.token", "has expired: render the notice again")


def _evidence(consent: Consent) -> bytes:
    return consent.witness.written_into(consent.evidence) if consent.witness else consent.evidence


def _check_token(consent: Consent, token: PromptToken) -> None:
    """A token covers the words it was made for: nobody else's, nowhere else, nothing more."""
    if token.business_id != consent.business_id:
        raise InvalidInput("prompt.token", "is not a prompt token of this business")
    if consent.surface is not token.surface:
        raise InvalidInput(
            "surface", f"must be {token.surface.value}: there the question was shown"
        )
    names = {purpose.name for purpose in consent.purposes}
    if not names <= set(token.purposes):
        raise InvalidInput("purposes", "must be among those that the prompt asked for")


def _assurance(consent: Consent, at: Instant) -> Assurance:
    """A claim stays a claim: only an answer that brings its prompt's token in time was shown."""
    if consent.verb is ConsentVerb.CONFIRM:
        return Assurance.ASSERTED  # the business's word for the number, and for nothing else
    was_shown = isinstance(consent.prompt, PromptToken) and not consent.prompt.is_expired(at)
    return Assurance.SHOWN if was_shown else Assurance.ASSERTED


def _item(consent: Consent, statement: Statement) -> WriteEntry:
    """A yes or a notice uses its token up, for ever.

    A no is taken however often it comes: doubt means no.
    """
    token = consent.prompt
    if not isinstance(token, PromptToken) or consent.verb not in _USE_UP:
        return WriteEntry(acts=(statement,))
    source = f"prompt:{token.token_id}"
    return WriteEntry(acts=(statement,), source_id=source, source_at=token.expires_at)


def _idempotency(consent: Consent) -> Idempotency | None:
    """Without a key of the caller's, the token is one: a yes that is sent twice is one yes.

    So is a notice.
    A no that is sent twice may be two, with a yes between them: it is written each time.
    """
    if consent.idempotency:
        return Idempotency(key=consent.idempotency[0], digest=consent.idempotency[1])
    if not isinstance(consent.prompt, PromptToken) or consent.verb not in _USE_UP:
        return None
    what = (consent.verb, consent.alias.key, *(purpose.name for purpose in consent.purposes))
    digest = hashlib.sha256("\n".join(what).encode()).digest()
    key = f"prompt:{consent.prompt.token_id}:{consent.verb.value}"
    return Idempotency(key=key, digest=digest, name="prompt token")


def _prompt_hash(prompt: PromptVersion | PromptHash | PromptToken | None) -> PromptHash | None:
    match prompt:
        case PromptVersion():
            return prompt.hash
        case PromptToken():
            return prompt.prompt
        case _:
            return prompt
