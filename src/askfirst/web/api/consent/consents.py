"""Record what a person answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Request, Response

from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.consent.tell_effect import tell_effect
from askfirst.web.api.models.consent.consents import ConsentAnswer, ConsentRequest
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.parse import read_consent, read_idempotency_key
from askfirst.web.api.platform.render import render_consent

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="1 to 255 visible ASCII characters. The same key and body give the same answer "
        "for ever; the same key with another body is a conflict.",
    ),
]
REPLAYED = "Idempotency-Replayed"


async def post_consent(
    body: ConsentRequest,
    request: Request,
    response: Response,
    services: World,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - for the document; read from all values
) -> ConsentAnswer:
    """Append one event to the ledger, and tell what is in force now.

    It is durable and in force when the answer arrives: after a withdrawal, no message that
    was allowed before can still leave. A yes that is recorded is not always in force: after a
    stop, for instance, a number that was only typed has to confirm in WhatsApp (`effective`).
    """
    key = read_idempotency_key(request.headers.getlist("idempotency-key"))
    consent = read_consent(services, caller.business_id, body, key)
    committed = await record_consent(services, consent)
    if committed.replayed:
        response.headers[REPLAYED] = "true"
    else:
        request.app.state.metrics.events("api", len(committed.events))
    event = committed.events[0]
    return render_consent(event, await tell_effect(services, event, consent.alias))
