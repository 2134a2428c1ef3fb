"""What a person sees of a message: its words, filled in, and what can be tapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from askfirst.simulator.state import BusinessNumber, Button, Letter, Template

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def write_letter(
    message_id: str,
    number: BusinessNumber,
    fields: Mapping[str, Any],
    template: Template | None,
    now: float,
) -> Letter:
    """Make the letter that lands in the inbox."""
    if template is not None:
        return Letter(
            message_id=message_id,
            phone_number_id=number.phone_number_id,
            received_at=now,
            type="template",
            text=_filled(template, fields["template"]),
            template=template.name,
            category=template.category,
            buttons=tuple(_quick_replies(template, fields["template"])),
        )
    kind = str(fields.get("type") or "text").lower()
    return Letter(
        message_id=message_id,
        phone_number_id=number.phone_number_id,
        received_at=now,
        type=kind,
        text=_words(kind, _object(fields.get(kind))),
        buttons=tuple(_replies(_object(fields.get("interactive")))),
    )


def placeholders(template: Template, kind: str) -> list[str]:
    """Name the placeholders of a component, each once, in order."""
    text = str(template.component(kind).get("text") or "")
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def parameters(sent: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """Give the parameters that a send has for a component."""
    for component in _objects(sent.get("components")):
        if str(component.get("type")).upper() == kind:
            return list(_objects(component.get("parameters")))
    return []


def _filled(template: Template, sent: Mapping[str, Any]) -> str:
    names = placeholders(template, "BODY")
    given = parameters(sent, "BODY")
    values = dict(zip(names, (str(p.get("text", "")) for p in given), strict=False))
    values |= {
        str(p["parameter_name"]): str(p.get("text", "")) for p in given if "parameter_name" in p
    }
    text = str(template.component("BODY").get("text") or "")
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _quick_replies(template: Template, sent: Mapping[str, Any]) -> Iterator[Button]:
    """Give the template's quick replies; the payload is the label unless the send has another."""
    payloads: dict[str, str] = {}
    for component in _objects(sent.get("components")):
        if str(component.get("sub_type")).lower() == "quick_reply":
            for parameter in _objects(component.get("parameters")):
                payloads[str(component.get("index", 0))] = str(parameter.get("payload", ""))
    for index, button in enumerate(_objects(template.component("BUTTONS").get("buttons"))):
        if str(button.get("type")).upper() == "QUICK_REPLY":
            title = str(button.get("text", ""))
            yield Button(title, payloads.get(str(index)) or title, "button")


def _replies(interactive: Mapping[str, Any]) -> Iterator[Button]:
    """Give the reply buttons or list rows of an interactive message."""
    action = _object(interactive.get("action"))
    for button in _objects(action.get("buttons")):
        reply = _object(button.get("reply"))
        yield Button(str(reply.get("title", "")), str(reply.get("id", "")), "button_reply")
    for section in _objects(action.get("sections")):
        for row in _objects(section.get("rows")):
            yield Button(str(row.get("title", "")), str(row.get("id", "")), "list_reply")


def _words(kind: str, content: Mapping[str, Any]) -> str:
    if kind == "interactive":
        return str(_object(content.get("body")).get("text", ""))
    return str(content.get("body") or content.get("caption") or content.get("emoji") or "")


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )
