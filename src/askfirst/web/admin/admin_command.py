"""What all commands share: which business is meant, and whom they are about."""

from __future__ import annotations

from typing import Any

import msgspec

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, parse_business_id
from askfirst.usecases.contacts.countries import country_of
from askfirst.usecases.contacts.name_contact import name_contact
from askfirst.usecases.contacts.read_contact import read_typed_person
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.resolve_business import is_business, list_businesses

FIRST_BUSINESS = "main"
Answer = dict[str, Any]


class AdminCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="command"):
    """What all requests share. `business` may be left empty where there is only one."""

    business: str = ""


async def business_of(services: Services, given: str, *, or_first: bool = False) -> BusinessId:
    """Take the business that is named, or the only one there is."""
    if given:
        business_id = parse_business_id(given)
        if not or_first and not await is_business(services, business_id):
            raise UnknownReference("business", "no such business; askfirst keys create makes one")
        return business_id
    there = await list_businesses(services)
    if len(there) == 1:
        return there[0]
    if there:
        raise InvalidInput("business", "name one with --business: " + ", ".join(there))
    if or_first:
        return BusinessId(FIRST_BUSINESS)
    raise UnknownReference("business", "there is none yet; askfirst keys create makes one")


async def read_name(services: Services, business_id: BusinessId, text: str, field: str) -> Alias:
    """Read whom an operator named; a national number is one of the business's country."""
    country = await country_of(services, business_id)
    person = read_typed_person(services, text, field, country)
    return await name_contact(services, business_id, person, field)
