"""The templates of an account: listed a page at a time, added to, and changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from askfirst.domain.value import replace
from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.code_templates import AUTHENTICATION, read_choice, stored_components
from askfirst.simulator.graph.paging import page_of
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.state import Template, World

_TOP_LEVEL_COMMA = re.compile(r",(?![^{(]*[})])")
T = TypeVar("T", bound=msgspec.Struct)
_FILTERS = ("name", "status", "category", "language")
_TTL_SECONDS = {
    "AUTHENTICATION": (30, 900),
    "UTILITY": (30, 43_200),
    "MARKETING": (43_200, 2_592_000),
}
"""How long Meta may try to deliver, by category. Source: Meta, "Time-to-live"."""
_A_MONTH = -1


class NewTemplate(msgspec.Struct):
    """What a business asks for."""

    name: str
    language: str
    category: str
    components: list[dict[str, Any]] = []
    message_send_ttl_seconds: int | None = None


class ChangedTemplate(msgspec.Struct):
    """What a business wants otherwise."""

    category: str | None = None
    components: list[dict[str, Any]] | None = None
    message_send_ttl_seconds: int | None = None


class NewCodeTemplates(msgspec.Struct):
    """What a business asks for, in several languages at once."""

    name: str
    languages: list[str]
    category: str
    components: list[dict[str, Any]] = []
    message_send_ttl_seconds: int | None = None


def list_templates(
    world: World, waba_id: str, query: Mapping[str, str], url: str
) -> Mapping[str, Any]:
    """Answer `GET /{waba}/message_templates`; `url` is the request's, without cursors."""
    own = [t for t in world.templates.values() if t.waba_id == waba_id]
    found = [t for t in own if _matches(t, query)]
    page, paging = page_of(found, query, url)
    fields = _names(query.get("fields"))
    answer: dict[str, Any] = {"data": [shown(template, fields) for template in page]}
    if paging:
        answer["paging"] = paging
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
    wanted = _read(body, NewTemplate)
    category = wanted.category.upper()
    _check_ttl(category, wanted.message_send_ttl_seconds)
    if world.named_template(waba_id, wanted.name, wanted.language) is not None:
        raise Refused(GraphCode.PARAMETER_INVALID, "There is already content in this language.")
    if category == AUTHENTICATION:
        choice = read_choice(wanted.name, [wanted.language], wanted.components)
        components = stored_components(choice, wanted.language)
    else:
        components = [_stored(component) for component in wanted.components]
    template = Template(
        template_id=template_id,
        waba_id=waba_id,
        name=wanted.name,
        language=wanted.language,
        category=category,
        components=components,
        ttl_seconds=wanted.message_send_ttl_seconds,
    )
    world.put_template(template)
    return template


def edit_template(template: Template, body: bytes) -> Template:
    """Answer `POST /{template}`: other components or another category, approved at once.

    Meta changes no name and no language, and no category of what is approved.
    """
    wanted = _read(body, ChangedTemplate)
    category = (wanted.category or template.category).upper()
    _check_ttl(category, wanted.message_send_ttl_seconds)
    if category != template.category and template.status == "APPROVED":
        raise Refused(GraphCode.PARAMETER_INVALID, "The category of an approved template stays.")
    if wanted.components is None:
        return replace(template, category=category)
    components: list[Mapping[str, Any]]
    if category == AUTHENTICATION:
        choice = read_choice(template.name, [template.language], wanted.components)
        components = list(stored_components(choice, template.language))
    else:
        components = [_stored(component) for component in wanted.components]
    return replace(template, category=category, components=components)


def delete_templates(world: World, waba_id: str, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Answer `DELETE /{waba}/message_templates`: all languages of a name, or one by its id."""
    name, template_id = query.get("name"), query.get("hsm_id")
    if not name:
        raise Refused(GraphCode.PARAMETER_INVALID, "The parameter name is required.")
    doomed = [
        key
        for key, one in world.templates.items()
        if one.waba_id == waba_id
        and one.name == name
        and template_id in (None, "", one.template_id)
    ]
    if not doomed:
        raise Refused(GraphCode.PARAMETER_INVALID, "There is no such message template.")
    for key in doomed:
        del world.templates[key]
    return {"success": True}


def upsert_templates(
    world: World, waba_id: str, mint_id: Callable[[], str], body: bytes
) -> list[Template]:
    """Answer `POST /{waba}/upsert_message_templates`: every language made, or changed."""
    wanted = _read(body, NewCodeTemplates)
    if wanted.category.upper() != AUTHENTICATION:
        raise Refused(GraphCode.PARAMETER_INVALID, "category must be AUTHENTICATION")
    _check_ttl(AUTHENTICATION, wanted.message_send_ttl_seconds)
    choice = read_choice(wanted.name, wanted.languages, wanted.components)
    if choice.label or choice.autofill_label:
        details = "text and autofill_text are not supported here: Meta writes them."
        raise Refused(GraphCode.PARAMETER_INVALID, details)
    old = {lang: world.named_template(waba_id, wanted.name, lang) for lang in wanted.languages}
    if any(template and template.category != AUTHENTICATION for template in old.values()):
        raise Refused(GraphCode.PARAMETER_INVALID, "The template has another category.")
    made = [
        Template(
            template_id=before.template_id if before else mint_id(),
            waba_id=waba_id,
            name=wanted.name,
            language=language,
            category=AUTHENTICATION,
            components=stored_components(choice, language),
            ttl_seconds=wanted.message_send_ttl_seconds,
        )
        for language, before in old.items()
    ]
    for template in made:
        world.put_template(template)
    return made


def _read(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError as error:
        raise Refused(GraphCode.PARAMETER_INVALID, str(error)) from error


def _check_ttl(category: str, seconds: int | None) -> None:
    if category not in _TTL_SECONDS:
        raise Refused(GraphCode.PARAMETER_INVALID, "category is unknown")
    least, most = _TTL_SECONDS[category]
    is_month = seconds == _A_MONTH and category != "MARKETING"
    if seconds is not None and not (is_month or least <= seconds <= most):
        details = f"message_send_ttl_seconds must be {least} to {most}"
        raise Refused(GraphCode.PARAMETER_INVALID, details)


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


def shown(template: Template, fields: Sequence[str] = ()) -> dict[str, Any]:
    """Write a template as a listing shows it, with these fields only if any are named."""
    everything: dict[str, Any] = {
        "id": template.template_id,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "parameter_format": "POSITIONAL",
        "components": template.components,
    }
    if template.ttl_seconds is not None:
        everything["message_send_ttl_seconds"] = template.ttl_seconds
    return {k: v for k, v in everything.items() if not fields or k in fields or k == "id"}


def _names(text: str | None) -> list[str]:
    """Read `name,quality_score{score},…`: the names at the top level."""
    parts = _TOP_LEVEL_COMMA.split(text or "")
    return [part.partition("{")[0].strip() for part in parts if part.strip()]
