"""The countries in which numbers are dialled: all of them, and the one of a business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.values.country import COUNTRY_CODES
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.tenants.directory import HasDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledCountry:
    """A country by its ISO 3166 code: what follows the plus, and a mobile number as an example."""

    code: str
    calling_code: str
    example: str


class HomeCountryNeeds(HasDirectory, HasNumbering, HasProfiles, Protocol):
    """What finding the country of a business needs."""


def list_countries(services: HasNumbering) -> tuple[DialledCountry, ...]:
    """Return every country that has numbers, by code."""
    plans = services.numbering
    return tuple(
        DialledCountry(code=code, calling_code=plans.calling_code(code), example=example)
        for code in sorted(COUNTRY_CODES)
        if (example := plans.example(code))
    )


async def country_of(services: HasProfiles, business_id: BusinessId) -> str:
    """Return the country that the business has set; empty where it has set none."""
    return (await services.profiles.profile(business_id)).country


async def home_country(services: HomeCountryNeeds, business_id: BusinessId) -> str:
    """Return the country that a page proposes: the one that is set, or the sender's; or none.

    Where nobody sees what is proposed, only what the business has set counts (`country_of`): a
    sender's number may be of anywhere.
    """
    country = await country_of(services, business_id)
    if services.numbering.calling_code(country):
        return country
    senders = await services.directory.senders(business_id)
    found = (services.numbering.country(sender.digits) for sender in senders)
    return next(filter(None, found), "")
