"""A question of which anybody may open the page: as a preview, and as JSON for another page."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from askfirst.domain.prompts.interpolation import Filling, plain_text
from askfirst.domain.prompts.prompt import OPEN_SURFACES
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.usecases.prompts.show_prompt import (
    ShownPrompt,
    catalogue_of,
    known_locale,
    show_openly,
)
from askfirst.web.pages.reader import html_dir, html_lang, name_of_language
from askfirst.web.pages.refusals import missing
from askfirst.web.pages.request_context import Visit
from askfirst.web.problems import NotFound
from askfirst.web.prompt_html import after_html, field_names, prompt_html
from askfirst.web.public.cross_origin import share


async def ask_openly(visit: Visit, key: str) -> ShownPrompt | None:
    """Show a question; None where there is none of that name that is asked on an open page.

    Only its language can be chosen here. Purposes and words are the business's to choose, with its
    key: else anybody could have us sign words that it never asked with.
    """
    business_id = visit.business.business_id
    catalogue = await catalogue_of(visit.services, business_id)
    prompt = catalogue.prompts.get(key)
    if prompt is None or prompt.surface not in OPEN_SURFACES:
        return None
    locale = known_locale(catalogue, key, visit.reader.wanted)
    return await show_openly(visit.services, business_id, key, locale, ())


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


async def get_prompt(visit: Visit) -> Response:
    """Render a question that whoever opens the page is asked."""
    shown = await ask_openly(visit, visit.request.path_params["key"])
    if shown is None:
        raise NotFound("there is no prompt of that name that is asked on an open page")
    return share(visit, JSONResponse(_written(shown)))


def _written(shown: ShownPrompt) -> dict[str, object]:
    """The same members as `GET /v1/prompts/{key}/render`."""
    filled, version = shown.filled, shown.filled.version
    answer, token = field_names(filled)
    return {
        "key": version.key,
        "kind": version.kind.value,
        "locale": version.locale,
        "dir": html_dir(version.locale),
        "surface": version.surface.value,
        "purposes": list(version.purposes),
        "hash": version.hash,
        "text": version.text,
        "html": prompt_html(filled, token=shown.token),
        "after": plain_text(filled.after, is_rtl=filled.is_right_to_left),
        "after_html": after_html(filled),
        "yes": filled.yes,
        "no": filled.no,
        "open": filled.open,
        "token": shown.token,
        "expires_at": to_rfc3339(shown.expires_at),
        "fields": {"answer": answer, "token": token},
    }
