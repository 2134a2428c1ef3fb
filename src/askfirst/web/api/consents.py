"""Record what a person answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Request, Response

from askfirst.usecases.keep_words import keep_words
from askfirst.usecases.record_consent import record_consent
from askfirst.web.api.access import Caller, World
from askfirst.web.api.models.consents import ConsentRequest
from askfirst.web.api.models.events import EventAnswer
from askfirst.web.api.parse import read_consent, read_idempotency_key
from askfirst.web.api.render import render_event

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
) -> EventAnswer:
    """Append one event to the ledger.

    It is durable and in force when the answer arrives: after a withdrawal, no message that
    was allowed before can still leave.
    """
    key = read_idempotency_key(request.headers.getlist("idempotency-key"))
    consent = await keep_words(services, read_consent(services, caller.business_id, body, key))
    committed = await record_consent(services, consent)
    if committed.replayed:
        response.headers[REPLAYED] = "true"
    else:
        request.app.state.metrics.events("api", len(committed.events))
    return render_event(committed.events[0])
