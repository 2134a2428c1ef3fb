"""Questions and notices: which there are, their words in each language, and what lint finds."""

from __future__ import annotations

from starlette.responses import Response

from askfirst.usecases.prompts.manage_prompts import BUILT_IN, list_prompts
from askfirst.usecases.prompts.preview_prompt import preview_prompt
from askfirst.web.console.desk import Desk
from askfirst.web.pages.reader import html_dir, html_lang, language_names
from askfirst.web.pages.request_context import where_in
from askfirst.web.problems import NotFound


async def show_prompts(desk: Desk) -> Response:
    """Every question and notice, those included that come with askfirst."""
    found = await list_prompts(desk.services, desk.business_id)
    where = {one.prompt.surface: where_in(desk.reader, one.prompt.surface) for one in found}
    return desk.page("prompts.html", found=found, where=where, built_in=BUILT_IN)


async def show_prompt(desk: Desk) -> Response:
    """One of them in one language, as customers see it."""
    asked, key = desk.request.query_params, desk.request.path_params["key"]
    preview = await preview_prompt(
        desk.services,
        desk.business_id,
        key,
        (asked.get("in", ""), *desk.reader.wanted),
        of_draft="draft" in asked,
    )
    if preview is None:
        raise NotFound("there is no prompt with this key")
    locale, known = preview.filled.version.locale, preview.known
    return desk.page(
        "prompt.html",
        preview=preview,
        version=preview.filled.version,
        built_in=BUILT_IN,
        is_draft=known.draft is preview.prompt,
        has_both=known.draft is not None and known.draft is not known.prompt,
        lang=html_lang(locale),
        dir=html_dir(locale),
        names=language_names(),
        where=where_in(desk.reader, preview.prompt.surface),
    )
