"""The operations of an OpenAPI document, ready to be shown: references followed, words rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup

from askfirst.web.api.reference.prose import coloured, rendered, rendered_inline
from askfirst.web.api.reference.snippets import (
    ExampleCall,
    as_curl,
    as_javascript,
    as_json,
    as_python,
)

_DEPTH_MAX: Final = 4
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_CSV: Final = "text/csv"
_FILE: Final = "stops.csv"

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One member of a body, or one parameter."""

    name: str
    type: str
    is_required: bool
    about: Markup
    values: tuple[str, ...]
    limits: tuple[str, ...]
    example: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an object may be made of; some may be one of several."""

    label: Markup
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A tab or a choice with code in it; `text` is the code alone."""

    label: str
    code: Markup
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A status that is no success: the codes of its problems, and what leads to it."""

    status: str
    codes: tuple[str, ...]
    about: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call."""

    name: str
    method: str
    path: str
    summary: str
    about: Markup
    parameters: Mapping[str, tuple[Field, ...]]
    body: tuple[Field, ...]
    status: str
    answer_about: Markup
    answer: tuple[Field, ...]
    refusals: tuple[Refusal, ...]
    snippets: tuple[Example, ...]
    bodies: tuple[Example, ...]
    answers: tuple[Example, ...]


class OperationReader:
    """Reads one document; `base` is where the server is reached, for the calls that are shown."""

    def __init__(self, document: Mapping[str, Any], base: str) -> None:
        self._document, self._base = document, base
        self._schemas: Mapping[str, Schema] = document["components"]["schemas"]

    def of_tag(self, tag: str) -> Iterator[Operation]:
        """Read the operations of a tag, in the document's order."""
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                if tag in operation["tags"]:
                    yield self._operation(method.upper(), path, operation)

    def _operation(self, method: str, path: str, operation: Mapping[str, Any]) -> Operation:
        content = operation.get("requestBody", {}).get("content", {})
        body = content.get(_JSON, {})
        responses: Mapping[str, Any] = operation["responses"]
        status = next(code for code in responses if code < "300")
        answer = responses[status].get("content", {}).get(_JSON, {})
        bodies = [(one["summary"], one["value"]) for one in body.get("examples", {}).values()]
        call = ExampleCall(
            method=method,
            url=self._base + _filled(path, operation.get("parameters", ())),
            body=bodies[0][1] if bodies else None,
            file=_FILE if _CSV in content else "",
            has_answer=bool(answer),
        )
        return Operation(
            name=operation["operationId"],
            method=method,
            path=path,
            summary=operation["summary"],
            about=rendered(operation["description"]),
            parameters=self._parameters(operation),
            body=self._fields(body.get("schema", {})),
            status=status,
            answer_about=rendered_inline(responses[status]["description"]),
            answer=self._fields(answer.get("schema", {})),
            refusals=tuple(_refusal(code, responses[code]) for code in responses if code >= "400"),
            snippets=_snippets(call),
            bodies=(
                *(_json_example(label, value) for label, value in bodies),
                *_files(content.get(_CSV, {})),
            ),
            answers=tuple(_answers(responses)),
        )

    def _parameters(self, operation: Mapping[str, Any]) -> Mapping[str, tuple[Field, ...]]:
        given = operation.get("parameters", ())
        return {
            place: tuple(
                self._field(one["name"], _parameter(one), is_required=one["required"])
                for one in given
                if one["in"] == place
            )
            for place in dict.fromkeys(one["in"] for one in given)
        }

    def _fields(self, schema: Schema, depth: int = 0) -> tuple[Field, ...]:
        """List the members of an object; where it has several shapes, those of all."""
        found = self._resolve(schema)
        fields = [one for shape in _alternatives(found) for one in self._fields(shape, depth)]
        required = found.get("required", ())
        fields += [
            self._field(name, member, is_required=name in required, depth=depth)
            for name, member in found.get("properties", {}).items()
        ]
        items = found.get("items") or found.get("additionalProperties")
        if isinstance(items, dict):
            fields += self._fields(items, depth)
        return tuple(fields)

    def _objects(self, schema: Schema) -> Iterator[Schema]:
        found = self._resolve(schema)
        if "properties" in found:
            yield found
        for shape in _alternatives(found):
            yield from self._objects(shape)

    def _field(self, name: str, member: Schema, *, is_required: bool, depth: int = 0) -> Field:
        found = self._resolve(member)
        examples = member.get("examples") or found.get("examples") or ()
        return Field(
            name=name,
            type=self._type(member),
            is_required=is_required,
            about=rendered_inline(member.get("description") or found.get("description", "")),
            values=tuple(self._values(member)),
            limits=tuple(_limits(member)),
            example=str(examples[0]) if examples and isinstance(examples[0], str | int) else "",
            shapes=self._shapes(name, member, depth + 1) if depth < _DEPTH_MAX else (),
        )

    def _shapes(self, name: str, member: Schema, depth: int) -> tuple[Shape, ...]:
        objects = tuple(self._objects(member))
        if len(objects) > 1:
            return tuple(
                Shape(rendered_inline(f"Either: {one['description']}"), self._fields(one, depth))
                for one in objects
            )
        fields = self._fields(member, depth)
        return (Shape(Markup("Fields of <code>{}</code>").format(name), fields),) if fields else ()

    def _type(self, schema: Schema) -> str:
        found = self._resolve(schema)
        if shapes := _alternatives(found):
            return " or ".join(dict.fromkeys(self._type(shape) for shape in shapes))
        if found.get("type") == "array":
            return "list of " + self._type(found["items"])
        if isinstance(found.get("additionalProperties"), dict):
            return "object by name"
        return str(found.get("type", "any"))

    def _values(self, schema: Schema) -> Iterator[str]:
        """List what a member may be, where that is a closed list."""
        found = self._resolve(schema)
        yield from map(str, found.get("enum", ()))
        for shape in (*_alternatives(found), *([found["items"]] if "items" in found else [])):
            yield from self._values(shape)

    def _resolve(self, schema: Schema) -> Schema:
        if "$ref" not in schema:
            return schema
        return self._schemas[schema["$ref"].rsplit("/", 1)[1]]


