"""A question as it will be shown, for those who decide whether to ask it: nothing is recorded."""

from __future__ import annotations

from starlette.responses import Response

from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.usecases.prompts.show_prompt import catalogue_of, known_locale
from askfirst.web.prompt_html import after_html, prompt_html
from askfirst.web.public.pages.missing import missing
from askfirst.web.public.pages.reader import html_dir, html_lang, name_of_language
from askfirst.web.public.pages.request_context import Visit

_ORDER = "1234"


async def show_preview(visit: Visit) -> Response:
    """Show a published question with all its parts."""
    key, business_id = visit.request.path_params["key"], visit.business.business_id
    catalogue = await catalogue_of(visit.services, business_id)
    try:
        prompt = catalogue.prompt(key)
        locale = known_locale(catalogue, key, visit.reader.wanted)
        filling = Filling(business=visit.business.name, order=_ORDER)
        filled = render_prompt(catalogue, PromptRequest(key=key, locale=locale, filling=filling))
    except InvalidInput:
        return missing(visit)
    version = filled.version
    return visit.page(
        "preview.html",
        key=key,
        question=visit.markup(prompt_html(filled)),
        after=visit.markup(after_html(filled)),
        version=version,
        lang=html_lang(version.locale),
        dir=html_dir(version.locale),
        purposes=visit.purposes(version.purposes),
        where=visit.where(version.surface),
        spoken=[(name, html_lang(name), name_of_language(name)) for name in prompt.wordings],
    )
