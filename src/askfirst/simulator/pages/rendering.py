"""Turns templates into answers, in the visitor's language."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

import phonenumbers
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from askfirst.domain.values.locales import is_right_to_left
from askfirst.simulator.pages.markup import formatted
from askfirst.simulator.pages.words import language_for, words_in

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
)
"""A demo on the same machine may show a phone beside itself; nobody else may frame one."""

HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_STATIC: Final = {
    "phone.css": "text/css",
    "chat.css": "text/css",
    "phone.js": "text/javascript",
    "phone.svg": "image/svg+xml",
}


class Pages:
    """The templates, ready to be filled."""

    def __init__(self) -> None:
        self._templates = Environment(
            autoescape=True,
            loader=PackageLoader("askfirst.simulator", "templates"),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.filters |= {"number": shown_number, "fill": _fill, "formatted": formatted}

    def page(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        language = language_of(request)
        text = self._templates.get_template(name).render(
            words=words_in(language),
            language=language,
            direction="rtl" if is_right_to_left(language) else "ltr",
            **values,
        )
        return HTMLResponse(text, status, headers=HEADERS | {"vary": "accept-language"})


def language_of(request: Request) -> str:
    """Choose the language of the page's own words."""
    return language_for(request.headers.get("accept-language", ""))


def shown_number(wa_id: str) -> Markup:
    """Write a number as people do; it runs from left to right in every language."""
    text = f"+{wa_id}"
    try:
        international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        text = phonenumbers.format_number(phonenumbers.parse(text), international)
    except phonenumbers.NumberParseException:
        pass  # no country has it, but it is well formed: here it has a phone
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def _fill(text: str, **values: object) -> Markup:
    return Markup("").join([Markup.escape(text)]).format(**values)


async def static(request: Request) -> Response:
    """Return a file that pages need."""
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response(status_code=404)
    content = files("askfirst.simulator").joinpath("static", name).read_bytes()
    return Response(content, media_type=_STATIC[name], headers=HEADERS)
