"""Tell a caller what a key of its own business may do, and on what."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.tenants.api_key import Key
from askfirst.domain.values.ids import BusinessId, WabaId
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.tenants.authenticate import digest_of


@dataclass(frozen=True, slots=True)
class InspectedKey:
    """A live key, and the accounts that it is good for."""

    key: Key
    waba_ids: tuple[WabaId, ...]


async def inspect_key(
    services: HasDirectory, business_id: BusinessId, secret: str
) -> InspectedKey | None:
    """Find the live key of a secret; None where there is none, or it is another business's."""
    key = await services.directory.key(digest_of(secret)) if secret else None
    if key is None or key.business_id != business_id:
        return None
    senders = await services.directory.senders(business_id)
    return InspectedKey(key, tuple(dict.fromkeys(sender.waba_id for sender in senders)))
