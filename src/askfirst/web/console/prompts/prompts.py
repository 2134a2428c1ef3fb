"""Questions and notices: which there are, their words in each language, and what lint finds."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from askfirst.domain.prompts.drafts.draft_review import draft_hash
from askfirst.usecases.operators.review_draft import list_submissions, see_review
from askfirst.usecases.prompts.manage_prompts import BUILT_IN, list_prompts
from askfirst.usecases.prompts.preview_prompt import PromptPreview, preview_prompt
from askfirst.web.console.desk import Desk
from askfirst.web.pages.reader import html_dir, html_lang, language_names
from askfirst.web.pages.request_context import where_in
from askfirst.web.problems import NotFound
from askfirst.web.prompt_html import after_html, prompt_html


async def show_prompts(desk: Desk) -> Response:
    """Every question and notice, those included that come with askfirst."""
    found = await list_prompts(desk.services, desk.business_id)
    where = {one.prompt.surface: where_in(desk.reader, one.prompt.surface) for one in found}
    submitted = {one.key: one for one in await list_submissions(desk.services, desk.business_id)}
    return desk.page(
        "prompts/prompts.html", found=found, where=where, built_in=BUILT_IN, submitted=submitted
    )


async def show_prompt(desk: Desk) -> Response:
    """One of them in one language, as customers see it."""
    asked = desk.request.query_params
    return await prompt_page(desk, locale=asked.get("in", ""), of_draft="draft" in asked)


async def prompt_page(
    desk: Desk,
    *,
    of_draft: bool,
    locale: str = "",
    error: str = "",
    reason: str = "",
    status: int = 200,
) -> Response:
    """Write the page of a question; `error` names why a step of its review was not done."""
    preview = await previewed(desk, (locale, *desk.reader.wanted), of_draft=of_draft)
    if preview is None:
        raise NotFound("there is no prompt with this key")
    shown_in, known = preview.filled.version.locale, preview.known
    return desk.page(
        "prompts/prompt.html",
        status,
        preview=preview,
        version=preview.filled.version,
        built_in=BUILT_IN,
        is_draft=known.draft is preview.prompt,
        has_both=known.draft is not None and known.draft is not known.prompt,
        lang=html_lang(shown_in),
        dir=html_dir(shown_in),
        names=language_names(),
        where=where_in(desk.reader, preview.prompt.surface),
        sheet=await see_review(desk.services, desk.operator, known),
        seen=draft_hash(known.draft) if known.draft else "",
        error=error,
        reason=reason,
        **samples(preview),
    )


async def previewed(desk: Desk, wanted: tuple[str, ...], *, of_draft: bool) -> PromptPreview | None:
    """Fill the page's question in, in the first of the wanted languages that it has."""
    key = desk.request.path_params["key"]
    return await preview_prompt(desk.services, desk.business_id, key, wanted, of_draft=of_draft)


def samples(preview: PromptPreview) -> dict[str, Markup]:
    """Write a question as it stands in a page of the business's; its template escaped its words."""
    return {
        "sample": Markup(prompt_html(preview.filled)),  # noqa: S704 - written by a template
        "sample_after": Markup(after_html(preview.filled)),  # noqa: S704 - written by a template
    }
