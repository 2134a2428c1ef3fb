"""The name of a business, as it stands in questions and messages."""

from __future__ import annotations

from askfirst.domain.values.ids import BusinessId
from askfirst.ports.tenants.directory import HasDirectory


async def name_of(services: HasDirectory, business_id: BusinessId) -> str:
    """Return the name that people know the business by; one that was never named has its id."""
    business = await services.directory.business(business_id)
    return business.name if business and business.name else business_id
