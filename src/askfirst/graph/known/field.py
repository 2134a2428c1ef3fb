"""How known fields are written down, and read.

An object of Meta's is a struct. A field that the struct does not have is refused by its name:
dropped, it would change what the client meant; passed on, it would be a word that nobody judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar, get_args

import msgspec
from msgspec import UNSET, UnsetType

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.json_object import read_json

T = TypeVar("T")

Leaf: TypeAlias = str | int | float | bool | None
"""A text, number or switch that nothing is decided by: it leaves as it came."""
Scalar: TypeAlias = Leaf | UnsetType
"""A field with such a value."""
Maybe: TypeAlias = T | UnsetType | None
"""A field that may be absent or null."""
Free: TypeAlias = dict[str, Any] | UnsetType | None
"""A map whose names are the business's own, such as the data of a flow's screen."""

NAME_MAX: Final = 80
_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$(.*)`)?", re.DOTALL)
_MISTYPED = re.compile(r"Expected `(.*?)`, got `.*?`(?: - at `\$(.*)`)?", re.DOTALL)
_WORDS: Final = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
}


class Known(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An object of Meta's with all of its fields; nobody changes it once it is read."""


K = TypeVar("K", bound=Known)


def read_known(fields: Mapping[str, Any], shape: type[K]) -> K:
    """Read the members of a JSON object, or of a form.

    As at Meta, an object or a list may be given as text that holds its JSON: forms have no other
    way, and some clients write one part of a message so.

    Raises:
        InvalidInput: a field is not known, or no value for it; `field` is its path.
    """
    try:
        return msgspec.convert(fields, shape)
    except msgspec.ValidationError as error:
        opened = _opened(fields, shape)
        if opened is None:
            raise _refusal(error) from None
    try:
        return msgspec.convert(opened, shape)
    except msgspec.ValidationError as error:
        raise _refusal(error) from None


def write_known(known: Known) -> bytes:
    """Write an object as JSON: its known fields, and nothing else."""
    return msgspec.json.encode(known)


def _opened(fields: Mapping[str, Any], shape: type[Known]) -> dict[str, Any] | None:
    """Read what is JSON in a text, at any depth of objects; None where no field is."""
    opened: dict[str, Any] = {}
    for name, inner in _nested(shape).items():
        value = fields.get(name)
        if isinstance(value, str):
            value = opened[name] = read_json(value.encode(), name)
        if inner is not None and isinstance(value, dict):
            deeper = _opened(value, inner)
            opened |= {} if deeper is None else {name: deeper}
    return {**fields, **opened} if opened else None


@cache
def _nested(shape: type[Known]) -> Mapping[str, type[Known] | None]:
    """Name the fields that hold objects or lists, with the shape of an object that is known."""
    return {
        field.encode_name: _shape_in(field.type)
        for field in msgspec.structs.fields(shape)
        if _holds_parts(field.type)
    }


def _shape_in(wanted: Any) -> type[Known] | None:
    options = get_args(wanted) or (wanted,)
    return next((one for one in options if isinstance(one, type) and issubclass(one, Known)), None)


def _holds_parts(wanted: Any) -> bool:
    """Tell an object or a list; a field that may be text itself is never opened."""
    options = get_args(wanted) or (wanted,)
    return str not in options and any(
        get_args(option) or (isinstance(option, type) and issubclass(option, Known))
        for option in options
    )


def _refusal(error: msgspec.ValidationError) -> InvalidInput:
    """Name the field, never its value."""
    if found := _UNKNOWN.fullmatch(str(error)):
        name, place = found.groups()
        message = "is not a field that askfirst knows, so it is not passed on"
        return InvalidInput(_path(place, name), message)
    if found := _MISTYPED.fullmatch(str(error)):
        types, place = found.groups()
        words = dict.fromkeys(_WORDS[word] for word in types.split(" | ") if word in _WORDS)
        return InvalidInput(_path(place), f"must be {' or '.join(words) or 'of another type'}")
    return InvalidInput("body", "must hold the fields that Meta documents")


def _path(place: str | None, name: str = "") -> str:
    path = f"{place or ''}.{name}" if name else place or "body"
    return path.strip(".")[:NAME_MAX]


__all__ = ["UNSET", "Free", "Known", "Leaf", "Maybe", "Scalar", "read_known", "write_known"]
