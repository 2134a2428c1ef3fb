"""The business's colour as a style sheet, and its logo. Their addresses change with them."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from askfirst.domain.tenants.brand import palette_of
from askfirst.usecases.tenants.manage_profile import show_logo
from askfirst.web.pages.refusals import missing
from askfirst.web.pages.request_context import Visit

_A_DAY: Final = "public, max-age=86400"


async def get_colours(visit: Visit) -> Response:
    """Return what the colour makes of our tokens, in light and in dark."""
    profile = visit.profile
    if not profile.colour or visit.request.path_params["name"] != profile.colour[1:]:
        return missing(visit)
    template = visit.house.templates.get_template("brand.css")
    style = template.render(palette=palette_of(profile.colour))
    return Response(style, media_type="text/css", headers={"cache-control": _A_DAY})


async def get_logo(visit: Visit) -> Response:
    """Return the logo. It was read chunk by chunk before it was kept; it is a picture only."""
    profile = visit.profile
    if not profile.logo or visit.request.path_params["name"] != profile.logo:
        return missing(visit)
    content = await show_logo(visit.services, visit.business.business_id)
    if not content:
        return missing(visit)
    return Response(content, media_type="image/png", headers={"cache-control": _A_DAY})
