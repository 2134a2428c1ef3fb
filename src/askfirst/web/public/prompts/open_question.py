"""A question of which anybody may open the page."""

from __future__ import annotations

from askfirst.domain.prompts.prompt import OPEN_SURFACES
from askfirst.usecases.prompts.show_prompt import (
    ShownPrompt,
    catalogue_of,
    known_locale,
    show_openly,
)
from askfirst.web.public.pages.request_context import Visit


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
