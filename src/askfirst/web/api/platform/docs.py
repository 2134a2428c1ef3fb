"""A page made of the OpenAPI document: no script, nothing from elsewhere, light and dark."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from askfirst.web.problems import KINDS, Kind

_STYLE = resources.files("askfirst.web.api").joinpath("docs.css")
_TEMPLATE = resources.files("askfirst.web.api").joinpath("docs.html")
_DEPTH_MAX = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table of fields."""

    name: str
    type: str
    needed: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One call, ready to be shown."""

    anchor: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[Markup, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    example: str
    answer_status: str
    answer: tuple[Field, ...]
    problems: tuple[tuple[str, str], ...]


def content_security_policy() -> str:
    """Allow the page's own style by its hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    parts = ("default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'")
    return "; ".join((*parts, "form-action 'none'", "frame-ancestors 'none'"))


def render_docs(document: Mapping[str, Any]) -> str:
    """Write the page."""
    reader = _Reader(document["components"]["schemas"])
    operations = [
        reader.operation(method, path, content)
        for path, methods in document["paths"].items()
        for method, content in methods.items()
    ]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        title=document["info"]["title"],
        version=document["info"]["version"],
        about=_paragraphs(document["info"]["description"]),
        operations=operations,
        problems=_problems(),
        style=Markup(_style()),  # noqa: S704 - our own file, not from outside
    )


def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _problems() -> list[Kind]:
    return list({kind.code: kind for kind in KINDS.values()}.values())


def _paragraphs(text: str) -> tuple[Markup, ...]:
    return tuple(_code(part) for part in text.strip().split("\n\n"))


def _code(text: str) -> Markup:
    """Escape, and show what stands between backticks as code."""
    parts = text.split("`")
    shown = [
        escape(part) if i % 2 == 0 else Markup("<code>{}</code>").format(part)
        for i, part in enumerate(parts)
    ]
    return Markup("").join(shown)


class _Reader:
    """Follows the references of one document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def operation(self, method: str, path: str, content: Mapping[str, Any]) -> Operation:
        body = content.get("requestBody", {}).get("content", {}).get("application/json", {})
        status = next(code for code in content["responses"] if code < "300")
        answer = content["responses"][status].get("content", {}).get("application/json", {})
        return Operation(
            anchor=content["operationId"],
            method=method.upper(),
            path=path,
            summary=content["summary"],
            paragraphs=_paragraphs(content["description"]),
            parameters=tuple(self._parameter(one) for one in content.get("parameters", ())),
            body=tuple(self._fields(body.get("schema", {}))),
            example=self._example(body),
            answer_status=status,
            answer=tuple(self._fields(answer.get("schema", {}))),
            problems=tuple(
                (code, told["description"].replace("`", ""))
                for code, told in content["responses"].items()
                if code >= "400"
            ),
        )

    def _parameter(self, one: Mapping[str, Any]) -> Field:
        kind = f"{one['in']}: {self._type(one['schema'])}"
        told = one.get("description") or one["schema"].get("description", "")
        return Field(one["name"], kind, bool(one.get("required")), told)

    def _fields(self, schema: Mapping[str, Any], prefix: str = "", depth: int = 0) -> list[Field]:
        found = self._resolve(schema)
        fields: list[Field] = []
        for shape in found.get("anyOf") or found.get("oneOf") or ():
            fields += self._fields(shape, prefix, depth)
        for name, member in found.get("properties", {}).items():
            needed = name in found.get("required", ())
            told = member.get("description") or self._resolve(member).get("description", "")
            fields.append(Field(prefix + name, self._type(member), needed, told))
            inner, mark = (member["items"], "[].") if "items" in member else (member, ".")
            if depth < _DEPTH_MAX:
                fields += self._fields(inner, prefix + name + mark, depth + 1)
        return fields

    def _type(self, schema: Mapping[str, Any]) -> str:
        found = self._resolve(schema)
        if shapes := found.get("anyOf") or found.get("oneOf"):
            return " or ".join(dict.fromkeys(self._type(shape) for shape in shapes))
        if values := found.get("enum"):
            return ", ".join(str(value) for value in values)
        if found.get("type") == "array":
            return "list of " + self._type(found["items"])
        return str(found.get("type", "any"))

    def _resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in schema:
            return schema
        resolved: Mapping[str, Any] = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
        return resolved

    def _example(self, body: Mapping[str, Any]) -> str:
        if not body:
            return ""
        given = [example["value"] for example in body.get("examples", {}).values()]
        found = given[0] if given else self._sample(body["schema"])
        return json.dumps(found, indent=2, ensure_ascii=False)

    def _sample(self, schema: Mapping[str, Any]) -> Any:
        """Take the example that a schema brings, or make one of its fields' examples."""
        found = self._resolve(schema)
        if found.get("examples"):
            return found["examples"][0]
        if values := found.get("enum"):
            return values[0]
        members = found.get("properties", {}).items()
        samples = {name: self._sample(member) for name, member in members}
        if "ContactName" in str(schema.get("$ref", "")):
            samples = dict(list(samples.items())[:1])  # exactly one name
        return {name: sample for name, sample in samples.items() if sample != {}}
