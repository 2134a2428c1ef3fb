"""The page of the reference: made once, of the OpenAPI document, and the same for everybody.

It needs no script to be read. Its script searches, switches languages and sends calls to this
server, with a key that is held in the page's memory and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from askfirst.web.api.reference.operations import OperationReader
from askfirst.web.api.reference.prose import rendered, rendered_inline
from askfirst.web.pages.headers import CONTENT_SECURITY_POLICY, PAGE_HEADERS
from askfirst.web.problems import KINDS, Kind
from askfirst.web.templating import open_templates

_PACKAGE: Final = "askfirst.web.api.reference"
HEADERS: Final = {
    **PAGE_HEADERS,
    "content-security-policy": CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", "form-action 'none'"
    ),
}
"""Of all pages; here no form may go anywhere: what is sent, the script sends."""
FILES: Final[Mapping[str, str]] = {
    "reference.css": "text/css; charset=utf-8",
    "reference.js": "text/javascript; charset=utf-8",
}


def render_reference(document: Mapping[str, Any], base: str) -> str:
    """Write the page; `base` is the address under which the server is reached."""
    reader = OperationReader(document, base)
    sections = [
        {
            "title": tag["name"],
            "anchor": tag["name"].lower().replace(" ", "-"),
            "about": rendered(tag["description"]),
            "operations": tuple(reader.of_tag(tag["name"])),
        }
        for tag in document["tags"]
    ]
    template = open_templates(_PACKAGE).get_template("reference.html")
    return template.render(
        base=base,
        prefix=urlsplit(base).path,
        version=document["info"]["version"],
        about=rendered(document["info"]["description"]),
        prose=lambda name: _prose(name, base),
        sections=sections,
        problems=_problems(),
    )


@cache
def file_of(name: str) -> bytes:
    """Return a file that the page loads."""
    return resources.files(_PACKAGE).joinpath("static", name).read_bytes()


def _prose(name: str, base: str) -> Markup:
    """Render a chapter; where it says ADDRESS, it means this server's."""
    text = resources.files(_PACKAGE).joinpath("chapters", f"{name}.md").read_text(encoding="utf-8")
    return rendered(text.replace("ADDRESS", base))


def _problems() -> list[tuple[Kind, Markup]]:
    """List the problems once each, with what is known of when they come."""
    about: dict[str, list[str]] = {}
    for error, kind in KINDS.items():
        about.setdefault(kind.code, []).append(kind.detail or (error.__doc__ or "").split("\n")[0])
    kinds = {kind.code: kind for kind in KINDS.values()}
    return [(kinds[code], rendered_inline(" ".join(words))) for code, words in about.items()]
