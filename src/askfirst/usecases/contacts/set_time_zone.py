"""Say in which time zone a person lives, where the business knows it."""

from __future__ import annotations

import re
from typing import Final, Protocol

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.time_zones import HasTimeZones
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.sending.calendar_policy import HasCalendarPolicy

_SHAPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}", re.ASCII)
_RIGHT: Final = "must be a time zone of the IANA database, for example Europe/London"


class SetTimeZoneNeeds(HasClock, HasLedger, HasCalendarPolicy, HasTimeZones, Protocol):
    """What this use case needs from the world."""


async def set_time_zone(
    services: SetTimeZoneNeeds, business_id: BusinessId, person: Alias | ContactId, zone: str
) -> tuple[ContactId, tuple[str, ...]]:
    """Name it, or with an empty zone leave it to the number again; return whose it is, and which.

    From then on the quiet hours of the person go by this zone alone.

    Raises:
        InvalidInput: it is no zone of the IANA database.
        UnknownReference: nobody of that name is known.
    """
    if zone:
        _check(services, zone)
    contact_id = await services.ledger.find(business_id, person)
    if contact_id is None or not await services.time_zones.put(business_id, contact_id, zone):
        raise UnknownReference("contact", "nobody with this number or id is known here")
    return contact_id, await services.time_zones.of(business_id, contact_id)


def _check(services: SetTimeZoneNeeds, zone: str) -> None:
    """Ask the clocks that the hours are read from: a zone without a clock would hold all offers."""
    calendar = services.policy.law.calendar  # none is there in tests alone, without any hours
    if not _SHAPE.fullmatch(zone):
        raise InvalidInput("time_zone", _RIGHT)
    try:
        if calendar is not None:
            calendar.offset(zone, services.clock.now())
    except (LookupError, ValueError, OSError) as error:
        raise InvalidInput("time_zone", _RIGHT) from error
