"""Finding one's way in templates and in what is sent with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from askfirst.simulator.state.state import Template

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def placeholders(template: Template, kind: str) -> list[str]:
    """Name the placeholders of a component, each once, in order."""
    text = str(template.component(kind).get("text") or "")
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def parameters(sent: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """Return the parameters that a send has for a component."""
    for component in objects(sent.get("components")):
        if str(component.get("type")).upper() == kind:
            return list(objects(component.get("parameters")))
    return []


def url_parameter(sent: Mapping[str, Any], index: int) -> str | None:
    """Return the text that a send has for the URL button at a place."""
    for component in objects(sent.get("components")):
        kinds = (str(component.get("type")).lower(), str(component.get("sub_type")).lower())
        if kinds == ("button", "url") and str(component.get("index", 0)) == str(index):
            return next(
                (str(p.get("text", "")) for p in objects(component.get("parameters"))), None
            )
    return None


def buttons_of(template: Template, kind: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield a template's buttons of a kind (`QUICK_REPLY`, `URL`), each with its place."""
    for index, button in enumerate(objects(template.component("BUTTONS").get("buttons"))):
        if str(button.get("type")).upper() == kind:
            yield index, button


def an_object(value: object) -> Mapping[str, Any]:
    """Return a JSON object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a JSON list, nothing where there is none."""
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )
