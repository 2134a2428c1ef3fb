"""Where the keys are that receipts are checked with."""

from __future__ import annotations

from askfirst.domain.values.ids import BusinessId
from askfirst.ports.tenants.site import HasSite


def keys_url(services: HasSite, business_id: BusinessId) -> str:
    """Return the address of the keys that receipts of a business are checked with."""
    return f"{services.site.public_url}/p/{business_id}/keys.json"
