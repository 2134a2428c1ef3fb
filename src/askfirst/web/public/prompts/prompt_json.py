"""A question for a page of the business's own, with the token that comes back with the answer."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from askfirst.domain.prompts.interpolation import plain_text
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.prompts.show_prompt import ShownPrompt
from askfirst.web.problems import NotFound
from askfirst.web.prompt_html import after_html, field_names, prompt_html
from askfirst.web.public.pages.cross_origin import share
from askfirst.web.public.pages.reader import html_dir
from askfirst.web.public.pages.request_context import Visit
from askfirst.web.public.prompts.open_question import ask_openly


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
