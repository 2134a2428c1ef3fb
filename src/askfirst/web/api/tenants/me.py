"""Tell a caller who it is here."""

from __future__ import annotations

from askfirst.usecases.tenants.show_caller import business_of
from askfirst.web.api.models.tenants.me import CallerAnswer
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.render import render_caller


async def get_me(services: World, caller: Caller) -> CallerAnswer:
    """Give the business, the name of the key and what it may do."""
    return render_caller(caller, await business_of(services, caller))
