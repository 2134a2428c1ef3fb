"""Ask Meta how the numbers of a business are doing, so that no webhook has to be waited for.

Quality drops are told by no webhook, and a limit only when it changes: whoever connects a number
today would not know it. Source: Meta, "Messaging limits" and the webhook
`phone_number_quality_update`.
"""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.tasks.retry_policy import share_of
from askfirst.domain.tenants.sender_health import SenderHealth
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.ports.consent.change import MessagingLimitObserved, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.accounts import HasAccounts, TokenRefused
from askfirst.ports.tenants.directory import HasDirectory

READ_EACH: Final = HOUR
_SPREAD: Final = HOUR // 2


class ReadNumbersNeeds(HasAccounts, HasClock, HasDirectory, HasLedger, Protocol):
    """What this use case needs from the world."""


def next_reading(business_id: BusinessId, now: Instant) -> Instant:
    """Return when to ask again: in an hour or up to half an hour more, never all at once."""
    return Instant(now + READ_EACH + round(_SPREAD * share_of(business_id, now)))


async def read_numbers(
    services: ReadNumbersNeeds, business_id: BusinessId
) -> tuple[SenderHealth, ...]:
    """Read each sender that has a token, and keep what Meta says; returns what was read.

    The limit is the portfolio's, and so the same for all numbers; where two differ, the smaller one
    counts. A number that Meta does not answer for holds up no other.
    """
    read = []
    for sender in await services.directory.senders(business_id):
        token = await services.directory.token(business_id, sender.phone_number_id)
        if token is None:
            continue
        try:
            reading = await services.accounts.read_number(sender.phone_number_id, token)
        except (TokenRefused, Unavailable):
            continue
        health = SenderHealth(
            business_id=business_id,
            phone_number_id=sender.phone_number_id,
            reading=reading,
            seen_at=services.clock.now(),
        )
        await services.directory.put_health(health)
        read.append(health)
    await _keep_limit(services, business_id, read)
    return tuple(read)


async def _keep_limit(
    services: ReadNumbersNeeds, business_id: BusinessId, read: list[SenderHealth]
) -> None:
    limits = [one.reading.messaging_limit for one in read]
    known = [limit for limit in limits if limit is not None]
    if not known:
        return
    least = min((limit for limit in known if limit), default=None)
    change = WriteBatch(
        business_id=business_id,
        recorded_at=services.clock.now(),
        items=(WriteEntry(acts=(MessagingLimitObserved(limit=least),)),),
    )
    await services.ledger.commit(change)


async def health_of(services: HasDirectory, business_id: BusinessId) -> dict[str, SenderHealth]:
    """Return what was last read, by the sender's phone number id."""
    found = await services.directory.health(business_id)
    return {one.phone_number_id: one for one in found}
