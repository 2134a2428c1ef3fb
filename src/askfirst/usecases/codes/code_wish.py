"""The wish behind a code: the opt-in, for codes and nothing else, that the gate asks for.

It is written into the ledger before the message leaves, and once however often a process dies.
"""

from __future__ import annotations

import json

from askfirst.decision.reason import Reason
from askfirst.domain.codes.code import Code
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Event, EventKind, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.purpose import AUTHENTICATION
from askfirst.ports.consent.change import WriteBatch
from askfirst.ports.consent.ledger import HasLedger
from askfirst.usecases.consent.record_consent import RecordConsentNeeds, record_consent
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.prompts.show_prompt import open_token


async def write_down_wish(
    services: RecordConsentNeeds, code: Code, objection: Reason | None
) -> None:
    """Write the wish down before its code leaves, unless it stands there already.

    Against an objection nothing is written, but the ledger is kept as busy as with a wish.
    """
    if objection:
        now = services.clock.now()
        await services.ledger.commit(
            WriteBatch(business_id=code.business_id, recorded_at=now, items=())
        )
    elif not (code.is_follower and await is_wish_known(services, code)):
        await record_wish(services, code)


async def record_wish(services: RecordConsentNeeds, code: Code) -> None:
    """Write down that the number's holder chose WhatsApp for codes, and for nothing else.

    A token that was in time proves that they were asked; without it, it is the product's claim. It
    counts from when they asked, so a stop that comes in before the message leaves ends it, and it
    lifts no *no*: anybody may have typed the number.
    """
    token = open_token(services, code.token) if code.token else None
    wish = Consent(
        business_id=code.business_id,
        verb=ConsentVerb.GRANT,
        alias=code.number,
        purposes=(AUTHENTICATION,),
        surface=Surface.CODE,
        source=Source.FORM,
        prompt=code.prompt,
        occurred_at=code.asked_at,
        judged_at=code.created_at,
        evidence=evidence_of(code),
    )
    if token is not None and not token.is_expired(code.created_at):
        try:
            committed = await record_consent(services, replace(wish, prompt=token))
        except (Conflict, InvalidInput):
            committed = None  # somebody else's answer, or words that are lost: no proof here
        if committed is not None and not committed.replayed:
            return
    await record_consent(services, wish)


async def is_wish_known(services: HasLedger, code: Code) -> bool:
    """Look for the wish in the ledger; only where something went wrong: it is a long way."""
    contact_id = await services.ledger.find(code.business_id, code.number)
    if contact_id is None:
        return False
    async for event in all_acts(services, code.business_id, contact_id):
        if _is_wish(event, code):
            return True
    return False


def evidence_of(code: Code, **more: str) -> bytes:
    """Return which request it was; never the code."""
    content = {"code": code.code_id, "purpose": code.purpose, "channel": code.channel.value, **more}
    if code.reference:
        content["reference"] = code.reference
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _is_wish(event: Event, code: Code) -> bool:
    what = (event.kind, event.surface, event.occurred_at)
    return what == (EventKind.GRANTED, Surface.CODE, code.asked_at)
