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

REMEDIES: Final[Mapping[str, str]] = {
    "malformed": "Send JSON in UTF-8, each member once. `errors` say where, if that can be told.",
    "incomplete": "The connection ended early, or was too slow. Send the whole body again.",
    "not_authenticated": "Send `Authorization: Bearer ask_…` with a key that was not revoked.",
    "not_permitted": "The header `WWW-Authenticate` names the scope that the key lacks. Use a key "
    "that has it.",
    "not_found": "Your business has nothing with this id, key or number. Look at the path.",
    "method_not_allowed": "The header `Allow` lists the methods that this path takes.",
    "conflict": "`detail` says what is in the way. The same call will not succeed later.",
    "too_large": "Send at most 64 kB.",
    "unsupported_media_type": "Send `Content-Type: application/json`.",
    "invalid_input": "Correct the fields in `errors`: each says what would be right.",
    "unknown_reference": "A value is well formed, but names nothing that you have. Correct it, or "
    "create the thing first.",
    "not_published": "The words break rules. `errors` say which, and what to write instead.",
    "too_many": "`policy` names the limit. Wait for `retry_after` seconds; where that is missing, "
    "waiting does not help.",
    "ledger_damaged": "Nothing is signed about a ledger that does not fit together. Run "
    "`askfirst doctor` on the server.",
    "unavailable": "Wait for `retry_after` seconds and send the call again, with the same "
    "`Idempotency-Key`. `detail` names the cause.",
    "internal": "This is a fault of askfirst's. The server's log says more.",
}
"""What to do about each problem, by its code."""


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
    """List the problems, once each."""
    kinds = {kind.code: kind for kind in KINDS.values()}
    return [(kind, rendered_inline(REMEDIES[code])) for code, kind in kinds.items()]
