"""The days of a business: of its country's time zone where that has one, else of UTC."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.stats.local_days import UTC_DAYS, UTC_ZONE, LocalDays
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.sending.calendar_policy import HasCalendarPolicy
from askfirst.usecases.contacts.countries import country_of


class BusinessDaysNeeds(HasNumbering, HasCalendarPolicy, HasProfiles, Protocol):
    """What finding the days of a business needs."""


async def zone_of(services: BusinessDaysNeeds, business_id: BusinessId) -> str:
    """Return the one zone of the business's country; UTC where it has several, or none is set."""
    country = await country_of(services, business_id)
    zones = services.numbering.place("", country).zones if country else ()
    has_clock = services.policy.law.calendar is not None
    return zones[0] if len(zones) == 1 and has_clock else UTC_ZONE


def days_of(services: HasCalendarPolicy, zone: str) -> LocalDays:
    """Return the days of a zone."""
    calendar = services.policy.law.calendar
    if zone == UTC_ZONE or calendar is None:
        return UTC_DAYS
    return LocalDays(zone, lambda moment: calendar.offset(zone, moment))
