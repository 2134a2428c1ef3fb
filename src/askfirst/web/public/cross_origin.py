"""Which other sites' scripts may read an answer: those that the business registered, no others."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.web.pages.request_context import Visit

_AN_HOUR: Final = "3600"


def share(visit: Visit, response: Response) -> Response:
    """Let the business's own sites read it. Whoever asks, caches keep the answers apart."""
    response.headers["vary"] = "origin, accept-language"
    origin = visit.request.headers.get("origin", "")
    if origin in visit.profile.origins:
        response.headers["access-control-allow-origin"] = origin
        response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response


async def preflight(visit: Visit) -> Response:
    """Return what the business's own sites may send."""
    response = share(visit, Response(status_code=HTTPStatus.NO_CONTENT))
    if "access-control-allow-origin" in response.headers:
        response.headers["access-control-allow-headers"] = "content-type"
        response.headers["access-control-allow-methods"] = "GET, POST"
        response.headers["access-control-max-age"] = _AN_HOUR
    return response
