"""Read the registry of templates."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from askfirst.usecases.tenants.manage_senders import list_templates
from askfirst.web.api.models.base import PageQuery
from askfirst.web.api.models.tenants.templates import TemplatePage
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.cursor import read_cursor
from askfirst.web.api.platform.render import render_templates


async def get_templates(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> TemplatePage:
    """List the templates by name and language, as Meta last described them."""
    after = read_cursor(page.after)
    templates = await list_templates(services, caller.business_id, after, page.limit + 1)
    return render_templates(templates, page.limit)
