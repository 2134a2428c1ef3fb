"""What a person sees of a message: its words, filled in, and what can be tapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from askfirst.simulator.graph.code_templates import AUTHENTICATION, copy_button, not_requested
from askfirst.simulator.graph.letter_parts import (
    PLACEHOLDER,
    an_object,
    buttons_of,
    objects,
    parameters,
    placeholders,
    url_parameter,
)
from askfirst.simulator.state.state import BusinessNumber, Button, Letter, Link, Template

_SCHEMES = ("https://", "http://")


def write_letter(
    message_id: str,
    number: BusinessNumber,
    fields: Mapping[str, Any],
    template: Template | None,
    now: float,
) -> Letter:
    """Make the letter that lands in the inbox."""
    if template is not None:
        sent = an_object(fields.get("template"))
        is_code = template.category == AUTHENTICATION
        return Letter(
            message_id=message_id,
            phone_number_id=number.phone_number_id,
            received_at=now,
            type="template",
            text=_filled(template, sent, "BODY"),
            header=_filled(template, sent, "HEADER"),
            footer=str(template.component("FOOTER").get("text") or ""),
            template=template.name,
            category=template.category,
            language=template.language,
            buttons=(not_requested(template.language),)
            if is_code
            else tuple(_quick_replies(template, sent)),
            links=() if is_code else tuple(_template_links(template, sent)),
            copy_code=copy_button(template, sent, now) if is_code else None,
        )
    kind = str(fields.get("type") or "text").lower()
    interactive = an_object(fields.get("interactive"))
    return Letter(
        message_id=message_id,
        phone_number_id=number.phone_number_id,
        received_at=now,
        type=kind,
        text=_words(kind, an_object(fields.get(kind))),
        header=str(an_object(interactive.get("header")).get("text") or ""),
        footer=str(an_object(interactive.get("footer")).get("text") or ""),
        buttons=tuple(_replies(interactive)),
        links=tuple(_interactive_links(interactive)),
    )


def _filled(template: Template, sent: Mapping[str, Any], kind: str) -> str:
    names = placeholders(template, kind)
    given = parameters(sent, kind)
    values = dict(zip(names, (str(p.get("text", "")) for p in given), strict=False))
    values |= {
        str(p["parameter_name"]): str(p.get("text", "")) for p in given if "parameter_name" in p
    }
    text = str(template.component(kind).get("text") or "")
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _quick_replies(template: Template, sent: Mapping[str, Any]) -> Iterator[Button]:
    """Yield the template's quick replies; the payload is the label unless the send has another."""
    payloads: dict[str, str] = {}
    for component in objects(sent.get("components")):
        if str(component.get("sub_type")).lower() == "quick_reply":
            for parameter in objects(component.get("parameters")):
                payloads[str(component.get("index", 0))] = str(parameter.get("payload", ""))
    for index, button in buttons_of(template, "QUICK_REPLY"):
        title = str(button.get("text", ""))
        yield Button(title, payloads.get(str(index)) or title, "button")


def _template_links(template: Template, sent: Mapping[str, Any]) -> Iterator[Link]:
    for index, button in buttons_of(template, "URL"):
        filling = url_parameter(sent, index) or ""
        url = filling.join(_unfilled(str(button.get("url", ""))))
        yield from _link(button.get("text"), url)


def _unfilled(text: str) -> list[str]:
    """Return the pieces around the placeholders."""
    return PLACEHOLDER.sub("\0", text).split("\0")


def _interactive_links(interactive: Mapping[str, Any]) -> Iterator[Link]:
    shown = an_object(an_object(interactive.get("action")).get("parameters"))
    yield from _link(shown.get("display_text"), str(shown.get("url", "")))


def _link(title: object, url: str) -> Iterator[Link]:
    """Yield a link to a page; another kind of address opens nothing here."""
    if url.startswith(_SCHEMES):
        yield Link(str(title or url), url)


def _replies(interactive: Mapping[str, Any]) -> Iterator[Button]:
    """Yield the reply buttons or list rows of an interactive message."""
    action = an_object(interactive.get("action"))
    for button in objects(action.get("buttons")):
        reply = an_object(button.get("reply"))
        yield Button(str(reply.get("title", "")), str(reply.get("id", "")), "button_reply")
    for section in objects(action.get("sections")):
        for row in objects(section.get("rows")):
            yield Button(str(row.get("title", "")), str(row.get("id", "")), "list_reply")


def _words(kind: str, content: Mapping[str, Any]) -> str:
    if kind == "interactive":
        return str(an_object(content.get("body")).get("text", ""))
    return str(content.get("body") or content.get("caption") or content.get("emoji") or "")
