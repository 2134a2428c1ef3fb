"""Check that every sender can send."""

from __future__ import annotations

from askfirst.domain.values.finding import Finding, Severity
from askfirst.ports.tenants.directory import UNROUTED, HasDirectory

_CHECK = "sender_tokens"


async def find_senders(services: HasDirectory) -> tuple[Finding, ...]:
    """Return a warning for each sender without Meta's token: nothing can leave through it."""
    found: list[Finding] = []
    count = 0
    for business_id in await services.directory.businesses():
        if business_id == UNROUTED:
            continue
        for sender in await services.directory.senders(business_id):
            count += 1
            if await services.directory.token(business_id, sender.phone_number_id) is None:
                found.append(_tokenless(business_id, sender.phone_number_id))
    if found:
        return tuple(found)
    if not count:
        return (_none(),)
    return (Finding(check=_CHECK, severity=Severity.OK, summary=f"{count} senders have a token."),)


def _tokenless(business_id: str, sender: str) -> Finding:
    return Finding(
        check=_CHECK,
        severity=Severity.WARNING,
        summary=f"Sender {sender} of {business_id} has no token: nothing leaves through it.",
        remedy=f"Register it again with Meta's access token: PUT /v1/senders/{sender}.",
    )


def _none() -> Finding:
    return Finding(
        check=_CHECK,
        severity=Severity.WARNING,
        summary="No sender is registered: webhooks find no business, and nothing can leave.",
        remedy="Register each WhatsApp number: PUT /v1/senders/{phone_number_id}.",
    )
