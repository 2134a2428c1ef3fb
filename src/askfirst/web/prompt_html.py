"""A question or notice as a fragment of HTML: to paste into any form, or to put on a page of ours.

Nothing is loaded and nothing is styled: no style, no script, no id. A business styles the classes
`askfirst-prompt` (around everything), `askfirst-text`, `askfirst-box` (label with its unticked
box), `askfirst-yes`, `askfirst-no`, `askfirst-open` (the link to WhatsApp), `askfirst-line` (of a
paper form) and `askfirst-after` (the reminder). The answer travels with the form: `askfirst_{key}`
is `grant` or `refuse`, `askfirst_{key}_token` proves which words were shown, where they were
rendered with a token; otherwise `askfirst_{key}_prompt` names them. `data-…` around a question are
what the elements say of it.

A notice has one button, a no; it needs no other field of its form. Where nobody presses it, the
form comes back with the token alone.

Enter in a field presses the first button of its form. So a question with buttons begins with a
hidden one that has no name: without it, Enter would be an answer.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from jinja2 import Environment
from markupsafe import escape

from askfirst.domain.prompts.interpolation import FilledPrompt
from askfirst.web.element_words import element_words
from askfirst.web.templating import open_templates

_FRAGMENTS_KEPT: Final = 1024
_PLACE: Final = "\0"
"""In place of a token: no words that are shown hold it."""


def prompt_html(
    prompt: FilledPrompt,
    open_url: str = "",
    token: str = "",
    *,
    is_ticked: bool = False,
    wrong: str = "",
) -> str:
    """Write the question; `open_url` leads into WhatsApp, where the question has such a link.

    `is_ticked`: the reader has ticked exactly these words a moment ago, and something else was
    wrong; never otherwise. `wrong` is the id of what says why their answer was not taken.
    """
    if is_ticked or wrong or not token or _PLACE in open_url:
        return _render("prompt.html", prompt, open_url, token, is_ticked=is_ticked, wrong=wrong)
    return str(escape(token)).join(_around_token(prompt, open_url))


@lru_cache(maxsize=_FRAGMENTS_KEPT)
def _around_token(prompt: FilledPrompt, open_url: str) -> tuple[str, ...]:
    """Write the question with places for its token, which alone is new each time."""
    html = _render("prompt.html", prompt, open_url, _PLACE, is_ticked=False, wrong="")
    return tuple(html.split(_PLACE))


@lru_cache(maxsize=_FRAGMENTS_KEPT)
def after_html(prompt: FilledPrompt, open_url: str = "") -> str:
    """Write what is shown once the question is answered; empty where there is nothing."""
    return _render("prompt_after.html", prompt, open_url) if prompt.after else ""


def field_names(prompt: FilledPrompt) -> tuple[str, str]:
    """Name the form fields of the answer and of its token."""
    name = f"askfirst_{prompt.version.key}"
    return name, f"{name}_token"


def _render(
    name: str, prompt: FilledPrompt, open_url: str, token: str = "", **values: object
) -> str:
    template = _templates().get_template(name)
    return template.render(
        prompt=prompt,
        lang=prompt.version.locale.replace("_", "-"),
        dir="rtl" if prompt.is_right_to_left else "ltr",
        name=field_names(prompt)[0],
        token=token,
        open_url=open_url,
        element_words=element_words(prompt),
        **values,
    )


@cache
def _templates() -> Environment:
    return open_templates("askfirst.web")