def _alternatives(schema: Schema) -> tuple[Schema, ...]:
    return tuple(schema.get("anyOf") or schema.get("oneOf") or ())


def _parameter(parameter: Mapping[str, Any]) -> Schema:
    """Return what a parameter takes. Null is no value of a parameter: it is left out."""
    schema: Schema = parameter["schema"]
    words = parameter.get("description") or schema.get("description", "")
    shapes = [shape for shape in _alternatives(schema) if shape.get("type") != "null"]
    only = shapes[0] if len(shapes) == 1 else {}
    examples = [parameter["example"]] if "example" in parameter else schema.get("examples", [])
    return {**schema, **only, "anyOf": (), "description": words, "examples": examples}


def _limits(schema: Schema) -> Iterator[str]:
    """Say in words how long or large a member may be, and what it is where it is left out."""
    shapes = [schema, *_alternatives(schema)]
    merged = {name: value for shape in reversed(shapes) for name, value in shape.items()}
    if longest := merged.get("maxLength"):
        yield f"at most {longest} characters"
    if most := merged.get("maxItems"):
        yield f"at most {most} entries"
    if "minimum" in merged and "maximum" in merged:
        yield f"{merged['minimum']} to {merged['maximum']}"
    default = schema.get("default")
    if default not in (None, "", [], {}):
        yield f"default {as_json(default)}"


def _filled(path: str, parameters: Any) -> str:
    """Put the examples of the parameters into a path."""
    for one in parameters:
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", quote(str(one["example"]), safe=""))
    return path


def _snippets(call: ExampleCall) -> tuple[Example, ...]:
    curl, python, javascript = as_curl(call), as_python(call), as_javascript(call)
    return (
        Example("curl", coloured(curl, "bash"), curl),
        Example("Python", coloured(python, "python"), python),
        Example("JavaScript", coloured(javascript, "javascript"), javascript),
    )


def _answers(responses: Mapping[str, Any]) -> Iterator[Example]:
    for status, response in responses.items():
        content = response.get("content", {})
        shown = content.get(_JSON) or content.get(_PROBLEM) or {}
        if "example" in shown:
            yield _json_example(status, shown["example"])
        else:
            yield Example(status, Markup(""), "")


def _files(content: Mapping[str, Any]) -> Iterator[Example]:
    if text := content.get("example"):
        yield Example(_FILE, coloured(text, "text"), text)


def _json_example(label: str, value: Any) -> Example:
    text = as_json(value)
    return Example(label, coloured(text, "json"), text)


def _refusal(status: str, response: Mapping[str, Any]) -> Refusal:
    return Refusal(
        status=status,
        codes=tuple(response["x-problem-codes"]),
        about=rendered_inline(response["description"]),
    )
