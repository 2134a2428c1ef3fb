"""The templates of an account: listed a page at a time, and added to."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from askfirst.graph.errors import GraphCode
from askfirst.simulator.sending import Refused
from askfirst.simulator.state import Template, World

PAGE_SIZE = 25
PAGE_MAX = 1_000
_TOP_LEVEL_COMMA = re.compile(r",(?![^{(]*[})])")
_FILTERS = ("name", "status", "category", "language")
_CATEGORIES = frozenset({"AUTHENTICATION", "UTILITY", "MARKETING"})


class NewTemplate(msgspec.Struct):
    """What a business asks for."""

    name: str
    language: str
    category: str
    components: list[dict[str, Any]] = []


def list_templates(
    world: World, waba_id: str, query: Mapping[str, str], url: str
) -> Mapping[str, Any]:
    """Answer `GET /{waba}/message_templates`; `url` is the request's, without cursors."""
    own = [t for t in world.templates.values() if t.waba_id == waba_id]
    found = [t for t in own if _matches(t, query)]
    start = _start(query.get("after"))
    limit = _limit(query.get("limit"))
    page = found[start : start + limit]
    fields = _names(query.get("fields"))
    answer: dict[str, Any] = {"data": [_shown(template, fields) for template in page]}
    if page:
        end = start + len(page)
        answer["paging"] = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
        if end < len(found):
            answer["paging"]["next"] = f"{url}{'&' if '?' in url else '?'}after={_cursor(end)}"
    if summary := _names(query.get("summary")):
        totals = {
            "total_count": len(own),
            "message_template_count": len(own),
            "message_template_limit": 250,
            "are_translations_complete": True,
        }
        answer["summary"] = {name: totals[name] for name in summary if name in totals}
    return answer


def make_template(world: World, waba_id: str, template_id: str, body: bytes) -> Template:
    """Answer `POST /{waba}/message_templates`: approved at once, where Meta takes its time."""
    try:
        wanted = msgspec.json.decode(body, type=NewTemplate)
    except msgspec.DecodeError as error:
        raise Refused(GraphCode.PARAMETER_INVALID, str(error)) from error
    if wanted.category.upper() not in _CATEGORIES:
        raise Refused(GraphCode.PARAMETER_INVALID, "category is unknown")
    if world.named_template(waba_id, wanted.name, wanted.language) is not None:
        raise Refused(GraphCode.PARAMETER_INVALID, "There is already content in this language.")
    template = Template(
        template_id=template_id,
        waba_id=waba_id,
        name=wanted.name,
        language=wanted.language,
        category=wanted.category.upper(),
        components=[_stored(component) for component in wanted.components],
    )
    world.put_template(template)
    return template


def _stored(component: Mapping[str, Any]) -> dict[str, Any]:
    """Write types in capitals, as listings do, whatever the client wrote."""
    stored = dict(component)
    stored["type"] = str(component.get("type")).upper()
    if isinstance(buttons := component.get("buttons"), list):
        stored["buttons"] = [_stored(button) for button in buttons if isinstance(button, dict)]
    return stored


def _matches(template: Template, query: Mapping[str, str]) -> bool:
    for name in _FILTERS:
        wanted = query.get(name)
        if wanted and getattr(template, name).lower() not in wanted.lower().split(","):
            return False
    return True


def _shown(template: Template, fields: list[str]) -> dict[str, Any]:
    everything = {
        "id": template.template_id,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "parameter_format": "POSITIONAL",
        "components": template.components,
    }
    return {k: v for k, v in everything.items() if not fields or k in fields or k == "id"}


def _names(text: str | None) -> list[str]:
    """Read `name,quality_score{score},…`: the names at the top level."""
    parts = _TOP_LEVEL_COMMA.split(text or "")
    return [part.partition("{")[0].strip() for part in parts if part.strip()]


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _start(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    except (ValueError, binascii.Error) as error:
        raise Refused(GraphCode.PARAMETER_INVALID, "The cursor is invalid.") from error


def _limit(text: str | None) -> int:
    if not text:
        return PAGE_SIZE
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= PAGE_MAX):
        raise Refused(GraphCode.PARAMETER_INVALID, f"limit must be 1 to {PAGE_MAX}")
    return int(text)
