"""The pages that anybody may see, made once when the server starts.

They hold nothing about anybody and change nothing. No script is needed, nothing is loaded from
elsewhere, and the policy in every answer says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from askfirst import __version__
from askfirst.web.asgi import App, Headers, Receive, Scope, Send, respond
from askfirst.web.pages.request_context import TEMPLATES
from askfirst.web.templating import open_templates

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML = b"text/html; charset=utf-8"
_TYPES = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "txt": b"text/plain; charset=utf-8",
    "woff2": b"font/woff2",
    "svg": b"image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSheet:
    """What somebody needs to try the demo; `key` works for this run of it only."""

    address: str
    key: str
    version: str
    sender_id: str
    sender_name: str
    template: str
    language: str
    person: str
    phone_page: str
    simulator: str
    shop: str = ""

    def __repr__(self) -> str:
        return f"DemoSheet({self.address}, …)"

    @property
    def person_shown(self) -> str:
        """The person's number as people write it."""
        return f"{self.person[:3]} {self.person[3:7]} {self.person[7:]}"


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    content_type: bytes
    status: int = HTTPStatus.OK


class _Pages:
    """ASGI application over pages that are ready."""

    def __init__(self, pages: Mapping[str, _Page], missing: _Page) -> None:
        self._pages = pages
        self._missing = missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        page = self._pages.get(scope["path"], self._missing)
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            await respond(
                send,
                HTTPStatus.METHOD_NOT_ALLOWED,
                b"",
                b"text/plain",
                [(b"allow", b"GET, HEAD"), *_HEADERS],
            )
            return
        headers = _HEADERS
        if page.content_type == _TYPES["woff2"]:
            headers = [one for one in headers if one[0] != b"cache-control"] + [_A_WEEK]
        await respond(send, page.status, page.body, page.content_type, headers)


_HEADERS: Final[Headers] = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


_A_WEEK: Final = (b"cache-control", b"public, max-age=604800")
"""For fonts: they change with a release, and a page needs them at once."""


def build_pages(demo: DemoSheet | None = None) -> App:
    """Render every page; with a demo, the start page says what to try."""
    templates = open_templates("askfirst.web.public", TEMPLATES)

    def page(name: str, status: int = HTTPStatus.OK) -> _Page:
        text = templates.get_template(name).render(demo=demo, version=__version__)
        return _Page(text.encode(), _HTML, status)

    start = page("demo.html" if demo else "start.html")
    return _Pages({"/": start} | _static_files(), page("missing.html", HTTPStatus.NOT_FOUND))


def _static_files() -> dict[str, _Page]:
    folder = files("askfirst.web.public").joinpath("static")
    places = {f"/static/{file.name}": file for file in folder.iterdir() if file.is_file()}
    fonts = folder.joinpath("fonts").iterdir()
    places |= {f"/static/fonts/{file.name}": file for file in fonts}
    return {
        place: _Page(file.read_bytes(), _TYPES[place.rpartition(".")[2]])
        for place, file in places.items()
    }
