"""Read what a person typed to a business: its own name in it is no stop."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.opt_out.classifier import without_name
from askfirst.domain.opt_out.reading import OptOutReading
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.tenants.directory import HasDirectory


class ReadOptOutNeeds(HasCatalogue, HasDirectory, Protocol):
    """What this use case needs from the world."""


async def read_opt_out(
    services: ReadOptOutNeeds, business_id: BusinessId, text: str
) -> OptOutReading:
    """Return what the text asks the business to stop, if anything.

    The name is looked up only where it may matter: where the text reads as a stop without it.
    """
    reading = services.catalogue.opt_out.read_typed(text)
    if not reading.is_stop:
        return reading
    business = await services.directory.business(business_id)
    name = business.name if business else ""
    if without_name(text, name) == text:
        return reading
    return services.catalogue.opt_out.read_typed(text, business=name)
