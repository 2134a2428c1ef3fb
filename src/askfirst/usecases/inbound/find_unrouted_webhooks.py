"""Check whether deliveries of Meta's wait for somebody to register their sender."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import WabaId
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.ports.inbound.dead_letters import UNREAD, Backlog, HasDeadLetters

CHECK: Final = "unrouted_webhooks"
_COUNTED: Final = 10_000
_SHOWN: Final = 20
_REMEDY: Final = (
    "Register it with its WABA and Meta's token (PUT /v1/senders/{phone_number_id}, or askfirst "
    "sender set): what waits counts from then on. If it is not yours, unsubscribe your app from "
    "that WABA at Meta."
)
_NAMELESS: Final = (
    "Meta named neither a number nor a WABA: look at what your app subscribes to besides WhatsApp."
)


async def find_unrouted_webhooks(services: HasDeadLetters) -> tuple[Finding, ...]:
    """Return a problem for each account that is waited for, or that there is none."""
    found = [_finding(backlog) async for backlog in _backlogs(services)]
    if not found:
        told = "No delivery of Meta's waits for a sender that nobody registered."
        return (Finding(check=CHECK, severity=Severity.OK, summary=told),)
    return tuple(found)


async def _backlogs(services: HasDeadLetters) -> AsyncIterator[Backlog]:
    letters = services.dead_letters
    if nameless := await letters.backlog(None, _COUNTED):
        yield nameless
    account: WabaId | None = WabaId("")
    for _ in range(_SHOWN):
        account = await letters.next_account(account or "")
        if account is None:
            return
        if account != UNREAD and (backlog := await letters.backlog(account, _COUNTED)):
            yield backlog


def _finding(backlog: Backlog) -> Finding:
    of_whom = f"WABA {backlog.waba_id}" if backlog.waba_id else "no WABA"
    if backlog.phone_number_id:
        of_whom = f"phone number id {backlog.phone_number_id} ({of_whom})"
    most = backlog.letters >= _COUNTED
    count = f"{_COUNTED} or more" if most else str(backlog.letters)
    is_nameless = not backlog.waba_id and not backlog.phone_number_id
    return Finding(
        check=CHECK,
        severity=Severity.PROBLEM,
        summary=(
            f"Deliveries of Meta's for {of_whom} wait since {to_rfc3339(backlog.since)}: {count}. "
            "Nobody registered it, so a stop among them is not in force."
        ),
        remedy=_NAMELESS if is_nameless else _REMEDY,
    )
