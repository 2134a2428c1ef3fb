"""The public keys of receipts, as a JWK set (RFC 7517, section 5)."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, Response

from askfirst.usecases.consent.issue_receipt import public_keys
from askfirst.web.public.pages.headers import FOR_ALL
from askfirst.web.public.pages.request_context import Visit

_MINUTES: Final = "public, max-age=300"
"""A new key is known everywhere soon after it has signed its first receipt."""


async def get_keys(visit: Visit) -> Response:
    """Give all keys, the retired ones included."""
    keys = await public_keys(visit.services, visit.business.business_id)
    content = {"keys": [dict(key) for key in keys]}
    headers = {**FOR_ALL, "cache-control": _MINUTES}
    return JSONResponse(content, headers=headers, media_type="application/jwk-set+json")
